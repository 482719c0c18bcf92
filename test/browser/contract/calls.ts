import type { ContractCase } from './kit.js';
import { BAD_CHANNEL, BAD_TOKEN, BAD_TYPE, NOT_CONNECTED, NOT_JOINED, OTHER_APP } from './words.js';

/** How other calls of agora-rtm-sdk 2.3.0 end without a link. */
export const CALLS: readonly ContractCase[] = [
  {
    title: 'before the login nearly everything rejects as not connected, whatever the arguments',
    observe: (kit) => {
      const { client } = kit.client();
      const { presence, storage, lock, history } = client;
      return kit.outcomes([
        () => client.publish('lobby', 'x'),
        () => client.publish('*', 'x'),
        () => client.publish('lobby', 5 as never),
        () => client.publish('lobby', 'x'.repeat(40_000)),
        () => client.publish('lobby', 'x', { channelType: 'USER' }),
        () => client.subscribe('lobby'),
        () => client.subscribe('_lobby'),
        () => client.renewToken('x'),
        () => client.renewToken(kit.tokens.alice),
        () => client.renewToken('x', { channelName: 'stage' }),
        () => presence.whoNow('lobby', 'MESSAGE'),
        () => presence.getOnlineUsers('lobby', 'MESSAGE'),
        () => presence.whereNow('bob'),
        () => presence.getUserChannels('bob'),
        () => presence.setState('lobby', 'MESSAGE', { mood: 'well' }),
        () => presence.getState('bob', 'lobby', 'MESSAGE'),
        () => presence.removeState('lobby', 'MESSAGE'),
        () => storage.getUserMetadata(),
        () => lock.getLock('lobby', 'MESSAGE'),
        () => history.getMessages('lobby', 'MESSAGE'),
      ]);
    },
    expected: [
      ...Array.from({ length: 5 }, () => 'publish'),
      ...Array.from({ length: 2 }, () => 'subscribe'),
      ...Array.from({ length: 3 }, () => 'renewToken'),
      'whoNow',
      'getOnlineUsers',
      'whereNow',
      'getUserChannels',
      'presenceSetState',
      'presenceGetState',
      'presenceRemoveState',
      'getUserMetadata',
      'getLock',
      'getMessages',
    ].map((operation) => `${NOT_CONNECTED} (${operation})`),
  },
  {
    title: 'before the login unsubscribing and logging out succeed, and a few arguments are looked at all the same',
    observe: async (kit) => {
      const { client } = kit.client();
      return {
        unsubscribe: await kit.outcome(() => client.unsubscribe('lobby')),
        unsubscribeBadName: await kit.outcome(() => client.unsubscribe('*')),
        logout: await kit.outcome(() => client.logout()),
        publishBadType: await kit.outcome(() => client.publish('lobby', 'x', { channelType: 'NONE' as never })),
        whoNowOfUser: await kit.outcome(() => client.presence.whoNow('bob', 'USER')),
      };
    },
    expected: {
      unsubscribe: { timestamp: 0, channelName: 'lobby' },
      unsubscribeBadName: `${BAD_CHANNEL} (unsubscribe)`,
      logout: { timestamp: 0 },
      publishBadType: `${BAD_TYPE} (publish)`,
      whoNowOfUser: `${BAD_TYPE} (whoNow)`,
    },
  },
  {
    title: 'renewing a token needs a link, but the token is looked at first once there was a login',
    observe: async (kit) => {
      const observed = kit.client();
      const { client } = observed;
      observed.login(kit.tokens.alice);
      const renewals = {
        good: () => client.renewToken(kit.tokens['alice again']),
        same: () => client.renewToken(kit.tokens.alice),
        bad: () => client.renewToken('x'),
        empty: () => client.renewToken(''),
        otherApp: () => client.renewToken(kit.tokens['other app']),
        notAString: () => client.renewToken(5 as never),
        badForChannel: () => client.renewToken('x', { channelName: 'stage' }),
        unknownChannel: () => client.renewToken(kit.tokens.rtc, { channelName: 'unknown' }),
      };
      const seen: Record<string, unknown> = {};
      await kit.wait(6);
      for (const [name, renew] of Object.entries(renewals)) seen[name] = await kit.outcome(renew);
      client.createStreamChannel('stage');
      seen.channelNotJoined = await kit.outcome(() => client.renewToken(kit.tokens.rtc, { channelName: 'stage' }));
      return seen;
    },
    expected: {
      good: `${NOT_CONNECTED} (renewToken)`,
      same: `${NOT_CONNECTED} (renewToken)`,
      bad: `${BAD_TOKEN} (renewToken)`,
      empty: `${BAD_TOKEN} (renewToken)`,
      otherApp: `${OTHER_APP} (renewToken)`,
      notAString: 'TypeError',
      badForChannel: `${BAD_TOKEN} (renewToken)`,
      unknownChannel: `${BAD_CHANNEL} (renewToken)`,
      channelNotJoined: `${NOT_JOINED} (renewToken)`,
    },
  },
  {
    title: 'while there is no link, calls reject, but unsubscribing and setting a state succeed',
    observe: async (kit) => {
      const observed = kit.client();
      const { client } = observed;
      observed.login(kit.tokens.alice);
      await kit.wait(6);
      return {
        subscribe: await kit.outcome(() => client.subscribe('lobby')),
        publish: await kit.outcome(() => client.publish('*', 'x'.repeat(40_000))),
        whoNow: await kit.outcome(() => client.presence.whoNow('*', 'MESSAGE')),
        storage: await kit.outcome(() => client.storage.getUserMetadata()),
        unsubscribe: await kit.outcome(() => client.unsubscribe('lobby')),
        setState: await kit.outcome(() => client.presence.setState('lobby', 'MESSAGE', { mood: 'patient' })),
        setStateBadName: await kit.outcome(() => client.presence.setState('*', 'MESSAGE', { mood: 'patient' })),
      };
    },
    expected: {
      subscribe: `${NOT_CONNECTED} (subscribe)`,
      publish: `${NOT_CONNECTED} (publish)`,
      whoNow: `${NOT_CONNECTED} (whoNow)`,
      storage: `${NOT_CONNECTED} (getUserMetadata)`,
      unsubscribe: { timestamp: 0, channelName: 'lobby' },
      setState: { timestamp: 0 },
      setStateBadName: `${BAD_CHANNEL} (presenceSetState)`,
    },
  },
];
