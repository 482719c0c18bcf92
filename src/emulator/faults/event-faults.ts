import { checkMs } from './call-fault.js';

/** The events that a client emits. */
export type EventName =
  | 'linkState'
  | 'message'
  | 'presence'
  | 'topic'
  | 'token'
  | 'tokenPrivilegeWillExpire'
  | 'storage'
  | 'lock';

/**
 * What goes wrong between a client's knowing of something and its listeners' hearing of it. The client itself is never mistaken: calls
 * answer at their time, so that an event may come after the answer that it belongs to, twice, or not at all.
 */
export interface EventFaults {
  /** Each event comes this much later, drawn evenly between the two. Default: at once. */
  readonly delayMs?: readonly [min: number, max: number];
  /** How likely an event is to come twice, 0 to 1. Default: 0. */
  readonly twice?: number;
  /** How likely an event is not to come at all, 0 to 1. Default: 0. */
  readonly lose?: number;
  /**
   * Whether a later event may overtake an earlier one of the same link: the login's, or one stream channel's. Needs `delayMs`.
   * Events of different links overtake each other in any case. Default: false.
   */
  readonly reorder?: boolean;
  /** The events that it is about. Default: all. */
  readonly events?: readonly EventName[];
}

/** What can happen to an event. */
export type EventFaultKind = 'delay' | 'twice' | 'lose' | 'reorder';

/** All of {@link EventFaultKind}. */
export const EVENT_FAULT_KINDS: readonly EventFaultKind[] = ['delay', 'twice', 'lose', 'reorder'];

/** @throws TypeError that names what is wrong. */
export function checkEventFaults({ delayMs, twice, lose }: EventFaults): void {
  if (delayMs !== undefined) checkRange('delayMs', delayMs);
  checkProbability('twice', twice);
  checkProbability('lose', lose);
}

/** @throws TypeError when this is no pair of milliseconds, the smaller one first. */
export function checkRange(argument: string, range: unknown): void {
  if (!Array.isArray(range) || range.length !== 2) throw new TypeError(`${argument} must be a pair [min, max].`);
  for (const ms of range) checkMs(argument, ms);
  if (range[0] > range[1]) throw new TypeError(`${argument} must begin with the smaller number.`);
}

function checkProbability(argument: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && value <= 1)) throw new TypeError(`${argument} must be from 0 to 1.`);
}
