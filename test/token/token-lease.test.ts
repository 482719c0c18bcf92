import { beforeEach, describe, expect, it } from 'vitest';
import { nextRequest } from '../../src/token/next-request.js';
import { DEFAULT_REFRESH, renewalAgeMs } from '../../src/token/refresh-schedule.js';
import {
  answer,
  dueInMs,
  forget,
  type Grant,
  isRenewal,
  isTooSoon,
  leftMs,
  lifeLeftMs,
  mayJoinRequest,
  newLease,
  type Obtained,
  plannedAgeMs,
  type RequestCause,
  type TokenLease,
} from '../../src/token/token-lease.js';
import { MAX_CHANNELS } from '../../src/token/wire-format.js';
import { VirtualClock } from '../support/virtual-clock.js';

const LIFE_MS = 1_200_000;
const ASKED_FOR: readonly RequestCause[] = ['login', 'join'];
const RENEWALS: readonly RequestCause[] = ['schedule', 'will-expire', 'wake', 'expired', 'rejected', 'manual'];
const UNCONDITIONAL: readonly RequestCause[] = ['login', 'join', 'expired', 'rejected', 'manual'];

let clock: VirtualClock;
beforeEach(() => {
  clock = new VirtualClock();
});

const now = () => ({ wall: clock.now(), monotonic: clock.monotonic() });

function grant(cause: RequestCause = 'schedule'): Grant {
  return { serial: 1, token: 'token', sentAt: now(), lifeMs: LIFE_MS, cause, wantedAt: now() };
}

function leaseOf(channelName: string | null, change: Partial<TokenLease> = {}): TokenLease {
  return { ...newLease(channelName === null ? { kind: 'signaling' } : { kind: 'stream', channelName }), ...change };
}

const wanted = (order: number, cause: RequestCause = 'schedule', waitMs = 0): TokenLease['ask'] => ({
  is: 'wanted',
  cause,
  since: now(),
  order,
  wait: waitMs > 0 ? { since: now(), ms: waitMs } : null,
});

describe('what is left', () => {
  it('of a wait and of a life falls with time, and never below nothing', async () => {
    const [wait, held] = [{ since: now(), ms: 1_000 }, grant()];
    await clock.advance(400);
    expect([leftMs(wait, clock), lifeLeftMs(held, clock)]).toEqual([600, LIFE_MS - 400]);
    await clock.advance(LIFE_MS);
    expect([leftMs(wait, clock), lifeLeftMs(held, clock)]).toEqual([0, 0]);
  });

  it('is nothing where there is no wait and no token', () => {
    expect([leftMs(null, clock), lifeLeftMs(null, clock)]).toEqual([0, 0]);
  });

  it('until a renewal is counted from the request of the newest token; after a denial and without a token none is due', async () => {
    const lease = leaseOf(null, { newest: grant(), dueAgeMs: 1_000 });
    await clock.advance(300);
    expect(dueInMs(lease, clock)).toBe(700);
    await clock.advance(1_000);
    expect(dueInMs(lease, clock)).toBe(0);
    const failure = { code: 'TOKEN_DENIED', kind: 'denied', message: '' } as const;
    expect(dueInMs({ ...lease, ask: { is: 'denied', failure } }, clock)).toBe(Number.POSITIVE_INFINITY);
    expect(dueInMs({ ...lease, newest: null }, clock)).toBe(Number.POSITIVE_INFINITY);
    expect(dueInMs({ ...newLease({ kind: 'signaling' }), newest: grant() }, clock)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('causes', () => {
  it('are renewals, but for a login and a join', () => {
    expect(RENEWALS.every(isRenewal)).toBe(true);
    expect(ASKED_FOR.some(isRenewal)).toBe(false);
  });

  it('that leave no choice renew at any age, all others not within a quarter of a life that a renewal began', async () => {
    const lease = leaseOf(null, { newest: grant() });
    const tooSoon = () => [...ASKED_FOR, ...RENEWALS].filter((cause) => isTooSoon(lease, cause, clock));
    await clock.advance(LIFE_MS / 4 - 1);
    expect(tooSoon()).toEqual(RENEWALS.filter((cause) => !UNCONDITIONAL.includes(cause)));
    await clock.advance(1);
    expect(tooSoon()).toEqual([]);
  });

  it('never come too soon after a login, nor without a token', () => {
    for (const newest of [grant('login'), grant('join'), null]) {
      expect(isTooSoon(leaseOf(null, { newest }), 'schedule', clock)).toBe(false);
    }
  });
});

describe('the plan for a renewal', () => {
  const planned = (cause: RequestCause, draw: number) => plannedAgeMs(LIFE_MS, cause, draw, DEFAULT_REFRESH);

  it('is spread widely after a login, a join and a recovery, since many clients make one at the same moment', () => {
    for (const cause of [...ASKED_FOR, 'expired'] as const) {
      for (const draw of [0, 0.5, 1]) {
        expect(planned(cause, draw), cause).toBe(renewalAgeMs(LIFE_MS, draw, DEFAULT_REFRESH.first));
      }
    }
  });

  it('is spread narrowly after every other renewal', () => {
    for (const cause of RENEWALS.filter((one) => one !== 'expired')) {
      for (const draw of [0, 0.5, 1]) {
        expect(planned(cause, draw), cause).toBe(renewalAgeMs(LIFE_MS, draw, DEFAULT_REFRESH.later));
      }
    }
  });

  it('is never within a quarter of the life after a renewal, whatever the app has set', () => {
    const eager = { first: [0.01, 0.02], later: [0.01, 0.02] } as const;
    expect(plannedAgeMs(LIFE_MS, 'schedule', 0, eager)).toBe(LIFE_MS / 4);
    expect(plannedAgeMs(LIFE_MS, 'login', 0, eager)).toBeLessThan(LIFE_MS / 4);
  });
});

describe('those who wait for a token', () => {
  const got: Obtained = { ok: false, failure: { code: 'TOKEN_DENIED', kind: 'denied', message: '' } };
  const waiting = () => {
    const told: string[] = [];
    const lease = leaseOf(null);
    for (const until of ['token', 'applied'] as const) lease.waiters.push({ until, resolve: () => told.push(until) });
    return { told, lease };
  };

  it('are told once, and only of what they wait for', () => {
    const { told, lease } = waiting();
    const ok: Obtained = { ok: true, grant: grant() };
    answer(lease, ok, 'token');
    answer(lease, ok, 'token');
    expect(told).toEqual(['token']);
    answer(lease, ok, 'applied');
    expect(told).toEqual(['token', 'applied']);
    expect(lease.waiters).toEqual([]);
  });

  it('are all told of a failure to get one; one to apply it is for those alone who wait for that', () => {
    const first = waiting();
    answer(first.lease, got, 'token');
    expect(first.told).toEqual(['token', 'applied']);
    const second = waiting();
    answer(second.lease, got, 'applied');
    expect(second.told).toEqual(['applied']);
  });

  it('are told that it is no longer wanted when its lease ends', () => {
    const lease = leaseOf(null);
    let told: Obtained | null = null;
    lease.waiters.push({
      until: 'applied',
      resolve: (result) => {
        told = result;
      },
    });
    forget(lease);
    const failure = { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message: 'The token is no longer wanted.' };
    expect(told).toEqual({ ok: false, failure });
  });
});

describe('the next request', () => {
  const names = (leases: readonly TokenLease[]) =>
    nextRequest(leases, clock)?.leases.map(({ target }) => ('channelName' in target ? target.channelName : 'login'));

  it('is none while nothing is wanted, or all that is wanted has to wait', () => {
    expect(nextRequest([leaseOf(null), leaseOf('a', { ask: wanted(1, 'schedule', 1_000) })], clock)).toBeNull();
  });

  it('is for the login in front, else for whoever has wanted longest, with its cause', () => {
    const [login, a, b] = [
      leaseOf(null, { ask: wanted(3, 'login') }),
      leaseOf('a', { ask: wanted(2, 'join') }),
      leaseOf('b', { ask: wanted(1, 'manual') }),
    ];
    expect(names([a, b, login])).toEqual(['login', 'b', 'a']);
    expect(nextRequest([a, b, login], clock)?.cause).toBe('manual');
    expect(names([a, b])).toEqual(['b', 'a']);
  });

  it('takes along what waits for its retry, but never leaves for that', () => {
    const [a, b] = [leaseOf('a', { ask: wanted(1, 'schedule', 1_000) }), leaseOf('b', { ask: wanted(2, 'manual') })];
    expect(names([a, b])).toEqual(['b', 'a']);
    expect(nextRequest([a, b], clock)?.cause).toBe('manual');
  });

  it('takes along whatever is older than a third of its life, once', async () => {
    const [old, denied] = [leaseOf('old', { newest: grant() }), leaseOf('denied', { newest: grant() })];
    denied.ask = { is: 'denied', failure: { code: 'TOKEN_DENIED', kind: 'denied', message: '' } };
    await clock.advance(LIFE_MS / 3);
    const asking = leaseOf('asking', { ask: wanted(1), newest: grant() });
    expect(mayJoinRequest(old, clock)).toBe(false);
    await clock.advance(1);
    expect(mayJoinRequest(leaseOf('none'), clock)).toBe(false);
    expect(names([old, denied, asking, leaseOf('young', { newest: grant() })])).toEqual(['asking', 'old']);
  });

  it('leaves alone what must go alone, in either direction', () => {
    const [alone, other] = [leaseOf('alone', { alone: true }), leaseOf('other')];
    alone.ask = wanted(1, 'join');
    other.ask = wanted(2, 'manual');
    expect(names([alone, other])).toEqual(['alone']);
    expect(nextRequest([alone, other], clock)?.cause).toBe('join');
    alone.ask = wanted(3);
    expect(names([alone, other])).toEqual(['other']);
  });

  it('asks for as many channels as the endpoint takes, besides the login', () => {
    const channels = Array.from({ length: MAX_CHANNELS + 5 }, (_, index) =>
      leaseOf(`c${index}`, { ask: wanted(index + 1) }),
    );
    expect(MAX_CHANNELS).toBe(100);
    expect(names(channels)).toHaveLength(MAX_CHANNELS);
    expect(names([...channels, leaseOf(null, { ask: wanted(1_000, 'login') })])).toHaveLength(MAX_CHANNELS + 1);
  });
});
