import { codeOf, type SdkAnswer } from '../sdk/call-sdk.js';
import {
  DUPLICATE_OPERATION,
  errorClass,
  NO_SUCH_TOPIC,
  NOT_JOINED,
  SUBSCRIBED_TOO_OFTEN,
  TOPIC_NOT_JOINED,
} from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { ReasonClass } from '../state/reason-class.js';
import type { Flight } from './channel-queue.js';
import { CHANNEL, HEARING, hearing, usersOf } from './item-kinds.js';
import { ABSENT, type ItemOptions, type Known, UNKNOWN } from './wanted-item.js';

/** What the answer to a call for an item means. */
export type Meaning =
  /** It is so; for users of a topic, but for those who are missed. */
  | { readonly is: 'set'; readonly known: Known; readonly missed: readonly string[] }
  /** It is undone, or there was nothing to undo. */
  | { readonly is: 'undone'; readonly known: Known }
  /** The SDK takes no more calls for now: this long, before a fifth such answer in a row counts as a failure. */
  | { readonly is: 'throttled'; readonly pauseMs: number }
  /** The SDK is at it, or at something else of the channel. */
  | { readonly is: 'duplicate' }
  /** The channel that it belongs to is not joined, whatever was thought. */
  | { readonly is: 'not-joined' }
  | { readonly is: 'token-refused' }
  /** A repetition cannot change it. */
  | { readonly is: 'final' }
  /** It may work the next time. */
  | { readonly is: 'failed' };

/** There was nothing to undo: CHANNEL_NOT_SUBSCRIBED, TOPIC_NOT_SUBSCRIBED, TOPIC_NOT_JOINED. */
const NOTHING_THERE: ReadonlySet<number | null> = new Set([-11002, -11013, TOPIC_NOT_JOINED]);
/** The SDK's code for a user whom one is subscribed to already (`SubscribeTopicErrorCode`). */
const ALREADY_SUBSCRIBED = 20001;
const THROTTLES_TAKEN = 4;
const LONGEST_THROTTLE_MS = 15_000;

/**
 * Says what an answer means.
 *
 * @param throttles how many answers in a row have said before that there are too many calls
 */
export function meaningOf(flight: Flight, answer: SdkAnswer<unknown>, throttles: number): Meaning {
  const code = codeOf(answer);
  if (answer.is === 'ok' && flight.op === 'set') return setMeaning(flight, answer.value);
  if (code === NO_SUCH_TOPIC && flight.op === 'set' && flight.item.kind === HEARING)
    return heard(flight, asked(flight));
  if (code === NOT_JOINED && flight.item.kind.inChannel) return { is: 'not-joined' };
  if (flight.op === 'unset' && (answer.is === 'ok' || isNothingThere(flight, code))) {
    return { is: 'undone', known: afterUnset(flight, answer.is === 'ok') };
  }
  const reason = reasonOf(flight, answer);
  if (reason === 'throttled' && throttles < THROTTLES_TAKEN) {
    const firstMs = code === SUBSCRIBED_TOO_OFTEN ? 5_000 : 1_000;
    return { is: 'throttled', pauseMs: Math.min(LONGEST_THROTTLE_MS, firstMs * 2 ** throttles) };
  }
  if (flight.op === 'unset') return { is: 'failed' };
  if (code === DUPLICATE_OPERATION) return { is: 'duplicate' };
  return refusal(flight, reason);
}

function refusal({ item }: Flight, reason: ReasonClass): Meaning {
  if (item.kind !== CHANNEL) return { is: REMEDIES[reason].other === 'stop' ? 'final' : 'failed' };
  if (reason === 'token') return { is: 'token-refused' };
  return { is: REMEDIES[reason].channel.do === 'stop' ? 'final' : 'failed' };
}

/** A rejected join often says only that it failed; what the SDK said of the channel meanwhile says why. */
export function reasonOf({ reported }: Flight, answer: SdkAnswer<unknown>): ReasonClass {
  const byCode = errorClass(codeOf(answer));
  return byCode === 'token' || byCode === 'throttled' || reported === null ? byCode : reported;
}

function setMeaning(flight: Flight, value: unknown): Meaning {
  if (flight.item.kind === HEARING) return heard(flight, missedUsers(value));
  return { is: 'set', known: { is: 'present', options: flight.options }, missed: [] };
}

/** Those who were asked for are heard, but for those who failed, and missed unless they came meanwhile. */
function heard(flight: Flight, failed: readonly string[]): Meaning {
  const got = asked(flight).filter((user) => !failed.includes(user));
  const known: Known = { is: 'present', options: hearing([...before(flight), ...got]) };
  return { is: 'set', known, missed: failed.filter((user) => !flight.named.has(user)) };
}

function afterUnset(flight: Flight, answered: boolean): Known {
  const gone = asked(flight);
  const left = before(flight).filter((user) => !gone.includes(user));
  const isPart = answered && gone.length > 0 && left.length > 0;
  return isPart ? { is: 'present', options: hearing(left) } : ABSENT;
}

/** The users whom a call for a topic names; none where it is for all of them. */
function asked({ item, options }: Flight): string[] {
  return item.kind === HEARING && options ? usersOf(options) : [];
}

/** Who was heard when the call was made. */
function before({ item, from }: Flight): string[] {
  return item.kind === HEARING && from.is === 'present' && from.options ? usersOf(from.options) : [];
}

function isNothingThere({ item }: Flight, code: number | null): boolean {
  return NOTHING_THERE.has(code) || (item.kind === CHANNEL && code === NOT_JOINED);
}

interface FailedDetail {
  readonly user: string;
  readonly errorCode: unknown;
}

/** The users whom a subscription did not get. The SDK's answer is not trusted to have its shape. */
function missedUsers(answer: unknown): string[] {
  const { failedUsers, failedDetails } = (answer ?? {}) as { failedUsers?: unknown; failedDetails?: unknown };
  const details = Array.isArray(failedDetails) ? (failedDetails as FailedDetail[]) : [];
  const already = details.filter(({ errorCode }) => Number(errorCode) === ALREADY_SUBSCRIBED).map(({ user }) => user);
  return Array.isArray(failedUsers) ? failedUsers.filter((user) => !already.includes(user)) : [];
}

/** What is known of an item after a call whose answer is worth little. */
export function unlessTainted({ tainted }: Flight, known: Known): Known {
  return tainted ? UNKNOWN : known;
}

/** With which options an item may be there, once something is known of it for certain. */
export function mayAfter(known: Known, may: readonly ItemOptions[]): ItemOptions[] {
  if (known.is === 'unknown') return [...may];
  return known.is === 'present' && known.options ? [known.options] : [];
}
