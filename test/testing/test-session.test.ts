import { SessionError } from 'agora-session';
import type { CallFault, CallFaultKind } from 'agora-session/emulator';
import { createTestSession, type TokenFault, VirtualClock } from 'agora-session/testing';
import { describe, expect, it, vi } from 'vitest';

/** One fault of each kind; a new kind of the emulator's does not compile without one. */
const ONE_OF_EACH: { readonly [Kind in CallFaultKind]: Extract<CallFault, { kind: Kind }> } = {
  slow: { kind: 'slow', ms: 2000 },
  hang: { kind: 'hang' },
  lost: { kind: 'lost' },
  late: { kind: 'late', ms: 3000 },
  lateEffect: { kind: 'lateEffect', ms: 3000, answers: true },
  refuse: { kind: 'refuse', code: -10021 },
  throw: { kind: 'throw' },
  odd: { kind: 'odd', value: 'rejectsUndefined' },
};

describe('a test session', () => {
  it('logs in, is renewed and logs out in virtual time alone', async () => {
    const { session, emulator, clock, tokens } = createTestSession();
    await clock.during(session.login());
    expect(session.state).toEqual({ status: 'connected' });
    await clock.advance(3_600_000);
    expect(tokens.requests.map(({ cause }) => cause).slice(0, 2)).toEqual(['login', 'schedule']);
    expect(emulator.inspect().users[0]?.tokenExpiresAt).toBeGreaterThan(clock.now());
    await clock.during(session.logout());
    expect(clock.pending).toBe(0);
  });

  it.each(Object.values(ONE_OF_EACH))('meets a call that is $kind', async (fault) => {
    const { session, emulator, clock } = createTestSession();
    await clock.during(session.login());
    emulator.order('subscribe', fault);
    const call = session.subscribe('lobby').catch(() => {});
    await clock.advance(5000);
    expect(emulator.struck.calls).toEqual({ subscribe: { [fault.kind]: 1 } });
    await clock.during(session.logout());
    await clock.during(call);
  });

  it('meets another beside it', async () => {
    const alice = createTestSession();
    const bob = createTestSession({ userId: 'bob', beside: alice });
    await alice.clock.during(Promise.all([alice.session.login(), bob.session.login()]));
    const heard: unknown[] = [];
    bob.session.on('message', ({ message }) => heard.push(message));
    await alice.clock.during(bob.session.subscribe('lobby'));
    await alice.session.rtm.publish('lobby', 'hello');
    await alice.clock.advance(0);
    expect(heard).toEqual(['hello']);
    expect(() => createTestSession({ beside: alice, emulator: { latencyMs: 1 } })).toThrow('beside');
  });

  it('goes the same course for the same seed', async () => {
    const course = async (seed: number) => {
      const { session, clock, tokens } = createTestSession({ seed, emulator: { latencyMs: [10, 500] } });
      const times: number[] = [];
      session.on('tokenRenewed', () => times.push(clock.monotonic()));
      await clock.during(session.login());
      tokens.lifeSeconds = 600;
      await clock.advance(10_000_000);
      await clock.during(session.logout());
      return times;
    };
    const [first, again, other] = [await course(3), await course(3), await course(4)];
    expect(first.length).toBeGreaterThan(5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('its tokens', () => {
  it.each<[TokenFault, unknown]>([
    [{ kind: 'down' }, 'LOGIN_TIMEOUT'],
    [{ kind: 'failing', status: 503, retryAfterMs: 1000 }, 'LOGIN_TIMEOUT'],
    [{ kind: 'hanging' }, 'LOGIN_TIMEOUT'],
    [{ kind: 'denying' }, 'TOKEN_DENIED'],
    [{ kind: 'refusing' }, 'TOKEN_DENIED'],
    [{ kind: 'lapsed' }, 'TOKEN_LAPSED'],
    [{ kind: 'mixedUp' }, 'TOKEN_MISMATCH'],
    [{ kind: 'slow', ms: 3000 }, 'connected'],
  ])('with %o make a login %s, and the next one works', async (fault, expected) => {
    const { session, clock, tokens } = createTestSession({ session: { logger: { warn: () => {} } } });
    const login = () =>
      clock.during(
        session.login({ timeoutMs: 20_000 }).then(
          () => session.state.status,
          (error: unknown) => (error instanceof SessionError ? error.code : error),
        ),
      );
    tokens.fault = fault;
    expect(await login()).toBe(expected);
    tokens.fault = null;
    expect(await login()).toBe('connected');
    expect(tokens.requests.length).toBeGreaterThan(0);
    await clock.during(session.logout());
  });

  it('can be given out once more', async () => {
    const { tokens } = createTestSession();
    const request = { appId: 'x', userId: 'alice', signaling: true, channels: ['stage'], cause: 'manual' } as const;
    const signal = new AbortController().signal;
    const first = await tokens.getTokens(request, { signal });
    tokens.lifeSeconds = 60;
    tokens.fault = { kind: 'repeating' };
    expect((await tokens.getTokens(request, { signal })).signaling).toMatchObject(
      first.signaling ? { token: tokenOf(first.signaling) } : {},
    );
    tokens.fault = { kind: 'refusing', channels: ['stage'] };
    expect(await tokens.getTokens(request, { signal })).toMatchObject({
      signaling: { expiresIn: 60 },
      channels: { stage: { error: { code: 'FORBIDDEN' } } },
    });
  });
});

describe('a virtual clock', () => {
  it('fires timers in their order, and lets promises settle between them', async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimeout(() => seen.push('second'), 20);
    clock.setTimeout(() => void Promise.resolve().then(() => seen.push('first')), 10);
    clock.setTimeout(() => seen.push('third'), 20);
    const cancelled = clock.setTimeout(() => seen.push('never'), 15);
    clock.clearTimeout(cancelled);
    await clock.advance(19);
    expect(seen).toEqual(['first']);
    await clock.advance(1);
    expect(seen).toEqual(['first', 'second', 'third']);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['no setImmediate, as in a page', ['setImmediate']],
    ['no MessageChannel either, as in Jest’s jsdom', ['setImmediate', 'MessageChannel']],
    ['nothing of Node at all', ['setImmediate', 'MessageChannel', 'process']],
  ])('moves where there is %s', async (_, missing) => {
    for (const name of missing) vi.stubGlobal(name, undefined);
    try {
      const clock = new VirtualClock();
      const seen: string[] = [];
      clock.setTimeout(() => void Promise.resolve().then(() => seen.push('first')), 10);
      clock.setTimeout(() => seen.push('second'), 10);
      await clock.advance(10);
      expect(seen).toEqual(['first', 'second']);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('sleeps, is set, and knows when something never comes', async () => {
    const clock = new VirtualClock({ startsAt: 1000 });
    clock.sleep(500);
    clock.setBy(-200);
    expect([clock.now(), clock.monotonic()]).toEqual([1300, 0]);
    await expect(clock.until(() => false, 1000)).rejects.toThrow('1000 ms of virtual time');
    expect(clock.monotonic()).toBe(1000);
    await expect(clock.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(clock.advance(-1)).rejects.toThrow('ms must be');
    expect(() => new VirtualClock({ startsAt: Number.NaN })).toThrow('startsAt');
  });
});

function tokenOf(grant: object): unknown {
  return (grant as { token?: unknown }).token;
}
