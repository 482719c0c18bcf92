import { type Deferred, deferred } from '../../environment/waiting.js';
import { SessionError } from '../state/session-error.js';
import { ChannelQueue } from './channel-queue.js';
import { CHANNEL, HEARING, hearing, type ItemKind, usersOf } from './item-kinds.js';
import { type ItemOptions, itemKey, UNKNOWN, type Want, WantedItem } from './wanted-item.js';

interface WantsOptions {
  /** Something of this channel is wanted otherwise, or known otherwise. */
  onLook(queue: ChannelQueue): void;
  /** Other stream channels than before need tokens. */
  onTargets(): void;
  /** The first outcome of an item, for whoever reports what was restored. */
  onOutcome(item: WantedItem, error: SessionError | null): void;
  /** Whether undoing can wait: the link is down, and the undo stays owed. */
  isDown(): boolean;
}

/** So many failed calls are taken before the first caller is told that it does not work. */
const MISSES_TAKEN = 3;

/**
 * What the app wants, channel by channel, and what becomes of its promises. Wants are recorded within the app's call, the last one
 * holds, and each promise settles exactly once. Nothing here calls the SDK.
 */
export class Wants {
  readonly #options: WantsOptions;
  readonly #queues = new Map<string, ChannelQueue>();

  constructor(options: WantsOptions) {
    this.#options = options;
  }

  get queues(): Iterable<ChannelQueue> {
    return this.#queues.values();
  }

  /** The queue of a message channel, or of a stream channel. */
  queue(channelName: string, isStream: boolean): ChannelQueue {
    const key = `${isStream ? 'stream' : 'message'} ${channelName}`;
    const queue = this.#queues.get(key) ?? new ChannelQueue(channelName, isStream);
    this.#queues.set(key, queue);
    return queue;
  }

  find(kind: ItemKind, channelName: string, topic: string = ''): WantedItem | null {
    const queue = this.#queues.get(`${isOfStream(kind) ? 'stream' : 'message'} ${channelName}`);
    return queue?.items.get(itemKey(kind, channelName, topic)) ?? null;
  }

  /**
   * Wants something with these options. Resolves when the item is known to be so and the link stands; rejects when it is given up,
   * replaced by other options, or no longer wanted.
   */
  want(kind: ItemKind, channelName: string, topic: string, options: ItemOptions, signal?: AbortSignal): Promise<void> {
    const queue = this.queue(channelName, isOfStream(kind));
    const item = this.#item(queue, kind, topic);
    const wanted = kind === HEARING && item.want ? both(item.want.options, options) : options;
    if (item.want?.options.key === wanted.key) this.#wantAgain(item);
    else this.#wantAnew(item, wanted);
    const waiter = deferred<void>();
    item.want?.waiters.add(waiter);
    if (signal) this.#abortable(item, waiter, signal);
    if (kind === CHANNEL) this.#options.onTargets();
    this.#options.onLook(queue);
    return waiter.promise;
  }

  /**
   * No longer wants something. Resolves when the SDK is known to have undone it, and at once where it cannot be reached; never
   * rejects, since what the SDK refuses to undo is repeated in the background.
   *
   * @param part of the users of a topic; by default all of it
   */
  unwant(kind: ItemKind, channelName: string, topic: string = '', part: ItemOptions | null = null): Promise<void> {
    const item = this.find(kind, channelName, topic);
    if (!item) return Promise.resolve();
    const left = part && item.want ? without(item.want.options, part) : null;
    if (left && item.want) item.want = { ...item.want, options: left };
    else this.#forget(item, new SessionError('ABORTED', `${describe(item)} is no longer wanted.`));
    const waiter = deferred<void>();
    item.undoWaiters.add(waiter);
    if (this.#options.isDown()) this.undone(item);
    if (kind === CHANNEL) this.#options.onTargets();
    this.#options.onLook(this.queueOf(item));
    return waiter.promise;
  }

  /** The app's word: what was given up is tried again. */
  retry(item: WantedItem): void {
    item.failed = null;
    item.misses = 0;
    item.strikes.refusals = 0;
    item.strikes.kicks = 0;
    this.#options.onLook(this.queueOf(item));
  }

  /** It is as wanted. */
  met(item: WantedItem): void {
    const { want } = item;
    if (!want) return;
    want.met = true;
    item.prior = null;
    item.misses = 0;
    item.trouble = null;
    this.#options.onOutcome(item, null);
    this.undone(item);
    settle(want.waiters, (waiter) => waiter.resolve());
  }

  /** A call failed for a reason that may pass. One that was never met is given up after three. */
  missed(item: WantedItem, error: SessionError): void {
    item.misses += 1;
    item.trouble = error;
    this.#options.onOutcome(item, error);
    if (item.misses >= MISSES_TAKEN && item.want && !item.want.met) this.#reject(item, error);
  }

  /** A repetition cannot help. A want that was met before stays, marked as failed; another is withdrawn. */
  refuse(item: WantedItem, error: SessionError): void {
    const { want } = item;
    if (!want) return;
    this.#options.onOutcome(item, error);
    if (!want.met) {
      this.#reject(item, error);
      return;
    }
    item.failed = error;
    settle(want.waiters, (waiter) => waiter.reject(error));
    if (item.kind !== CHANNEL) return;
    for (const topic of this.queueOf(item).topics) this.#endWaiting(topic, error);
    this.#options.onTargets();
  }

  /** The channel was left by a call of the app's own: neither it nor its topics are wanted any more. */
  left(item: WantedItem): void {
    this.#forget(item, new SessionError('CHANNEL_FAILED', `${describe(item)} was left.`));
    this.undone(item);
    this.#options.onTargets();
  }

  /** Undone, or not to be waited for. */
  undone(item: WantedItem): void {
    settle(item.undoWaiters, (waiter) => waiter.resolve());
  }

  /** The session stopped trying: who waits is told, what was never met is withdrawn, and the rest waits for the next login. */
  giveUp(error: SessionError): void {
    for (const item of this.items()) {
      this.undone(item);
      this.#endWaiting(item, error);
    }
    this.#options.onTargets();
  }

  /** The user logged out: nothing is wanted any more. */
  clear(error: SessionError): void {
    for (const item of this.items()) {
      this.#forget(item, error);
      this.undone(item);
    }
    this.#options.onTargets();
  }

  /** Every item, channels ahead of their topics. */
  items(): WantedItem[] {
    return [...this.#queues.values()].flatMap((queue) => queue.ordered);
  }

  /** Removes an item of which nothing is left to do. */
  drop(item: WantedItem): void {
    const queue = this.queueOf(item);
    queue.items.delete(item.key);
    queue.dropped.add(item);
    const idle = queue.items.size === 0 && !queue.flight && queue.late.size === 0 && !isOpen(queue);
    if (idle) this.#queues.delete(`${queue.isStream ? 'stream' : 'message'} ${queue.channelName}`);
  }

  queueOf(item: WantedItem): ChannelQueue {
    return this.queue(item.channelName, isOfStream(item.kind));
  }

  #item(queue: ChannelQueue, kind: ItemKind, topic: string): WantedItem {
    const key = itemKey(kind, queue.channelName, topic);
    const known = queue.items.get(key);
    if (known) return known;
    const item = new WantedItem(kind, queue.channelName, topic);
    // The app may have joined it through the SDK.
    if (kind === CHANNEL && isOpen(queue)) item.known = UNKNOWN;
    queue.items.set(key, item);
    return item;
  }

  #wantAgain(item: WantedItem): void {
    if (item.failed) this.retry(item);
  }

  #wantAnew(item: WantedItem, options: ItemOptions): void {
    const old = item.want;
    if (old?.met) item.prior = old.options;
    const adds = item.kind === HEARING && old !== null;
    const want: Want = { options, waiters: new Set(adds ? old.waiters : []), met: false };
    item.want = want;
    Object.assign(item, { misses: 0, failed: null, trouble: null });
    Object.assign(item.strikes, { refusals: 0, kicks: 0 });
    item.missed.clear();
    endBackoff(item);
    this.undone(item);
    const error = new SessionError('ABORTED', `${describe(item)} was wanted with other options.`);
    if (old && !adds) settle(old.waiters, (waiter) => waiter.reject(error));
  }

  #forget(item: WantedItem, error: SessionError): void {
    const { want } = item;
    item.prior = null;
    if (!want) return;
    item.want = null;
    Object.assign(item, { misses: 0, failed: null, trouble: null, awaitsToken: false });
    endBackoff(item);
    settle(want.waiters, (waiter) => waiter.reject(error));
    if (item.kind === CHANNEL) this.#forgetTopics(item, error);
  }

  #forgetTopics(channel: WantedItem, error: SessionError): void {
    for (const topic of this.queueOf(channel).topics) this.#forget(topic, error);
  }

  #reject(item: WantedItem, error: SessionError): void {
    const { want } = item;
    if (!want) return;
    this.#withdraw(item, error);
    settle(want.waiters, (waiter) => waiter.reject(error));
    this.#options.onTargets();
  }

  /** The want goes, and the one before it that was met stands again. */
  #withdraw(item: WantedItem, error: SessionError): void {
    item.want = item.prior ? { options: item.prior, waiters: new Set(), met: true } : null;
    Object.assign(item, { prior: null, misses: 0, failed: null, awaitsToken: false });
    if (!item.want && item.kind === CHANNEL) this.#forgetTopics(item, error);
  }

  #endWaiting(item: WantedItem, error: SessionError): void {
    const { want } = item;
    if (!want) return;
    if (!want.met) this.#withdraw(item, error);
    settle(want.waiters, (waiter) => waiter.reject(error));
  }

  #abortable(item: WantedItem, waiter: Deferred<void>, signal: AbortSignal): void {
    const abort = (): void => {
      const { want } = item;
      if (!want?.waiters.delete(waiter)) return;
      waiter.reject(new SessionError('ABORTED', `Waiting for ${describe(item)} was aborted.`));
      if (want.waiters.size > 0 || want.met) return;
      this.#withdraw(item, new SessionError('ABORTED', `${describe(item)} is no longer wanted.`));
      this.#options.onTargets();
      this.#options.onLook(this.queueOf(item));
    };
    signal.addEventListener('abort', abort, { once: true });
    const done = (): void => signal.removeEventListener('abort', abort);
    waiter.promise.then(done, done);
  }
}

/** Ends a wait that the app's word outweighs; what the SDK asked for with throttling holds. */
function endBackoff(item: WantedItem): void {
  if (item.pause?.why === 'backoff') item.pause = null;
}

function settle(waiters: Set<Deferred<void>>, end: (waiter: Deferred<void>) => void): void {
  const all = [...waiters];
  waiters.clear();
  for (const waiter of all) end(waiter);
}

function isOfStream(kind: ItemKind): boolean {
  return kind === CHANNEL || kind.inChannel;
}

function isOpen({ link }: ChannelQueue): boolean {
  return link !== 'IDLE' && link !== 'FAILED';
}

function both(a: ItemOptions, b: ItemOptions): ItemOptions {
  return hearing([...usersOf(a), ...usersOf(b)]);
}

/** What is left of the users when some are taken away; null for nobody. */
function without(from: ItemOptions, part: ItemOptions): ItemOptions | null {
  const left = usersOf(from).filter((user) => !usersOf(part).includes(user));
  return left.length > 0 ? hearing(left) : null;
}

/** Names an item at the beginning of a sentence. */
export function describe({ kind, channelName, topic }: WantedItem): string {
  if (kind === CHANNEL) return `The stream channel "${channelName}"`;
  return kind.inChannel ? `The topic "${topic}" of "${channelName}"` : `The message channel "${channelName}"`;
}
