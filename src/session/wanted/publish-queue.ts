import type { Clock } from '../../environment/clock.js';
import { type Deferred, deferred } from '../../environment/waiting.js';
import { utf8Length } from '../../token/utf8.js';
import { callSdk, type SdkAnswer } from '../sdk/call-sdk.js';
import type { Lane, LeaveLane } from '../sdk/lane.js';
import { errorClass } from '../sdk/reasons.js';
import { SessionError } from '../state/session-error.js';
import type { QueueOptions } from './queue-options.js';

/** One kind of message: when it can be sent, and what a lost answer means. */
interface PublishQueueOptions {
  readonly clock: Clock;
  readonly lane: Lane;
  /** Whether messages of this channel can be sent now. */
  canSend(channel: string): boolean;
  /** Why not, for who does not wait. */
  downError(channel: string): SessionError;
  readonly whenDown: 'wait' | 'reject';
}

/** One message that waits or is on its way. */
interface Message {
  readonly channel: string;
  readonly order: number;
  readonly bytes: number;
  readonly replaceKey: string | undefined;
  /** Whether it may wait for the link to come back. */
  readonly waits: boolean;
  readonly send: () => Promise<unknown>;
  readonly sent: Deferred<unknown>;
  state: 'waiting' | 'sent' | 'over';
  timer: unknown;
}

interface Channel {
  /** In the order in which they are to be sent. */
  readonly waiting: Message[];
  /** After a refusal for too many calls: not before. */
  notBeforeMs: number;
  place: LeaveLane | null;
  timer: unknown;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MOST_MESSAGES = 100;
const MOST_BYTES = 256 * 1024;
const THROTTLED_MS = 1_000;

/**
 * Sends messages in the order of their calls, channel by channel, at the pace that the SDK bears, without waiting for one answer before
 * the next. A message is sent once: one whose answer is lost rejects with `UNCERTAIN` and is never sent again.
 */
export class PublishQueue {
  readonly #options: PublishQueueOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #open = new Set<Message>();
  #orders = 0;
  #waitingBytes = 0;
  #waitingCount = 0;

  constructor(options: PublishQueueOptions) {
    this.#options = options;
  }

  /** Sends a message when its turn comes. Rejects with `QUEUE_FULL`, `CALL_FAILED`, `UNCERTAIN`, `ABORTED` and the session's own end. */
  publish<T>(channel: string, bytes: number, send: () => Promise<T>, options: QueueOptions = {}): Promise<T> {
    const { clock, canSend, downError, whenDown } = this.#options;
    const waits = (options.whenDown ?? whenDown) === 'wait';
    if (!waits && !canSend(channel)) return Promise.reject(downError(channel));
    const replaced = this.#replaced(channel, options.replaceKey);
    if (replaced) this.#end(replaced, new SessionError('ABORTED', 'A later message replaced this one.'));
    if (this.#waitingCount >= MOST_MESSAGES || this.#waitingBytes + bytes > MOST_BYTES) {
      const message = `The queue holds ${MOST_MESSAGES} messages or ${MOST_BYTES / 1024} KB at most; publish less often, or wait for what was published.`;
      return Promise.reject(new SessionError('QUEUE_FULL', message));
    }
    const message: Message = {
      channel,
      order: this.#orders++,
      bytes,
      replaceKey: options.replaceKey,
      waits,
      send,
      sent: deferred(),
      state: 'waiting',
      timer: clock.setTimeout(() => this.#timeOut(message), options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    };
    this.#enqueue(message);
    this.#abortable(message, options.signal);
    this.look(channel);
    // What the SDK answers to this message is what its caller asked for.
    return message.sent.promise as Promise<T>;
  }

  /** Messages of this channel may be sent again; without a channel, of any. */
  look(channel?: string): void {
    const names = channel === undefined ? [...this.#channels.keys()] : [channel];
    for (const name of names) this.#lookAt(name);
  }

  /** The link is lost: what is on its way may have arrived or not, and is not sent again. */
  linkDown(): void {
    for (const message of [...this.#open]) {
      if (message.state === 'sent') this.#end(message, uncertain());
      else if (!message.waits) this.#end(message, this.#options.downError(message.channel));
    }
    for (const channel of this.#channels.values()) this.#leaveLane(channel);
  }

  /** Nothing is sent any more. */
  clear(error: SessionError): void {
    for (const message of [...this.#open]) this.#end(message, message.state === 'sent' ? uncertain() : error);
  }

  /** Messages that wait, for a diagnosis. */
  get waiting(): number {
    return this.#waitingCount;
  }

  #lookAt(name: string): void {
    const channel = this.#channels.get(name);
    if (!channel) return;
    const { clock, lane, canSend } = this.#options;
    const waitMs = channel.notBeforeMs - clock.monotonic();
    const due = channel.waiting.length > 0 && canSend(name);
    if (!due || waitMs > 0) this.#leaveLane(channel);
    if (due && waitMs > 0) channel.timer ??= clock.setTimeout(() => this.#wake(name), Math.ceil(waitMs));
    if (!due || waitMs > 0 || channel.place) return;
    let entered = true;
    const place = lane.enter('app', () => {
      channel.place = null;
      entered = false;
      return this.#sendNext(name);
    });
    if (entered) channel.place = place;
  }

  #wake(name: string): void {
    const channel = this.#channels.get(name);
    if (channel) channel.timer = null;
    this.#lookAt(name);
  }

  #sendNext(name: string): boolean {
    const message = this.#options.canSend(name) ? this.#channels.get(name)?.waiting[0] : undefined;
    if (!message) return false;
    this.#unqueue(message);
    message.state = 'sent';
    callSdk(message.send, (answer) => this.#answered(message, answer));
    queueMicrotask(() => this.#lookAt(name));
    return true;
  }

  #answered(message: Message, answer: SdkAnswer<unknown>): void {
    if (message.state === 'over') return;
    if (answer.is === 'ok') this.#end(message, null, answer.value);
    else if (answer.is === 'none') this.#end(message, uncertain());
    else if (errorClass(answer.code) === 'throttled') this.#throttled(message);
    else this.#end(message, new SessionError('CALL_FAILED', 'Signaling did not take the message.', answer.cause));
  }

  /** Nothing was sent (F 2.6): it goes back to its place. */
  #throttled(message: Message): void {
    message.state = 'waiting';
    this.#enqueue(message);
    const channel = this.#channels.get(message.channel);
    if (channel) channel.notBeforeMs = this.#options.clock.monotonic() + THROTTLED_MS;
    this.#lookAt(message.channel);
  }

  #timeOut(message: Message): void {
    const late = new SessionError('CALL_FAILED', 'The message could not be sent in time.', { name: 'TimeoutError' });
    this.#end(message, message.state === 'sent' ? uncertain() : late);
  }

  #end(message: Message, error: SessionError | null, value?: unknown): void {
    if (message.state === 'over') return;
    if (message.state === 'waiting') this.#unqueue(message);
    message.state = 'over';
    this.#open.delete(message);
    this.#options.clock.clearTimeout(message.timer);
    if (error) message.sent.reject(error);
    else message.sent.resolve(value);
    this.#dropChannel(message.channel);
  }

  #replaced(channel: string, key: string | undefined): Message | undefined {
    if (key === undefined) return undefined;
    return this.#channels.get(channel)?.waiting.find(({ replaceKey }) => replaceKey === key);
  }

  #enqueue(message: Message): void {
    const channel = this.#channels.get(message.channel) ?? { waiting: [], notBeforeMs: 0, place: null, timer: null };
    this.#channels.set(message.channel, channel);
    const after = channel.waiting.findIndex(({ order }) => order > message.order);
    channel.waiting.splice(after < 0 ? channel.waiting.length : after, 0, message);
    this.#open.add(message);
    this.#waitingCount += 1;
    this.#waitingBytes += message.bytes;
  }

  #unqueue(message: Message): void {
    const waiting = this.#channels.get(message.channel)?.waiting ?? [];
    const index = waiting.indexOf(message);
    if (index < 0) return;
    waiting.splice(index, 1);
    this.#waitingCount -= 1;
    this.#waitingBytes -= message.bytes;
  }

  #dropChannel(name: string): void {
    const channel = this.#channels.get(name);
    if (!channel || channel.waiting.length > 0) return;
    this.#leaveLane(channel);
    this.#options.clock.clearTimeout(channel.timer);
    this.#channels.delete(name);
  }

  #leaveLane(channel: Channel): void {
    channel.place?.();
    channel.place = null;
  }

  #abortable(message: Message, signal: AbortSignal | undefined): void {
    if (!signal) return;
    const abort = (): void => {
      if (message.state === 'waiting') this.#end(message, new SessionError('ABORTED', 'The message was aborted.'));
    };
    signal.addEventListener('abort', abort, { once: true });
    const done = (): void => signal.removeEventListener('abort', abort);
    message.sent.promise.then(done, done);
  }
}

function uncertain(): SessionError {
  return new SessionError('UNCERTAIN', 'The message was sent, and nobody knows whether it arrived.');
}

/** How many bytes a message takes up. */
export function byteLength(message: string | Uint8Array): number {
  return typeof message === 'string' ? utf8Length(message) : message.byteLength;
}
