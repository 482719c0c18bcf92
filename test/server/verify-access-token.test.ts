import { describe, expect, test } from 'vitest';
import {
  buildAccessToken,
  buildRtcToken,
  buildRtmToken,
  type ServiceGrant,
  type VerifyOptions,
  verifyAccessToken,
} from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

const NOW = 1_767_225_600;
const OTHER = '0123456789abcdef0123456789ABCDEF';
const common = { appId, appCertificate, expiresInSeconds: 3600, issuedAt: NOW };

const login = (options: object = {}): string => buildRtmToken({ ...common, userId: 'alice', ...options });
const channel = (options: object = {}): string =>
  buildRtcToken({ ...common, userId: 'alice', channelName: 'stage', ...options });
const many = (...services: ServiceGrant[]): string => buildAccessToken({ ...common, services });

/** The code of the refusal, or null where the token passes. */
function verdict(token: string, options: Partial<VerifyOptions> = {}): unknown {
  try {
    verifyAccessToken(token, { appId, appCertificate, now: NOW, ...options });
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

describe('a token that claims to be issued in the future', () => {
  test.each([
    [0, undefined, null],
    [60, undefined, null],
    [61, undefined, 'NOT_YET_VALID'],
    [2_335_219_200, undefined, 'NOT_YET_VALID'], // the year 2100
    [1, 0, 'NOT_YET_VALID'],
    [300, 300, null],
  ])('by %d s passes with a tolerance of %s s: %s', (ahead, issuedAtToleranceSeconds, code) => {
    const options = issuedAtToleranceSeconds === undefined ? {} : { issuedAtToleranceSeconds };
    expect(verdict(login({ issuedAt: Math.min(NOW + ahead, 0xffff_ffff) }), options)).toBe(code);
  });
});

describe('a token has lapsed with what it is for:', () => {
  test.each<[string, string, number, unknown]>([
    ['a login while its privilege lives', login({ expiresInSeconds: 3600 }), 3599, null],
    ['a login whose token is over', login(), 3600, 'EXPIRED'],
    [
      'a login whose privilege is over',
      many({ service: 'rtm', userId: 'alice', privileges: { login: 60 } }),
      60,
      'EXPIRED',
    ],
    [
      'a login whose privilege lasts as long as the token',
      many({ service: 'rtm', userId: 'a', privileges: { login: 0 } }),
      3599,
      null,
    ],
    [
      'a channel that cannot be joined any more',
      channel({ privileges: { joinChannel: 60, publishAudio: 600 } }),
      60,
      'EXPIRED',
    ],
    [
      'a channel in which only publishing is over',
      channel({ privileges: { joinChannel: 600, publishAudio: 60 } }),
      60,
      null,
    ],
    [
      'a login that outlives a channel',
      many(
        { service: 'rtm', userId: 'alice' },
        { service: 'rtc', userId: 'alice', channelName: 'stage', privileges: { joinChannel: 60 } },
      ),
      60,
      null,
    ],
    ['a service that knows no privileges', many({ service: 'stt' }), 3599, null],
  ])('%s', (_name, token, after, code) => {
    expect(verdict(token, { now: NOW + after })).toBe(code);
  });
});

describe('what is expected of a token', () => {
  const both = many(
    { service: 'rtm', userId: 'alice' },
    { service: 'rtc', userId: 'alice', channelName: 'stage', privileges: { joinChannel: 60, publishAudio: 0 } },
    { service: 'rtc', userId: 'bob', channelName: 'vault', privileges: ['joinChannel'] },
    { service: 'rtc', userId: 'alice', channelName: 'mute', privileges: ['publishAudio'] },
  );
  test.each<[NonNullable<VerifyOptions['expected']>, unknown]>([
    [{ service: 'rtm', userId: 'alice' }, null],
    [{ service: 'rtm', userId: 'bob' }, 'WRONG_USER'],
    [{ service: 'rtm', userId: 'Alice' }, 'WRONG_USER'],
    [{ service: 'rtm2' }, 'WRONG_SERVICE'],
    [{ service: 'rtc', userId: 'alice', channelName: 'stage' }, null],
    [{ service: 'rtc', userId: 'alice', channelName: 'vault' }, 'WRONG_CHANNEL'],
    [{ service: 'rtc', channelName: 'vault' }, null],
    [{ service: 'rtc', userId: 'alice', channelName: 'mute' }, 'WRONG_CHANNEL'],
    [{ service: 'rtm', channelName: 'stage' }, 'WRONG_CHANNEL'],
  ])('%j: %s', (expected, code) => {
    expect(verdict(both, { expected })).toBe(code);
  });

  test('must live, whatever else the token has', () => {
    const expected = { service: 'rtc', channelName: 'stage' } as const;
    expect([verdict(both, { expected, now: NOW + 60 }), verdict(both, { now: NOW + 60 })]).toEqual(['EXPIRED', null]);
  });

  test('is a certain user, whom a token for anybody does not name', () => {
    const anybody = channel({ userId: 0 });
    expect(verdict(anybody, { expected: { service: 'rtc', userId: 'alice' } })).toBe('WRONG_USER');
    expect(verdict(anybody, { expected: { service: 'rtc' } })).toBeNull();
  });
});

describe('during a rotation', () => {
  const certificates = [OTHER, appCertificate];

  test('a token passes that was made with any of the certificates, and no other', () => {
    expect(verdict(login(), { appCertificate: certificates })).toBeNull();
    expect(verdict(login({ appCertificate: OTHER }), { appCertificate: certificates })).toBeNull();
    expect(verdict(login({ appCertificate: 'f'.repeat(32) }), { appCertificate: certificates })).toBe('BAD_SIGNATURE');
  });
});

test.each<[string, object]>([
  ['appCertificate', { appCertificate: [] }],
  ['appCertificate[1]', { appCertificate: [OTHER, 'short'] }],
  ['appCertificate', { appCertificate: undefined }],
  ['issuedAtToleranceSeconds', { issuedAtToleranceSeconds: -1 }],
  ['expected.service', { expected: { service: 'constructor' } }],
  ['expected.userId', { expected: { service: 'rtm', userId: '' } }],
  ['expected.userId', { expected: { service: 'rtm', userId: 7 } }],
  ['expected.channelName', { expected: { service: 'rtc', channelName: null } }],
])('a wrong %s is refused', (argument, options) => {
  expect(() => verifyAccessToken(login(), { appId, appCertificate, now: NOW, ...options })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
  );
});
