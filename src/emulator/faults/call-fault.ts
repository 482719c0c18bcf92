import type { OperationName } from '../protocol.js';

/**
 * How one call of the SDK goes wrong. "Takes effect" means all of it: what changes at the service and the events that tell of it;
 * "answers" means that the returned promise settles. Where a fault neither hurries nor delays, the SDK's own time-outs hold: 10 s for
 * most calls, 5 s for an attempt to log in. Milliseconds are those of the client's clock.
 */
export type CallFault =
  /** The request travels for `ms`, then all is normal. The SDK's own time-outs may come first. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Never takes effect and never answers: no time-out of the SDK ends it. A joining channel stays CONNECTING until it is left. */
  | { readonly kind: 'hang' }
  /** Takes effect and never answers; with `code` it rejects with this SDK error code although it took effect. */
  | { readonly kind: 'lost'; readonly code?: number }
  /** Takes effect at once and answers `ms` later, when the caller may have given up. */
  | { readonly kind: 'late'; readonly ms: number }
  /** Takes effect only after `ms`, whatever the SDK's time-outs say, and answers then or never. A lost link or a logout prevents it. */
  | { readonly kind: 'lateEffect'; readonly ms: number; readonly answers: boolean }
  /** Without effect: rejects with this SDK error code, `afterMs` (default 0) after the request left. */
  | { readonly kind: 'refuse'; readonly code: number; readonly afterMs?: number }
  /** Throws before it returns; nothing is sent. With `code` it is an error of the SDK, without it a plain `Error`. */
  | { readonly kind: 'throw'; readonly code?: number }
  /** Answers what no caller expects. `takesEffect` (default false) says whether the call is carried out all the same. */
  | { readonly kind: 'odd'; readonly value: OddValue; readonly takesEffect?: boolean };

/** What an odd call gives: `undefined` in the place of a promise, or a promise that settles oddly. */
export type OddValue = 'noPromise' | 'resolvesUndefined' | 'rejectsUndefined' | 'rejectsString' | 'rejectsPlainObject';

/** The kinds of {@link CallFault}. */
export type CallFaultKind = CallFault['kind'];

/** The calls that can be made to go wrong: `getOnlineUsers` counts as `whoNow`, `getUserChannels` as `whereNow`. */
export type FaultOperation = OperationName;

const KINDS: Readonly<Record<CallFaultKind, true>> = {
  slow: true,
  hang: true,
  lost: true,
  late: true,
  lateEffect: true,
  refuse: true,
  throw: true,
  odd: true,
};

const ODD_VALUES: Readonly<Record<OddValue, true>> = {
  noPromise: true,
  resolvesUndefined: true,
  rejectsUndefined: true,
  rejectsString: true,
  rejectsPlainObject: true,
};

/** All kinds of {@link CallFault}. */
export const CALL_FAULT_KINDS: readonly string[] = Object.keys(KINDS);

/** @throws TypeError that names what is wrong with a fault. */
export function checkCallFault(fault: CallFault): void {
  if (!Object.hasOwn(KINDS, fault?.kind)) {
    throw new TypeError(`fault.kind must be one of ${CALL_FAULT_KINDS.join(', ')}.`);
  }
  if (fault.kind === 'slow' || fault.kind === 'late' || fault.kind === 'lateEffect') checkMs('fault.ms', fault.ms);
  if (fault.kind === 'refuse' && fault.afterMs !== undefined) checkMs('fault.afterMs', fault.afterMs);
  if (fault.kind === 'refuse') checkErrorCode('fault.code', fault.code);
  if ((fault.kind === 'lost' || fault.kind === 'throw') && fault.code !== undefined) {
    checkErrorCode('fault.code', fault.code);
  }
  if (fault.kind === 'odd' && !Object.hasOwn(ODD_VALUES, fault.value)) {
    throw new TypeError(`fault.value must be one of ${Object.keys(ODD_VALUES).join(', ')}.`);
  }
}

/** @throws TypeError when this is no error code of the SDK: they are negative integers. */
export function checkErrorCode(argument: string, code: unknown): void {
  if (!Number.isInteger(code) || (code as number) >= 0) {
    throw new TypeError(`${argument} must be an error code of the SDK, such as -10025.`);
  }
}

/** @throws TypeError when this is no finite number of milliseconds, 0 or more. */
export function checkMs(argument: string, ms: unknown): void {
  if (typeof ms !== 'number' || !(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
    throw new TypeError(`${argument} must be a number of milliseconds, 0 or more.`);
  }
}

/** Whether a fault strikes as soon as the app calls; the others strike when a request leaves. */
export function strikesTheCall({ kind }: CallFault): boolean {
  return kind === 'throw' || kind === 'odd';
}

/** Whether the SDK's own time-outs are held off, so that the fault decides alone when the call ends. */
export function outlastsTimeouts({ kind }: CallFault): boolean {
  return kind === 'hang' || kind === 'lateEffect';
}
