import type { SessionSnapshot } from './session-state.js';

/** Keeps the latest snapshot; a new object only when something changed. */
export class SnapshotKeeper {
  #snapshot: SessionSnapshot;
  #described: string;

  constructor(first: SessionSnapshot) {
    this.#snapshot = freeze(first);
    this.#described = describe(first);
  }

  get current(): SessionSnapshot {
    return this.#snapshot;
  }

  /** Takes a new one; says whether anything changed. */
  update(next: SessionSnapshot): boolean {
    const described = describe(next);
    if (described === this.#described) return false;
    this.#described = described;
    this.#snapshot = freeze(next);
    return true;
  }
}

function describe(snapshot: SessionSnapshot): string {
  // An error stands for itself by what tells it from another.
  return JSON.stringify(snapshot, (_key, value: unknown) =>
    value instanceof Error ? [value.name, value.message] : value,
  );
}

function freeze(snapshot: SessionSnapshot): SessionSnapshot {
  for (const list of [snapshot.tokens, snapshot.channels, snapshot.subscriptions]) {
    for (const item of list) Object.freeze(item);
    Object.freeze(list);
  }
  for (const { target } of snapshot.tokens) Object.freeze(target);
  return Object.freeze(snapshot);
}
