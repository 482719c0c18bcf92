import type { SessionSnapshot } from './session-state.js';

/** Keeps the latest snapshot; a new object only when something changed. What its parts say is frozen by those who made them. */
export class SnapshotKeeper {
  #snapshot: SessionSnapshot;
  #tokens: string;

  constructor(first: SessionSnapshot) {
    this.#snapshot = freeze(first);
    this.#tokens = JSON.stringify(first.tokens);
  }

  get current(): SessionSnapshot {
    return this.#snapshot;
  }

  /** Takes a new one; says whether anything changed. Channels and subscriptions are compared by identity, tokens by what they say. */
  update(next: SessionSnapshot): boolean {
    const last = this.#snapshot;
    const tokens = JSON.stringify(next.tokens);
    const same =
      next.state === last.state &&
      next.channels === last.channels &&
      next.subscriptions === last.subscriptions &&
      tokens === this.#tokens;
    if (same) return false;
    const kept = tokens === this.#tokens ? last.tokens : next.tokens;
    this.#tokens = tokens;
    this.#snapshot = freeze({ ...next, tokens: kept });
    return true;
  }
}

function freeze(snapshot: SessionSnapshot): SessionSnapshot {
  for (const token of snapshot.tokens) {
    Object.freeze(token.target);
    Object.freeze(token);
  }
  Object.freeze(snapshot.tokens);
  return Object.freeze(snapshot);
}
