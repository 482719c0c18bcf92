import { freezeDeep } from './freeze-deep.js';
import type { SessionSnapshot, TokenSnapshot } from './session-state.js';

/** Keeps the latest snapshot; a new object only when something changed. What its parts say is frozen by those who made them. */
export class SnapshotKeeper {
  #snapshot: SessionSnapshot;
  /** What was said of each token, and the object that said it. */
  #tokens: ReadonlyMap<string, TokenSnapshot> = new Map();

  constructor(first: SessionSnapshot) {
    this.#snapshot = Object.freeze({ ...first, tokens: this.#keep(first.tokens) });
  }

  get current(): SessionSnapshot {
    return this.#snapshot;
  }

  /** Takes a new one; says whether anything changed. Channels and subscriptions are compared by identity, tokens by what they say. */
  update(next: SessionSnapshot): boolean {
    const last = this.#snapshot;
    const tokens = this.#keep(next.tokens);
    const same =
      next.state === last.state &&
      next.channels === last.channels &&
      next.subscriptions === last.subscriptions &&
      tokens.length === last.tokens.length &&
      tokens.every((token, index) => token === last.tokens[index]);
    if (same) return false;
    this.#snapshot = Object.freeze({ ...next, tokens });
    return true;
  }

  /** A token of which the same is said as before stays the same object. */
  #keep(tokens: readonly TokenSnapshot[]): readonly TokenSnapshot[] {
    const said = new Map(tokens.map((token) => [JSON.stringify(token), token]));
    for (const text of said.keys()) {
      const before = this.#tokens.get(text);
      if (before) said.set(text, before);
    }
    this.#tokens = said;
    return Object.freeze([...said.values()].map(freezeDeep));
  }
}
