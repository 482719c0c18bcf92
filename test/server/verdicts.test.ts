import { describe, expect, test, vi } from 'vitest';
import type { TokenHandlerOptions, TokenVerdict } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';

// A verdict that contradicts itself is a mistake in the backend, and what it means is not guessed.

const stage = (privileges: object) => ({ channelName: 'stage', privileges });

const unrecognised = (verdict: unknown) => ({ limit: () => verdict as never, addressOf: () => '192.0.2.1' });

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

const symbol = Symbol('stage');
const granting = (channel: unknown) => ({ channels: [channel] });

test.each<[string, object]>([
  ['verdict.signaling', { signaling: 1 }],
  ['verdict.signaling', { signaling: 'false' }],
  ['verdict.signaling', { signaling: null }],
  ['verdict.signaling', { signaling: Promise.resolve(true) }],
  ['verdict.userId', { userId: symbol }],
  ['verdict.expiresInSeconds', { expiresInSeconds: symbol }],
  ['verdict.channels', { channels: new Set(['stage']) }],
  ['verdict.channels[0]', granting(symbol)],
  ['verdict.channels[0].channelName', granting({})],
  ['verdict.channels[0].channelName', granting({ channelName: 5 })],
  ['verdict.channels[0].channelName', granting(['stage'])],
  ['verdict.channels[0].role', granting({ channelName: 'stage', role: symbol })],
  ['verdict.channels[0].privileges', granting(stage(null as never))],
  ['verdict.channels[0].privileges', granting(stage(new Set(['joinChannel'])))],
  ['verdict.channels[0].privileges', granting(stage(new Map([['joinChannel', 60]])))],
  ['verdict.channels[0].privileges', granting(stage({ joinChanel: 60 }))],
  ['verdict.channels[0].privileges', granting(stage([symbol]))],
  ['verdict.channels[0].privileges.joinChannel', granting(stage({ joinChannel: symbol }))],
  ['verdict.channels[0].privileges.joinChannel', granting(stage({ joinChannel: 60n }))],
  [
    'verdict.channels[1].privileges.publishAudio',
    { channels: ['stage', { channelName: 'unasked', privileges: { publishAudio: '60' } }] },
  ],
])('%s of another type is told by this name, and nobody gets a token: case %#', async (argument, verdict) => {
  const onError = vi.fn();
  const handler = endpoint({ onError, authorize: () => ({ userId: 'alice', ...verdict }) as TokenVerdict });
  expect(await refusalOf(await handler(ask({ signaling: true, channels: ['stage'] })))).toEqual([500, 'INTERNAL']);
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'InvalidArgumentError', argument }));
});

test.each<[string, object, TokenVerdict | null]>([
  ['now', { now: () => symbol }, { userId: 'alice' }],
  ['now', { now: () => 5n }, { userId: 'alice' }],
  ['now', { now: () => '1767225600000' }, { userId: 'alice' }],
  ['limit', { limit: () => ({ retryAfterSeconds: symbol }) }, { userId: 'alice' }],
  ['limitUnrecognised.limit', { limitUnrecognised: unrecognised({ retryAfterSeconds: symbol }) }, null],
  ['limitUnrecognised.limit', { limitUnrecognised: unrecognised({ retryAfterSeconds: 5n }) }, null],
])('what %s answers of another type is told by this name: case %#', async (argument, options, verdict) => {
  const onError = vi.fn();
  const handler = endpoint({ ...options, onError, authorize: () => verdict });
  expect(await refusalOf(await handler(ask({ signaling: true })))).toEqual([500, 'INTERNAL']);
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'InvalidArgumentError', argument }));
});

test('a limiter that asks for a wait without end holds nobody back', async () => {
  const authorize = vi.fn(() => null);
  const limitUnrecognised = unrecognised({ retryAfterSeconds: Number.POSITIVE_INFINITY });
  const handler = endpoint({ limitUnrecognised, authorize, onError: () => {} });
  for (const _time of [1, 2]) await handler(ask({ signaling: true }));
  expect(authorize).toHaveBeenCalledTimes(2);
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
