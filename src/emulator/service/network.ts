/**
 * How a reconnection finds the login: `resumed`, with everything kept however long it took; `emptied`, as a new one without anything
 * (`isResumed` false); or not resumed, with these message and stream channels lost and the others kept.
 */
export type LinkReturn = 'resumed' | 'emptied' | { readonly lost: readonly string[] };

/** Which users' networks are cut, and who wants to hear when they come back. */
export class Network {
  /** How the next reconnection of a user's comes out, where that was ordered. */
  readonly returns: Map<string, LinkReturn> = new Map();
  readonly #cut = new Set<string>();
  readonly #watchers = new Map<string, Set<(up: boolean) => void>>();

  isUp(userId: string): boolean {
    return !this.#cut.has(userId);
  }

  /** Cuts or restores a user's network; what is so already stays without effect. */
  set(userId: string, up: boolean): void {
    if (this.isUp(userId) === up) return;
    if (up) this.#cut.delete(userId);
    else this.#cut.add(userId);
    for (const watcher of [...(this.#watchers.get(userId) ?? [])]) watcher(up);
  }

  /** Calls back when a user's network is cut or comes back; returns what ends that. */
  watch(userId: string, watcher: (up: boolean) => void): () => void {
    const watchers = this.#watchers.get(userId) ?? new Set();
    this.#watchers.set(userId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(userId) === watchers) this.#watchers.delete(userId);
    };
  }
}
