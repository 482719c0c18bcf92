import type { InspectionEvent } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { type Observed, outcome } from '../support/world.js';
import { loggedIn, loggedOut, type Setting } from './rude-sdk/setting.js';

beforeAll(inflateAtOnce);

/** What was decided; each test below names the changes of one line that it notices. */
type Decision = Extract<InspectionEvent, { type: 'decision' }>;

function decided({ inspected }: Observed, about: Decision['about']['kind'] = 'login'): Decision[] {
  return inspected.filter((event): event is Decision => event.type === 'decision' && event.about.kind === about);
}

describe('the wait before a login again', () => {
  // remedies.ts: the patience 8 of `throttled` becomes 1; login-decision.ts: `patience *` goes.
  it('is eight times as long where Signaling has too many logins', async () => {
    const { alice, emulator, clock, calls } = await loggedIn();
    calls();
    emulator.kick('alice', 'LOGIN_TOO_FREQUENT');
    await clock.advance(3_900);
    expect(decided(alice)).toMatchObject([{ does: 'relogin', reason: 'throttled', delayMs: 4_000 }]);
    expect(calls('login')).toBe(0);
    await clock.advance(200);
    expect(calls('login')).toBe(1);
  });

  // login-decision.ts, standing: STABLE_MS becomes 0 or 600 000; the half of a token's life becomes the whole.
  it.each([
    [3_600, 55_000, [500, 1_000]],
    [3_600, 65_000, [500, 500]],
    [90, 40_000, [500, 1_000]],
    [90, 50_000, [500, 500]],
  ])(
    'with tokens of %i s begins anew only after a stable login: after %i ms it is %j',
    async (life, stoodMs, waits) => {
      const { alice, emulator, clock } = await loggedIn({ lifeSeconds: life });
      emulator.kick('alice', 'CONNECTION_ERROR');
      await clock.until(() => alice.session.state.status === 'connected', 10_000, 50);
      await clock.advance(stoodMs);
      emulator.kick('alice', 'CONNECTION_ERROR');
      await clock.advance(5_000);
      expect(decided(alice).map(({ delayMs }) => delayMs)).toEqual(waits);
    },
  );
});

describe('a stream channel', () => {
  // remedies.ts, token: a channel's refusals become 1 or 3.
  it('is given up at the second join in a row whose token is refused', async () => {
    const setting = await loggedIn();
    setting.emulator.order('join', { kind: 'refuse', code: -10005 }, { times: 9 });
    const join = outcome(setting.alice.session.joinStreamChannel('stage'));
    await setting.clock.advance(600_000);
    expect(await join).toMatchObject({ code: 'TOKEN_REJECTED', cause: { code: -10005 } });
    expect(setting.calls('join')).toBe(2);
  });

  // remedies.ts, token: a channel's rejoins become 1 or 3.
  it('is given up at the third loss in a row for its token', async () => {
    const setting = await loggedIn();
    await setting.join();
    for (let loss = 0; loss < 3; loss += 1) {
      setting.emulator.failStream('alice', 'stage', 'TOKEN_EXPIRED');
      await setting.clock.advance(5_000);
    }
    expect(decided(setting.alice, 'channel').map(({ does }) => does)).toEqual(['rejoin', 'rejoin', 'stop']);
  });

  // answers.ts, refusal: `final` for a channel becomes `failed`.
  it.each([-10003, -10022, -11005])(
    'is not joined again after the refusal %i, a matter of configuration',
    async (code) => {
      const setting = await loggedIn();
      setting.emulator.order('join', { kind: 'refuse', code });
      const join = outcome(setting.alice.session.joinStreamChannel('stage'));
      await setting.clock.advance(3_000_000);
      expect(await join).toMatchObject({ code: 'CHANNEL_FAILED', cause: { code } });
      expect(setting.calls('join')).toBe(1);
      expect(decided(setting.alice, 'channel')).toMatchObject([{ does: 'stop', reason: 'configuration' }]);
    },
  );

  // answers.ts, reasonOf: `reported` is ignored; channel-events.ts: `join.reported = reason` goes.
  it('is given up for what the SDK says of it while a join is under way that then only fails', async () => {
    const setting = loggedOut();
    const { RTM } = setting.emulator.openPage();
    const client = new RTM(setting.alice.session.appId, 'bob');
    let say: (event: unknown) => void = () => {};
    const { addEventListener } = client;
    client.addEventListener = (name, listener) => {
      if (name === 'linkState') say = listener as typeof say;
      addEventListener.call(client, name, listener);
    };
    const bob = setting.session('bob', { client });
    await setting.login(bob);
    setting.emulator.order('join', { kind: 'refuse', code: -11007, afterMs: 1_000 });
    const join = outcome(bob.session.joinStreamChannel('stage'));
    await setting.clock.advance(500);
    say({
      currentState: 'FAILED',
      previousState: 'CONNECTING',
      serviceType: 'STREAM',
      operation: 'SERVER_REJECT',
      reason: 'SAME_UID_LOGIN',
      reasonCode: 'SAME_UID_LOGIN',
      affectedChannels: ['stage'],
      unrestoredChannels: [],
      isResumed: false,
      timestamp: 0,
    });
    await setting.clock.advance(60_000);
    expect(await join).toMatchObject({ code: 'CHANNEL_FAILED', cause: { code: -11007 } });
    expect(decided(bob, 'channel')).toMatchObject([{ does: 'stop', reason: 'displaced', code: -11007 }]);
  });
});

describe('the next renewal', () => {
  // token-lease.ts, plannedAgeMs: a token fetched for `expired` is renewed in the range `later`.
  it('spreads widely after a login and after a recovery, and narrowly after a renewal', async () => {
    const { alice, server, emulator, clock } = await loggedIn({ session: { random: () => 0 } });
    const requestsIn = async (seconds: number): Promise<number> => {
      await clock.advance(seconds * 1_000);
      return server.requests.length;
    };
    expect([await requestsIn(715), await requestsIn(10)]).toEqual([1, 2]);
    expect([await requestsIn(2_500), await requestsIn(30)]).toEqual([2, 3]);
    emulator.expireToken('alice');
    expect(await requestsIn(5)).toBe(4);
    expect(alice.told.restored).toMatchObject([{ cause: 'expired' }]);
    expect([await requestsIn(710), await requestsIn(10)]).toEqual([4, 5]);
  });
});

describe('what a call left behind that was not answered in time', () => {
  // kept-login.ts, #prepareClient: the logout of an `unclean` client goes.
  it('of a logout is logged out before the next login', async () => {
    const { alice, emulator, within, login, clock } = await loggedIn();
    emulator.order('logout', { kind: 'hang' });
    expect(await within(6_000, alice.session.logout())).toBe('done');
    const { rtm } = alice.session;
    const calls: string[] = [];
    for (const name of ['login', 'logout'] as const) {
      const call = rtm[name].bind(rtm);
      Object.assign(rtm, {
        [name]: (...args: Parameters<typeof call>) => {
          calls.push(name);
          return call(...args);
        },
      });
    }
    await login(alice);
    await clock.advance(1_000);
    expect(calls).toEqual(['logout', 'login']);
  });

  // call-outcomes.ts, endLate: `item.known = UNKNOWN` goes.
  it('of a subscription is undone when it comes about after all', async () => {
    const { alice, emulator, within, clock, has } = await loggedIn();
    emulator.order('subscribe', { kind: 'lateEffect', ms: 45_000, answers: true });
    void outcome(alice.session.subscribe('lobby'));
    await clock.advance(30_000);
    expect(await within(10_000, alice.session.unsubscribe('lobby'))).toBe('done');
    expect(has().subscriptions).toEqual([]);
    await clock.advance(60_000);
    expect(emulator.struck.calls.subscribe?.lateEffect).toBe(1);
    expect(has().subscriptions).toEqual([]);
  });
});

describe('while the link is down', () => {
  const LIFE = 160;
  /** A session that was cut off before the renewal of its token, and gets the fresh token meanwhile. */
  async function cutOff(): Promise<Setting> {
    const setting = await loggedIn({ lifeSeconds: LIFE });
    await setting.clock.advance(5_000);
    setting.emulator.setNetwork('alice', false);
    await setting.clock.advance(LIFE * 1_000 - 7_000);
    expect(setting.server.requests).toHaveLength(2);
    expect(setting.alice.session.state.status).toBe('reconnecting');
    return setting;
  }

  // sdk-login.ts, loginAgain: the check whether the token has lapsed always says that it has, or that it has not.
  it('a fresh token is logged in with when the old one has lapsed, and not before', async () => {
    const setting = await cutOff();
    expect(setting.calls('login')).toBe(1);
    await setting.clock.advance(5_000);
    expect(setting.calls('login')).toBe(1);
  });
});
