import type { AsJson, InspectionEvent, SessionSnapshot, TokenSnapshot } from '../index.js';
import { plain } from './plain.js';

/** One thing that happened in a session, as plain data. `at` is in milliseconds since the epoch, by the session's clock. */
export type RecordedEvent = { readonly at: number } & (AsJson<InspectionEvent> | RecordedTokens | RecordedSnapshot);

/** An event of one type. */
export type RecordedOf<Type extends RecordedEvent['type']> = Extract<RecordedEvent, { type: Type }>;

/** What was known of the tokens after it had changed. */
export interface RecordedTokens {
  readonly type: 'tokens';
  readonly tokens: readonly TokenSnapshot[];
}

/** Where everything stood when a session began to be followed. */
export interface RecordedSnapshot
  extends Pick<AsJson<SessionSnapshot>, 'state' | 'tokens' | 'channels' | 'subscriptions'> {
  readonly type: 'snapshot';
}

/** What a panel shows, as JSON. It holds no token and no app ID, so it may be pasted into a bug report as it is. */
export interface Recording {
  readonly format: typeof FORMAT;
  readonly version: 1;
  readonly userId: string;
  /** When it was written, by the session's clock: what was going on then has no end. */
  readonly until: number;
  /** Oldest first. */
  readonly events: readonly RecordedEvent[];
}

const FORMAT = 'agora-session recording';
const VERSION = 1;

/** What {@link recordingOf} takes. */
export interface RecordingOptions {
  /** Whose session it was. Default: `''`. */
  readonly userId?: string;
  /** When the recording ends; not before its last event. Default: with it. */
  readonly until?: number;
}

/**
 * Makes a recording of events that were gathered elsewhere, by the option `inspect` in a test for one. Errors become plain data, and
 * what looks like a token is taken out.
 */
export function recordingOf(
  events: readonly (InspectionEvent | RecordedEvent)[],
  { userId = '', until = 0 }: RecordingOptions = {},
): Recording {
  const copies = events.map((event) => plain<RecordedEvent>(event)).sort((one, other) => one.at - other.at);
  const end = Math.max(until, copies.at(-1)?.at ?? 0);
  return { format: FORMAT, version: VERSION, userId, until: end, events: copies };
}

/**
 * Reads a recording, as text or as data. Events of types that this version does not know are kept and shown by their name.
 *
 * @throws TypeError that says what is not as it should be
 */
export function readRecording(source: unknown): Recording {
  const found: unknown = typeof source === 'string' ? parse(source) : source;
  if (!isRecord(found) || found.format !== FORMAT) throw new TypeError('This is no recording of an agora-session.');
  if (found.version !== VERSION)
    throw new TypeError(`The recording has version ${String(found.version)}; this panel reads version ${VERSION}.`);
  const { events, userId, until } = found;
  if (!Array.isArray(events)) throw new TypeError('The recording has no list of events.');
  const wrong = events.findIndex((event) => !isRecord(event) || !isTime(event.at) || typeof event.type !== 'string');
  if (wrong >= 0) throw new TypeError(`Event ${wrong} of the recording has no time or no type.`);
  return recordingOf(events as RecordedEvent[], {
    userId: typeof userId === 'string' ? userId : '',
    ...(isTime(until) ? { until } : {}),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('The file is no JSON.');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Within what a `Date` can show. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}
