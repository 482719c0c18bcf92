import type { PlainCause } from '../../token/token-failure.js';
import { codeOf, type SdkAnswer } from '../sdk/call-sdk.js';
import { errorClass, NOT_JOINED } from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { Decision } from '../state/inspection-event.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError } from '../state/session-error.js';
import { type Meaning, mayAfter, meaningOf, reasonOf, unlessTainted } from './answers.js';
import { backoffMs, forgetOldStrikes } from './backoff.js';
import { type ChannelQueue, type Flight, isJoin, leaveAnswered, setKnown } from './channel-queue.js';
import { CHANNEL } from './item-kinds.js';
import type { Surroundings } from './surroundings.js';
import { ABSENT, CALM_MS, type Hold, type Known, UNKNOWN, type WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

/** The SDK may still end a call that it did not answer in time for as long as this, milliseconds of CONNECTED link. */
const LATE_MS = 60_000;
/** After -10017 the channel's next event is waited for, this long at most. */
const DUPLICATE_MS = 15_000;
const DUPLICATES_TAKEN = 2;

const SILENT: SdkAnswer<unknown> = { is: 'none' };

/** What answers, late ones and none at all change in what is known of an item, and what becomes of its want. */
export class CallOutcomes {
  readonly #room: Surroundings;
  readonly #wants: Wants;

  constructor(room: Surroundings, wants: Wants) {
    this.#room = room;
    this.#wants = wants;
  }

  /** The link stands anew: what got no answer has as long as ever. */
  waitAnew({ late }: ChannelQueue): void {
    for (const flight of late) flight.lateUntilMs = this.#now() + LATE_MS;
  }

  /** The SDK has answered, in time or late. */
  answered(flight: Flight, answer: SdkAnswer<unknown>): void {
    const { item, leave } = flight;
    const { queue } = item;
    const { link } = this.#room;
    const late = queue.late.has(flight);
    if (queue.flight !== flight && !late) return;
    if (leave) leaveAnswered(leave, this.#now());
    if (answer.is === 'ok') link.answered(null);
    if (answer.is !== 'none') this.#settleGrant(flight, answer, late);
    if (late) {
      if (answer.is !== 'none') this.endLate(flight);
    } else if (answer.is === 'none' || isTimeout(answer)) this.noAnswer(flight);
    else {
      queue.flight = null;
      this.#apply(flight, answer);
      if (answer.is === 'refused' && !item.kind.inChannel) link.answered(answer.code);
    }
  }

  /** The SDK did not answer in time. */
  noAnswer(flight: Flight): void {
    this.makeLate(flight);
    // It may hold the SDK up for good, from one login to the next: a leave ends it.
    if (isJoin(flight) && flight.item.queue.link !== 'CONNECTED') flight.item.undoFirst = true;
    this.#failed(flight, SILENT);
  }

  /** Nobody waits for this call any more, and nobody knows what it has done. */
  makeLate(flight: Flight): void {
    const { item, grant } = flight;
    const { queue } = item;
    queue.flight = null;
    queue.late.add(flight);
    flight.lateUntilMs = this.#now() + LATE_MS;
    item.lateCalls += 1;
    item.known = UNKNOWN;
    if (grant) this.#room.tokens.of(queue.channelName).unanswered(grant);
    if (!isJoin(flight) || !queue.isConnecting) return;
    queue.connectingUntilMs = null;
    item.undoFirst = true;
  }

  /** A call that got no answer in time has had one after all, or has none to expect. */
  endLate(flight: Flight): void {
    const { item, op, options } = flight;
    const { queue } = item;
    queue.late.delete(flight);
    item.lateCalls -= 1;
    item.known = UNKNOWN;
    if (op === 'set' && options) item.may.push(options);
    if (queue.flight?.item === item) queue.flight.tainted = true;
  }

  /** The SDK refused something since this is not there, whatever was thought; with a channel go its topics. */
  notThere(item: WantedItem | null, code: number): void {
    if (!item?.want || item.known.is !== 'present' || item.queue.isConnecting) return;
    if (item.kind === CHANNEL) setKnown(item.queue, UNKNOWN);
    else item.known = UNKNOWN;
    this.backOff(item);
    this.decided(item, errorClass(code), code);
  }

  /** Leaves an item alone for a while after one more failure. */
  backOff(item: WantedItem): void {
    forgetOldStrikes(item, this.#now());
    this.#hold(item, 'backoff', backoffMs(item, this.#room.random(), this.#room.retry));
  }

  /** Says what is done about a failure, which is done. */
  decided(item: WantedItem, reason: ReasonClass, code: string | number | null, does?: Decision['does']): void {
    const { want, hold, kind } = item;
    const waits = hold?.is === 'throttled' || hold?.is === 'stream';
    const again = kind === CHANNEL ? 'rejoin' : 'retry';
    const done = does ?? (!want || item.failed ? 'stop' : waits ? 'wait' : again);
    const isTimed = hold?.is === 'backoff' || hold?.is === 'throttled';
    const delayMs = isTimed ? Math.max(0, hold.untilMs - this.#now()) : 0;
    this.#room.report({
      type: 'decision',
      about: item.subject,
      does: done,
      reason,
      why: REMEDIES[reason].why,
      code,
      delayMs: done === 'stop' || (done === 'wait' && !isTimed) ? null : delayMs,
    });
  }

  #apply(flight: Flight, answer: SdkAnswer<unknown>): void {
    const { item, op } = flight;
    const meaning = meaningOf(flight, answer, item.throttles);
    item.throttles = meaning.is === 'throttled' ? item.throttles + 1 : 0;
    if (isJoin(flight)) joinEnded(item, meaning);
    if (op === 'unset' && meaning.is !== 'undone') this.#wants.undone(item);
    if (meaning.is === 'set') this.#set(flight, answer, meaning);
    else if (meaning.is === 'undone') this.#undone(flight, meaning.known);
    else this.#refused(flight, answer, meaning);
  }

  #set(flight: Flight, answer: SdkAnswer<unknown>, { known, missed }: Meaning & { is: 'set' }): void {
    const { item } = flight;
    item.answer = answer.is === 'ok' ? Object(answer.value) : null;
    item.answeredMs = this.#now();
    item.misses = 0;
    for (const user of missed) item.missed.add(user);
    learn(item, unlessTainted(flight, known));
  }

  #undone(flight: Flight, known: Known): void {
    const { item, tainted } = flight;
    learn(item, unlessTainted(flight, known));
    if (item.kind === CHANNEL && !tainted) {
      for (const topic of item.queue.topics.values()) {
        learn(topic, ABSENT);
        topic.missed.clear();
      }
    }
    if (item.known.is === 'absent' || !item.want) this.#wants.undone(item);
  }

  #refused(flight: Flight, answer: SdkAnswer<unknown>, meaning: Exclude<Meaning, { is: 'set' | 'undone' }>): void {
    const { item, tainted, op } = flight;
    if (tainted || (meaning.is !== 'throttled' && meaning.is !== 'final')) item.known = UNKNOWN;
    if (meaning.is === 'failed' || meaning.is === 'not-joined') {
      if (meaning.is === 'not-joined') this.notThere(item.queue.head, NOT_JOINED);
      this.#failed(flight, answer);
      return;
    }
    if (meaning.is === 'throttled') this.#hold(item, 'throttled', meaning.pauseMs);
    else if (meaning.is === 'final') this.#wants.refuse(item, refusalError(item, answer));
    else if (meaning.is === 'duplicate') this.#duplicate(item, answer);
    else this.#tokenRefused(item, answer);
    this.decided(item, reasonOf(flight, answer), codeOf(answer), op === 'unset' ? 'wait' : undefined);
  }

  #failed(flight: Flight, answer: SdkAnswer<unknown>): void {
    const { item, op } = flight;
    this.backOff(item);
    if (op === 'set') this.#wants.missed(item, refusalError(item, answer));
    else this.#wants.undone(item);
    this.decided(item, reasonOf(flight, answer), codeOf(answer), op === 'unset' ? 'retry' : undefined);
  }

  #duplicate(item: WantedItem, answer: SdkAnswer<unknown>): void {
    forgetOldStrikes(item, this.#now());
    item.strikes.duplicates += 1;
    if (item.strikes.duplicates > DUPLICATES_TAKEN) {
      this.backOff(item);
      this.#wants.missed(item, refusalError(item, answer));
      return;
    }
    item.undoFirst = true;
    this.#hold(item, 'stream', DUPLICATE_MS);
  }

  #tokenRefused(item: WantedItem, answer: SdkAnswer<unknown>): void {
    item.tokenCause = 'rejected';
    item.strikes.refusals += 1;
    const remedy = REMEDIES.token.channel;
    if (remedy.do === 'rejoin' && item.strikes.refusals < remedy.refusals) return;
    item.strikes.refusals = 0;
    const { channelName } = item.queue;
    const message = `Signaling refused the token for the stream channel "${channelName}"; is the app certificate the project's, and is it an RTC token for this user and channel?`;
    this.#wants.refuse(item, new SessionError(remedy.code, message, causeOf(answer)));
  }

  /** Only a join of a channel that was not joined shows that its token was taken (F 2.12). */
  #settleGrant(flight: Flight, answer: SdkAnswer<unknown>, late: boolean): void {
    const { grant, from, item, tainted } = flight;
    if (!grant) return;
    const proved = answer.is === 'ok' && from.is === 'absent' && !tainted && !late;
    const refused = meaningOf(flight, answer, 0).is === 'token-refused';
    if (proved) item.calmMs = Math.min(CALM_MS, grant.lifeMs / 2);
    const end = refused ? 'refused' : proved ? 'accepted' : 'unproven';
    this.#room.tokens.of(item.queue.channelName).settle(grant, end);
  }

  /** What was given up stays so. */
  #hold(item: WantedItem, is: Hold['is'], ms: number): void {
    if (item.failed) return;
    item.hold = { is, untilMs: this.#now() + ms, retriesAt: this.#room.clock.now() + ms, error: null };
  }

  #now(): number {
    return this.#room.clock.monotonic();
  }
}

/** The SDK is still at a join that it has refused or somebody else has made, or holds the channel for joined although it is not. */
function joinEnded(channel: WantedItem, { is }: Meaning): void {
  const { queue } = channel;
  const believed = (queue.isConnecting && queue.link === 'CONNECTING') || queue.link === 'CONNECTED';
  queue.connectingUntilMs = null;
  if (believed && is !== 'set' && is !== 'throttled') channel.undoFirst = true;
}

function learn(item: WantedItem, known: Known): void {
  item.known = known;
  item.may = mayAfter(known, item.may);
  item.undoFirst = false;
}

/** The SDK has waited in vain, and what it asked for may come about yet. */
function isTimeout(answer: SdkAnswer<unknown>): boolean {
  return answer.is === 'refused' && answer.cause.name === 'RtmTimeoutError';
}

function refusalError(item: WantedItem, answer: SdkAnswer<unknown>): SessionError {
  const silent = answer.is === 'none' ? ': the SDK gave no answer' : '';
  return new SessionError('CHANNEL_FAILED', `${item} could not be ${item.kind.done}${silent}.`, causeOf(answer));
}

function causeOf(answer: SdkAnswer<unknown>): PlainCause | undefined {
  if (answer.is === 'refused') return answer.cause;
  return answer.is === 'none' ? { name: 'TimeoutError' } : undefined;
}
