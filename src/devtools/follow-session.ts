import type { SessionEvents, SessionManager, SessionSnapshot, SignalingClient } from '../index.js';
import type { EventLog } from './event-log.js';
import { plain } from './plain.js';
import type { RecordedEvent, RecordedTokens } from './recording.js';

/** A session of any SDK: what a panel needs of one. */
export type InspectedSession = Pick<SessionManager<SignalingClient>, 'userId' | 'snapshot' | 'on' | 'off'>;

/** How a session is followed. */
export interface FollowOptions {
  readonly log: EventLog;
  /** The session's time. */
  readonly now: () => number;
  /** Whether its events come by `inspect`; then only what it knows of its tokens is read here. */
  readonly isInspected: boolean;
}

type Listeners = { [Name in keyof SessionEvents]?: SessionEvents[Name] };

/** Writes down what a session tells. Returns how to stop. */
export function followSession(session: InspectedSession, { log, now, isInspected }: FollowOptions): () => void {
  const tell = (event: object): void => log.add(plain({ at: now(), ...event }) as RecordedEvent);
  if (log.events.length === 0) tell(beginning(session.snapshot));
  let tokens: SessionSnapshot['tokens'] = session.snapshot.tokens;
  if (log.events.length > 0) tell({ type: 'tokens', tokens } satisfies RecordedTokens);
  const listeners: Listeners = {
    snapshot: (snapshot) => {
      if (snapshot.tokens === tokens || sameItems(snapshot.tokens, tokens)) return;
      tokens = snapshot.tokens;
      tell({ type: 'tokens', tokens });
    },
    ...(isInspected ? {} : ownEvents(tell)),
  };
  const names = Object.keys(listeners) as (keyof SessionEvents)[];
  for (const name of names) session.on(name, listeners[name] as never);
  return () => {
    for (const name of names) session.off(name, listeners[name] as never);
  };
}

function beginning({ state, tokens, channels, subscriptions }: SessionSnapshot): object {
  return { type: 'snapshot', state, tokens, channels, subscriptions };
}

/** What a session tells every app. Decisions and requests are told by `inspect` alone. */
function ownEvents(tell: (event: object) => void): Listeners {
  return {
    state: (state) => tell({ type: 'state', state }),
    channel: (event) => tell({ type: 'channel', ...event }),
    subscription: (subscription) => tell({ type: 'subscription', subscription }),
    tokenRenewed: (event) => tell({ type: 'renewed', ...event }),
    tokenError: (event) => tell({ type: 'tokenFailed', ...event }),
    restored: (event) => tell({ type: 'restored', ...event }),
    linkState: ({ serviceType, currentState, previousState, reasonCode, isResumed, affectedChannels }) => {
      const detail = { serviceType, currentState, previousState, reasonCode, isResumed, affectedChannels };
      tell({ type: 'sdk', name: 'linkState', detail });
    },
  };
}

function sameItems<Item>(some: readonly Item[], others: readonly Item[]): boolean {
  return some.length === others.length && some.every((item, index) => item === others[index]);
}
