import type { SignalingClient } from 'agora-session';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

let setting: Setting;
beforeEach(async () => {
  setting = await loggedIn();
});

const FAULTS = [
  ['is refused', { kind: 'refuse', code: -10025 }],
  ['is refused for a reason of its own', { kind: 'refuse', code: -11035 }],
  ['is refused for too many calls', { kind: 'refuse', code: -10021 }],
  ['hangs', { kind: 'hang' }],
  ['throws', { kind: 'throw' }],
  ['gives no promise', { kind: 'odd', value: 'noPromise' }],
  ['rejects with a string', { kind: 'odd', value: 'rejectsString' }],
] as const;

describe('an undo is repeated until there is nothing to undo, and told as done before:', () => {
  it.each(FAULTS)('an unsubscribe that %s twice', async (_how, fault) => {
    const { alice, clock, emulator, within } = setting;
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('unsubscribe', fault, { times: 2 });
    expect(await within(11_000, alice.session.unsubscribe('lobby'))).toBe('done');
    // What was not answered is waited for, for a minute.
    await clock.advance(120_000);
    expect(setting.has().subscriptions).toEqual([]);
    setting.calls();
    await clock.advance(600_000);
    expect(setting.calls('unsubscribe', 'subscribe')).toBe(0);
  });

  it.each(FAULTS)('a leave that %s twice', async (_how, fault) => {
    const { clock, emulator, within } = setting;
    const stage = await setting.join();
    emulator.order('leave', fault, { times: 2 });
    expect(await within(21_000, stage.leave())).toBe('done');
    expect(stage.state).toEqual({ status: 'left' });
    await clock.advance(120_000);
    expect(setting.has().channels).toEqual([]);
    setting.calls();
    await clock.advance(600_000);
    expect(setting.calls('join', 'leave')).toBe(0);
  });

  it('while it is refused for ever the caller is free, and a new want wins', async () => {
    const { alice, clock, emulator, within } = setting;
    await within(6_000, alice.session.subscribe('lobby'));
    emulator.order('unsubscribe', { kind: 'refuse', code: -11035 }, { times: Number.POSITIVE_INFINITY });
    expect(await within(1_000, alice.session.unsubscribe('lobby'))).toBe('done');
    await clock.advance(60_000);
    expect(await within(5_000, alice.session.subscribe('lobby'))).toBe('done');
    setting.calls();
    await clock.advance(600_000);
    expect(setting.calls('unsubscribe', 'subscribe')).toBe(0);
  });
});

describe.each(FAULTS)('what is wanted again right after an undo that %s', (_how, fault) => {
  it('stands: a subscription', async () => {
    const { alice, emulator, within } = setting;
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('unsubscribe', fault);
    await within(0, alice.session.unsubscribe('lobby'));
    expect(await within(90_000, alice.session.subscribe('lobby'))).toBe('done');
    expect(setting.has().subscriptions).toEqual(['lobby']);
    expect(alice.session.snapshot.subscriptions).toMatchObject([{ state: 'subscribed' }]);
    expect(alice.inspected.filter(({ type }) => type === 'illegal')).toEqual([]);
  });

  it('stands: a stream channel', async () => {
    const { alice, emulator, within, join } = setting;
    const stage = await join();
    emulator.order('leave', fault);
    await within(0, stage.leave());
    expect(await within(90_000, alice.session.joinStreamChannel('stage'))).toBe('done');
    expect(setting.has().channels).toEqual(['stage']);
    expect(alice.session.snapshot.channels).toMatchObject([{ state: { status: 'joined' } }]);
    expect(alice.inspected.filter(({ type }) => type === 'illegal')).toEqual([]);
  });
});

describe('leave() while the channel is being joined again', () => {
  it.each([
    ['before the join is called calls nothing', 200, 0],
    ['while the join is under way leaves once, when that has ended', 1_500, 1],
  ])('%s', async (_when, afterMs, leaves) => {
    const { clock, emulator, within } = setting;
    const stage = await setting.join();
    emulator.order('join', { kind: 'slow', ms: 1_000 });
    emulator.failStream('alice', 'stage');
    await clock.advance(afterMs);
    setting.calls();
    expect(await within(21_000, stage.leave())).toBe('done');
    await clock.advance(60_000);
    expect(setting.calls('leave')).toBe(leaves);
    expect(setting.has().channels).toEqual([]);
  });
});

describe('logout() with a join under way', () => {
  it.each([
    ['throws', { kind: 'throw' }],
    ['gives no promise', { kind: 'odd', value: 'noPromise' }],
    ['rejects with nothing', { kind: 'odd', value: 'rejectsUndefined' }],
    ['hangs', { kind: 'hang' }],
  ] as const)('resolves and leaves nothing behind although leave() %s', async (_how, fault) => {
    const { alice, clock, emulator, within } = setting;
    await within(6_000, alice.session.logout());
    const listeners = countListeners(alice.session.rtm);
    await setting.login(alice);
    await setting.join('vault');
    emulator.order('join', { kind: 'slow', ms: 8_000 });
    const join = outcome(alice.session.joinStreamChannel('stage'));
    await clock.advance(1_000);
    emulator.order('leave', fault, { times: Number.POSITIVE_INFINITY });
    expect(await within(6_000, alice.session.logout())).toBe('done');
    expect(await join).toMatchObject({ code: 'LOGGED_OUT' });
    await clock.advance(30_000);
    expect(listeners.now).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['throws', { kind: 'throw' }],
    ['gives no promise', { kind: 'odd', value: 'noPromise' }],
    ['rejects with a string', { kind: 'odd', value: 'rejectsString' }],
    ['hangs', { kind: 'hang' }],
  ] as const)("resolves although the SDK's logout() %s", async (_how, fault) => {
    const { alice, clock, emulator, within } = setting;
    await setting.join();
    emulator.order('logout', fault);
    expect(await within(5_100, alice.session.logout())).toBe('done');
    await setting.login(alice);
    await clock.advance(5_000);
    expect(alice.session.state.status).toBe('connected');
    expect(setting.has().channels).toEqual([]);
  });
});

/** How many listeners a client has, from now on. */
function countListeners(client: SignalingClient): { now: number } {
  const count = { now: 0 };
  const { addEventListener, removeEventListener } = client;
  Object.assign(client, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      count.now += 1;
      return addEventListener.apply(client, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      count.now -= 1;
      return removeEventListener.apply(client, args);
    },
  });
  return count;
}
