import type { SessionError } from 'agora-session';

/** What is wanted of a channel: to hear its messages, to be joined in it, to publish in its topic, to hear its topic. */
export type WantedKind = 'subscription' | 'channel' | 'topic' | 'hearing';

interface Wanted {
  readonly options: number;
  prior: number | null;
  /** What it has replaced, and may turn out to have been met. */
  readonly before: Wanted | null;
  met: boolean;
  open: number;
}

/**
 * Keeps the books of what an app wanted last, by what it called and how its promises settled, and by nothing else: the last word holds;
 * a want that was never met goes when its last promise rejects, and the one before it that was met stands again.
 */
export class WantedLedger {
  readonly #wanted = new Map<string, Wanted>();

  /** Records a want ahead of its call, within which the app may say more; what is returned follows the call's promise. */
  want(kind: WantedKind, name: string, options: number): (promise: Promise<unknown>) => void {
    const key = keyOf(kind, name);
    const before = this.#wanted.get(key);
    const same = before?.options === options ? before : null;
    const prior = before ? (before.met ? before.options : before.prior) : null;
    const wanted = same ?? { options, prior, before: before ?? null, met: false, open: 0 };
    wanted.open += 1;
    this.#wanted.set(key, wanted);
    return (promise) =>
      void promise.then(
        () => {
          wanted.open -= 1;
          wanted.met = true;
          const after = this.#wanted.get(key);
          if (after?.before === wanted && !after.met) after.prior = wanted.options;
        },
        (error: SessionError) => {
          wanted.open -= 1;
          if (error.code === 'NOT_LOGGED_IN' && !same) this.#back(key, wanted);
          else if (!wanted.met && wanted.open === 0) this.#back(key, wanted);
        },
      );
  }

  unwant(kind: WantedKind, name: string): void {
    this.#wanted.delete(keyOf(kind, name));
    if (kind === 'channel') for (const topic of ['topic', 'hearing'] as const) this.unwant(topic, name);
  }

  clear(): void {
    this.#wanted.clear();
  }

  has(kind: WantedKind, name: string): boolean {
    const inChannel = kind === 'topic' || kind === 'hearing';
    return this.#wanted.has(keyOf(kind, name)) && (!inChannel || this.has('channel', name));
  }

  #back(key: string, wanted: Wanted): void {
    if (this.#wanted.get(key) !== wanted) return;
    if (wanted.prior === null) {
      const [kind = '', name = ''] = key.split(' ');
      this.unwant(kind as WantedKind, name);
    } else this.#wanted.set(key, { options: wanted.prior, prior: null, before: null, met: true, open: 0 });
  }
}

function keyOf(kind: WantedKind, name: string): string {
  return `${kind} ${name}`;
}
