import type { RTMEvents } from 'agora-rtm-sdk';
import { reasonClass } from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { LinkStateEvent } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError } from '../state/session-error.js';
import { forgetOldStrikes } from './backoff.js';
import type { CallOutcomes } from './call-outcomes.js';
import { type ChannelQueue, ourJoin, setKnown } from './channel-queue.js';
import { ANYBODY, HEARING, hearing, usersOf } from './item-kinds.js';
import type { Surroundings } from './surroundings.js';
import { ABSENT, type Known, UNKNOWN, type WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

interface ChannelEventsOptions extends Pick<Surroundings, 'clock' | 'tokens'> {
  readonly wants: Wants;
  readonly outcomes: CallOutcomes;
  look(queue: ChannelQueue): void;
}

/** The SDK leaves a channel by itself when its link was not brought back for 20 minutes (F 2.12); a little longer is waited. */
const RECONNECTING_MS = 21 * 60_000;
/** A join that is not ours is waited for as long as one of ours may take. */
const FOREIGN_JOIN_MS = 20_000;

/** What the SDK's events change in what is known of stream channels. They are recorded always, while the login's link is down too. */
export class ChannelEvents {
  readonly #options: ChannelEventsOptions;

  constructor(options: ChannelEventsOptions) {
    this.#options = options;
  }

  /** The link of stream channels; where the SDK does not say of which, it may be anybody's. */
  onLink(event: LinkStateEvent): void {
    const { wants, look } = this.#options;
    const named = event.affectedChannels ?? [];
    for (const channelName of named.length > 0 ? named : [...wants.streams.keys()]) {
      const queue = wants.queue(channelName, true);
      const from = queue.link;
      queue.link = event.currentState;
      if (queue.link !== from) this.#take(queue, from === 'CONNECTED', event);
      look(queue);
    }
  }

  /** Somebody came to topics, perhaps one who was missed, or went, who has to be subscribed to again at the next coming. */
  onTopic({ channelName, topicInfos, publisher, eventType }: RTMEvents.TopicEvent): void {
    const { wants, look } = this.#options;
    for (const { topicName, publishers = [] } of topicInfos ?? []) {
      const item = wants.streams.get(channelName)?.find(HEARING, topicName);
      if (!item) continue;
      const users = [publisher, ...publishers.map(({ publisherUserId }) => publisherUserId)];
      if (eventType === 'REMOTE_LEAVE') gone(item, users);
      else came(item, users);
      look(item.queue);
    }
  }

  #take(queue: ChannelQueue, wasConnected: boolean, event: LinkStateEvent): void {
    const { link, head } = queue;
    if (link !== 'CONNECTED' && link !== 'CONNECTING' && link !== 'FAILED' && link !== 'IDLE') return;
    if (head?.hold?.is === 'stream') head.hold = null;
    queue.connectingUntilMs = null;
    if (link === 'CONNECTED') {
      standing(queue);
      // What was given up stands after all.
      if (head?.failed) this.#options.wants.retry(head);
    } else if (link === 'CONNECTING') this.#connecting(queue, wasConnected, event);
    else {
      if (link === 'FAILED') this.#failed(queue, event);
      else if (this.#isLeaving(queue)) leftByUs(queue);
      // The end of a join may come late, when another one stands: it says itself from what.
      else this.#gone(queue, wasConnected && event.previousState !== 'CONNECTING', event);
      this.#options.tokens.of(queue.channelName).clearApplied();
    }
  }

  /** Our join is at work, and its answer decides; else the SDK brings the link back by itself, or somebody else joins. */
  #connecting(queue: ChannelQueue, wasConnected: boolean, event: LinkStateEvent): void {
    if (!wasConnected && ourJoin(queue)) {
      queue.connectingUntilMs = Number.POSITIVE_INFINITY;
      return;
    }
    setKnown(queue, UNKNOWN);
    for (const topic of queue.topics.values()) if (topic.want) this.#options.outcomes.backOff(topic);
    queue.connectingUntilMs = this.#options.clock.monotonic() + (wasConnected ? RECONNECTING_MS : FOREIGN_JOIN_MS);
    if (queue.head?.want) this.#options.outcomes.decided(queue.head, reasonClass(event), event.reasonCode, 'wait');
  }

  #failed(queue: ChannelQueue, event: LinkStateEvent): void {
    const { wants } = this.#options;
    const tokens = this.#options.tokens.of(queue.channelName);
    const reason = reasonClass(event);
    const { head } = queue;
    const join = ourJoin(queue);
    setKnown(queue, ABSENT);
    if (join) {
      // Its answer follows.
      join.reported = reason;
      if (reason === 'token' && join.grant) tokens.settle(join.grant, 'refused');
      // While the login's link is down, a channel's trouble is part of the login's.
    } else if (head?.want && wants.isUp) {
      if (reason === 'token') {
        head.tokenCause = event.reasonCode === 'INVALID_TOKEN' ? 'rejected' : 'expired';
        tokens.spendHeld();
      }
      this.#rejoin(head, reason, event.reasonCode);
    }
  }

  /** The channel was lost while it was joined: it is joined again as its remedy says. */
  #rejoin(channel: WantedItem, reason: ReasonClass, code: string): void {
    const { wants, outcomes, clock } = this.#options;
    const { channel: remedy, why } = REMEDIES[reason];
    forgetOldStrikes(channel, clock.monotonic());
    const { strikes } = channel;
    const losses = reason === 'kicked' ? ++strikes.kicks : reason === 'token' ? ++strikes.refusals : 0;
    if (remedy.do === 'stop' || losses > remedy.rejoins) {
      const message = `Signaling closed the stream channel "${channel.queue.channelName}": ${why}`;
      wants.refuse(channel, new SessionError(remedy.code, message, { name: 'LinkState', code }));
      // A token that has lapsed for once needs nothing but a fresh one.
    } else if (reason !== 'token' || strikes.refusals > 1) outcomes.backOff(channel);
    outcomes.decided(channel, reason, code);
  }

  /** The app has left the channel with a call of its own, or the SDK has given it up without failing: after 20 minutes, or with the login. */
  #gone(queue: ChannelQueue, wasConnected: boolean, event: LinkStateEvent): void {
    const { wants, outcomes } = this.#options;
    const { head } = queue;
    setKnown(queue, ABSENT);
    if (!head?.want) return;
    if (wasConnected && event.operation !== 'LOGOUT') wants.left(head);
    else outcomes.backOff(head);
    outcomes.decided(head, reasonClass(event), event.reasonCode);
  }

  /** Whether an IDLE may be the end of a leave of ours: one is open, or was answered up to 5 s ago. */
  #isLeaving({ leaves, late }: ChannelQueue): boolean {
    const now = this.#options.clock.monotonic();
    return leaves.some(({ untilMs }) => now < untilMs) || [...late].some(({ leave }) => leave !== null);
  }
}

function standing({ head, flight }: ChannelQueue): void {
  if (!head) return;
  head.undoFirst = false;
  if (head.known.is === 'present') return;
  if (flight?.item !== head) head.known = presumed(head);
  else if (flight.op === 'unset') flight.tainted = true;
}

function leftByUs(queue: ChannelQueue): void {
  const { head, flight, leaves, late } = queue;
  const isItsEnd = flight?.leave && leaves.length === 1 && late.size === 0;
  // Else the late end of an earlier leave: the join after it may stand or not.
  const joinedSince = head?.known.is === 'present' || ourJoin(queue) !== null;
  setKnown(queue, joinedSince && !isItsEnd ? UNKNOWN : ABSENT);
}

function came(item: WantedItem, users: readonly string[]): void {
  const { flight } = item.queue;
  for (const user of [ANYBODY, ...users]) {
    item.missed.delete(user);
    if (flight?.item === item) flight.named.add(user);
  }
}

function gone(item: WantedItem, users: readonly string[]): void {
  if (item.known.is !== 'present' || !item.known.options) return;
  const heard = usersOf(item.known.options);
  const left = heard.filter((user) => !users.includes(user));
  for (const user of heard) if (users.includes(user)) item.missed.add(user);
  item.known = { is: 'present', options: hearing(left) };
}

/** The channel's link stands without a call of ours: the wanted options hold if no others were sent since it was last known. */
function presumed({ want, may }: WantedItem): Known {
  const wanted = want?.options;
  if (!wanted || may.length === 0) return { is: 'present', options: null };
  return may.every(({ key }) => key === wanted.key) ? { is: 'present', options: wanted } : UNKNOWN;
}
