import type { InspectionEvent } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { REMEDIES } from '../../../src/session/sdk/remedies.js';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

type Decision = Extract<InspectionEvent, { type: 'decision' }>;

/** What was decided about channels, each with the remedy's words. */
function decided({ alice }: Setting): Decision[] {
  const decisions = alice.inspected.filter((event): event is Decision => event.type === 'decision');
  const own = decisions.filter(({ about }) => about.kind !== 'login');
  for (const { why, reason } of own) expect(why).toBe(REMEDIES[reason].why);
  return own;
}

describe('what is decided about a subscription', () => {
  const about = { kind: 'subscription', channelName: 'lobby', topic: null };

  it.each([
    [{ kind: 'refuse', code: -10021 } as const, { does: 'wait', reason: 'throttled', code: -10021, delayMs: 1_000 }],
    [{ kind: 'refuse', code: -10023 } as const, { does: 'retry', reason: 'network', code: -10023 }],
    [{ kind: 'refuse', code: -11038 } as const, { does: 'stop', reason: 'configuration', code: -11038, delayMs: null }],
    [{ kind: 'hang' } as const, { does: 'retry', reason: 'unknown', code: null }],
  ])('after %j is said with its reason: %j', async (fault, decision) => {
    const setting = await loggedIn();
    setting.emulator.order('subscribe', fault);
    await setting.within(40_000, setting.alice.session.subscribe('lobby'));
    const [first, ...more] = decided(setting);
    expect(first).toMatchObject({ about, ...decision });
    if (first?.does === 'retry') expect(first.delayMs).toBeGreaterThan(0);
    expect(more).toEqual([]);
  });

  it('that can only be undone later is said too', async () => {
    const setting = await loggedIn();
    await setting.within(1_000, setting.alice.session.subscribe('lobby'));
    setting.emulator.order('unsubscribe', { kind: 'refuse', code: -10023 });
    await setting.within(20_000, setting.alice.session.unsubscribe('lobby'));
    expect(decided(setting)).toMatchObject([{ about, does: 'retry', code: -10023 }]);
    expect(setting.has().subscriptions).toEqual([]);
  });
});

describe('what is decided about a stream channel', () => {
  const about = { kind: 'channel', channelName: 'stage', topic: null };

  it.each([
    ['TOKEN_EXPIRED', { does: 'rejoin', reason: 'token', code: 'TOKEN_EXPIRED', delayMs: 0 }],
    ['KICKED_OUT_BY_SERVER', { does: 'rejoin', reason: 'kicked', code: 'KICKED_OUT_BY_SERVER' }],
    ['SAME_UID_LOGIN', { does: 'stop', reason: 'displaced', code: 'SAME_UID_LOGIN', delayMs: null }],
  ])('that has FAILED with %s is said', async (reasonCode, decision) => {
    const setting = await loggedIn();
    await setting.join();
    setting.emulator.failStream('alice', 'stage', reasonCode);
    await setting.clock.advance(20_000);
    expect(decided(setting)).toMatchObject([{ about, ...decision }]);
  });

  it('whose link the SDK brings back by itself is that its next event is waited for', async () => {
    const setting = await loggedIn();
    await setting.join();
    setting.emulator.loseStream('alice', 'stage');
    await setting.clock.advance(60_000);
    expect(decided(setting)).toMatchObject([{ about, does: 'wait', delayMs: null }]);
  });

  it('whose token is refused is a second try with a fresh one, and the end after that', async () => {
    const setting = await loggedIn();
    setting.emulator.order('join', { kind: 'refuse', code: -10005 }, { times: 2 });
    await setting.within(20_000, setting.alice.session.joinStreamChannel('stage'));
    expect(decided(setting)).toMatchObject([
      { about, does: 'rejoin', reason: 'token', code: -10005, delayMs: 0 },
      { about, does: 'stop', reason: 'token', code: -10005, delayMs: null },
    ]);
  });
});
