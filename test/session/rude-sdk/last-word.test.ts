import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

let setting: Setting;
beforeEach(async () => {
  setting = await loggedIn();
});

const CALLS: Record<string, () => Promise<unknown>> = {
  'subscribe()': () => setting.alice.session.subscribe('lobby'),
  'joinStreamChannel()': () => setting.alice.session.joinStreamChannel('stage'),
  'renewTokens()': () => setting.alice.session.renewTokens(),
};
const calls = Object.entries(CALLS);

describe('one microtask before logout()', () => {
  it.each(calls)('%s rejects, and leaves nothing for the next login', async (_name, call) => {
    const { alice, clock } = setting;
    const end = outcome(call());
    await Promise.resolve();
    void alice.session.logout();
    await clock.advance(1_000);
    expect(await Promise.race([end, 'pending'])).toMatchObject({ code: 'LOGGED_OUT' });
    await setting.login(alice);
    await clock.advance(30_000);
    expect(setting.has()).toEqual({ subscriptions: [], channels: [] });
    expect(alice.session.snapshot).toMatchObject({ subscriptions: [], channels: [] });
  });

  it.each(calls)('%s during a recovery does the same', async (_name, call) => {
    const { alice, clock, emulator } = setting;
    emulator.order('login', { kind: 'slow', ms: 3_000 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(100);
    const end = outcome(call());
    await Promise.resolve();
    void alice.session.logout();
    await clock.advance(6_000);
    expect(await Promise.race([end, 'pending'])).toMatchObject({ code: 'LOGGED_OUT' });
    await setting.login(alice);
    await clock.advance(30_000);
    expect(setting.has()).toEqual({ subscriptions: [], channels: [] });
  });
});

describe('one microtask before the session fails', () => {
  it.each(calls)('%s rejects, and is not brought back by the next login', async (_name, call) => {
    const { alice, clock, emulator } = setting;
    const end = outcome(call());
    await Promise.resolve();
    emulator.kick('alice');
    await clock.advance(1_000);
    expect(await Promise.race([end, 'pending'])).toMatchObject({ code: 'KICKED' });
    await setting.login(alice);
    await clock.advance(30_000);
    expect(setting.has()).toEqual({ subscriptions: [], channels: [] });
  });
});

describe('subscribe() shortly after an unsubscribe()', () => {
  it.each([
    ['is slow', { kind: 'slow', ms: 4_000 }],
    ['is answered late', { kind: 'late', ms: 25_000 }],
    ['takes effect late', { kind: 'lateEffect', ms: 25_000, answers: true }],
    ['takes effect late and is not answered', { kind: 'lateEffect', ms: 8_000, answers: false }],
    ['hangs', { kind: 'hang' }],
    ['has its answer lost', { kind: 'lost' }],
    ['is refused although it took effect', { kind: 'lost', code: -10025 }],
  ] as const)('that %s ends subscribed', async (_how, fault) => {
    const { alice, clock, emulator, within } = setting;
    await within(6_000, alice.session.subscribe('lobby'));
    emulator.order('unsubscribe', fault);
    const gone = outcome(alice.session.unsubscribe('lobby'));
    await clock.advance(100);
    expect(await within(40_000, alice.session.subscribe('lobby'))).toBe('done');
    expect(await gone).toBe('done');
    await clock.advance(120_000);
    expect(setting.has().subscriptions).toEqual(['lobby']);
  });

  it('and unsubscribe() shortly after a slow subscribe() ends unsubscribed', async () => {
    const { alice, clock, emulator, within } = setting;
    emulator.order('subscribe', { kind: 'slow', ms: 4_000 });
    const first = outcome(alice.session.subscribe('lobby'));
    await clock.advance(100);
    expect(await within(20_000, alice.session.unsubscribe('lobby'))).toBe('done');
    expect(await first).toMatchObject({ code: 'ABORTED' });
    expect(setting.has().subscriptions).toEqual([]);
  });
});

describe('options', () => {
  it.each([
    ['none and empty ones', undefined, {}],
    ['a default that is left out and one that is spelled out', { withMessage: true }, {}],
    ['another order of keys', { withPresence: false, withLock: true }, { withLock: true, withPresence: false }],
    ['one that is undefined and one that is left out', { withMetadata: undefined }, {}],
  ] as const)('that say the same join the first caller: %s', async (_what, first, second) => {
    const { alice, emulator, within } = setting;
    emulator.order('subscribe', { kind: 'slow', ms: 1_000 });
    // As JavaScript passes them.
    const both = [alice.session.subscribe('lobby', first as object), alice.session.subscribe('lobby', second)];
    expect(await within(3_000, Promise.all(both))).toBe('done');
    expect(setting.calls('subscribe')).toBe(1);
  });

  it('that say something else replace the first caller', async () => {
    const { alice, within } = setting;
    const first = outcome(alice.session.subscribe('lobby'));
    expect(await within(3_000, alice.session.subscribe('lobby', { withMetadata: true }))).toBe('done');
    expect(await first).toMatchObject({ code: 'ABORTED' });
  });

  it('that are refused for good leave what stood before standing', async () => {
    const { alice, clock, emulator, within } = setting;
    await within(6_000, alice.session.subscribe('lobby'));
    emulator.order('subscribe', { kind: 'refuse', code: -11038 });
    expect(await within(3_000, alice.session.subscribe('lobby', { withLock: true }))).toMatchObject({
      code: 'CHANNEL_FAILED',
    });
    await clock.advance(10_000);
    expect(alice.session.snapshot.subscriptions).toEqual([{ channelName: 'lobby', state: 'subscribed' }]);
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(30_000);
    expect(setting.has().subscriptions).toEqual(['lobby']);
  });
});
