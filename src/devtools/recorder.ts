import type { InspectionEvent } from '../index.js';
import { EventLog, KEPT_EVENTS } from './event-log.js';
import { followSession, type InspectedSession } from './follow-session.js';
import { plain } from './plain.js';
import { type Recording, recordingOf } from './recording.js';

/** What {@link createRecorder} takes. */
export interface RecorderOptions {
  /** How many events are kept; the oldest are dropped. Default: 10,000. */
  readonly limit?: number;
  /** The session's time, for what comes without one; milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number;
}

/** Writes down everything that a session tells by its option `inspect`, decisions and requests included. */
export interface SessionRecorder {
  /** The session's option `inspect`. */
  readonly inspect: (event: InspectionEvent) => void;
  /** Writes down what the session knows of its tokens as well; a panel does so by itself. Returns how to stop. */
  follow(session: InspectedSession): () => void;
  /** All of it, as plain data without any token. */
  recording(): Recording;
  /** What a panel reads. */
  readonly log: EventLog;
}

/**
 * Makes a recorder for a session that is yet to be made.
 *
 * ```ts
 * const recorder = createRecorder();
 * const session = new SessionManager({ appId, userId, tokens, inspect: recorder.inspect });
 * Object.assign(panel, { recorder, session });
 * ```
 */
export function createRecorder({ limit = KEPT_EVENTS, now = Date.now }: RecorderOptions = {}): SessionRecorder {
  if (!(limit >= 10)) throw new TypeError('limit must be a number, 10 or more.');
  const log = new EventLog(limit);
  let userId = '';
  return {
    log,
    inspect: (event) => log.add(plain(event)),
    follow: (session) => {
      userId = session.userId;
      return followSession(session, { log, now, pollBy: null });
    },
    recording: () => recordingOf(log.events, { userId, until: now() }),
  };
}
