import type { Clock } from '../../environment/clock.js';
import { SessionError } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import { CHANNEL } from './item-kinds.js';
import type { WantedItem } from './wanted-item.js';

/** An app is told after this long what became of an item, counted from its call, milliseconds; the work on it goes on. */
const OUTCOME_MS = 30_000;

interface Restored {
  result: RestoreResult | null;
  /** From its call, or from when it began to wait for its token, on; waiting in the lane does not count. */
  timer: unknown;
}

/** Follows what is brought back after a login or with a link that was lost, until each item has had its first outcome. */
export class Restoring {
  readonly #clock: Clock;
  readonly #onDone: (results: RestoreResult[]) => void;
  #pending = 0;
  /** Null while nothing is restored. */
  #restored: Map<WantedItem, Restored> | null = null;

  constructor(clock: Clock, onDone: (results: RestoreResult[]) => void) {
    this.#clock = clock;
    this.#onDone = onDone;
  }

  /** @param items in the order in which they are told, channels ahead of their topics */
  begin(items: readonly WantedItem[]): void {
    this.#follow(items);
    this.#finishIfDone();
  }

  /** The link was resumed with all that it had. What was not there before is followed, unless it was given up. */
  resume(items: readonly WantedItem[]): void {
    this.#follow(items);
    for (const item of items) {
      if (item.failed) this.#settle(item, item.hold?.error ?? null);
      else if (item.isMet) this.#settle(item, null);
    }
    this.#finishIfDone();
  }

  /** The link is lost again: nothing is told of what was under way. */
  cancel(): void {
    for (const { timer } of this.#restored?.values() ?? []) this.#clock.clearTimeout(timer);
    this.#restored = null;
  }

  /** An item's call left, or began to wait for its token. */
  tried(item: WantedItem): void {
    const restored = this.#restored?.get(item);
    if (!restored || restored.result) return;
    const expire = (): void =>
      this.outcome(item, new SessionError('CHANNEL_FAILED', `${item} is still being restored.`));
    restored.timer ??= this.#clock.setTimeout(expire, OUTCOME_MS);
  }

  /** The first outcome counts. Topics of a channel that is not joined share its fate. */
  outcome(item: WantedItem, error: SessionError | null): void {
    if (!this.#settle(item, error)) return;
    if (error && item.kind === CHANNEL) for (const topic of item.queue.topics.values()) this.#settle(topic, error);
    this.#finishIfDone();
  }

  /** Items that are no longer wanted are not reported. */
  forget(item: WantedItem): void {
    this.#settle(item, null);
    this.#restored?.delete(item);
    this.#finishIfDone();
  }

  #follow(items: readonly WantedItem[]): void {
    this.cancel();
    this.#restored = new Map(items.map((item) => [item, { result: null, timer: null }]));
    this.#pending = items.length;
  }

  #settle(item: WantedItem, error: SessionError | null): boolean {
    const restored = this.#restored?.get(item);
    if (!restored || restored.result) return false;
    this.#clock.clearTimeout(restored.timer);
    this.#pending -= 1;
    const { kind, queue, topic } = item;
    restored.result = {
      kind: kind.name,
      channelName: queue.channelName,
      ...(kind.inChannel ? { topicName: topic } : {}),
      ok: error === null,
      ...(error ? { error } : {}),
    };
    return true;
  }

  #finishIfDone(): void {
    const all = this.#restored;
    if (!all || this.#pending > 0) return;
    this.cancel();
    this.#onDone([...all.values()].flatMap(({ result }) => (result ? [result] : [])));
  }
}
