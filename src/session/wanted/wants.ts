import { deferred } from '../../environment/waiting.js';
import { SessionError } from '../state/session-error.js';
import { abortable } from './abortable.js';
import { ChannelQueue } from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { CHANNEL, HEARING, hearing, type ItemKind, SUBSCRIPTION, usersOf } from './item-kinds.js';
import type { Restoring } from './restoring.js';
import type { ItemOptions, Waiters, Want, WantedItem } from './wanted-item.js';

interface WantsOptions {
  readonly tokens: Pick<ChannelTokens, 'keep'>;
  /** Is told the first outcome of each item. */
  readonly restoring: Restoring;
  /** Something of this channel is wanted otherwise. */
  look(queue: ChannelQueue): void;
}

/** So many failed calls are taken before the first caller is told that it does not work. */
const MISSES_TAKEN = 3;

/**
 * What the app wants, channel by channel, and what becomes of its promises. Wants are recorded within the app's call, the last one
 * holds, and each promise settles exactly once. Nothing here calls the SDK.
 */
export class Wants {
  /** Whether the login's link is CONNECTED. */
  isUp = false;
  /** Everything of stream channels, by name. */
  readonly streams: Map<string, ChannelQueue> = new Map();
  readonly #messages = new Map<string, ChannelQueue>();
  readonly #options: WantsOptions;
  #targetsChanged = false;

  constructor(options: WantsOptions) {
    this.#options = options;
  }

  /** Message channels first. */
  get queues(): ChannelQueue[] {
    return [...this.#messages.values(), ...this.streams.values()];
  }

  /** Every item, channels ahead of their topics. */
  get items(): WantedItem[] {
    return this.queues.flatMap(({ items }) => items);
  }

  /** The stream channels that need tokens. */
  get channelNames(): string[] {
    const needy = [...this.streams.values()].filter(({ head }) => head?.want && !head.failed);
    return needy.map(({ channelName }) => channelName);
  }

  /** The queue of a message channel, or of a stream channel. */
  queue(channelName: string, isStream: boolean): ChannelQueue {
    const queues = isStream ? this.streams : this.#messages;
    const queue = queues.get(channelName) ?? new ChannelQueue(channelName, isStream);
    queues.set(channelName, queue);
    return queue;
  }

  /** The item of a message or stream channel, or null. */
  find(kind: ItemKind, channelName: string): WantedItem | null {
    return (kind === SUBSCRIPTION ? this.#messages : this.streams).get(channelName)?.head ?? null;
  }

  /**
   * Wants something with these options. Resolves when the item is known to be so and the link stands; rejects when it is given up,
   * replaced by other options, or no longer wanted.
   */
  want(item: WantedItem, options: ItemOptions, signal?: AbortSignal): Promise<WantedItem> {
    const before = item.want;
    const wanted =
      item.kind === HEARING && before ? hearing([...usersOf(before.options), ...usersOf(options)]) : options;
    const want = before?.options.key === wanted.key ? before : this.#wantAnew(item, wanted);
    if (item.failed) release(item);
    const waiter = deferred<WantedItem>();
    want.waiters.add(waiter);
    abortable(waiter.promise, signal, () => {
      if (!item.want?.waiters.delete(waiter)) return;
      waiter.reject(new SessionError('ABORTED', `Waiting was aborted: ${item}.`));
      if (item.want.waiters.size > 0 || item.want.met) return;
      this.#withdraw(item, unwanted(item));
      this.#changed(item);
    });
    this.#changed(item);
    return waiter.promise;
  }

  /**
   * No longer wants something. Resolves when the SDK is known to have undone it, and at once where it cannot be reached; never
   * rejects, since what the SDK refuses to undo is repeated in the background.
   *
   * @param part of the users of a topic; by default all of it
   */
  async unwant(item: WantedItem | null, part?: readonly string[]): Promise<void> {
    if (!item) return;
    const left = without(part, item.want?.options);
    if (item.want && left) {
      item.want = { ...item.want, options: left };
      item.prior = without(part, item.prior);
    } else this.#forget(item, unwanted(item));
    const waiter = deferred<WantedItem>();
    item.undoWaiters.add(waiter);
    this.#changed(item);
    await waiter.promise;
  }

  /** The app's word: what was given up is tried again. */
  retry(item: WantedItem): void {
    release(item);
    this.#changed(item);
  }

  /** It is as wanted. */
  met(item: WantedItem): void {
    const { want } = item;
    if (!want) return;
    want.met = true;
    Object.assign(item, { prior: null, misses: 0, hold: null });
    this.#options.restoring.outcome(item, null);
    this.undone(item);
    settle(want.waiters, item);
  }

  /** A call failed for a reason that may pass. One that was never met is given up after three. */
  missed(item: WantedItem, error: SessionError): void {
    item.misses += 1;
    if (item.hold) item.hold.error = error;
    this.#options.restoring.outcome(item, error);
    if (item.misses >= MISSES_TAKEN && item.want?.met === false) this.#reject(item, error);
  }

  /** A repetition cannot help. A want that was met before stays, marked as failed; another is withdrawn. */
  refuse(item: WantedItem, error: SessionError): void {
    if (!item.want) return;
    this.#options.restoring.outcome(item, error);
    if (item.want.met) {
      item.hold = { is: 'failed', untilMs: Number.POSITIVE_INFINITY, retriesAt: null, error };
      if (item.kind === CHANNEL) for (const topic of item.queue.topics.values()) this.#endWaiting(topic, error);
    }
    this.#reject(item, error);
  }

  /** The channel was left by a call of the app's own: neither it nor its topics are wanted any more. */
  left(item: WantedItem): void {
    this.#forget(item, new SessionError('CHANNEL_FAILED', `${item} was left.`));
    this.undone(item);
    this.changeTargets();
  }

  /** Undone, or not to be waited for. */
  undone(item: WantedItem): void {
    settle(item.undoWaiters, item);
  }

  /** The session stopped trying: who waits is told, what was never met is withdrawn, and the rest waits for the next login. */
  giveUp(error: SessionError): void {
    for (const item of this.items) {
      this.undone(item);
      this.#endWaiting(item, error);
    }
    this.changeTargets();
  }

  /** The user logged out: nothing is wanted any more. */
  clear(error: SessionError): void {
    for (const item of this.items) {
      this.#forget(item, error);
      this.undone(item);
    }
    this.changeTargets();
  }

  /** Forgets a channel of which nothing is left to know. */
  drop(queue: ChannelQueue): void {
    const queues = queue.isStream ? this.streams : this.#messages;
    if (queues.get(queue.channelName) === queue) queues.delete(queue.channelName);
  }

  /** Other channels than before need tokens, which is told once for all that changes in one turn. */
  changeTargets(): void {
    if (this.#targetsChanged) return;
    this.#targetsChanged = true;
    queueMicrotask(() => {
      this.#targetsChanged = false;
      this.#options.tokens.keep(this.channelNames);
    });
  }

  #changed({ kind, queue }: WantedItem): void {
    if (kind === CHANNEL) this.changeTargets();
    this.#options.look(queue);
  }

  #wantAnew(item: WantedItem, options: ItemOptions): Want {
    const old = item.want;
    if (old?.met) item.prior = old.options;
    // Who waits for users of a topic waits for more of them.
    const adds = item.kind === HEARING;
    const want: Want = { options, waiters: new Set(adds ? old?.waiters : []), met: false };
    item.want = want;
    pardon(item);
    item.missed.clear();
    endHold(item);
    this.undone(item);
    if (old && !adds) settle(old.waiters, new SessionError('ABORTED', `${item} was wanted with other options.`));
    return want;
  }

  #forget(item: WantedItem, error: SessionError): void {
    const { want } = item;
    item.prior = null;
    if (!want) return;
    this.#withdraw(item, error);
    endHold(item);
    settle(want.waiters, error);
  }

  #forgetTopics({ kind, queue }: WantedItem, error: SessionError): void {
    if (kind === CHANNEL) for (const topic of queue.topics.values()) this.#forget(topic, error);
  }

  #reject(item: WantedItem, error: SessionError): void {
    this.#endWaiting(item, error);
    if (item.kind === CHANNEL) this.changeTargets();
  }

  #endWaiting(item: WantedItem, error: SessionError): void {
    const { want } = item;
    if (!want) return;
    if (!want.met) this.#withdraw(item, error);
    settle(want.waiters, error);
  }

  /** The want goes, and the one before it that was met stands again. */
  #withdraw(item: WantedItem, error: SessionError): void {
    item.want = item.prior ? { options: item.prior, waiters: new Set(), met: true } : null;
    item.prior = null;
    item.misses = 0;
    if (!item.want) this.#forgetTopics(item, error);
  }
}

/** What is left of the users of a topic; null for nobody. */
function without(part: readonly string[] | undefined, options: ItemOptions | null | undefined): ItemOptions | null {
  const left = part && options ? usersOf(options).filter((user) => !part.includes(user)) : [];
  return left.length > 0 ? hearing(left) : null;
}

/** Why whoever waits for an item waits no more. */
export function unwanted(item: WantedItem): SessionError {
  return new SessionError('ABORTED', `${item} is no longer wanted.`);
}

/** What the app says anew is not charged with what was before. */
function pardon(item: WantedItem): void {
  item.misses = 0;
  item.strikes.refusals = 0;
  item.strikes.kicks = 0;
}

function release(item: WantedItem): void {
  item.hold = null;
  pardon(item);
}

/** Ends a wait that the app's word outweighs; what the SDK asked for holds. */
function endHold(item: WantedItem): void {
  const { hold } = item;
  if (hold?.is !== 'throttled' && hold?.is !== 'stream') item.hold = null;
}

function settle(waiters: Waiters, end: WantedItem | SessionError): void {
  const all = [...waiters];
  waiters.clear();
  for (const waiter of all) {
    if (end instanceof SessionError) waiter.reject(end);
    else waiter.resolve(end);
  }
}
