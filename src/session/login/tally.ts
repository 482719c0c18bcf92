import type { Report } from '../state/inspection-event.js';
import { NO_FIGURES, type SessionCounters } from '../state/session-diagnostics.js';
import type { SessionState } from '../state/session-state.js';

/** Counts what happens. */
export class Tally {
  readonly counters: { -readonly [Name in keyof SessionCounters]: SessionCounters[Name] } = { ...NO_FIGURES.counters };
  #status: SessionState['status'] = 'idle';

  hear(event: Parameters<Report>[0]): void {
    const { counters } = this;
    if (event.type === 'request') counters.requests += 1;
    else if (event.type === 'renewed') counters.renewals += 1;
    else if (event.type === 'tokenFailed') counters.failures += 1;
    else if (event.type === 'restored' && event.cause === 'not-resumed') this.#recovered('not-resumed');
    else if (event.type === 'state') this.#move(event.state);
  }

  #move(state: SessionState): void {
    const before = this.#status;
    this.#status = state.status;
    if (state.status === 'connected' && before !== 'connected' && before !== 'reconnecting') this.counters.logins += 1;
    // A further attempt is no recovery of its own.
    if (state.status === 'recovering' && before !== 'recovering') this.#recovered(state.cause);
  }

  #recovered(cause: keyof SessionCounters['recoveries']): void {
    const { recoveries } = this.counters;
    this.counters.recoveries = { ...recoveries, [cause]: recoveries[cause] + 1 };
  }
}
