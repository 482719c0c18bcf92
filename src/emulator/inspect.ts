import type { Session } from './service/session.js';

/** What an emulator knows at one moment. */
export interface EmulatorState {
  readonly users: readonly EmulatedUser[];
}

/** One login. */
export interface EmulatedUser {
  readonly userId: string;
  /** A new one with each login; the same after a resumed reconnect. */
  readonly sessionId: string;
  /** Whether the client is there. False while the service waits for it to come back. */
  readonly attached: boolean;
  /** When the login's token ends, epoch milliseconds; null where tokens are not checked. */
  readonly tokenExpiresAt: number | null;
  /** Names of the message channels that the user is subscribed to. */
  readonly subscriptions: readonly string[];
  readonly streamChannels: readonly EmulatedStay[];
  /** Users whose metadata is subscribed to. */
  readonly metadataOf: readonly string[];
}

/** A user's stay in a stream channel. */
export interface EmulatedStay {
  readonly channelName: string;
  readonly tokenExpiresAt: number | null;
  /** Topics that the user publishes in. */
  readonly topics: readonly string[];
  /** Topics that the user hears, and whom. */
  readonly subscribedTopics: readonly { readonly topicName: string; readonly users: readonly string[] }[];
}

/** Describes logins as plain data. */
export function inspectSessions(sessions: Iterable<Session>): EmulatorState {
  return { users: [...sessions].map(describe) };
}

function describe(session: Session): EmulatedUser {
  return {
    userId: session.userId,
    sessionId: session.id,
    attached: session.connection !== null,
    tokenExpiresAt: session.timer.expiresAt,
    subscriptions: [...session.subscriptions.keys()],
    metadataOf: [...session.metadataOf],
    streamChannels: [...session.memberships].map(([channelName, { timer, topics, heard }]) => ({
      channelName,
      tokenExpiresAt: timer.expiresAt,
      topics: [...topics.keys()],
      subscribedTopics: [...heard].map(([topicName, users]) => ({ topicName, users: [...users] })),
    })),
  };
}
