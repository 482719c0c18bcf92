import type { TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import { callSdk, codeOf } from '../sdk/call-sdk.js';
import { NOT_JOINED } from '../sdk/reasons.js';
import { tokenError } from '../state/session-error.js';
import type { CallOutcomes } from './call-outcomes.js';
import {
  type ChannelQueue,
  deadlineOf,
  hasOpenJoin,
  leaveAnswered,
  leaveAtMs,
  newFlight,
  nextLookMs,
  rememberLeave,
} from './channel-queue.js';
import { CHANNEL } from './item-kinds.js';
import { type NextStep, nextStep } from './next-step.js';
import type { Restoring } from './restoring.js';
import type { Surroundings } from './surroundings.js';
import { ABSENT, type WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

interface ReconcilerOptions extends Surroundings {
  readonly wants: Wants;
  readonly outcomes: CallOutcomes;
  /** Is told of each item that its call left, or waits for its token. */
  readonly restoring: Restoring;
  /** Something of these channels may be otherwise; told when all of it is recorded. */
  onChanged(queues: Iterable<ChannelQueue>): void;
}

interface Call {
  readonly item: WantedItem;
  readonly step: NextStep & { do: 'set' | 'unset' };
  readonly grant: Grant | null;
}

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
  readonly #options: ReconcilerOptions;
  readonly #dirty = new Set<ChannelQueue>();
  #running = false;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
  }

  /** Something of these channels may be otherwise. */
  look(...queues: readonly ChannelQueue[]): void {
    for (const queue of queues) this.#dirty.add(queue);
    if (this.#running) return;
    this.#running = true;
    const looked = new Set<ChannelQueue>();
    try {
      for (const queue of this.#dirty) {
        this.#dirty.delete(queue);
        looked.add(queue);
        this.#visit(queue);
      }
    } finally {
      this.#running = false;
    }
    this.#options.onChanged(looked);
  }

  /** A stream channel's token is here, or there will be none. */
  onToken(channelName: string, failure: TokenFailure | null): void {
    const { wants } = this.#options;
    const channel = wants.find(CHANNEL, channelName);
    if (channel?.hold?.is !== 'token') return;
    if (failure) wants.refuse(channel, tokenError(failure));
    this.look(channel.queue);
  }

  /** The login ends: a join that the SDK is still at would be finished after the next one. */
  cancelJoins(): void {
    const { client, wants } = this.#options;
    for (const queue of wants.streams.values()) {
      if (!hasOpenJoin(queue)) continue;
      const leave = rememberLeave(queue, this.#now());
      const call = (): Promise<unknown> => client().createStreamChannel(queue.channelName).leave();
      callSdk(call, (answer) => {
        leaveAnswered(leave, this.#now());
        // A join that the SDK had not begun yet was not there to be left: now it is, and would outlast the logout.
        if (codeOf(answer) === NOT_JOINED && !wants.isUp) callSdk(call, () => leaveAnswered(leave, this.#now()));
      });
    }
  }

  /** The SDK has logged out: it has nothing of an item. */
  forget(item: WantedItem): void {
    const { queue } = item;
    item.known = ABSENT;
    this.#options.wants.undone(item);
    if (item.lateCalls === 0 && queue.flight?.item !== item) queue.drop(item);
  }

  #visit(queue: ChannelQueue): void {
    const { wants } = this.#options;
    if (wants.isUp) {
      this.#expire(queue);
      this.#compare(queue);
    } else {
      queue.place.leave();
      for (const item of queue.items) wants.undone(item);
    }
    this.#arm(queue);
    if (queue.isIdle(this.#now())) wants.drop(queue);
  }

  /** Gives up what took too long. */
  #expire(queue: ChannelQueue): void {
    const { outcomes } = this.#options;
    const now = this.#now();
    const { flight, head } = queue;
    if (flight && now >= deadlineOf(flight)) outcomes.noAnswer(flight);
    else if (flight && now >= leaveAtMs(queue)) outcomes.makeLate(flight);
    if (queue.connectingUntilMs !== null && now >= queue.connectingUntilMs) {
      queue.connectingUntilMs = null;
      if (head) head.undoFirst = true;
    }
    for (const late of queue.late) if (now >= late.lateUntilMs) outcomes.endLate(late);
  }

  /** Takes a place in the lane if something has to be called. */
  #compare(queue: ChannelQueue): void {
    const call = this.#nextCall(queue);
    if (!call) {
      queue.place.leave();
      return;
    }
    const { want, undoWaiters } = call.item;
    const isAwaited = (want?.waiters.size ?? 0) + undoWaiters.size > 0;
    queue.place.enter(this.#options.lane, isAwaited ? 'app' : 'restoring', () => this.#begin(queue));
  }

  /** Compares the items one after the other, and gives the first call that has to be made. */
  #nextCall(queue: ChannelQueue): Call | null {
    if (queue.flight) return null;
    const { wants } = this.#options;
    for (const item of queue.items) {
      const waits = queue.isConnecting && item === queue.head && item.want !== null;
      const step = waits ? ({ do: 'nothing' } as const) : nextStep(item);
      if (step.do === 'meet') {
        item.presentSinceMs ??= this.#now();
        wants.met(item);
      } else if (step.do === 'forget') this.forget(item);
      else if (step.do === 'owe') wants.undone(item);
      else if (step.do !== 'nothing' && (item.hold?.untilMs ?? 0) <= this.#now()) {
        const token = step.do === 'set' && item.kind === CHANNEL ? this.#takeToken(item) : { grant: null };
        if (token) return { item, step, grant: token.grant };
      }
    }
    return null;
  }

  /** Makes the call that is due; false when nothing is any more. */
  #begin(queue: ChannelQueue): boolean {
    const { wants, restoring, tokens, client, outcomes } = this.#options;
    const call = wants.isUp ? this.#nextCall(queue) : null;
    if (!call) return false;
    const { item, step, grant } = call;
    const flight = newFlight(item, { op: step.do, options: step.options, grant, startedMs: this.#now() });
    queue.flight = flight;
    restoring.tried(item);
    if (step.do === 'set') item.may.push(step.options);
    if (grant) tokens.of(queue.channelName).give(grant);
    const context = { client: client(), token: grant?.token };
    callSdk(
      () =>
        step.do === 'set' ? item.kind.set(item, step.options, context) : item.kind.unset(item, step.options, context),
      (answer) => {
        outcomes.answered(flight, answer);
        this.look(queue);
      },
    );
    this.look(queue);
    return true;
  }

  #takeToken(item: WantedItem): { grant: Grant | null } | null {
    const { tokens, restoring, wants } = this.#options;
    const token = tokens.of(item.queue.channelName).take(item.tokenCause);
    item.hold = null;
    if (token.is === 'ready') return token;
    if (token.is === 'denied') wants.refuse(item, tokenError(token.failure));
    else {
      item.hold = { is: 'token', untilMs: 0, retriesAt: null, error: null };
      restoring.tried(item);
    }
    return null;
  }

  /** One timer a channel, for whatever ends first; none while the link is down, for then nothing can be done. */
  #arm(queue: ChannelQueue): void {
    const { clock, wants } = this.#options;
    clock.clearTimeout(queue.timer);
    queue.timer = null;
    if (!wants.isUp) return;
    const now = this.#now();
    const next = nextLookMs(queue, now);
    if (next < Number.POSITIVE_INFINITY)
      queue.timer = clock.setTimeout(() => this.look(queue), Math.max(1, Math.ceil(next - now)));
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
