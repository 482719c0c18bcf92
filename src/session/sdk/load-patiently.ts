import type { Clock } from '../../environment/clock.js';
import { pause } from '../../environment/waiting.js';
import { type RetryPolicy, retryDelayMs } from '../../token/retry-schedule.js';

/** With what a part of the app that is fetched by `import()` is waited for. */
export interface LoadingPace {
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends the waiting; a load that is under way cannot be ended. */
  readonly signal?: AbortSignal | undefined;
}

/** Together at most 15 s, so that a login with its default of 30 s still ends with the reason. */
const POLICY: RetryPolicy = { firstMs: 1_000, longestMs: 8_000, timeoutMs: 0 };
const MOST_LOADS = 5;
/** A module that is not there, does not parse, or cannot run here stays so: no repetition changes that. */
const FINAL_NAMES = new Set(['ReferenceError', 'SyntaxError']);
const FINAL_CODES = /^(?:ERR_)?(?:MODULE_NOT_FOUND|UNSUPPORTED|PACKAGE_PATH)/;
const FINAL_MESSAGES = /resolve module specifier|cannot find (?:module|package)/i;

/** Loads, and again where the network may have been the matter. Rejects with the last error, or with the signal's reason. */
export async function loadPatiently<Module>(load: () => Module | Promise<Module>, pace: LoadingPace): Promise<Module> {
  const { clock, random, signal = new AbortController().signal } = pace;
  for (let failures = 1; ; failures += 1) {
    try {
      return await load();
    } catch (error) {
      if (failures >= MOST_LOADS || isFinal(error)) throw error;
      await pause(clock, retryDelayMs(failures, random(), POLICY), signal);
    }
  }
}

function isFinal(error: unknown): boolean {
  const { name, code, message } = Object(error) as { name?: unknown; code?: unknown; message?: unknown };
  return FINAL_NAMES.has(String(name)) || FINAL_CODES.test(String(code)) || FINAL_MESSAGES.test(String(message));
}
