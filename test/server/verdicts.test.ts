import { describe, expect, test, vi } from 'vitest';
import type { TokenHandlerOptions, TokenVerdict } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';

// A verdict that contradicts itself is a mistake in the backend, and what it means is not guessed.

const stage = (privileges: object) => ({ channelName: 'stage', privileges });

describe('a verdict is refused', () => {
  test.each<[string, Partial<TokenVerdict>, Partial<TokenHandlerOptions>?]>([
    [
      'with a privilege that outlives its tokens',
      { expiresInSeconds: 60, channels: [stage({ joinChannel: 61 })] as never },
    ],
    [
      'with one that outlives the endpoint’s',
      { channels: [stage({ joinChannel: 120 })] as never },
      { expiresInSeconds: 60 },
    ],
    ['with one that outlives the default', { channels: [stage({ publishAudio: 3601 })] as never }],
    ['with a channel twice, once with more', { channels: ['stage', stage({ joinChannel: 60 })] as never }],
    ['with a channel twice', { channels: ['stage', 'stage'] }],
    ['with one that is not asked for', { channels: [stage({ joinChannel: 0 }), { channelName: 'a' }, 'a'] as never }],
    ['with privileges that are none', { channels: [stage('joinChannel' as never)] as never }],
  ])('%s', async (_name, verdict, options) => {
    const onError = vi.fn();
    const handler = endpoint({ ...options, onError, authorize: () => ({ userId: 'alice', ...verdict }) });
    expect(await refusalOf(await handler(ask({ channels: ['stage'] })))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: expect.stringMatching(/^verdict\.channels/) }),
    );
  });
});

test.each<[Partial<TokenVerdict>, number]>([
  [{ expiresInSeconds: 60, channels: [stage({ joinChannel: 60 })] as never }, 60],
  [{ expiresInSeconds: 60, channels: [stage({ joinChannel: 0 })] as never }, 60],
  [{ channels: [stage({ joinChannel: 30, publishAudio: 3600 })] as never }, 30],
])('a verdict whose privileges end with its tokens is signed: %j', async (verdict, life) => {
  const handler = endpoint({ authorize: () => ({ userId: 'alice', ...verdict }) });
  expect(await (await handler(ask({ channels: ['stage'] }))).json()).toMatchObject({
    channels: { stage: { expiresIn: life } },
  });
});
