import type { ContractCase, Observed } from '../browser/contract/kit.js';
import { about, type OnlineKit } from './online-kit.js';

const HOUR = 3600;
const CONNECTED = ['MESSAGE IDLE>CONNECTING LOGIN/LOGIN', 'MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS'];

async function logIn(kit: OnlineKit, lifeSeconds: number = HOUR): Promise<Observed> {
  const observed = kit.client();
  await observed.client.login({ token: await kit.mint(observed.userId, lifeSeconds) });
  return observed;
}

/** The seconds since now at which an event comes. */
function stopwatch(): { stop(): void; readonly seconds: number | null } {
  const start = Date.now();
  let seconds: number | null = null;
  return {
    stop: () => {
      seconds ??= (Date.now() - start) / 1000;
    },
    get seconds(): number | null {
      return seconds;
    },
  };
}

/**
 * What the session relies on while there is a network. The emulator is held to it in every run of the tests, Agora's own service by
 * `npm run test:live`.
 */
export const ONLINE_CONTRACT: readonly ContractCase<OnlineKit>[] = [
  {
    title: 'a login with a good token connects, a logout ends it, and the user ID is free again in the page',
    observe: async (kit) => {
      const observed = await logIn(kit);
      const { timestamp } = await observed.client.logout();
      const again = new kit.sdk.RTM(kit.appId, observed.userId, { logLevel: 'none' });
      return { timestamp: typeof timestamp, links: observed.links(), again: typeof again };
    },
    expected: { timestamp: 'number', links: [...CONNECTED, 'MESSAGE CONNECTED>IDLE LOGOUT/LOGOUT'], again: 'object' },
  },
  {
    title: 'a login with a token for logins of another user is refused, and one with a good token then succeeds',
    observe: async (kit) => {
      const observed = kit.client();
      const token = await kit.mint(kit.newUser(), HOUR);
      const code = await observed.client.login({ token }).then(
        () => 0,
        (error: { code: number }) => error.code,
      );
      const { currentState, reasonCode } = observed.lastEvent();
      await observed.client.login({ token: await kit.mint(observed.userId, HOUR) });
      return { code, currentState, reasonCode, next: observed.lastEvent().currentState };
    },
    expected: { code: -10005, currentState: 'FAILED', reasonCode: 'INVALID_TOKEN', next: 'CONNECTED' },
  },
  {
    title: 'a renewal is answered with the time 0, and so is the same token once more',
    observe: async (kit) => {
      const { client, userId } = await logIn(kit);
      const token = await kit.mint(userId, HOUR - 1);
      return { first: await client.renewToken(token), again: await client.renewToken(token) };
    },
    expected: { first: { timestamp: 0 }, again: { timestamp: 0 } },
  },
  {
    title: 'a message reaches the subscribers of its channel, as text and as bytes',
    observe: async (kit) => {
      const [alice, bob] = [await logIn(kit), await logIn(kit)];
      const heard: unknown[] = [];
      bob.client.addEventListener('message', ({ message, publisher }) => {
        heard.push([publisher === alice.userId, typeof message === 'string' ? message : [...message]]);
      });
      const channel = `${kit.prefix} lobby`;
      await bob.client.subscribe(channel);
      await alice.client.publish(channel, 'hello');
      await alice.client.publish(channel, new Uint8Array([0, 128, 255]));
      await kit.until(() => heard.length === 2, 10);
      return heard;
    },
    expected: [
      [true, 'hello'],
      [true, [0, 128, 255]],
    ],
  },
  {
    title: 'a stream channel is joined with an RTC token that can be renewed, and its topics carry messages',
    observe: async (kit) => {
      const channelName = `${kit.prefix} stage`;
      const [alice, bob] = [await logIn(kit), await logIn(kit)];
      const [from, to] = [alice, bob].map(({ client }) => client.createStreamChannel(channelName));
      await from?.join({ token: await kit.mint(alice.userId, HOUR, channelName) });
      await to?.join({ token: await kit.mint(bob.userId, HOUR, channelName) });
      await from?.joinTopic('chat');
      await kit.wait(1);
      await to?.subscribeTopic('chat', { users: [alice.userId] });
      const heard: unknown[] = [];
      bob.client.addEventListener('message', ({ message, topicName }) => heard.push([topicName, message]));
      await from?.publishTopicMessage('chat', 'hello');
      await kit.until(() => heard.length === 1, 10);
      const renewed = await alice.client.renewToken(await kit.mint(alice.userId, HOUR - 1, channelName), {
        channelName,
      });
      await from?.leave();
      return {
        heard,
        renewed: typeof renewed.timestamp,
        links: alice.links().filter((link) => link.startsWith('STREAM')),
      };
    },
    expected: {
      heard: [['chat', 'hello']],
      renewed: 'number',
      links: [
        'STREAM IDLE>CONNECTING JOIN/JOIN',
        'STREAM CONNECTING>CONNECTED JOIN/JOIN_SUCCESS',
        'STREAM CONNECTED>IDLE LEAVE/LEAVE',
      ],
    },
  },
  {
    title: 'a token of 60 s is warned about at 30 s and ends the login at 60 s; a login with a fresh one recovers',
    observe: async (kit) => {
      const observed = await logIn(kit, 60);
      const { client, userId } = observed;
      const [warned, ended] = [stopwatch(), stopwatch()];
      client.addEventListener('tokenPrivilegeWillExpire', (channelName) => channelName === '' && warned.stop());
      client.addEventListener('linkState', ({ currentState }) => currentState === 'FAILED' && ended.stop());
      await kit.until(() => ended.seconds !== null, 90);
      const { operation, reasonCode } = observed.lastEvent();
      await client.login({ token: await kit.mint(userId, HOUR) });
      return {
        warned: about(30, warned.seconds ?? 0),
        ended: about(60, ended.seconds ?? 0),
        operation,
        reasonCode,
        recovered: observed.links().slice(-2),
      };
    },
    expected: {
      warned: 'about 30 s',
      ended: 'about 60 s',
      operation: 'SERVER_REJECT',
      reasonCode: 'TOKEN_EXPIRED',
      recovered: ['MESSAGE FAILED>CONNECTING LOGIN/RELOGIN', 'MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS'],
    },
  },
  {
    title: 'tokens of 60 s that are renewed at the warning keep login and stream channel alive',
    observe: async (kit) => {
      const channelName = `${kit.prefix} hall`;
      const observed = await logIn(kit, 60);
      const { client, userId } = observed;
      const renewals: Promise<{ timestamp: number }>[] = [];
      client.addEventListener('tokenPrivilegeWillExpire', (name) => {
        const fresh = kit.mint(userId, HOUR, name || undefined);
        renewals.push(fresh.then((token) => client.renewToken(token, name ? { channelName: name } : {})));
      });
      await client.createStreamChannel(channelName).join({ token: await kit.mint(userId, 60, channelName) });
      const before = observed.links().length;
      await kit.wait(75);
      return { renewals: (await Promise.all(renewals)).length, links: observed.links().slice(before) };
    },
    expected: { renewals: 2, links: [] },
  },
];
