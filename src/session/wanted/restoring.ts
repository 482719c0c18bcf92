import type { Clock } from '../../environment/clock.js';
import { SessionError } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import type { WantedItem } from './wanted-item.js';
import { describe } from './wants.js';

/** An app is told after this long what became of an item, counted from its call, milliseconds; the work on it goes on. */
const OUTCOME_MS = 30_000;

interface Restored {
  readonly item: WantedItem;
  result: RestoreResult | null;
  /** When its call left, or began to wait for its token; waiting in the lane does not count. */
  triedMs: number | null;
}

/** Follows what is brought back after a login or a link that was not resumed, until each item has had its first outcome. */
export class Restoring {
  readonly #clock: Clock;
  readonly #onDone: (results: RestoreResult[]) => void;
  #restored: Map<WantedItem, Restored> | null = null;
  #pending = 0;
  #timer: unknown = null;

  constructor(clock: Clock, onDone: (results: RestoreResult[]) => void) {
    this.#clock = clock;
    this.#onDone = onDone;
  }

  /** @param items in the order in which they are told, channels ahead of their topics */
  begin(items: readonly WantedItem[]): void {
    this.cancel();
    this.#restored = new Map(items.map((item) => [item, { item, result: null, triedMs: null }]));
    this.#pending = items.length;
    this.#finishIfDone();
  }

  /** The link is lost again: nothing is told of what was under way. */
  cancel(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
    this.#restored = null;
  }

  /** An item's call left, or began to wait for its token. */
  tried(item: WantedItem): void {
    const restored = this.#restored?.get(item);
    if (!restored || restored.triedMs !== null) return;
    restored.triedMs = this.#clock.monotonic();
    if (this.#timer === null) this.#timer = this.#clock.setTimeout(() => this.#expire(), OUTCOME_MS);
  }

  /** The first outcome counts. Topics of a channel that is not joined share its fate. */
  outcome(item: WantedItem, error: SessionError | null): void {
    const all = this.#restored;
    const restored = all?.get(item);
    if (!all || !restored || restored.result) return;
    this.#settle(restored, error);
    if (error && item.kind.name === 'channel') {
      for (const other of all.values()) {
        if (other.item.kind.inChannel && other.item.channelName === item.channelName) this.#settle(other, error);
      }
    }
    this.#finishIfDone();
  }

  /** Items that are no longer wanted are not reported. */
  forget(item: WantedItem): void {
    const restored = this.#restored?.get(item);
    if (!restored || item.want) return;
    this.#restored?.delete(item);
    if (!restored.result) this.#pending -= 1;
    this.#finishIfDone();
  }

  #settle(restored: Restored, error: SessionError | null): void {
    if (restored.result) return;
    this.#pending -= 1;
    const { kind, channelName, topic } = restored.item;
    restored.result = {
      kind: kind.name,
      channelName,
      ...(kind.inChannel ? { topicName: topic } : {}),
      ok: error === null,
      ...(error ? { error } : {}),
    };
  }

  #expire(): void {
    this.#timer = null;
    const now = this.#clock.monotonic();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { item, result, triedMs } of [...(this.#restored?.values() ?? [])]) {
      if (result || triedMs === null) continue;
      const leftMs = triedMs + OUTCOME_MS - now;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else this.outcome(item, new SessionError('CHANNEL_FAILED', `${describe(item)} is still being restored.`));
    }
    if (this.#restored && this.#timer === null && nextMs < Number.POSITIVE_INFINITY) {
      this.#timer = this.#clock.setTimeout(() => this.#expire(), nextMs);
    }
  }

  #finishIfDone(): void {
    const all = this.#restored;
    if (!all || this.#pending > 0) return;
    this.cancel();
    this.#onDone([...all.values()].flatMap(({ result }) => (result ? [result] : [])));
  }
}
