import { systemClock } from '../environment/clock.js';
import { type LoadingPace, loadPatiently } from './sdk/load-patiently.js';

/** The module that a session's engine is in. */
export type EngineModule = typeof import('./login/session-engine.js');

let loading: Promise<EngineModule> | null = null;

/**
 * Loads the engine, once for all sessions of a page. Where the network fails it is tried again for some seconds, and by the next login.
 *
 * @param pace what the waits between go by; default: the platform's clock
 */
export function loadEngine(pace: LoadingPace = { clock: systemClock, random: Math.random }): Promise<EngineModule> {
  return loadPatiently(importEngine, pace);
}

function importEngine(): Promise<EngineModule> {
  loading ??= import('./login/session-engine.js').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
