import { HiddenPageTimers } from './hidden-page-timers.js';

/**
 * Where a session gets the time and its timers from. Tests pass a virtual one; the default is the platform's.
 */
export interface Clock {
  /** Wall-clock time, milliseconds since the epoch. May jump in either direction when the system's clock is set. */
  now(): number;
  /** Milliseconds that never run backwards. May stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`; the returned handle is good for {@link clearTimeout} only. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /**
   * As {@link setTimeout}, for waits of a few seconds that should not take a minute where the page is hidden. Where it is left out,
   * `setTimeout` serves.
   */
  setPromptTimeout?(callback: () => void, delayMs: number): unknown;
  /** Cancels a timer of either kind; a handle that has fired or was cancelled is ignored. */
  clearTimeout(handle: unknown): void;
}

/** A point in time on both scales, so that neither sleep nor a clock that is set can hide how much has passed. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

const timers = /* @__PURE__ */ new HiddenPageTimers();
/** 25 days: what is told to wait longer fires at once on every platform. */
const LONGEST_MS = 2 ** 31 - 1;

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, Math.min(delayMs, LONGEST_MS)),
  setPromptTimeout: (callback, delayMs) => timers.set(callback, delayMs),
  clearTimeout: (handle) => timers.clear(handle),
};

/** The present on both scales. */
export function instant(clock: Clock): Instant {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}

/**
 * Milliseconds passed since `start`: the larger of the two differences. The monotonic one misses sleep, the wall clock may have
 * been set back; erring on the large side only makes a renewal come earlier.
 */
export function elapsedMs(clock: Clock, start: Instant): number {
  return Math.max(0, clock.now() - start.wall, clock.monotonic() - start.monotonic);
}
