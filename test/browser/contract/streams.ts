import type { ContractCase } from './kit.js';
import { BAD_CHANNEL, BAD_TOKEN, LOGIN, NOT_CONNECTED, NOT_JOINED, OTHER_APP } from './words.js';

const STREAM_CALLS = [
  'leave',
  'joinTopic',
  'leaveTopic',
  'publishTopicMessage',
  'subscribeTopic',
  'unsubscribeTopic',
  'getSubscribedUserList',
];

/** Stream channels of agora-rtm-sdk 2.3.0 without a network. */
export const STREAMS: readonly ContractCase[] = [
  {
    title: 'a stream channel is the same object for the same name, also after a logout; other names are refused',
    observe: async (kit) => {
      const observed = kit.client();
      const { client } = observed;
      const stage = client.createStreamChannel('stage');
      observed.login();
      await kit.wait(1);
      await client.logout();
      return {
        same: stage === client.createStreamChannel('stage'),
        other: stage === client.createStreamChannel('Stage'),
        refused: await kit.outcomes(
          ['*', '', '_stage', 'a.b', 'x'.repeat(65), undefined].map(
            (name) => () => client.createStreamChannel(name as string),
          ),
        ),
      };
    },
    expected: {
      same: true,
      other: false,
      refused: Array.from({ length: 6 }, () => `${BAD_CHANNEL} (createStreamChannel)`),
    },
  },
  {
    title: 'joining a stream channel before the login fails at once, and says REJOIN the next time',
    observe: async (kit) => {
      const observed = kit.client();
      const stage = observed.client.createStreamChannel('stage');
      const outcomes = [await kit.outcome(() => stage.join({ token: 'x' })), await kit.outcome(() => stage.join())];
      const { affectedChannels } = observed.firstEvent() as { affectedChannels: unknown };
      return { outcomes, affectedChannels, links: observed.links() };
    },
    expected: {
      outcomes: [`${NOT_CONNECTED} (join)`, `${NOT_CONNECTED} (join)`],
      affectedChannels: ['stage'],
      links: [
        'STREAM IDLE>CONNECTING JOIN/JOIN',
        'STREAM CONNECTING>FAILED JOIN/CHANNEL_IN_ERROR_STATE',
        'STREAM FAILED>CONNECTING JOIN/REJOIN',
        'STREAM CONNECTING>FAILED JOIN/CHANNEL_IN_ERROR_STATE',
      ],
    },
  },
  {
    title: 'a stream channel that is not joined can do nothing',
    observe: async (kit) => {
      const observed = kit.client();
      const { client } = observed;
      const stage = client.createStreamChannel('stage');
      const calls = [
        () => stage.leave(),
        () => stage.joinTopic('chat'),
        () => stage.leaveTopic('chat'),
        () => stage.publishTopicMessage('chat', 'x'),
        () => stage.subscribeTopic('chat'),
        () => stage.unsubscribeTopic('chat'),
        () => stage.getSubscribedUserList('chat'),
      ];
      const beforeLogin = await kit.outcomes(calls);
      observed.login();
      await kit.wait(1);
      const connecting = await kit.outcomes(calls);
      const longName = await kit.outcome(() => stage.joinTopic('x'.repeat(20)));
      return { beforeLogin, connecting, longName };
    },
    expected: {
      beforeLogin: STREAM_CALLS.map((operation) => `${NOT_CONNECTED} (${operation})`),
      connecting: STREAM_CALLS.map((operation) => `${NOT_JOINED} (${operation})`),
      longName:
        'RtmInvalidArgumentError: Error Code -11008 - Perform topic operation with invalid name.illegal symbol or too long. (joinTopic)',
    },
  },
  {
    title: 'a join waits for the login’s link, 15 s and no longer, also across a logout',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login();
      const stage = observed.client.createStreamChannel('stage');
      const join = kit.begin(() => stage.join());
      await kit.wait(3);
      await observed.client.logout();
      await kit.wait(11);
      const early = join();
      await kit.wait(2);
      return { early, end: join(), timeline: observed.timeline() };
    },
    expected: {
      early: 'pending',
      end: 'RtmTimeoutError: Error Code -11007 - Join stream channel failed.timeout occurred. (join)',
      timeline: [
        `0 ${LOGIN}`,
        '0 STREAM IDLE>CONNECTING JOIN/JOIN',
        '3 MESSAGE CONNECTING>IDLE LOGOUT/LOGOUT',
        '15 STREAM CONNECTING>FAILED JOIN/JOIN_FAILED',
      ],
    },
  },
  {
    title: 'leaving cancels a join, and the next join in line begins',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login();
      const stage = observed.client.createStreamChannel('stage');
      const [first, second] = [kit.begin(() => stage.join()), kit.begin(() => stage.join())];
      await kit.wait(1);
      const leave = await kit.outcome(() => stage.leave());
      await kit.wait(1);
      return { leave, first: first(), second: second(), links: observed.links().slice(1) };
    },
    expected: {
      leave: { timestamp: 0 },
      first: 'RtmUnavailableError: Error Code -11034 - Join channel operation was canceled. (join)',
      second: 'pending',
      links: [
        'STREAM IDLE>CONNECTING JOIN/JOIN',
        'STREAM CONNECTING>IDLE LEAVE/LEAVE',
        'STREAM IDLE>CONNECTING JOIN/JOIN',
      ],
    },
  },
  {
    title: 'a join refuses by itself what is no token, or one for another app, once there is a login',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login();
      await kit.wait(1);
      const stage = observed.client.createStreamChannel('stage');
      const outcomes = await kit.outcomes([
        () => stage.join({ token: 'garbage' }),
        () => stage.join({ token: kit.tokens['other app'] }),
      ]);
      return { outcomes, links: observed.links().slice(1) };
    },
    expected: {
      outcomes: [`${BAD_TOKEN} (join)`, `${OTHER_APP} (join)`],
      links: [
        'STREAM IDLE>CONNECTING JOIN/JOIN',
        'STREAM CONNECTING>FAILED JOIN/INVALID_TOKEN',
        'STREAM FAILED>CONNECTING JOIN/REJOIN',
        'STREAM CONNECTING>FAILED JOIN/INCONSISTENT_APP_ID',
      ],
    },
  },
  {
    title: 'after a login that failed, a stream channel can do nothing either',
    observe: async (kit) => {
      const { client } = kit.client();
      await kit.outcome(() => client.login({ token: 'garbage' }));
      const stage = client.createStreamChannel('stage');
      // The SDK mixes up its texts here, so only the codes are looked at.
      const code = (call: () => Promise<unknown>): Promise<unknown> =>
        call().catch((error: { code: number }) => error.code);
      return Promise.all([() => stage.join(), () => stage.leave(), () => stage.joinTopic('chat')].map(code));
    },
    expected: [-10025, -10025, -10025],
  },
  {
    title: 'a join during a suspension waits its 15 s, too',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login();
      await kit.wait(130);
      const join = kit.begin(() => observed.client.createStreamChannel('stage').join());
      await kit.wait(14);
      const early = join();
      await kit.wait(2);
      return [early, join()];
    },
    expected: ['pending', 'RtmTimeoutError: Error Code -11007 - Join stream channel failed.timeout occurred. (join)'],
  },
];
