import type { RTMEvents } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import { callSdk, type SdkAnswer } from '../sdk/call-sdk.js';
import type { Lane } from '../sdk/lane.js';
import type { LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import { type SessionError, tokenError } from '../state/session-error.js';
import { CallOutcomes, LATE_MS } from './call-outcomes.js';
import { ChannelEvents } from './channel-events.js';
import {
  type ChannelQueue,
  deadlineOf,
  doubtAll,
  type Flight,
  hasOpenJoin,
  isLeave,
  leaveAnswered,
  leaveAtMs,
  newFlight,
  nextLookMs,
  rememberLeave,
  startAnew,
} from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { CHANNEL, SUBSCRIPTION } from './item-kinds.js';
import { type NextStep, nextStep } from './next-step.js';
import { ABSENT, UNKNOWN, type WantedItem } from './wanted-item.js';
import { Wants } from './wants.js';

interface ReconcilerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  readonly lane: Lane;
  readonly tokens: ChannelTokens;
  client(): SignalingClient;
  /** Other stream channels than before need tokens. */
  onTargets(): void;
  /** Something of these channels may be otherwise; told when all of it is recorded. */
  onChanged(queues: readonly ChannelQueue[]): void;
  /** An item's call left, or waits for its token. */
  onTried(item: WantedItem): void;
  /** An item was met, missed or given up. */
  onOutcome(item: WantedItem, error: SessionError | null): void;
  /** The SDK says that it is not connected, again and again, while its link is believed to stand. */
  onDoubt(): void;
}

interface Call {
  readonly item: WantedItem;
  readonly step: NextStep & { do: 'set' | 'unset' };
  readonly grant: Grant | null;
}

/** A subscription that was answered so shortly before the link was lost may not have arrived. */
const FRESH_ANSWER_MS = 1_000;

/**
 * Makes what is so what is wanted. One loop does it, for subscriptions, stream channels and topics alike:
 *
 * 1. Whatever happens (a call of the app's, an event, an answer, a time) is recorded in the items of its channel, and the channel is
 *    looked at. Nothing else ever calls subscribe, join, leave or a topic.
 * 2. To look at a channel: what took too long is given up; then each item's want is compared with what the SDK is known to have,
 *    the channel ahead of its topics. What is as wanted is told to whoever waits; the first difference becomes a call.
 * 3. A channel has one call in flight. It leaves when the lane has room, and is chosen then, by what is wanted then.
 * 4. An answer changes what is known. One that comes late, or after an event that it cannot know of, makes it unknown; unknown is
 *    called for again. So the loop needs no order of events and no answer: it only has to be told that something may be otherwise.
 * 5. What fails waits with backoff, and what cannot be is given up as the table of remedies says; the rest is repeated without end.
 * 6. While the login's link is down nothing is called, and events and wants are recorded; when it is up, everything is looked at.
 */
export class Reconciler {
  readonly wants: Wants;
  readonly #options: ReconcilerOptions;
  readonly #events: ChannelEvents;
  readonly #outcomes: CallOutcomes;
  readonly #dirty = new Set<ChannelQueue>();
  #running = false;
  #up = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.wants = new Wants({
      onLook: (queue) => this.look(queue),
      onTargets: () => options.onTargets(),
      onOutcome: (item, error) => options.onOutcome(item, error),
      isDown: () => !this.#up,
    });
    this.#outcomes = new CallOutcomes({ ...options, wants: this.wants, onDoubt: () => options.onDoubt() });
    this.#events = new ChannelEvents({
      wants: this.wants,
      tokens: options.tokens,
      nowMs: () => this.#now(),
      isUp: () => this.#up,
      pause: (item) => this.#outcomes.backOff(item),
      look: (queue) => this.look(queue),
    });
  }

  // ---- What is told to the loop

  /** Something of this channel may be otherwise. */
  look(queue: ChannelQueue): void {
    this.#dirty.add(queue);
    if (this.#running) return;
    this.#running = true;
    const looked = new Set<ChannelQueue>();
    try {
      for (const next of this.#dirty) {
        this.#dirty.delete(next);
        looked.add(next);
        this.#visit(next);
      }
    } finally {
      this.#running = false;
    }
    this.#options.onChanged([...looked]);
  }

  /** The login's link stands. `fresh`: of a new login; `clean`: after a logout that was answered, so that the SDK has nothing. */
  linkUp({ fresh, clean, resumed }: { fresh: boolean; clean: boolean; resumed: boolean }): void {
    this.#up = true;
    this.#outcomes.trustLink();
    for (const queue of this.wants.queues) {
      for (const flight of queue.late) flight.lateUntilMs = this.#now() + LATE_MS;
      if (fresh) startAnew(queue, clean ? ABSENT : UNKNOWN);
      else if (!resumed) doubtAll(queue);
    }
    if (fresh || !resumed) this.#options.onTargets();
    this.#lookAtAll();
  }

  /** The login's link is down: nothing that was under way will be answered for certain. */
  linkDown(): void {
    this.#up = false;
    for (const queue of this.wants.queues) {
      if (queue.flight) this.#outcomes.makeLate(queue, queue.flight);
      for (const item of queue.items.values()) {
        if (item.kind === SUBSCRIPTION && this.#now() - item.answeredMs < FRESH_ANSWER_MS) item.known = UNKNOWN;
      }
    }
    this.#lookAtAll();
  }

  /** The SDK has given the login up, or is made to: nothing is known any more until the next login. */
  loginGone(): void {
    this.#cancelJoins();
    this.linkDown();
    for (const queue of this.wants.queues) for (const item of queue.items.values()) item.known = UNKNOWN;
    this.#lookAtAll();
  }

  /** The SDK has logged out: it has nothing, and no call from before means anything. */
  loggedOut(): void {
    for (const queue of [...this.wants.queues]) {
      queue.flight = null;
      queue.late.clear();
      startAnew(queue, ABSENT);
      for (const item of queue.ordered) {
        item.lateCalls = 0;
        if (!item.want) this.#forget(queue, item);
      }
    }
  }

  onStreamLink(event: LinkStateEvent): void {
    this.#events.onLink(event);
  }

  onTopic(event: RTMEvents.TopicEvent): void {
    this.#events.onTopic(event);
  }

  /** A stream channel's token is here, or there will be none. */
  onToken(channelName: string, failure: TokenFailure | null): void {
    const channel = this.wants.find(CHANNEL, channelName);
    if (!channel?.awaitsToken) return;
    if (failure) this.wants.refuse(channel, tokenError(failure));
    this.look(this.wants.queueOf(channel));
  }

  // ---- The loop

  #visit(queue: ChannelQueue): void {
    this.#expire(queue);
    if (this.#up) this.#compare(queue);
    else this.#leaveLane(queue);
    if (!this.#up) for (const item of queue.items.values()) this.wants.undone(item);
    this.#arm(queue);
  }

  /** Gives up what took too long. */
  #expire(queue: ChannelQueue): void {
    if (!this.#up) return;
    const now = this.#now();
    const { flight, channel } = queue;
    if (flight && now >= deadlineOf(flight)) this.#outcomes.noAnswer(queue, flight);
    else if (flight && now >= leaveAtMs(queue)) this.#outcomes.makeLate(queue, flight);
    if (queue.connectingUntilMs !== null && now >= queue.connectingUntilMs) {
      queue.connectingUntilMs = null;
      if (channel) channel.undoFirst = true;
    }
    for (const late of queue.late) if (now >= late.lateUntilMs) this.#outcomes.endLate(queue, late);
  }

  /** Takes a place in the lane if something has to be called. */
  #compare(queue: ChannelQueue): void {
    const call = this.#nextCall(queue);
    if (!call) {
      this.#leaveLane(queue);
      return;
    }
    const { item } = call;
    const rank = (item.want?.waiters.size ?? 0) + item.undoWaiters.size > 0 ? 'app' : 'restoring';
    if (queue.place?.rank === rank) return;
    this.#leaveLane(queue);
    const place: NonNullable<ChannelQueue['place']> = { rank, leave: () => {} };
    queue.place = place;
    place.leave = this.#options.lane.enter(rank, () => {
      if (queue.place === place) queue.place = null;
      return this.#begin(queue);
    });
  }

  /** Compares the items one after the other, and gives the first call that has to be made. */
  #nextCall(queue: ChannelQueue): Call | null {
    if (queue.flight) return null;
    for (const item of queue.ordered) {
      const waits = queue.isConnecting && item.kind === CHANNEL && item.want !== null;
      const step = waits ? ({ do: 'nothing' } as const) : nextStep(item, queue);
      if (step.do === 'meet') this.#meet(item);
      else if (step.do === 'forget') this.#forget(queue, item);
      else if (step.do === 'owe') this.wants.undone(item);
      else if (step.do !== 'nothing' && !this.#isPaused(item)) {
        const token = step.do === 'set' && item.kind === CHANNEL ? this.#takeToken(item) : { grant: null };
        if (token) return { item, step, grant: token.grant };
      }
    }
    return null;
  }

  /** Makes the call that is due; false when nothing is any more. */
  #begin(queue: ChannelQueue): boolean {
    const call = this.#up ? this.#nextCall(queue) : null;
    if (!call) return false;
    const { item, step, grant } = call;
    const { kind } = item;
    const flight = newFlight(item, { op: step.do, options: step.options, grant, startedMs: this.#now() });
    queue.flight = flight;
    item.awaitsToken = false;
    this.#options.onTried(item);
    if (step.do === 'set') item.may.push(step.options);
    if (grant) this.#options.tokens.of(queue.channelName).give(grant);
    if (isLeave(flight)) flight.leave = rememberLeave(queue, flight.startedMs);
    const context = { client: this.#options.client(), token: grant?.token };
    callSdk(
      () => (step.do === 'set' ? kind.set(item, step.options, context) : kind.unset(item, step.options, context)),
      (answer) => this.#answered(queue, flight, answer),
    );
    this.look(queue);
    return true;
  }

  #answered(queue: ChannelQueue, flight: Flight, answer: SdkAnswer<unknown>): void {
    this.#outcomes.answered(queue, flight, answer);
    this.look(queue);
    this.#options.tokens.look();
  }

  // ---- Small steps

  /** The login ends: a join that the SDK is still at would be finished after the next one. */
  #cancelJoins(): void {
    const { client } = this.#options;
    for (const queue of this.wants.queues) {
      if (!hasOpenJoin(queue)) continue;
      const leave = rememberLeave(queue, this.#now());
      const call = (): Promise<unknown> => client().createStreamChannel(queue.channelName).leave();
      callSdk(call, () => leaveAnswered(leave, this.#now()));
    }
  }

  #meet(item: WantedItem): void {
    item.presentSinceMs ??= this.#now();
    this.wants.met(item);
  }

  #forget(queue: ChannelQueue, item: WantedItem): void {
    item.known = ABSENT;
    this.wants.undone(item);
    if (item.lateCalls === 0 && queue.flight?.item !== item) this.wants.drop(item);
  }

  #takeToken(item: WantedItem): { grant: Grant | null } | null {
    const token = this.#options.tokens.of(item.channelName).take(item.tokenCause);
    item.awaitsToken = token.is === 'coming';
    if (item.awaitsToken) this.#options.onTried(item);
    if (token.is === 'denied') this.wants.refuse(item, tokenError(token.failure));
    return token.is === 'ready' ? token : null;
  }

  #isPaused({ pause }: WantedItem): boolean {
    return pause !== null && pause.untilMs > this.#now();
  }

  #leaveLane(queue: ChannelQueue): void {
    queue.place?.leave();
    queue.place = null;
  }

  #lookAtAll(): void {
    const queues = [...this.wants.queues];
    const [last] = queues.splice(-1);
    for (const queue of queues) this.#dirty.add(queue);
    if (last) this.look(last);
  }

  /** One timer a channel, for whatever ends first; none while the link is down, for then nothing can be done. */
  #arm(queue: ChannelQueue): void {
    const { clock } = this.#options;
    clock.clearTimeout(queue.timer);
    queue.timer = null;
    if (!this.#up) return;
    const now = this.#now();
    const next = nextLookMs(queue, now);
    if (next < Number.POSITIVE_INFINITY)
      queue.timer = clock.setTimeout(() => this.look(queue), Math.max(1, Math.ceil(next - now)));
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
