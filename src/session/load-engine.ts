/** The module that a session's engine is in. */
export type EngineModule = typeof import('./login/session-engine.js');

let loading: Promise<EngineModule> | null = null;

/** Loads the engine, once for all sessions of a page; where that failed, the next login tries again. */
export function loadEngine(): Promise<EngineModule> {
  loading ??= import('./login/session-engine.js').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}
