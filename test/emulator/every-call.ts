import type { FaultOperation } from 'agora-session/emulator';
import type { RTMStreamChannel, SignalingClient } from '../../src/session/sdk/signaling-client.js';
import { type Recorded, World } from './world.js';

/** One user's client in the state in which a call can be made. */
export interface Caller {
  readonly world: World;
  readonly alice: Recorded;
  readonly client: SignalingClient;
  readonly stage: RTMStreamChannel;
}

/** One call of the SDK. */
export interface EveryCall {
  readonly operation: FaultOperation;
  readonly channelName: string | null;
  /** Makes the call possible. */
  prepare?(caller: Caller): Promise<unknown>;
  make(caller: Caller): Promise<unknown>;
  /** Whether the service shows the call's effect. Absent where there is none to see. */
  tookEffect?(caller: Caller): boolean;
}

const user = ({ world }: Caller) => world.user('alice');
const stay = (caller: Caller) => user(caller)?.streamChannels[0];
const join = ({ stage, world }: Caller) => stage.join({ token: world.rtcToken('alice', 'stage') });
const hears = (caller: Caller) => stay(caller)?.subscribedTopics.length === 1;

async function joinTopic(caller: Caller): Promise<void> {
  await join(caller);
  await caller.stage.joinTopic('chat');
}

/** Every call of the SDK that the emulator serves, with what shows that it took effect. */
export const EVERY_CALL: readonly EveryCall[] = [
  {
    operation: 'renewToken',
    channelName: null,
    make: ({ client, world }) => client.renewToken(world.rtmToken('alice', 900)),
    tookEffect: (caller) => (user(caller)?.tokenExpiresAt ?? 0) < caller.world.clock.now() + 1_800_000,
  },
  {
    operation: 'subscribe',
    channelName: 'lobby',
    make: ({ client }) => client.subscribe('lobby'),
    tookEffect: (caller) => user(caller)?.subscriptions.length === 1,
  },
  {
    operation: 'unsubscribe',
    channelName: 'lobby',
    prepare: ({ client }) => client.subscribe('lobby'),
    make: ({ client }) => client.unsubscribe('lobby'),
    tookEffect: (caller) => user(caller)?.subscriptions.length === 0,
  },
  { operation: 'publish', channelName: 'lobby', make: ({ client }) => client.publish('lobby', 'hello') },
  {
    operation: 'join',
    channelName: 'stage',
    make: join,
    tookEffect: (caller) => stay(caller) !== undefined,
  },
  {
    operation: 'leave',
    channelName: 'stage',
    prepare: join,
    make: ({ stage }) => stage.leave(),
    tookEffect: (caller) => stay(caller) === undefined,
  },
  {
    operation: 'joinTopic',
    channelName: 'stage',
    prepare: join,
    make: ({ stage }) => stage.joinTopic('chat'),
    tookEffect: (caller) => stay(caller)?.topics.length === 1,
  },
  {
    operation: 'leaveTopic',
    channelName: 'stage',
    prepare: joinTopic,
    make: ({ stage }) => stage.leaveTopic('chat'),
    tookEffect: (caller) => stay(caller)?.topics.length === 0,
  },
  {
    operation: 'publishTopicMessage',
    channelName: 'stage',
    prepare: joinTopic,
    make: ({ stage }) => stage.publishTopicMessage('chat', 'hello'),
  },
  {
    operation: 'subscribeTopic',
    channelName: 'stage',
    prepare: joinTopic,
    make: ({ stage }) => stage.subscribeTopic('chat', { users: ['bob'] }),
    tookEffect: hears,
  },
  {
    operation: 'unsubscribeTopic',
    channelName: 'stage',
    prepare: async (caller) => {
      await joinTopic(caller);
      await caller.stage.subscribeTopic('chat', { users: ['bob'] });
    },
    make: ({ stage }) => stage.unsubscribeTopic('chat'),
    tookEffect: (caller) => !hears(caller),
  },
  {
    operation: 'setState',
    channelName: 'lobby',
    make: ({ client }) => client.presence.setState('lobby', 'MESSAGE', { mood: 'well' }),
  },
  {
    operation: 'getState',
    channelName: 'lobby',
    make: ({ client }) => client.presence.getState('alice', 'lobby', 'MESSAGE'),
  },
  {
    operation: 'removeState',
    channelName: 'lobby',
    make: ({ client }) => client.presence.removeState('lobby', 'MESSAGE'),
  },
  {
    operation: 'whoNow',
    channelName: 'lobby',
    make: ({ client }) => client.presence.getOnlineUsers('lobby', 'MESSAGE'),
  },
  {
    operation: 'getMessages',
    channelName: 'lobby',
    make: ({ client }) => client.history.getMessages('lobby', 'MESSAGE'),
  },
  {
    operation: 'subscribeUserMetadata',
    channelName: null,
    make: ({ client }) => client.storage.subscribeUserMetadata('bob'),
    tookEffect: (caller) => user(caller)?.metadataOf.length === 1,
  },
  {
    operation: 'unsubscribeUserMetadata',
    channelName: null,
    prepare: ({ client }) => client.storage.subscribeUserMetadata('bob'),
    make: ({ client }) => client.storage.unsubscribeUserMetadata('bob'),
    tookEffect: (caller) => user(caller)?.metadataOf.length === 0,
  },
  { operation: 'whereNow', channelName: null, make: ({ client }) => client.presence.getUserChannels('alice') },
];

/** Alice, logged in and ready for a call. */
export async function callerOf(call: EveryCall): Promise<Caller> {
  const world = new World();
  const alice = await world.loggedIn('alice');
  const stage = alice.client.createStreamChannel('stage');
  const caller = { world, alice, client: alice.client, stage };
  await call.prepare?.(caller);
  await world.clock.advance(6000);
  alice.links.length = 0;
  return caller;
}

/** What has become of a promise, at any time: 'pending', 'resolved', or the code or reason with which it rejected. */
export function outcomeOf(promise: Promise<unknown>): () => unknown {
  let outcome: unknown = 'pending';
  promise.then(
    () => {
      outcome = 'resolved';
    },
    (error: unknown) => {
      outcome = (error as { code?: unknown } | undefined)?.code ?? error;
    },
  );
  return () => outcome;
}
