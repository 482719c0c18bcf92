import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(() => {
  world = createWorld();
  alice = world.session('alice');
});

const join = async (name = 'stage') => {
  const [handle] = await Promise.all([alice.session.joinStreamChannel(name), world.clock.advance(2_000)]);
  return handle;
};
const users = () => world.emulator.inspect().users;

describe('a listener that calls logout()', () => {
  it.each([
    ['tokenRenewed, in a recovery', () => alice.session.once('tokenRenewed', () => void alice.session.logout())],
    ['channel, in a recovery', () => alice.session.once('channel', () => void alice.session.logout())],
    [
      'state, when it is recovering',
      () => alice.session.on('state', ({ status }) => status === 'recovering' && void alice.session.logout()),
    ],
    [
      'state, when it is connected again',
      () => alice.session.on('state', ({ status }) => status === 'connected' && void alice.session.logout()),
    ],
    ['restored', () => alice.session.once('restored', () => void alice.session.logout())],
  ])('on %s: the session is idle, and a login works', async (_event, listen) => {
    await world.login(alice);
    await join();
    listen();
    world.emulator.expireToken('alice');
    await world.clock.advance(10_000);
    expect(alice.session.state).toEqual({ status: 'idle' });
    expect(users()).toEqual([]);
    alice.session.removeAllListeners();
    await world.login(alice);
    expect(users()).toHaveLength(1);
  });

  it('on a channel that is lost as the session fails: the session is idle and stays so', async () => {
    await world.login(alice);
    await join();
    alice.session.once('channel', () => void alice.session.logout());
    world.emulator.kick('alice');
    await world.clock.advance(10_000);
    expect(alice.session.state).toEqual({ status: 'idle' });
  });
});

describe('a listener that calls login()', () => {
  it('when the session failed: everybody hears of both in order', async () => {
    await world.login(alice);
    const heard: string[] = [];
    alice.session.on('state', ({ status }) => status === 'failed' && void outcome(alice.session.login()));
    alice.session.on('state', ({ status }) => heard.push(status));
    world.emulator.kick('alice');
    await world.clock.advance(1_000);
    expect(heard).toEqual(['failed', 'connecting', 'connected']);
  });

  it('when a channel is left by logout(): the login after it stands', async () => {
    await world.login(alice);
    await join();
    let login: Promise<unknown> | undefined;
    alice.session.on('channel', ({ state }) => {
      if (state.status === 'left') login = outcome(alice.session.login());
    });
    void alice.session.logout();
    await world.clock.advance(5_000);
    expect(await login).toBe('done');
    expect(alice.session.state.status).toBe('connected');
    expect(users()).toHaveLength(1);
  });
});

/** What was uncaught while a session logged in whose first listener throws. */
async function loginWithThrowingListener(): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  try {
    alice.session.on('state', () => {
      throw new Error("the app's own");
    });
    await world.login(alice);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
  return uncaught;
}

describe('whoever waits with whenState()', () => {
  it('is told although a listener throws', async () => {
    alice.session.removeAllListeners();
    const login = loginWithThrowingListener();
    const reached = alice.session.whenState('connected');
    await login;
    expect(await reached).toEqual({ status: 'connected' });
  });

  it('is told although the app removes all listeners', async () => {
    const reached = alice.session.whenState('connected');
    alice.session.removeAllListeners();
    await world.login(alice);
    expect(await reached).toEqual({ status: 'connected' });
  });

  it('is told of a state that a listener ends at once', async () => {
    const reached = alice.session.whenState('connected');
    alice.session.on('state', ({ status }) => status === 'connected' && void alice.session.logout());
    await world.login(alice);
    expect(await reached).toEqual({ status: 'connected' });
    expect(alice.session.state.status).toBe('idle');
  });
});

describe('a function of the app that throws', () => {
  it('in a listener surfaces as uncaught, and the session goes on', async () => {
    const uncaught = await loginWithThrowingListener();
    expect(alice.session.state.status).toBe('connected');
    expect(uncaught).toHaveLength(2);
  });

  it.each([
    [
      'its logger',
      {
        logger: {
          warn: () => {
            throw new Error('x');
          },
        },
        tokens: async () => ({ signaling: { token: 'opaque' } }),
      },
    ],
    [
      'its wake source',
      {
        wake: () => {
          throw new Error('x');
        },
      },
    ],
    [
      'its token source, at once',
      {
        tokens: () => {
          throw new Error('x');
        },
      },
    ],
    [
      'its SDK loader, at once',
      {
        loadSdk: () => {
          throw new Error('x');
        },
      },
    ],
  ])('as %s does not keep a login from settling', async (_what, options) => {
    const observed = world.session('bob', options);
    const login = outcome(observed.session.login());
    await world.clock.advance(40_000);
    expect(await Promise.race([login, Promise.resolve('pending')])).not.toBe('pending');
  });

  it.each<[string, (() => void) | undefined, unknown[]]>([
    ['gives nothing to stop it with', undefined, []],
    [
      'cannot be stopped',
      () => {
        throw new Error("the app's own");
      },
      [new Error("the app's own")],
    ],
  ])('as a wake source that %s does not keep a logout from its work', async (_what, stop, surfaces) => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => uncaught.push(error));
    try {
      const observed = world.session('bob', { wake: () => stop as () => void });
      await world.login(observed);
      await world.clock.during(observed.session.logout());
      await world.clock.advance(0);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    expect(users()).toEqual([]);
    expect(uncaught).toEqual(surfaces);
  });
});
