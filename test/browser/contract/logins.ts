import type { ContractCase } from './kit.js';
import { BAD_TOKEN, CANCELLED, DUPLICATE, LOGIN, OTHER_APP, RECONNECT, TIMED_OUT } from './words.js';

/** How agora-rtm-sdk 2.3.0 logs in and out without a network. */
export const LOGINS: readonly ContractCase[] = [
  {
    title: 'a login refuses by itself what is no token, or one for another app',
    observe: async (kit) => {
      const { alice } = kit.tokens;
      const broken = ['garbage', 'b'.repeat(32), '006', '007', '007@@@@', '007AAAA', alice.slice(0, 60)];
      const elsewhere = [kit.tokens['other app'], `006${'b'.repeat(32)}IAAoAHAAYQBz`];
      const seen: unknown[] = [];
      for (const token of [...broken, ...elsewhere]) {
        const observed = kit.client();
        seen.push([await kit.outcome(() => observed.client.login({ token })), observed.links()]);
      }
      return seen;
    },
    expected: [
      ...Array.from({ length: 7 }, () => [
        `${BAD_TOKEN} (login)`,
        [LOGIN, 'MESSAGE CONNECTING>FAILED LOGIN/INVALID_TOKEN'],
      ]),
      ...Array.from({ length: 2 }, () => [
        `${OTHER_APP} (login)`,
        [LOGIN, 'MESSAGE CONNECTING>FAILED LOGIN/INCONSISTENT_APP_ID'],
      ]),
    ],
  },
  {
    title: 'a login with a token that is no string fails with a plain TypeError',
    observe: async (kit) => {
      const observed = kit.client();
      const outcome = await kit.outcome(() => observed.client.login({ token: 5 as never }));
      return [outcome, observed.links()];
    },
    expected: ['TypeError', [LOGIN, 'MESSAGE CONNECTING>FAILED LOGIN/LOGIN_REJECTED']],
  },
  {
    title:
      'a login leaves it to the service whether a token is whole, for this user, for logins, of this version or lapsed',
    observe: async (kit) => {
      const { alice, bob, lapsed, rtc } = kit.tokens;
      const seen: unknown[] = [];
      for (const token of [bob, lapsed, rtc, alice.slice(0, -4), '', kit.appId, `006${kit.appId}IAAoAHAAYQBz`]) {
        const observed = kit.client();
        const end = observed.login(token);
        await kit.wait(1);
        const before = end();
        await kit.outcome(() => observed.client.logout());
        seen.push([before, end(), observed.links()]);
      }
      return seen;
    },
    expected: Array.from({ length: 7 }, () => ['pending', CANCELLED, [LOGIN, 'MESSAGE CONNECTING>IDLE LOGOUT/LOGOUT']]),
  },
  {
    title: 'a login is announced before the call returns, in an event with these fields',
    observe: (kit) => {
      const observed = kit.client();
      observed.login();
      return { links: observed.links(), event: observed.firstEvent() };
    },
    expected: {
      links: [LOGIN],
      event: {
        currentState: 'CONNECTING',
        previousState: 'IDLE',
        serviceType: 'MESSAGE',
        operation: 'LOGIN',
        reason: 'Perform login operation',
        reasonCode: 'LOGIN',
        affectedChannels: [],
        unrestoredChannels: [],
        isResumed: false,
        timestamp: 'number',
      },
    },
  },
  {
    title: 'a second login while one is connecting is refused, and so is one while the client reconnects',
    observe: async (kit) => {
      const observed = kit.client();
      const first = observed.login(kit.tokens.alice);
      const second = await kit.outcome(() => observed.client.login({ token: kit.tokens['alice again'] }));
      await kit.wait(7);
      const third = await kit.outcome(() => observed.client.login({ token: 'garbage' }));
      return { first: first(), second, third, links: observed.links() };
    },
    expected: { first: 'pending', second: DUPLICATE, third: DUPLICATE, links: [LOGIN, TIMED_OUT, RECONNECT] },
  },
  {
    title: 'a login with a bad token while DISCONNECTED fails without an attempt, and one after FAILED begins anew',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login(kit.tokens.alice);
      await kit.wait(6);
      const bad = await kit.outcome(() => observed.client.login({ token: 'garbage' }));
      const next = observed.login(kit.tokens.alice);
      await kit.wait(1);
      return { bad, next: next(), links: observed.links().slice(2) };
    },
    expected: {
      bad: `${BAD_TOKEN} (login)`,
      next: 'pending',
      links: ['MESSAGE DISCONNECTED>FAILED LOGIN/INVALID_TOKEN', 'MESSAGE FAILED>CONNECTING LOGIN/RELOGIN'],
    },
  },
  {
    title: 'a logout works from any state, is announced once, and leaves listeners in place',
    observe: async (kit) => {
      const observed = kit.client();
      const ends = [];
      for (const seconds of [1, 6, 135]) {
        const end = observed.login(kit.tokens.alice);
        await kit.wait(seconds);
        const logout = await kit.outcome(() => observed.client.logout());
        ends.push([end(), logout, observed.links().at(-1)]);
      }
      await kit.outcome(() => observed.client.login({ token: 'garbage' }));
      await kit.outcome(() => observed.client.logout());
      const count = observed.links().length;
      const again = await kit.outcome(() => observed.client.logout());
      return { ends, last: observed.links().at(-1), again, silent: observed.links().length === count };
    },
    expected: {
      ends: [
        [CANCELLED, { timestamp: 0 }, 'MESSAGE CONNECTING>IDLE LOGOUT/LOGOUT'],
        [CANCELLED, { timestamp: 0 }, 'MESSAGE DISCONNECTED>IDLE LOGOUT/LOGOUT'],
        [CANCELLED, { timestamp: 0 }, 'MESSAGE SUSPENDED>IDLE LOGOUT/LOGOUT'],
      ],
      last: 'MESSAGE FAILED>IDLE LOGOUT/LOGOUT',
      again: { timestamp: 0 },
      silent: true,
    },
  },
  {
    title: 'two logouts at once both succeed, and a login between them and their end is refused',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login(kit.tokens.alice);
      await kit.wait(1);
      const calls = [observed.client.logout(), observed.client.logout()];
      const login = await kit.outcome(() => observed.client.login({ token: kit.tokens.alice }));
      return { logouts: await Promise.all(calls), login, links: observed.links() };
    },
    expected: {
      logouts: [{ timestamp: 0 }, { timestamp: 0 }],
      login: DUPLICATE,
      links: [LOGIN, 'MESSAGE CONNECTING>IDLE LOGOUT/LOGOUT'],
    },
  },
];
