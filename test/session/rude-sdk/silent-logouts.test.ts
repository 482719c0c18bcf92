import type { CallFault } from 'agora-session/emulator';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;
let calls: string[];

beforeEach(async () => {
  world = createWorld({ latencyMs: 200 });
  alice = world.session();
  await world.login(alice);
  calls = [];
  const client = alice.session.rtm;
  const { login, logout } = client;
  Object.assign(client, {
    login: (...args: Parameters<typeof login>) => {
      calls.push('login');
      return login.apply(client, args);
    },
    logout: () => {
      calls.push('logout');
      return logout.apply(client);
    },
  });
});

const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const isLoggedIn = () => world.emulator.inspect().users.length > 0;
const HANG: CallFault = { kind: 'hang' };

describe('a logout that the SDK never answers', () => {
  it('ends after five seconds, and the next login logs out first', async () => {
    world.emulator.order('logout', HANG);
    const logout = outcome(alice.session.logout());
    await world.clock.advance(4_900);
    expect(await Promise.race([logout, 'pending'])).toBe('pending');
    expect(await during(200, logout)).toBe('done');
    await world.login(alice);
    expect(calls).toEqual(['logout', 'logout', 'login']);
    expect(alice.session.state.status).toBe('connected');
  });

  it('leaves nothing that a login which ends at once would forget to undo', async () => {
    const { session } = alice;
    await during(1_000, session.subscribe('lobby'));
    world.emulator.order('logout', HANG, { times: 2 });
    await during(6_000, session.logout());
    const login = outcome(session.login());
    void session.logout();
    expect(await login).toMatchObject({ code: 'LOGGED_OUT' });
    await during(20_000, session.login());
    expect(world.emulator.inspect().users).toMatchObject([{ userId: 'alice', subscriptions: [] }]);
  });

  it('leaves the next login with ears for an IDLE that is not of its making', async () => {
    world.emulator.order('logout', HANG);
    await during(6_000, alice.session.logout());
    await world.login(alice);
    await world.clock.advance(120_000);
    await during(1_000, alice.session.rtm.logout());
    expect(isLoggedIn()).toBe(false);
    expect(alice.session.state.status).not.toBe('connected');
  });

  it('in a recovery costs it five seconds and no more', async () => {
    world.emulator.order('logout', HANG);
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(15_000);
    expect(alice.session.state.status).toBe('connected');
    expect(isLoggedIn()).toBe(true);
  });

  it('and takes effect during the next login after all is noticed', async () => {
    world.emulator.order('logout', { kind: 'lateEffect', ms: 7_000, answers: false });
    await during(6_000, alice.session.logout());
    await world.login(alice);
    await world.clock.advance(60_000);
    expect(alice.session.state.status === 'connected').toBe(isLoggedIn());
  });
});

describe('a client that the app logs out by itself', () => {
  it('is not taken for connected', async () => {
    await during(5_000, alice.session.rtm.logout());
    expect(isLoggedIn()).toBe(false);
    expect(alice.session.state.status).toBe('idle');
  });
});
