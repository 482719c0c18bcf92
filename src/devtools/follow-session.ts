import type { SessionEvents, SessionManager, SignalingClient } from '../index.js';
import type { PanelClock } from './browser-clock.js';
import type { EventLog } from './event-log.js';
import { plain } from './plain.js';
import type { RecordedEvent } from './recording.js';

/** What is needed of a session, of whatever SDK it is. */
export type InspectedSession = Pick<
  SessionManager<SignalingClient>,
  'userId' | 'snapshot' | 'diagnostics' | 'on' | 'off'
>;

/** How a session is followed. */
export interface FollowOptions {
  readonly log: EventLog;
  /** The session's time. */
  readonly now: () => number;
  /** By which clock its events are read; null where they come by the option `inspect`, and only its tokens are read. */
  readonly pollBy: PanelClock | null;
}

/** After any of these there is something new to read. Of channels more may be told in one turn than a session keeps. */
const NEWS: readonly (keyof SessionEvents)[] = ['snapshot', 'channel', 'subscription'];
/** What changes nothing else waits for this. */
const READ_EVERY_MS = 1_000;

/**
 * Writes down what a session tells, its latest hundred events first. Returns how to stop.
 */
export function followSession(session: InspectedSession, { log, now, pollBy }: FollowOptions): () => void {
  const { state, channels, subscriptions, tokens } = session.snapshot;
  let known = tokens;
  let seen: readonly string[] = [];
  let timer: unknown;
  const read = (): void => {
    if (pollBy) {
      const told = session.diagnostics().events.map((event) => JSON.stringify(event));
      for (const text of since(seen, told)) log.add(plain(JSON.parse(text)));
      seen = told;
    }
    const { tokens } = session.snapshot;
    if (tokens.length === known.length && tokens.every((token, index) => token === known[index])) return;
    known = tokens;
    log.add(plain({ at: now(), type: 'tokens', tokens }));
  };
  const poll = (): void => {
    read();
    timer = pollBy?.setTimeout(poll, READ_EVERY_MS);
  };
  poll();
  log.add(plain<RecordedEvent>({ at: now(), type: 'snapshot', state, channels, subscriptions, tokens }));
  for (const name of NEWS) session.on(name, read);
  return () => {
    pollBy?.clearTimeout(timer);
    for (const name of NEWS) session.off(name, read);
  };
}

/** What is new in a list of which the oldest fall out as new ones come. */
export function since(before: readonly string[], after: readonly string[]): readonly string[] {
  for (let fallen = 0; fallen < before.length; fallen++) {
    const kept = before.length - fallen;
    if (kept <= after.length && before.slice(fallen).every((text, index) => text === after[index]))
      return after.slice(kept);
  }
  return after;
}
