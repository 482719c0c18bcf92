import type { Clock } from '../../environment/clock.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { PlainCause } from '../../token/token-failure.js';
import type { SdkAnswer } from '../sdk/call-sdk.js';
import { NOT_CONNECTED } from '../sdk/reasons.js';
import { SessionError } from '../state/session-error.js';
import { type Meaning, mayAfter, meaningOf, unlessTainted } from './answers.js';
import { backoffMs, forgetOldStrikes } from './backoff.js';
import { type ChannelQueue, type Flight, leaveAnswered } from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { CHANNEL } from './item-kinds.js';
import { ABSENT, CALM_MS, type Known, type Pause, UNKNOWN, type WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

interface CallOutcomesOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  readonly tokens: ChannelTokens;
  readonly wants: Wants;
  /** The SDK says that it is not connected, again and again, while its link is believed to stand. */
  onDoubt(): void;
}

type Refusal = Exclude<Meaning, { is: 'set' } | { is: 'undone' }>;

/** The SDK may still end a call that it did not answer in time for as long as this, milliseconds of CONNECTED link. */
export const LATE_MS = 60_000;
/** After -10017 the channel's next event is waited for, this long at most. */
const DUPLICATE_MS = 15_000;
const DUPLICATES_TAKEN = 2;
const JOINS_REFUSED = 2;
/** -10025 is taken for this long, while its link is believed to stand. */
const DOUBT_MS = 1_000;

/** What answers, late ones and none at all change in what is known of an item, and what becomes of its want. */
export class CallOutcomes {
  readonly #options: CallOutcomesOptions;
  #notConnectedSinceMs: number | null = null;

  constructor(options: CallOutcomesOptions) {
    this.#options = options;
  }

  /** A link that stands anew is not doubted. */
  trustLink(): void {
    this.#notConnectedSinceMs = null;
  }

  /** The SDK has answered, in time or late. */
  answered(queue: ChannelQueue, flight: Flight, answer: SdkAnswer<unknown>): void {
    const late = queue.late.has(flight);
    if (queue.flight !== flight && !late) return;
    leaveAnswered(flight.leave, this.#now());
    if (answer.is === 'none') {
      if (!late) this.noAnswer(queue, flight);
    } else if (late) {
      this.#settleGrant(queue, flight, answer, { late });
      this.endLate(queue, flight);
    } else {
      this.#settleGrant(queue, flight, answer, { late });
      if (isTimeout(answer)) {
        this.noAnswer(queue, flight);
        return;
      }
      queue.flight = null;
      this.#apply(queue, flight, answer);
      this.#watchLink(flight, answer);
    }
  }

  #apply(queue: ChannelQueue, flight: Flight, answer: SdkAnswer<unknown>): void {
    const { item } = flight;
    const meaning = meaningOf(flight, answer, item.throttles);
    item.throttles = meaning.is === 'throttled' ? item.throttles + 1 : 0;
    if (flight.op === 'set' && item.kind === CHANNEL) this.#joinEnded(queue, item, meaning);
    if (flight.op === 'unset' && meaning.is !== 'undone') this.#options.wants.undone(item);
    if (meaning.is === 'set') this.#set(flight, answer, meaning);
    else if (meaning.is === 'undone') this.#undone(queue, flight, meaning.known);
    else this.#refused(queue, flight, answer, meaning);
  }

  #refused(queue: ChannelQueue, flight: Flight, answer: SdkAnswer<unknown>, meaning: Refusal): void {
    const { item, tainted } = flight;
    const knowsNothing = tainted || (meaning.is !== 'throttled' && meaning.is !== 'final');
    if (knowsNothing) item.known = UNKNOWN;
    if (meaning.is === 'throttled') this.#pause(item, 'throttled', meaning.pauseMs);
    else if (meaning.is === 'final') this.#options.wants.refuse(item, refusalError(item, answer));
    else if (meaning.is === 'duplicate') this.#duplicate(item, answer);
    else if (meaning.is === 'token-refused') this.#tokenRefused(item, answer);
    else {
      if (meaning.is === 'not-joined') doubtChannel(queue);
      this.#failed(flight, answer);
    }
  }

  #set(flight: Flight, answer: SdkAnswer<unknown>, meaning: Meaning & { is: 'set' }): void {
    const { item } = flight;
    item.answer = answer.is === 'ok' ? answer.value : null;
    item.answeredMs = this.#now();
    item.misses = 0;
    for (const user of meaning.missed) item.missed.add(user);
    this.#learn(item, unlessTainted(flight, meaning.known));
  }

  #learn(item: WantedItem, known: Known): void {
    item.known = known;
    item.may = mayAfter(known, item.may);
    item.undoFirst = false;
  }

  #undone(queue: ChannelQueue, flight: Flight, known: Known): void {
    const { item } = flight;
    this.#learn(item, unlessTainted(flight, known));
    if (item.kind === CHANNEL && !flight.tainted) {
      for (const topic of queue.topics) this.#learn(topic, ABSENT);
      for (const topic of queue.topics) topic.missed.clear();
    }
    if (item.known.is === 'absent' || !item.want) this.#options.wants.undone(item);
  }

  #joinEnded(queue: ChannelQueue, channel: WantedItem, meaning: Meaning): void {
    const connecting = queue.isConnecting;
    queue.connectingUntilMs = null;
    // The SDK is still at a join that it has refused or somebody else has made, or holds the channel for joined although it is not.
    const believed = (connecting && queue.link === 'CONNECTING') || queue.link === 'CONNECTED';
    if (meaning.is !== 'set' && meaning.is !== 'throttled' && believed) channel.undoFirst = true;
  }

  #duplicate(item: WantedItem, answer: SdkAnswer<unknown>): void {
    forgetOldStrikes(item, this.#now());
    item.strikes.duplicates += 1;
    if (item.strikes.duplicates > DUPLICATES_TAKEN) {
      this.backOff(item);
      this.#options.wants.missed(item, refusalError(item, answer));
      return;
    }
    item.undoFirst = true;
    this.#pause(item, 'stream', DUPLICATE_MS);
  }

  #tokenRefused(item: WantedItem, answer: SdkAnswer<unknown>): void {
    item.tokenCause = 'rejected';
    item.strikes.refusals += 1;
    if (item.strikes.refusals < JOINS_REFUSED) return;
    item.strikes.refusals = 0;
    const message = `Signaling refused the token for the stream channel "${item.channelName}"; is the app certificate the project's, and is it an RTC token for this user and channel?`;
    this.#options.wants.refuse(item, new SessionError('TOKEN_REJECTED', message, causeOf(answer)));
  }

  #failed(flight: Flight, answer: SdkAnswer<unknown>): void {
    const { item } = flight;
    this.backOff(item);
    if (flight.op === 'set') this.#options.wants.missed(item, refusalError(item, answer));
  }

  /** The SDK did not answer in time. */
  noAnswer(queue: ChannelQueue, flight: Flight): void {
    const { item, op } = flight;
    if (op === 'unset') this.#options.wants.undone(item);
    this.makeLate(queue, flight);
    this.backOff(item);
    if (op === 'set') this.#options.wants.missed(item, refusalError(item, { is: 'none' }));
  }

  /** Nobody waits for this call any more, and nobody knows what it has done. */
  makeLate(queue: ChannelQueue, flight: Flight): void {
    const { item, grant } = flight;
    queue.flight = null;
    queue.late.add(flight);
    flight.lateUntilMs = this.#now() + LATE_MS;
    item.lateCalls += 1;
    item.known = UNKNOWN;
    if (grant) this.#options.tokens.of(queue.channelName).unanswered(grant);
    if (flight.op !== 'set' || item.kind !== CHANNEL || !queue.isConnecting) return;
    queue.connectingUntilMs = null;
    item.undoFirst = true;
  }

  /** A call that got no answer in time has had one after all, or has none to expect. */
  endLate(queue: ChannelQueue, flight: Flight): void {
    const { item, op, options } = flight;
    if (!queue.late.delete(flight)) return;
    item.lateCalls -= 1;
    item.known = UNKNOWN;
    if (op === 'set' && options) item.may.push(options);
    if (queue.flight?.item === item) queue.flight.tainted = true;
  }

  /** Only a join of a channel that was not joined shows that its token was taken (F 2.12). */
  #settleGrant(queue: ChannelQueue, flight: Flight, answer: SdkAnswer<unknown>, { late }: { late: boolean }): void {
    const { grant, from, item, tainted } = flight;
    if (!grant) return;
    const proved = answer.is === 'ok' && from.is === 'absent' && !tainted && !late;
    const refused = meaningOf(flight, answer, 0).is === 'token-refused';
    if (proved) item.calmMs = Math.min(CALM_MS, grant.lifeMs / 2);
    const end = refused ? 'refused' : proved ? 'accepted' : 'unproven';
    this.#options.tokens.of(queue.channelName).settle(grant, end);
  }

  /** -10025 twice, a second apart, with no other answer between: the link is not what it is believed to be. */
  #watchLink({ item }: Flight, answer: SdkAnswer<unknown>): void {
    if (item.kind.inChannel) return;
    const refused = answer.is === 'refused' && answer.code === NOT_CONNECTED;
    const since = this.#notConnectedSinceMs;
    this.#notConnectedSinceMs = refused ? (since ?? this.#now()) : null;
    if (refused && since !== null && this.#now() - since >= DOUBT_MS) this.#options.onDoubt();
  }

  /** Leaves an item alone for a while after one more failure. */
  backOff(item: WantedItem): void {
    forgetOldStrikes(item, this.#now());
    this.#pause(item, 'backoff', backoffMs(item, this.#options.random(), this.#options.retry));
  }

  #pause(item: WantedItem, why: Pause['why'], ms: number): void {
    item.pause = { why, untilMs: this.#now() + ms, retriesAt: this.#options.clock.now() + ms };
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}

/** The SDK has waited in vain, and what it asked for may come about yet. */
function isTimeout(answer: SdkAnswer<unknown>): boolean {
  return answer.is === 'refused' && answer.cause.name === 'RtmTimeoutError';
}

/** A topic's call was refused since the channel is not joined, whatever was thought. */
function doubtChannel({ channel, isConnecting }: ChannelQueue): void {
  if (channel && channel.known.is !== 'absent' && !isConnecting) channel.known = UNKNOWN;
}

function refusalError(item: WantedItem, answer: SdkAnswer<unknown>): SessionError {
  const silent = answer.is === 'none' ? ' The SDK gave no answer.' : '';
  return new SessionError('CHANNEL_FAILED', `${item.kind.refused(item)}${silent}`, causeOf(answer));
}

function causeOf(answer: SdkAnswer<unknown>): PlainCause | undefined {
  if (answer.is === 'refused') return answer.cause;
  return answer.is === 'none' ? { name: 'TimeoutError' } : undefined;
}
