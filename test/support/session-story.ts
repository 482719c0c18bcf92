import fc from 'fast-check';
import type { Fault } from './world.js';

/** One thing that happens to a session. */
export type Step =
  | { readonly do: 'login'; readonly timeoutMs: number; readonly abort: boolean }
  | { readonly do: 'logout' | 'renew' | 'cut' | 'restore' | 'rival' | 'expire' }
  | {
      readonly do: 'join' | 'leave' | 'subscribe' | 'unsubscribe' | 'expireChannel' | 'joinTopic' | 'hearTopic';
      readonly name: string;
    }
  | { readonly do: 'react'; readonly to: ReactedEvent; readonly with: 'login' | 'logout' | 'leave' | 'renew' }
  | { readonly do: 'advance' | 'sleep'; readonly ms: number }
  | { readonly do: 'server'; readonly mode: keyof typeof SERVER_MODES }
  | { readonly do: 'kick'; readonly reasonCode: string }
  | {
      readonly do: 'failNext';
      readonly operation: 'login' | 'renewToken' | 'join' | 'subscribe';
      readonly code: number;
    };

/** Events in whose listeners an app may call the session. */
export type ReactedEvent = 'state' | 'channel' | 'tokenRenewed' | 'tokenError' | 'restored';

/** What the token server may do. */
export const SERVER_MODES: Readonly<
  Record<'good' | 'down' | 'missing' | 'denying' | 'hanging' | 'page' | 'offline', Fault>
> = {
  good: null,
  down: () => new Response(null, { status: 503 }),
  missing: () => new Response(null, { status: 404 }),
  denying: () => new Response(null, { status: 403 }),
  hanging: () => new Promise<Response>(() => {}),
  page: () => new Response('<!doctype html>'),
  offline: () => Promise.reject(new TypeError('fetch failed')),
};

const name = fc.constantFrom('stage', 'vault', 'constructor');
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('joinTopic' as const, 'hearTopic' as const), name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('react' as const),
      to: fc.constantFrom<ReactedEvent>('state', 'channel', 'tokenRenewed', 'tokenError', 'restored'),
      with: fc.constantFrom('login' as const, 'logout' as const, 'leave' as const, 'renew' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('login' as const),
      timeoutMs: fc.constantFrom(1_000, 30_000),
      abort: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('renew' as const, 'cut' as const, 'restore' as const, 'expire' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rival' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'join' as const,
        'leave' as const,
        'subscribe' as const,
        'unsubscribe' as const,
        'expireChannel' as const,
      ),
      name,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.constantFrom(1, 40, 900, 5_000, 31_000, 130_000, 900_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(20_000, 600_000, 7_200_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('server' as const),
      mode: fc.constantFrom(...(Object.keys(SERVER_MODES) as (keyof typeof SERVER_MODES)[])),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('kick' as const),
      reasonCode: fc.constantFrom(
        'TOKEN_EXPIRED',
        'INVALID_TOKEN',
        'UNKNOWN',
        'CONNECTION_ERROR',
        'LOGIN_TOO_FREQUENT',
        'SAME_UID_LOGIN',
        'KICKED_OUT_BY_SERVER',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('failNext' as const),
      operation: fc.constantFrom('login' as const, 'renewToken' as const, 'join' as const, 'subscribe' as const),
      code: fc.constantFrom(-10005, -10009, -10011, -10025, -10026, -11007),
    }),
  },
);

/** A life in the session's life: how long tokens live, and what happens. */
export const story: fc.Arbitrary<{ lifeSeconds: number; steps: Step[] }> = fc.record({
  lifeSeconds: fc.constantFrom(30, 120, 3600),
  steps: fc.array(aStep, { minLength: 4, maxLength: 24 }),
});
