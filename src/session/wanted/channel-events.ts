import type { RTMEvents } from 'agora-rtm-sdk';
import { REMEDIES } from '../sdk/remedies.js';
import type { LinkStateEvent } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError } from '../state/session-error.js';
import { forgetOldStrikes } from './backoff.js';
import { type LinkNews, linkNews, ourJoin } from './channel-link.js';
import { type ChannelQueue, isLeave } from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { ANYBODY, HEARING, hearing, usersOf } from './item-kinds.js';
import { ABSENT, type Known, UNKNOWN, type WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

interface ChannelEventsOptions {
  readonly wants: Wants;
  readonly tokens: ChannelTokens;
  nowMs(): number;
  /** Whether the login's link is CONNECTED; while it is not, a channel's trouble is part of the login's. */
  isUp(): boolean;
  pause(item: WantedItem): void;
  look(queue: ChannelQueue): void;
}

type Ending = Extract<LinkNews, { is: 'failed' | 'left-by-us' | 'left-by-app' | 'dropped' }>;

/** STREAM FAILED for a token reason, this often in a row, is no coincidence; the answer of a join counts by the table of remedies. */
const TOKEN_FAILURES_TAKEN = 3;

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
    for (const channelName of named.length > 0 ? named : this.#everybody()) {
      const queue = wants.queue(channelName, true);
      const news = linkNews(queue, event, this.#options.nowMs());
      queue.link = event.currentState;
      if (news.is !== 'nothing') this.#take(queue, news, event.reasonCode);
      look(queue);
    }
  }

  #everybody(): string[] {
    return [...this.#options.wants.queues].filter(({ isStream }) => isStream).map(({ channelName }) => channelName);
  }

  /** Somebody came to topics, perhaps one who was missed, or went, who has to be subscribed to again at the next coming. */
  onTopic(event: RTMEvents.TopicEvent): void {
    const { wants, look } = this.#options;
    for (const { topicName, publishers = [] } of event.topicInfos ?? []) {
      const item = wants.find(HEARING, event.channelName, topicName);
      if (!item) continue;
      const queue = wants.queueOf(item);
      const users = [event.publisher, ...publishers.map(({ publisherUserId }) => publisherUserId)];
      if (event.eventType === 'REMOTE_LEAVE') gone(item, users);
      else came(item, queue, users);
      look(queue);
    }
  }

  #take(queue: ChannelQueue, news: Exclude<LinkNews, { is: 'nothing' }>, reasonCode: string): void {
    const { channel } = queue;
    if (channel?.pause?.why === 'stream') channel.pause = null;
    queue.connectingUntilMs = null;
    if (news.is === 'standing') this.#standing(queue);
    else if (news.is === 'connecting') this.#connecting(queue, news.patienceMs);
    else if (news.is === 'joining') queue.connectingUntilMs = Number.POSITIVE_INFINITY;
    else this.#ended(queue, news, reasonCode);
  }

  #ended(queue: ChannelQueue, news: Ending, reasonCode: string): void {
    if (news.is === 'failed') this.#failed(queue, news, reasonCode);
    else if (news.is === 'left-by-us') this.#leftByUs(queue);
    else this.#gone(queue, news.is);
    this.#options.tokens.of(queue.channelName).clearApplied();
  }

  #standing(queue: ChannelQueue): void {
    const { channel, flight } = queue;
    if (!channel) return;
    channel.undoFirst = false;
    if (channel.known.is === 'present') return;
    if (flight?.item === channel) {
      if (flight.op === 'unset') flight.tainted = true;
      return;
    }
    channel.known = presumed(channel);
  }

  #connecting(queue: ChannelQueue, patienceMs: number): void {
    setKnown(queue, UNKNOWN);
    for (const topic of queue.topics) if (topic.want) this.#options.pause(topic);
    queue.connectingUntilMs = this.#options.nowMs() + patienceMs;
  }

  #failed(queue: ChannelQueue, { reason, whileJoining }: LinkNews & { is: 'failed' }, reasonCode: string): void {
    const { tokens, isUp } = this.#options;
    const { channel } = queue;
    const join = whileJoining ? ourJoin(queue) : null;
    setKnown(queue, ABSENT);
    if (join) {
      join.reported = reason;
      if (reason === 'token' && join.grant) tokens.of(queue.channelName).settle(join.grant, 'refused');
      return;
    }
    if (!channel?.want || !isUp()) return;
    if (reason === 'token') {
      channel.tokenCause = reasonCode === 'INVALID_TOKEN' ? 'rejected' : 'expired';
      tokens.of(queue.channelName).spendHeld();
    }
    this.#rejoin(channel, reason, reasonCode);
  }

  /** The channel was lost while it was joined: it is joined again as its remedy says. */
  #rejoin(channel: WantedItem, reason: ReasonClass, reasonCode: string): void {
    const { wants, pause, nowMs } = this.#options;
    const remedy = REMEDIES[reason].channel;
    forgetOldStrikes(channel, nowMs());
    const { strikes } = channel;
    if (reason === 'kicked') strikes.kicks += 1;
    if (reason === 'token') strikes.refusals += 1;
    const tired = remedy.do === 'rejoin' && reason === 'kicked' && strikes.kicks > remedy.rejoins;
    const refused = reason === 'token' && strikes.refusals >= TOKEN_FAILURES_TAKEN;
    if (remedy.do === 'stop' || tired || refused) {
      const message = `Signaling closed the stream channel "${channel.channelName}": ${REMEDIES[reason].why}`;
      wants.refuse(channel, new SessionError(remedy.code, message, { name: 'LinkState', code: reasonCode }));
    } else if (reason !== 'token' || strikes.refusals > 1) {
      // A token that has lapsed for once needs nothing but a fresh one.
      pause(channel);
    }
  }

  #leftByUs(queue: ChannelQueue): void {
    const { channel, flight } = queue;
    const isItsEnd = flight !== null && isLeave(flight) && queue.leaves.length === 1 && queue.late.size === 0;
    // Else the late end of an earlier leave: the join after it may stand or not.
    const joinedSince = channel?.known.is === 'present' || ourJoin(queue) !== null;
    setKnown(queue, joinedSince && !isItsEnd ? UNKNOWN : ABSENT);
  }

  #gone(queue: ChannelQueue, how: 'left-by-app' | 'dropped'): void {
    const { channel } = queue;
    setKnown(queue, ABSENT);
    if (!channel?.want) return;
    if (how === 'left-by-app') this.#options.wants.left(channel);
    else this.#options.pause(channel);
  }
}

function came(item: WantedItem, { flight }: ChannelQueue, users: readonly string[]): void {
  for (const user of [ANYBODY, ...users]) {
    item.missed.delete(user);
    if (flight?.item === item) flight.named.add(user);
  }
}

function gone(item: WantedItem, users: readonly string[]): void {
  if (item.known.is !== 'present' || !item.known.options) return;
  const heard = usersOf(item.known.options);
  const lost = heard.filter((user) => users.includes(user));
  if (lost.length === 0) return;
  for (const user of lost) item.missed.add(user);
  item.known = { is: 'present', options: hearing(heard.filter((user) => !lost.includes(user))) };
}

/** The channel's link stands without a call of ours: the wanted options hold if no others were sent since it was last known. */
function presumed({ want, may }: WantedItem): Known {
  if (!want || may.length === 0) return { is: 'present', options: null };
  const same = may.every(({ key }) => key === want.options.key);
  return same ? { is: 'present', options: want.options } : UNKNOWN;
}

/** What is known of a channel holds for its topics too, and makes what is in flight worth little. */
function setKnown(queue: ChannelQueue, known: Known): void {
  const { channel, flight, topics } = queue;
  if (channel) channel.known = known;
  for (const topic of topics) {
    topic.known = known;
    topic.missed.clear();
    if (known.is === 'absent') topic.may = [];
  }
  if (flight && (flight.op === 'set' || known.is === 'unknown')) flight.tainted = true;
}
