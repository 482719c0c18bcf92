import { describe } from './describe.js';
import { readLink } from './link.js';
import type { RecordedEvent, RecordedOf, RecordedSnapshot } from './recording.js';
import { emptyLane, LANE_KINDS, type Lane, type LaneKind, markAt, type Timeline } from './timeline.js';
import { TokenLanes } from './token-lanes.js';
import { channelWords, duration, linkTone, stateWords } from './words.js';

/** Makes lanes of events, one event after the other. */
export class TimelineBuilder implements Timeline {
  readonly #lanes = new Map<string, Lane>();
  readonly #tokens = new TokenLanes((kind, title) => this.#lane(kind, title));
  #sorted: readonly Lane[] | null = null;
  #count = 0;
  from: number | null = null;

  get lanes(): readonly Lane[] {
    this.#sorted ??= [...this.#lanes.values()].sort(
      (one, other) => LANE_KINDS.indexOf(one.kind) - LANE_KINDS.indexOf(other.kind),
    );
    return this.#sorted;
  }

  add(event: RecordedEvent): void {
    const index = this.#count++;
    this.from ??= event.at;
    this.#take(event, index);
  }

  #take(event: RecordedEvent, index: number): void {
    switch (event.type) {
      case 'snapshot':
        this.#start(event, index);
        break;
      case 'tokens':
        this.#tokens.take(event.tokens, event.at, index);
        break;
      case 'state':
        this.#say(this.#lane('state', 'state'), event.at, { ...stateWords(event.state), index });
        break;
      case 'channel':
        this.#sayOf('channel', event.channelName, event.at, { ...event.state, index });
        break;
      case 'subscription':
        this.#subscription(event.subscription, event.at, index);
        break;
      case 'sdk':
        this.#sdk(event, index);
        break;
      case 'request':
        this.#tokens.requested(event, index);
        break;
      case 'answer':
        this.#tokens.answered(event, index);
        break;
      case 'renewed':
        this.#tokens.renewed(event, index);
        break;
      case 'tokenFailed':
        this.#tokens.failed(event, index);
        break;
      default:
        if (event.type === 'restored') this.#restored(event, index);
        this.#mark(event, index);
    }
  }

  #start(
    { at, state, tokens, channels, subscriptions }: RecordedSnapshot & { readonly at: number },
    index: number,
  ): void {
    this.#say(this.#lane('state', 'state'), at, { ...stateWords(state), index });
    this.#tokens.take(tokens, at, index);
    for (const { channelName, state } of channels) this.#sayOf('channel', channelName, at, { ...state, index });
    for (const subscription of subscriptions) this.#subscription(subscription, at, index);
  }

  #subscription(
    { channelName, state, error }: RecordedOf<'subscription'>['subscription'],
    at: number,
    index: number,
  ): void {
    this.#sayOf('subscription', channelName, at, { status: state, ...(error && { error }), index });
  }

  /** What is about a stream channel is told on its lane, the login's link on its own. */
  #sdk(event: RecordedOf<'sdk'>, index: number): void {
    const { at, name } = event;
    const { currentState, channelName, reasonCode } = readLink(event.detail);
    if (reasonCode === 'TOKEN_EXPIRED') this.#tokens.lapsed(channelName, at, index);
    if (name === 'linkState' && channelName === null) {
      this.#say(this.#lane('link', 'SDK link'), at, { label: currentState, tone: linkTone(currentState), index });
    } else if (name === 'linkState' || name === 'topic') {
      const { title: label, tone } = describe(event);
      this.#lane('channel', channelName ?? '').marks.push(markAt(at, { label, tone, shape: 'tick', event: index }));
    } else this.#tokens.warned(event, index);
  }

  #restored({ at, gap, results }: RecordedOf<'restored'>, index: number): void {
    if (!gap || gap.to <= gap.from) return;
    const label = `gap of ${duration(gap.to - gap.from)}`;
    const concerned = new Set(results.map(({ kind, channelName }) => `${kind} ${channelName}`));
    for (const lane of this.lanes)
      if (concerned.has(lane.id)) lane.gaps.push({ from: gap.from, to: Math.min(gap.to, at), label, event: index });
  }

  /** What has no lane of its own is a decision, or stands among them. */
  #mark(event: RecordedEvent, index: number): void {
    const { title, tone, shape } = describe(event);
    const delayMs = event.type === 'decision' ? event.delayMs : null;
    this.#lane('decisions', 'decisions').marks.push(
      markAt(event.at, { label: title, tone, shape, event: index, nextAt: delayMs ? event.at + delayMs : null }),
    );
  }

  #sayOf(
    kind: LaneKind,
    title: string,
    at: number,
    { status, error, index }: { status: string; error?: { readonly code: string }; index: number },
  ): void {
    this.#say(this.#lane(kind, title), at, { ...channelWords(status, error?.code), index });
  }

  /** Ends what the lane's last span said. */
  #say(lane: Lane, at: number, next: { label: string; tone: Lane['spans'][number]['tone']; index: number }): void {
    const last = lane.spans.at(-1);
    if (last && last.to === null) {
      if (last.label === next.label) return;
      last.to = at;
    }
    lane.spans.push({ from: at, to: null, label: next.label, tone: next.tone, event: next.index });
  }

  #lane(kind: LaneKind, title: string): Lane {
    const id = `${kind} ${title}`;
    const known = this.#lanes.get(id);
    if (known) return known;
    const lane = emptyLane(kind, title, id);
    this.#lanes.set(id, lane);
    this.#sorted = null;
    return lane;
  }
}
