import type { Clock } from '../environment/clock.js';
import { bounded, deferred, TimeoutError } from '../environment/waiting.js';
import { invalid, SessionError } from './state/session-error.js';
import type { SessionState } from './state/session-state.js';
import { SESSION_TRANSITIONS } from './state/transitions.js';

/** How a wait for a state is limited. */
export interface WhenStateOptions {
  /** Ends the wait with `ABORTED`. */
  signal?: AbortSignal;
  /** Milliseconds after which it ends with `LOGIN_TIMEOUT`. Default: none. */
  timeoutMs?: number;
}

/** Whoever has a state and tells when it changes. */
export interface StateSource {
  readonly clock: Clock;
  readonly state: SessionState;
  /** Are told of each state, whatever becomes of the app's own listeners. */
  readonly watchers: Set<(state: SessionState) => void>;
}

/** Waits for a state; rejects when the session fails, unless that is what was waited for. */
export async function whenState<Status extends SessionState['status']>(
  source: StateSource,
  status: Status,
  { signal, timeoutMs }: WhenStateOptions,
): Promise<Extract<SessionState, { status: Status }>> {
  const known = Object.keys(SESSION_TRANSITIONS);
  if (!known.includes(status)) throw invalid('status', `one of ${known.join(', ')}`, status);
  const reached = deferred<Extract<SessionState, { status: Status }>>();
  const look = (state: SessionState): void => {
    if (isStatus(state, status)) reached.resolve(state);
    else if (state.status === 'failed') reached.reject(state.error);
  };
  look(source.state);
  source.watchers.add(look);
  try {
    return await bounded(reached.promise, { signal, timeoutMs, clock: source.clock });
  } catch (error) {
    if (error instanceof SessionError) throw error;
    if (!(error instanceof TimeoutError)) throw new SessionError('ABORTED', 'Waiting for a state was aborted.');
    throw new SessionError('LOGIN_TIMEOUT', `The session was not \`${status}\` in time.`);
  } finally {
    source.watchers.delete(look);
  }
}

function isStatus<Status extends SessionState['status']>(
  state: SessionState,
  status: Status,
): state is Extract<SessionState, { status: Status }> {
  return state.status === status;
}
