import { describe, expect, test, vi } from 'vitest';
import { type DecisionEvent, RequestRefusedError, type TokenHandlerOptions } from '../../src/server/index.js';
import { ask, endpoint } from './ask.js';

/** What onDecision is told of one request. */
async function told(
  options: Partial<TokenHandlerOptions>,
  request = ask({ signaling: true }),
): Promise<DecisionEvent[]> {
  const events: DecisionEvent[] = [];
  const handler = endpoint({ onError: () => {}, ...options, onDecision: (event) => void events.push(event) });
  await handler(request);
  expect(JSON.stringify(events)).not.toContain('"007');
  return events;
}

const gone = () => ask({ signaling: true }, { signal: AbortSignal.abort() });
const guide = (uid: string, method = 'POST') =>
  new Request('https://backend.example/fetch_rtm_token', {
    method,
    ...(method === 'POST' ? { body: JSON.stringify({ uid }) } : {}),
  });
const always = (answer: unknown) => () => answer as never;
const rejecting = (error: unknown) => () => Promise.reject(error);

describe('every request has one event that says how it ended:', () => {
  test.each<[string, Partial<TokenHandlerOptions>, Request | undefined, object]>([
    [
      'granted',
      {},
      ask({ signaling: true, channels: ['stage', 'vault'] }),
      {
        outcome: 'granted',
        status: 200,
        userId: 'alice',
        services: [
          { service: 'rtm', expiresInSeconds: 3600 },
          { service: 'rtc', channelName: 'stage', expiresInSeconds: 3600 },
        ],
        refusedCount: 1,
      },
    ],
    ['all of it refused', {}, ask({ channels: ['vault'] }), { outcome: 'refused', status: 200, code: 'FORBIDDEN' }],
    ['not recognised', { authorize: always(null) }, undefined, { outcome: 'refused', status: 401, userId: null }],
    [
      'refused by the app',
      { authorize: rejecting(new RequestRefusedError(403, 'BANNED', 'No.')) },
      undefined,
      { outcome: 'refused', status: 403, code: 'BANNED', userId: null },
    ],
    ['not understood', {}, ask('{'), { outcome: 'refused', status: 400, code: 'INVALID_JSON', userId: null }],
    [
      'limited',
      { limit: always({ retryAfterSeconds: 3 }) },
      undefined,
      { outcome: 'limited', status: 429, code: 'RATE_LIMITED', userId: 'alice' },
    ],
    [
      'failed',
      { authorize: rejecting(new Error('out of order')) },
      undefined,
      { outcome: 'failed', status: 500, code: 'INTERNAL', userId: null },
    ],
    [
      'failed by taking too long',
      { onIssued: () => new Promise(() => {}), decisionTimeoutMs: 5 },
      undefined,
      { outcome: 'failed', status: 503, code: 'DECISION_TIMEOUT', userId: 'alice' },
    ],
    ['abandoned', {}, gone(), { outcome: 'abandoned', userId: null }],
    ['granted by the guide’s route', { guideRoutes: true }, guide('alice'), { outcome: 'granted', userId: 'alice' }],
    ['refused by the guide’s route', { guideRoutes: true }, guide('bob'), { outcome: 'refused', status: 403 }],
    ['misused at the guide’s route', { guideRoutes: true }, guide('', 'GET'), { outcome: 'refused' }],
  ])('%s', async (_name, options, request, event) => {
    expect(await told(options, request)).toEqual([expect.objectContaining({ tookMs: expect.any(Number), ...event })]);
  });

  test('with the time that it took', async () => {
    const authorize = () => new Promise<never>((_resolve, reject) => setTimeout(reject, 20, new Error()));
    const [event] = await told({ authorize });
    expect(event?.tookMs).toBeGreaterThan(15);
  });
});

test('a preflight is no decision', async () => {
  const request = new Request('https://backend.example/', {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example' },
  });
  expect(await told({ cors: { origins: ['https://a.example'] } }, request)).toEqual([]);
});

test.each<[string, () => void | Promise<void>]>([
  [
    'throws',
    () => {
      throw new Error('The meter is broken.');
    },
  ],
  ['rejects', () => Promise.reject(new Error('The meter is broken.'))],
  ['never answers', () => new Promise(() => {})],
])('an onDecision that %s changes no answer', async (_name, onDecision) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await endpoint({ onDecision })(ask({ signaling: true }))).status).toBe(200);
  log.mockRestore();
});
