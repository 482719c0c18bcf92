import { describe, expect, it } from 'vitest';
import { isRtcAccount, isRtcChannelName, isSignalingName } from '../../src/token/identifiers.js';

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

describe('names follow the rule of the service that they are for', () => {
  it('channels of calls: what agora-rtc-sdk-ng takes', () => {
    const refused = ascii.filter((character) => !isRtcChannelName(`a${character}`));
    expect(refused.join('')).toBe('"\'*/\\`');
    expect(['room.1', '_room', 'a'.repeat(64)].every(isRtcChannelName)).toBe(true);
    expect(['', 'a'.repeat(65), 'é', 7, null].some(isRtcChannelName)).toBe(false);
  });

  it('users of calls: printable ASCII, e-mail addresses among it', () => {
    expect(ascii.every(isRtcAccount)).toBe(true);
    expect(['first.last@mail.example', '_bot', 'u'.repeat(255)].every(isRtcAccount)).toBe(true);
    expect(['', 'u'.repeat(256), 'é', 'a\nb', 7, null].some(isRtcAccount)).toBe(false);
  });

  it('Signaling: no dots, no leading underscore, 64 characters', () => {
    const refused = ascii.filter((character) => !isSignalingName(`a${character}`));
    expect(refused.join('')).toBe('"\'*./\\`');
    expect(['_a', '', 'a'.repeat(65), 'é'].some(isSignalingName)).toBe(false);
  });
});
