import { type Clock, elapsedMs, type Instant, instant } from '../../environment/clock.js';
import { type Deferred, deferred } from '../../environment/waiting.js';
import { utf8Length } from '../../token/utf8.js';
import { callSdk, codeOf, type SdkAnswer } from '../sdk/call-sdk.js';
import { Lane } from '../sdk/lane.js';
import { errorClass } from '../sdk/reasons.js';
import { SessionError } from '../state/session-error.js';
import { abortable } from './abortable.js';
import { LanePlace } from './lane-place.js';
import type { QueueWish } from './queue-options.js';

/** One kind of message. */
interface PublishQueueOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  /** What happens by default to a message that cannot be sent now. */
  readonly whenDown: 'wait' | 'reject';
  /** Why one that does not wait was not sent. */
  readonly downMessage: string;
}

/** What is to be published. */
export interface Publication {
  /** Where to; messages of one channel are sent in order. */
  readonly channel: string;
  readonly message: string | Uint8Array;
  /** Whether messages of this channel can be sent now. */
  canSend(): boolean;
  send(): Promise<unknown>;
  /** The SDK took it, or refused it with this code, which says something of the link or the channel. */
  answered(code: number | null): void;
}

/** One message that waits or is on its way. */
interface Message extends Publication {
  readonly bytes: number;
  readonly replaceKey: string | undefined;
  /** Whether it may wait for the link to come back. */
  readonly waits: boolean;
  readonly sent: Deferred<unknown>;
  /** When it was published, and how long it may wait; a machine that sleeps stops the timer. */
  readonly since: Instant;
  readonly timeoutMs: number;
  readonly timer: unknown;
  state: 'new' | 'waiting' | 'sent' | 'over';
}

interface Channel {
  /** Those that wait and those on their way, in the order of their calls. */
  readonly messages: Set<Message>;
  readonly place: LanePlace;
  /** After a refusal for too many calls: not before. */
  notBeforeMs: number;
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
  readonly #lane: Lane;
  readonly #channels = new Map<string, Channel>();
  #waitingBytes = 0;
  #waiting = 0;

  constructor(options: PublishQueueOptions) {
    this.#options = options;
    this.#lane = new Lane(options);
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Sends a message when its turn comes. Rejects with `QUEUE_FULL`, `CALL_FAILED`, `UNCERTAIN`, `ABORTED` and the session's own end. */
  publish(publication: Publication, options: QueueWish): Promise<unknown> {
    const { clock } = this.#options;
    const { replaceKey, timeoutMs = DEFAULT_TIMEOUT_MS, whenDown = this.#options.whenDown } = options;
    const waits = whenDown === 'wait';
    if (!waits && !publication.canSend()) return Promise.reject(this.#down());
    const bytes = byteLength(publication.message);
    const last = this.#lastOf(publication.channel, replaceKey);
    const replaced = last?.state === 'waiting' ? last : null;
    const more = bytes - (replaced?.bytes ?? 0);
    if ((this.#waiting >= MOST_MESSAGES && !replaced) || this.#waitingBytes + more > MOST_BYTES) {
      const text = `${MOST_MESSAGES} messages or ${MOST_BYTES / 1024} KB wait already; publish less often, or wait for what was published.`;
      return Promise.reject(new SessionError('QUEUE_FULL', text));
    }
    if (replaced) this.#replace(replaced);
    const message: Message = {
      ...publication,
      bytes,
      replaceKey,
      waits,
      sent: deferred(),
      since: instant(clock),
      timeoutMs,
      timer: clock.setTimeout(() => this.#end(message, message.state === 'sent' ? uncertain() : late()), timeoutMs),
      state: 'new',
    };
    this.#channel(message).messages.add(message);
    this.#turn(message, 'waiting');
    abortable(message.sent.promise, options.signal, () => {
      if (message.state === 'waiting') this.#end(message, new SessionError('ABORTED', 'The message was aborted.'));
    });
    this.look(message.channel);
    return message.sent.promise;
  }

  /** Messages of this channel may be sent again; without a channel, of any. */
  look(channel?: string): void {
    for (const name of channel === undefined ? [...this.#channels.keys()] : [channel]) this.#lookAt(name);
  }

  /** The link is lost: what is on its way may have arrived or not, and is not sent again. */
  linkDown(): void {
    for (const message of this.#messages) {
      if (message.state === 'sent') this.#end(message, uncertain());
      else if (!message.waits) this.#end(message, this.#down());
    }
    for (const { place } of this.#channels.values()) place.leave();
  }

  /** Nothing is sent any more. */
  clear(error: SessionError): void {
    for (const message of this.#messages) this.#end(message, message.state === 'sent' ? uncertain() : error);
    this.#channels.clear();
  }

  get #messages(): Message[] {
    return [...this.#channels.values()].flatMap(({ messages }) => [...messages]);
  }

  /** The last message of a channel and key that waits or is on its way; those before it do not wait. */
  #lastOf(channel: string, key: string | undefined): Message | undefined {
    const messages = [...(this.#channels.get(channel)?.messages ?? [])];
    return messages.filter(({ replaceKey }) => key !== undefined && replaceKey === key).pop();
  }

  #replace(message: Message): void {
    this.#end(message, new SessionError('ABORTED', 'A later message replaced this one.'));
  }

  #lookAt(name: string): void {
    const channel = this.#channels.get(name);
    if (!channel) return;
    const { clock } = this.#options;
    const isDue = nextOf(channel)?.canSend() === true;
    const waitMs = channel.notBeforeMs - clock.monotonic();
    if (isDue && waitMs <= 0) {
      channel.place.enter(this.#lane, 'app', () => this.#sendNext(channel));
      return;
    }
    channel.place.leave();
    if (isDue) {
      clock.clearTimeout(channel.timer);
      channel.timer = clock.setTimeout(() => this.#lookAt(name), Math.ceil(waitMs));
    }
  }

  #sendNext(channel: Channel): boolean {
    const message = nextOf(channel);
    if (!message?.canSend()) return false;
    if (elapsedMs(this.#options.clock, message.since) >= message.timeoutMs) {
      this.#end(message, late());
      return this.#sendNext(channel);
    }
    this.#turn(message, 'sent');
    callSdk(
      () => message.send(),
      (answer) => this.#answered(message, answer),
    );
    this.#lookAt(message.channel);
    return true;
  }

  #answered(message: Message, answer: SdkAnswer<unknown>): void {
    if (message.state === 'over') return;
    if (answer.is === 'ok') this.#end(message, null, answer.value);
    else if (answer.is === 'none') this.#end(message, uncertain());
    else if (errorClass(answer.code) === 'throttled') {
      // Nothing was sent (F 2.6): it goes back to its place, unless a later one of its key has gone ahead of it.
      this.#turn(message, 'waiting');
      this.#channel(message).notBeforeMs = this.#options.clock.monotonic() + THROTTLED_MS;
      if ((this.#lastOf(message.channel, message.replaceKey) ?? message) !== message) this.#replace(message);
      this.#lookAt(message.channel);
    } else this.#end(message, new SessionError('CALL_FAILED', 'Signaling did not take the message.', answer.cause));
    if (answer.is !== 'none') message.answered(codeOf(answer));
  }

  #end(message: Message, error: SessionError | null, value?: unknown): void {
    if (message.state === 'over') return;
    this.#turn(message, 'over');
    const { clock } = this.#options;
    clock.clearTimeout(message.timer);
    if (error) message.sent.reject(error);
    else message.sent.resolve(value);
    const channel = this.#channel(message);
    channel.messages.delete(message);
    if (nextOf(channel)) return;
    channel.place.leave();
    clock.clearTimeout(channel.timer);
    // A pause outlasts the message that brought it about.
    if (channel.messages.size === 0 && channel.notBeforeMs <= clock.monotonic()) this.#channels.delete(message.channel);
  }

  /** Changes a message's state, and with it what waits. */
  #turn(message: Message, state: Message['state']): void {
    const more = Number(state === 'waiting') - Number(message.state === 'waiting');
    this.#waiting += more;
    this.#waitingBytes += more * message.bytes;
    message.state = state;
  }

  #channel({ channel: name }: Message): Channel {
    const channel = this.#channels.get(name) ?? {
      messages: new Set(),
      place: new LanePlace(),
      notBeforeMs: 0,
      timer: null,
    };
    this.#channels.set(name, channel);
    return channel;
  }

  #down(): SessionError {
    return new SessionError('CALL_FAILED', this.#options.downMessage);
  }
}

function nextOf({ messages }: Channel): Message | undefined {
  for (const message of messages) if (message.state === 'waiting') return message;
  return undefined;
}

function late(): SessionError {
  return new SessionError('CALL_FAILED', 'The message could not be sent in time.', { name: 'TimeoutError' });
}

function uncertain(): SessionError {
  return new SessionError('UNCERTAIN', 'The message was sent, and nobody knows whether it arrived.');
}

/** How many bytes a message takes up. */
function byteLength(message: string | Uint8Array): number {
  return typeof message === 'string' ? utf8Length(message) : message.byteLength;
}
