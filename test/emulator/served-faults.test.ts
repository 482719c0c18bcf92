import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectEmulator } from '../../src/emulator/client.js';
import { SignalingEmulator, type SignalingEmulatorOptions, serveEmulator } from '../../src/emulator/index.js';
import type { WebSocketConstructor } from '../../src/emulator/socket-transport.js';
import { buildRtmToken } from '../../src/server/index.js';
import { outcomeOf } from './every-call.js';
import { appCertificate, appId, codeOf, type Recorded, record } from './world.js';

const Socket = WebSocket as unknown as WebSocketConstructor;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const token = (userId: string) => buildRtmToken({ appId, appCertificate, userId, expiresInSeconds: 600 });

async function served(options: Partial<SignalingEmulatorOptions> = {}) {
  const emulator = new SignalingEmulator({ appId, appCertificate, ...options });
  const server = await serveEmulator(emulator);
  closers.push(() => server.close());
  const client = (userId: string): Recorded => {
    const recorded = record(new (connectEmulator(server.url, { WebSocket: Socket }).RTM)(appId, userId));
    closers.push(() => recorded.client.logout());
    return recorded;
  };
  const loggedIn = async (userId: string): Promise<Recorded> => {
    const recorded = client(userId);
    await recorded.client.login({ token: token(userId) });
    return recorded;
  };
  return { emulator, client, loggedIn };
}

/** A whole round to the service and back: what was sent before has arrived by then. */
const round = ({ client }: Recorded) => client.presence.getUserChannels('');

describe('a served page', () => {
  it('meets the faults that were ordered, those of its very first login included', async () => {
    const { emulator, client } = await served();
    emulator.order('login', { kind: 'refuse', code: -10012 });
    emulator.order('subscribe', { kind: 'lost', code: -11019 }, { userId: 'alice' });
    emulator.order('publish', { kind: 'throw', code: -10025 });
    emulator.order('publish', { kind: 'odd', value: 'noPromise' });
    const alice = client('alice');
    expect(await codeOf(alice.client.login({ token: token('alice') }))).toBe(-10012);
    await alice.client.login({ token: token('alice') });
    expect(await codeOf(alice.client.subscribe('lobby'))).toBe(-11019);
    expect(emulator.inspect().users).toMatchObject([{ subscriptions: ['lobby'] }]);
    expect(() => alice.client.publish('lobby', 'hello')).toThrow('-10025');
    expect(alice.client.publish('lobby', 'hello')).toBeUndefined();
    expect(await codeOf(alice.client.publish('lobby', 'hello'))).toBe('resolved');
    expect(emulator.struck.calls).toEqual({
      login: { refuse: 1 },
      subscribe: { lost: 1 },
      publish: { throw: 1, odd: 1 },
    });
  });

  it('shares an order with other pages, and hears when there is none left', async () => {
    const { emulator, loggedIn } = await served();
    const [alice, bob] = [await loggedIn('alice'), await loggedIn('bob')];
    emulator.order('publish', { kind: 'refuse', code: -11024 }, { times: 2 });
    await Promise.all([round(alice), round(bob)]);
    expect(await codeOf(alice.client.publish('lobby', 'x'))).toBe(-11024);
    await Promise.all([round(alice), round(bob)]);
    expect(await codeOf(bob.client.publish('lobby', 'x'))).toBe(-11024);
    await Promise.all([round(alice), round(bob)]);
    expect([await codeOf(alice.client.publish('lobby', 'x')), await codeOf(bob.client.publish('lobby', 'x'))]).toEqual([
      'resolved',
      'resolved',
    ]);
  });

  it('carries an order out once, however fast the calls are', async () => {
    const { emulator, loggedIn } = await served();
    const alice = await loggedIn('alice');
    emulator.order('publish', { kind: 'refuse', code: -11024 }, { times: 5 });
    emulator.order('publish', { kind: 'hang' });
    await round(alice);
    const outcomes = Array.from({ length: 10 }, () => outcomeOf(alice.client.publish('lobby', 'x')));
    emulator.setEventFaults(null);
    await round(alice);
    await round(alice);
    expect(outcomes.map((outcome) => outcome())).toEqual([
      ...Array(5).fill(-11024),
      'pending',
      ...Array(4).fill('resolved'),
    ]);
    expect(emulator.struck.calls.publish).toEqual({ refuse: 5, hang: 1 });
  });

  it('hears its events twice, and has the limits of its emulator', async () => {
    const { emulator, loggedIn } = await served({ limits: { subscribedChannels: 1, callsPerSecond: 1e9 } });
    const [alice, bob] = [await loggedIn('alice'), await loggedIn('bob')];
    await bob.client.subscribe('lobby');
    expect(await codeOf(bob.client.subscribe('hall'))).toBe(-11005);
    emulator.setEventFaults({ twice: 1 }, { userId: 'bob' });
    await round(bob);
    await alice.client.publish('lobby', 'hello');
    await round(bob);
    expect(bob.events('message').map(({ message }) => message)).toEqual(['hello', 'hello']);
    await round(bob);
    expect(emulator.struck.events.twice).toBeGreaterThan(0);
  });

  it('waits as long as a call takes', async () => {
    const { loggedIn } = await served({ latencyMs: 60 });
    const alice = await loggedIn('alice');
    const start = performance.now();
    await round(alice);
    expect(performance.now() - start).toBeGreaterThan(55);
  });
});
