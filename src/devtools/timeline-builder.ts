import type { TokenSnapshot } from '../index.js';
import { describe } from './describe.js';
import { readLink } from './link.js';
import type { RecordedEvent, RecordedOf } from './recording.js';
import { emptyLane, LANE_KINDS, type Lane, type LaneKind, markAt, type Said, type Timeline } from './timeline.js';
import { dropToken, takeToken } from './token-lanes.js';
import { duration, targetWords } from './words.js';

/** Makes lanes of events, one event after the other. */
export class TimelineBuilder implements Timeline {
  readonly #lanes = new Map<string, Lane>();
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
    this.from ??= event.at;
    this.#take(event, this.#count++);
  }

  #take(event: RecordedEvent, index: number): void {
    const { at } = event;
    const { subject, title, tone, shape } = describe(event);
    const said = { label: title, tone, shape, event: index };
    const mark = (kind: LaneKind, title: string, more: Partial<Lane['marks'][number]> = {}): void => {
      this.#lane(kind, title).marks.push(markAt(at, { ...said, ...more }));
    };
    const after = (delayMs: number | null): number | null => (delayMs === null ? null : at + delayMs);
    switch (event.type) {
      case 'snapshot':
        this.#take({ ...event, type: 'state' }, index);
        for (const channel of event.channels) this.#take({ at, type: 'channel', ...channel }, index);
        for (const subscription of event.subscriptions) this.#take({ at, type: 'subscription', subscription }, index);
        this.#hold(event.tokens, at, index);
        break;
      case 'tokens':
        this.#hold(event.tokens, at, index);
        break;
      case 'state':
      case 'channel':
      case 'subscription':
        this.#say(event.type, subject, at, said);
        break;
      case 'sdk': {
        const { name, detail } = event;
        const { channelName, reasonCode } = readLink(detail);
        const token = channelName === null ? 'login token' : `${channelName} token`;
        if (reasonCode === 'TOKEN_EXPIRED') {
          // The SDK says so, whatever our clock says.
          const last = this.#lane('token', token).wedges.at(-1);
          if (last?.to === null) last.lapsedAt = Math.min(last.lapsedAt ?? at, at);
          mark('token', token, { shape: 'cross', tone: 'bad', label: 'lapsed' });
        }
        // What is about a stream channel is told on its lane, the login's link on its own.
        if (name === 'linkState' && channelName === null) this.#say('link', 'SDK link', at, said);
        else if (name === 'linkState' || name === 'topic') mark('channel', channelName ?? '', { shape: 'tick' });
        // It is told twice, by an event of each kind.
        else if (name === 'tokenPrivilegeWillExpire') mark('token', token);
        break;
      }
      case 'request':
        this.#requests.spans.push({ ...said, from: at, to: null });
        break;
      case 'answer': {
        const asked = this.#requests.spans.find(({ to }) => to === null);
        if (asked) asked.to = at;
        mark('requests', 'requests', { since: at - event.tookMs });
        break;
      }
      case 'renewed':
        mark('token', subject);
        break;
      case 'tokenFailed': {
        const { error, retryInMs } = event;
        const nextAt = after(retryInMs);
        const label = String(error.cause?.status ?? error.code);
        const last = this.#requests.marks.at(-1);
        // Every token that the request was for tells of its failure.
        if (last?.at === at && last.tone !== 'good') {
          last.nextAt ??= nextAt;
          last.label = label;
        } else mark('requests', 'requests', { label, nextAt });
        break;
      }
      default: {
        // What has no lane of its own is a decision, or stands among them.
        if (event.type === 'restored') this.#restored(event, index);
        mark('decisions', 'decisions', { nextAt: after(event.type === 'decision' ? event.delayMs : null) });
      }
    }
  }

  get #requests(): Lane {
    return this.#lane('requests', 'requests');
  }

  /** What is known of all tokens now; one that is missing is held no more. */
  #hold(tokens: readonly TokenSnapshot[], at: number, event: number): void {
    const held = tokens.map(({ target }) => targetWords(target));
    for (const { kind, title, wedges } of this.lanes)
      if (kind === 'token' && !held.includes(title)) dropToken(wedges, at);
    for (const token of tokens) takeToken(this.#lane('token', targetWords(token.target)), token, { at, event });
  }

  #restored({ at, gap, results }: RecordedOf<'restored'>, event: number): void {
    if (!gap || gap.to <= gap.from) return;
    const label = `gap of ${duration(gap.to - gap.from)}`;
    const concerned = new Set(results.map(({ kind, channelName }) => `${kind} ${channelName}`));
    for (const { id, gaps } of this.lanes)
      if (concerned.has(id)) gaps.push({ from: gap.from, to: Math.min(gap.to, at), label, event });
  }

  /** Ends what the lane's last span said. */
  #say(kind: LaneKind, title: string, from: number, said: Said): void {
    const { spans } = this.#lane(kind, title);
    const last = spans.at(-1);
    if (last?.to === null) {
      if (last.label === said.label) return;
      last.to = from;
    }
    spans.push({ ...said, from, to: null });
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
