import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn } from './setting.js';

beforeAll(inflateAtOnce);

describe('a subscription whose restoring is refused for good', () => {
  it('says so in the snapshot, to the event and in `restored`', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    const told: string[] = [];
    alice.session.on('subscription', ({ channelName, state }) => told.push(`${channelName}: ${state}`));
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('subscribe', { kind: 'refuse', code: -11038 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(30_000);
    const [subscription] = alice.session.snapshot.subscriptions;
    expect(subscription).toMatchObject({ state: 'failed', error: { code: 'CHANNEL_FAILED', cause: { code: -11038 } } });
    expect(told.at(-1)).toBe('lobby: failed');
    expect(alice.told.restored).toMatchObject([{ results: [{ kind: 'subscription', ok: false }] }]);
  });

  it('is tried again by subscribe(), which does not resolve before it stands', async () => {
    const { alice, clock, emulator, within, has } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('subscribe', { kind: 'refuse', code: -11038 }, { times: 2 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(30_000);
    expect(await within(5_000, alice.session.subscribe('lobby'))).toMatchObject({ code: 'CHANNEL_FAILED' });
    expect(await within(5_000, alice.session.subscribe('lobby'))).toBe('done');
    expect(has().subscriptions).toEqual(['lobby']);
  });
});

describe('while the link is down', () => {
  it('a subscribe() that is known waits, as the documentation says', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    expect(alice.session.state.status).toBe('reconnecting');
    const again = outcome(alice.session.subscribe('lobby'));
    expect(await within(20_000, again)).toBe('pending');
    emulator.setNetwork('alice', true);
    expect(await within(60_000, again)).toBe('done');
    expect(await again).toBe('done');
  });

  it('a joinStreamChannel() that is known waits too', async () => {
    const { alice, clock, emulator, within, join } = await loggedIn();
    await join();
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    const again = outcome(alice.session.joinStreamChannel('stage'));
    expect(await within(20_000, again)).toBe('pending');
    emulator.setNetwork('alice', true);
    expect(await within(60_000, again)).toBe('done');
    expect(await again).toBe('done');
  });
});

describe('a subscription that the link took along just after its answer', () => {
  it('is made again', async () => {
    const { alice, clock, emulator, within, has } = await loggedIn();
    await within(500, alice.session.subscribe('lobby'));
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    emulator.setNetwork('alice', true, { returns: { lost: ['lobby'] } });
    await clock.advance(60_000);
    expect(has().subscriptions).toEqual(['lobby']);
  });
});

describe('the gap of what was restored', () => {
  it('begins with the last event before the link fell silent, not when the SDK noticed', async () => {
    const { alice, clock, emulator, session, login, within } = await loggedIn();
    const bob = session('bob');
    await login(bob);
    await within(1_000, alice.session.subscribe('lobby'));
    await clock.advance(60_000);
    await within(1_000, bob.session.publish('lobby', 'hello'));
    const heardAt = clock.now() - 1_000;
    expect(alice.told.message).toHaveLength(1);
    await clock.advance(20_000);
    emulator.setNetwork('alice', false);
    await clock.advance(60_000);
    emulator.setNetwork('alice', true, { returns: 'emptied' });
    await clock.advance(30_000);
    expect(alice.told.restored).toMatchObject([{ cause: 'not-resumed', gap: { from: heardAt } }]);
  });

  it('begins with the last call that was answered', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    await clock.advance(60_000);
    await within(0, alice.session.publish('lobby', 'hello'));
    const answeredAt = clock.now();
    await clock.advance(20_000);
    emulator.setNetwork('alice', false);
    await clock.advance(60_000);
    emulator.setNetwork('alice', true, { returns: 'emptied' });
    await clock.advance(30_000);
    expect(alice.told.restored).toMatchObject([{ gap: { from: answeredAt } }]);
  });
});

describe('a link that the SDK resumes', () => {
  it('is told with what is there again and the gap, since nothing of it is delivered later', async () => {
    const { alice, clock, emulator, within, join } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    await join();
    const from = clock.now();
    await clock.advance(5_000);
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    expect(alice.session.state.status).toBe('reconnecting');
    expect(alice.told.restored ?? []).toEqual([]);
    emulator.setNetwork('alice', true, { returns: 'resumed' });
    await clock.advance(60_000);
    expect(alice.told.restored).toMatchObject([
      {
        cause: 'resumed',
        results: [
          { kind: 'subscription', channelName: 'lobby', ok: true },
          { kind: 'channel', channelName: 'stage', ok: true },
        ],
      },
    ]);
    expect(Math.abs((alice.told.restored?.[0]?.gap.from ?? 0) - from)).toBeLessThan(1_000);
  });

  it('says what was given up before', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('subscribe', { kind: 'refuse', code: -11038 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(30_000);
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    emulator.setNetwork('alice', true, { returns: 'resumed' });
    await clock.advance(60_000);
    expect(alice.told.restored).toMatchObject([
      { cause: 'link-failed', results: [{ ok: false }] },
      { cause: 'resumed', results: [{ ok: false, error: { code: 'CHANNEL_FAILED' } }] },
    ]);
  });

  it('in the middle of a restoring costs the app no word of that', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    // Throttling is waited out: the restoring is still under way when the link is lost again.
    emulator.order('subscribe', { kind: 'refuse', code: -11020 }, { times: 5 });
    emulator.setNetwork('alice', true, { returns: 'emptied' });
    await clock.until(() => alice.session.state.status === 'connected');
    await clock.advance(1_000);
    expect(alice.told.restored ?? []).toEqual([]);
    emulator.setNetwork('alice', false);
    await clock.until(() => alice.session.state.status === 'reconnecting');
    emulator.setNetwork('alice', true, { returns: 'resumed' });
    await clock.advance(120_000);
    expect(alice.told.restored).toMatchObject([
      { cause: 'not-resumed', results: [{ kind: 'subscription', channelName: 'lobby' }] },
    ]);
  });
});
