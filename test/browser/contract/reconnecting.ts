import type { ContractCase } from './kit.js';
import { CANCELLED, LOGIN, RECONNECT, TIMED_OUT } from './words.js';

/** How agora-rtm-sdk 2.3.0 tries to reach the service, and when. */
export const RECONNECTING: readonly ContractCase[] = [
  {
    title: 'a login stays pending for more than two minutes without a network, and its link goes through these times',
    observe: async (kit) => {
      const observed = kit.client();
      const end = observed.login(kit.tokens.alice);
      await kit.wait(165);
      return { end: end(), timeline: observed.timeline() };
    },
    expected: {
      end: 'pending',
      timeline: [
        `0 ${LOGIN}`,
        `5 ${TIMED_OUT}`,
        `7 ${RECONNECT}`,
        `12 ${TIMED_OUT}`,
        `16 ${RECONNECT}`,
        `21 ${TIMED_OUT}`,
        `29 ${RECONNECT}`,
        `34 ${TIMED_OUT}`,
        `50 ${RECONNECT}`,
        `55 ${TIMED_OUT}`,
        `87 ${RECONNECT}`,
        `92 ${TIMED_OUT}`,
        `124 ${RECONNECT}`,
        '129 MESSAGE CONNECTING>SUSPENDED AUTO_RECONNECT/RECONNECT_TIMEOUT',
        '159 MESSAGE SUSPENDED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
        '164 MESSAGE CONNECTING>SUSPENDED AUTO_RECONNECT/RECONNECT_TIMEOUT',
      ],
    },
  },
  {
    title: 'a login while DISCONNECTED tries at once, cancels the pending one, and starts the waiting times over',
    observe: async (kit) => {
      const observed = kit.client();
      const first = observed.login(kit.tokens.alice);
      await kit.wait(13);
      const second = observed.login(kit.tokens['alice again']);
      await kit.wait(9);
      return { first: first(), second: second(), timeline: observed.timeline().slice(4) };
    },
    expected: {
      first: CANCELLED,
      second: 'pending',
      timeline: ['13 MESSAGE DISCONNECTED>CONNECTING LOGIN/RELOGIN', `18 ${TIMED_OUT}`, `20 ${RECONNECT}`],
    },
  },
  {
    title: 'a login after a suspension makes the link DISCONNECTED again when it fails',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login(kit.tokens.alice);
      await kit.wait(135);
      observed.login(kit.tokens.alice);
      await kit.wait(8);
      return observed.links().slice(-3);
    },
    expected: ['MESSAGE SUSPENDED>CONNECTING LOGIN/RELOGIN', TIMED_OUT, RECONNECT],
  },
  {
    title: 'the platform’s word that the network is back interrupts an attempt for 2 s, and ends a wait',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login(kit.tokens.alice);
      await kit.wait(2);
      window.dispatchEvent(new Event('offline'));
      window.dispatchEvent(new Event('online'));
      await kit.wait(9);
      window.dispatchEvent(new Event('online'));
      await kit.wait(1);
      return observed.timeline();
    },
    expected: [
      `0 ${LOGIN}`,
      '2 MESSAGE CONNECTING>DISCONNECTED NETWORK_CHANGE/NETWORK_CHANGE',
      `4 ${RECONNECT}`,
      `9 ${TIMED_OUT}`,
      `11 ${RECONNECT}`,
    ],
  },
  {
    title: 'a logout by a listener that hears of the first DISCONNECTED makes the pending login resolve, wrongly',
    observe: async (kit) => {
      const observed = kit.client();
      observed.client.addEventListener('linkState', ({ currentState }) => {
        if (currentState === 'DISCONNECTED') void observed.client.logout();
      });
      const login = observed.login();
      await kit.wait(6);
      return { login: login(), links: observed.links().slice(1) };
    },
    expected: {
      login: { timestamp: 0 },
      links: [TIMED_OUT, 'MESSAGE DISCONNECTED>CONNECTED LOGIN/LOGIN_SUCCESS', 'MESSAGE CONNECTED>IDLE LOGOUT/LOGOUT'],
    },
  },
  {
    title: 'so does a login by such a listener; one that waits for a microtask is safe',
    observe: async (kit) => {
      const seen = [];
      for (const when of ['at once', 'later']) {
        const observed = kit.client();
        let again = (): unknown => 'not called';
        const listener = (event: { currentState: string }): void => {
          if (event.currentState !== 'DISCONNECTED') return;
          observed.client.removeEventListener('linkState', listener);
          if (when === 'at once') again = observed.login();
          else
            queueMicrotask(() => {
              again = observed.login();
            });
        };
        observed.client.addEventListener('linkState', listener);
        const first = observed.login();
        await kit.wait(11);
        seen.push({ first: first(), again: again(), links: observed.links().slice(2) });
      }
      return seen;
    },
    expected: [
      {
        first: { timestamp: 0 },
        again: 'pending',
        links: [
          'MESSAGE DISCONNECTED>CONNECTING LOGIN/RELOGIN',
          'MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS',
          'MESSAGE CONNECTED>DISCONNECTED SERVER_TIMEOUT/LOGIN_TIMEOUT',
        ],
      },
      {
        first: CANCELLED,
        again: 'pending',
        links: ['MESSAGE DISCONNECTED>CONNECTING LOGIN/RELOGIN', TIMED_OUT],
      },
    ],
  },
  {
    title: 'a logout by a listener that hears of the login’s CONNECTING leaves the login pending for ever',
    observe: async (kit) => {
      const observed = kit.client();
      observed.client.addEventListener('linkState', ({ currentState }) => {
        if (currentState === 'CONNECTING') void observed.client.logout();
      });
      const login = observed.login();
      await kit.wait(10);
      return { login: login(), links: observed.links() };
    },
    expected: { login: 'pending', links: [LOGIN, 'MESSAGE CONNECTING>IDLE LOGOUT/LOGOUT'] },
  },
];
