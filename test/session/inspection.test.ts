import { readFileSync } from 'node:fs';
import { type InspectionEvent, SessionManager } from 'agora-session';
import { EventEmitter } from 'eventemitter3';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Announcer } from '../../src/session/announcer.js';
import { REMEDIES } from '../../src/session/sdk/remedies.js';
import type { SessionState } from '../../src/session/state/session-state.js';
import { isLegalMove, SESSION_TRANSITIONS } from '../../src/session/state/transitions.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(() => {
  world = createWorld();
  alice = world.session('alice');
});

/** Logs in, joins and subscribes, and lets the login's token lapse; then all is well again. */
async function recover(): Promise<void> {
  await world.login(alice);
  const work = Promise.all([alice.session.subscribe('lobby'), alice.session.joinStreamChannel('stage')]);
  await world.clock.advance(2_000);
  await work;
  world.emulator.expireToken('alice');
  await world.clock.advance(10_000);
  expect(alice.session.state.status).toBe('connected');
}

const all = <Type extends InspectionEvent['type']>(type: Type) =>
  alice.inspected.filter((event): event is Extract<InspectionEvent, { type: Type }> => event.type === type);

/** Every object within a value, but for errors, which are their own. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null || value instanceof Error) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

describe('inspect', () => {
  it('is told what was decided after a recovery, why, and when', async () => {
    await recover();
    expect(all('decision').filter(({ about }) => about.kind === 'login')).toEqual([
      {
        at: expect.any(Number),
        type: 'decision',
        about: { kind: 'login', channelName: null, topic: null },
        does: 'relogin',
        reason: 'token',
        why: REMEDIES.token.why,
        code: 'TOKEN_EXPIRED',
        delayMs: 0,
      },
    ]);
  });

  it('is told every state that listeners hear, in their order', async () => {
    await recover();
    await alice.session.logout();
    expect(all('state').map(({ state }) => state)).toEqual(alice.states);
    expect(all('channel').map(({ channelName, state }) => ({ channelName, state }))).toEqual(alice.told.channel);
    expect(all('restored').map(({ results }) => results)).toEqual(alice.told.restored?.map(({ results }) => results));
  });

  it('is told of the link before what it leads to, and never in words of the SDK', async () => {
    await recover();
    const failed = all('sdk').find(({ detail }) => detail.currentState === 'FAILED');
    expect(failed?.detail).toEqual({
      serviceType: 'MESSAGE',
      previousState: 'CONNECTED',
      currentState: 'FAILED',
      reasonCode: 'TOKEN_EXPIRED',
      isResumed: false,
      affectedChannels: [],
    });
    const order = alice.inspected.filter((event) => event.type === 'decision' || event === failed);
    expect(order.map(({ type }) => type).slice(0, 2)).toEqual(['sdk', 'decision']);
  });

  it('is told of requests and their answers', async () => {
    await world.login(alice);
    expect(all('request')).toMatchObject([{ targets: [{ kind: 'signaling' }], cause: 'login' }]);
    expect(all('answer')).toMatchObject([{ targets: [{ kind: 'signaling' }], tokens: 1, code: null }]);
  });

  it('is told that a link is down, and that the SDK is waited for', async () => {
    await world.login(alice);
    world.emulator.setNetwork('alice', false);
    await world.clock.until(() => alice.session.state.status === 'reconnecting', 60_000);
    expect(all('decision').at(-1)).toMatchObject({ does: 'wait', reason: 'network', delayMs: null });
  });

  it.each([
    ['KICKED_OUT_BY_SERVER', 'kicked'],
    ['SAME_UID_LOGIN', 'displaced'],
    ['LOGIN_NOT_AUTHORIZED', 'configuration'],
  ] as const)('is told why it stops, after %s', async (code, reason) => {
    await world.login(alice);
    world.emulator.kick('alice', code);
    await world.clock.advance(1_000);
    expect(all('decision').at(-1)).toMatchObject({ does: 'stop', reason, code, why: REMEDIES[reason].why });
    expect(all('end').at(-1)).toMatchObject({ error: { code: expect.any(String) } });
  });

  it('is given events that are frozen through and through, with their time', async () => {
    await recover();
    for (const event of alice.inspected) {
      expect(event.at).toBeLessThanOrEqual(world.clock.now());
      for (const object of objectsIn(event)) expect([event.type, Object.isFrozen(object)]).toEqual([event.type, true]);
    }
    expect(new Set(alice.inspected.map(({ type }) => type)).size).toBeGreaterThanOrEqual(8);
  });

  it('breaks nothing by throwing; its errors are uncaught', async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => uncaught.push(error));
    let told = 0;
    alice = world.session('alice', {
      inspect() {
        told += 1;
        throw new Error("the app's own");
      },
    });
    try {
      await recover();
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
    expect(alice.told.restored).toHaveLength(1);
    expect(told).toBeGreaterThan(10);
    expect(uncaught).toHaveLength(told);
  });

  it('may log out and in again, whatever it is told of', async () => {
    const types = new Set<string>();
    let acts = false;
    alice = world.session('alice', {
      inspect({ type }) {
        if (!acts || types.has(type)) return;
        types.add(type);
        void alice.session.logout();
        alice.session.login().catch(() => {});
      },
    });
    await world.login(alice);
    acts = true;
    for (let nth = 0; nth < 5; nth += 1) {
      alice.session.subscribe('lobby').catch(() => {});
      alice.session.joinStreamChannel('stage').catch(() => {});
      await world.clock.advance(2_000);
      world.emulator.expireToken('alice');
      await world.clock.advance(30_000);
    }
    expect(types.size).toBeGreaterThan(6);
    expect(alice.session.state.status).toBe('connected');
    expect(world.emulator.inspect().users).toHaveLength(1);
  });
});

describe('diagnostics()', () => {
  it('show after a recovery TOKEN_EXPIRED, relogin and why', async () => {
    await recover();
    const { events, counters, state } = alice.session.diagnostics();
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'decision',
        code: 'TOKEN_EXPIRED',
        does: 'relogin',
        why: 'The token was refused or has lapsed; a fresh one is needed.',
      }),
    );
    expect(state).toEqual({ status: 'connected' });
    expect(counters).toEqual({
      logins: 2,
      recoveries: { expired: 1, rejected: 0, 'link-failed': 0, 'not-resumed': 0 },
      requests: world.server.requests.length,
      renewals: alice.told.tokenRenewed?.length,
      failures: 0,
    });
  });

  it('are plain JSON, frozen through and through', async () => {
    await recover();
    world.emulator.failNext('renewToken', -10005, 3);
    const renewal = alice.session.renewTokens().catch(() => {});
    await world.clock.advance(10_000);
    await renewal;
    const diagnostics = alice.session.diagnostics();
    expect(diagnostics.counters.failures).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(diagnostics))).toEqual(diagnostics);
    for (const object of objectsIn(diagnostics)) {
      expect(Object.isFrozen(object)).toBe(true);
      expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(object));
    }
  });

  it('hold the latest hundred events', async () => {
    await world.login(alice);
    for (let nth = 0; nth < 80; nth += 1) {
      const undone = nth % 2 === 0 ? alice.session.subscribe('lobby') : alice.session.unsubscribe('lobby');
      await world.clock.advance(3_000);
      await undone;
    }
    const { events } = alice.session.diagnostics();
    expect(alice.inspected.length).toBeGreaterThan(100);
    expect(events).toEqual(JSON.parse(JSON.stringify(alice.inspected.slice(-100))));
  });

  it('say since when the state is what it is', async () => {
    const { state, since, at } = alice.session.diagnostics();
    expect(state).toEqual({ status: 'idle' });
    expect(since).toBe(at);
    await world.login(alice);
    const connected = all('state').find(({ state: { status } }) => status === 'connected');
    await world.clock.advance(5_000);
    expect(alice.session.diagnostics()).toMatchObject({ since: connected?.at, at: world.clock.now() });
  });

  it('say what waits, and for how long', async () => {
    await world.login(alice);
    await world.clock.advance(2_000);
    const calls = Array.from({ length: 40 }, (_, nth) => alice.session.subscribe(`lobby-${nth}`));
    const messages = Array.from({ length: 60 }, (_, nth) => alice.session.publish(`room-${nth}`, 'hello'));
    await world.clock.advance(500);
    const { calls: waiting, oldestCallMs, ...queues } = alice.session.diagnostics().queues;
    expect(waiting).toBe(25);
    expect(oldestCallMs).toBe(500);
    expect(queues).toEqual({ messages: 10, topicMessages: 0 });
    await world.clock.advance(10_000);
    await Promise.all([...calls, ...messages]);
    expect(alice.session.diagnostics().queues).toEqual({ calls: 0, messages: 0, topicMessages: 0, oldestCallMs: 0 });
  });

  it('say how late timers were, after a sleep too', async () => {
    await world.login(alice);
    await world.clock.advance(120_000);
    expect(alice.session.diagnostics().lateTimerMs).toBe(0);
    world.clock.sleep(20 * 60_000);
    await world.clock.advance(60_000);
    expect(alice.session.diagnostics().lateTimerMs).toBe(20 * 60_000);
  });

  it('say the versions of this package and of the SDK, where it says one', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(alice.session.diagnostics().versions).toEqual({ 'agora-session': version, 'agora-rtm-sdk': null });
    const sdk = { ...world.emulator.openPage(), VERSION: '2.3.0' };
    const bob = world.session('bob', { loadSdk: async () => sdk });
    await world.login(bob);
    expect(bob.session.diagnostics().versions['agora-rtm-sdk']).toBe('2.3.0');
  });

  it('count each recovery once, by its cause', async () => {
    await world.login(alice);
    world.emulator.failNext('login', -10011, 2);
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(60_000);
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(40_000);
    world.emulator.setNetwork('alice', true, { returns: 'emptied' });
    await world.clock.advance(60_000);
    expect(alice.session.diagnostics().counters).toMatchObject({
      logins: 2,
      recoveries: { expired: 0, rejected: 0, 'link-failed': 1, 'not-resumed': 1 },
    });
  });

  it('are there before there is an engine', () => {
    const session = new SessionManager({ appId: alice.session.appId, userId: 'carol', tokens: null });
    expect(session.diagnostics()).toMatchObject({
      state: { status: 'idle' },
      events: [],
      counters: { logins: 0, requests: 0 },
      queues: { calls: 0, messages: 0 },
      lateTimerMs: 0,
    });
  });
});

describe('the legal moves of a session', () => {
  const statuses = Object.keys(SESSION_TRANSITIONS) as SessionState['status'][];

  it.each(statuses)('%s: can be reached, and left for idle', (status) => {
    expect(statuses.some((from) => from !== status && isLegalMove(SESSION_TRANSITIONS, from, status))).toBe(true);
    expect(isLegalMove(SESSION_TRANSITIONS, status, 'idle')).toBe(true);
  });

  it('lead to a connection only from where a login or the SDK is at work', () => {
    const before = statuses.filter((from) => SESSION_TRANSITIONS[from].includes('connected'));
    expect(before).toEqual(['connecting', 'reconnecting', 'recovering']);
  });

  it('lead from idle and failed to nothing but a login, or to idle', () => {
    expect(SESSION_TRANSITIONS.idle).toEqual(['connecting']);
    expect(SESSION_TRANSITIONS.failed).toEqual(['connecting', 'idle']);
  });

  it('any other is told to inspect, and the session goes on', () => {
    const told: InspectionEvent[] = [];
    const announcer = new Announcer({
      emitter: new EventEmitter(),
      clock: world.clock,
      inspect: (event) => told.push(event),
      takeSnapshot: (state) => ({ ...alice.session.snapshot, state }),
    });
    announcer.report({ type: 'state', state: { status: 'connected' } });
    expect(told).toMatchObject([
      { type: 'illegal', about: { kind: 'login' }, from: 'idle', to: 'connected' },
      { type: 'state', state: { status: 'connected' } },
    ]);
    expect(announcer.state).toEqual({ status: 'connected' });
  });
});
