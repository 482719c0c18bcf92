import type { TokenSnapshot, TokenTarget } from '../index.js';
import type { RecordedOf } from './recording.js';
import { type Lane, type LaneKind, markAt, type Wedge } from './timeline.js';
import { causeWords, targetWords } from './words.js';

/** Two descriptions of one token differ by less than this in when its life began. */
const SAME_TOKEN_MS = 1;

/** The tokens' lanes, and the requests for them. */
export class TokenLanes {
  readonly #lane: (kind: LaneKind, title: string) => Lane;
  /** Whether the recording tells of requests; else they are read off the tokens. */
  #requestsAreTold = false;
  /** The lanes of tokens that are held. */
  readonly #held = new Map<string, Lane>();

  constructor(lane: (kind: LaneKind, title: string) => Lane) {
    this.#lane = lane;
  }

  /** What is known of all tokens now; one that is missing is held no more. */
  take(tokens: readonly TokenSnapshot[], at: number, index: number): void {
    const held = new Set(tokens.map(({ target }) => targetWords(target)));
    for (const [name, lane] of this.#held) {
      if (held.has(name)) continue;
      const last = lane.wedges.at(-1);
      if (last) last.to ??= at;
      this.#held.delete(name);
    }
    const fresh = tokens.filter((token) => this.#takeOne(token, at, index));
    // One request brings them all.
    const first = fresh[0];
    if (!this.#requestsAreTold && first && at - first.obtainedAt < first.lifetimeMs / 2)
      this.#answered(fresh, at, index);
  }

  /** Says whether it is a token that was not there before. */
  #takeOne(token: TokenSnapshot, at: number, index: number): boolean {
    const { target, obtainedAt, expiresAt, lifetimeMs, renewsAt, status } = token;
    const name = targetWords(target);
    const lane = this.#lane('token', name);
    this.#held.set(name, lane);
    const last = lane.wedges.at(-1);
    const isFresh = !last || last.to !== null || obtainedAt - startOf(last) > SAME_TOKEN_MS;
    if (isFresh && lifetimeMs > 0) {
      if (last) last.to ??= at;
      const from = last ? at : obtainedAt;
      lane.wedges.push({
        from,
        to: null,
        expiresAt,
        lifetimeMs,
        renewsAt,
        lapsedAt: null,
        denied: false,
        event: index,
      });
    }
    const current = lane.wedges.at(-1);
    if (!current) return false;
    if (renewsAt !== null) current.renewsAt = renewsAt;
    current.denied = status === 'denied';
    return isFresh;
  }

  #answered(tokens: readonly TokenSnapshot[], at: number, event: number): void {
    const names = namesOf(tokens.map(({ target }) => target));
    const cause = causeWords(tokens[0]?.cause ?? '');
    const since = Math.min(at, ...tokens.map(({ obtainedAt }) => obtainedAt));
    this.#requests.marks.push(markAt(at, { since, shape: 'dot', tone: 'good', label: `${names} ${cause}`, event }));
  }

  requested({ at, targets, cause }: RecordedOf<'request'>, event: number): void {
    this.#requestsAreTold = true;
    const label = `${namesOf(targets)} ${causeWords(cause)}`;
    this.#requests.spans.push({ from: at, to: null, tone: 'calm', label, event });
  }

  answered({ at, targets, tookMs, tokens, code }: RecordedOf<'answer'>, event: number): void {
    this.#requestsAreTold = true;
    const lane = this.#requests;
    const asked = lane.spans.find((span) => span.to === null);
    if (asked) asked.to = at;
    const tone = code !== null || tokens === 0 ? 'bad' : tokens < targets.length ? 'busy' : 'good';
    const label = code ?? (tone === 'good' ? namesOf(targets) : `${tokens} of ${targets.length} tokens`);
    lane.marks.push(markAt(at, { since: at - tookMs, shape: 'dot', tone, label, event }));
  }

  /** The SDK took it. */
  renewed({ at, target, cause }: RecordedOf<'renewed'>, event: number): void {
    const label = `renewed ${causeWords(cause)}`;
    this.#of(target).marks.push(markAt(at, { shape: 'tick', tone: 'good', label, event }));
  }

  failed({ at, error, retryInMs }: RecordedOf<'tokenFailed'>, event: number): void {
    const nextAt = retryInMs === null ? null : at + retryInMs;
    const label = String(error.cause?.status ?? error.code);
    const last = this.#requests.marks.at(-1);
    // Every token that the request was for tells of its failure.
    if (last?.at === at && last.tone !== 'good') {
      last.nextAt ??= nextAt;
      last.label = label;
      return;
    }
    this.#requests.marks.push(markAt(at, { shape: 'dot', tone: 'bad', label, event, nextAt }));
  }

  /** The SDK tells it twice, by an event of each kind. */
  warned({ at, name, detail }: RecordedOf<'sdk'>, event: number): void {
    if (name !== 'tokenPrivilegeWillExpire') return;
    const { channelName } = detail;
    const isChannel = typeof channelName === 'string' && channelName !== '';
    const target: TokenTarget = isChannel ? { kind: 'stream', channelName } : { kind: 'signaling' };
    this.#of(target).marks.push(markAt(at, { shape: 'flag', tone: 'busy', label: 'SDK: will expire', event }));
  }

  /** The SDK says so, whatever our clock says. */
  lapsed(channelName: string | null, at: number, event: number): void {
    const lane = this.#of(channelName === null ? { kind: 'signaling' } : { kind: 'stream', channelName });
    const last = lane.wedges.at(-1);
    if (last && last.to === null) last.lapsedAt = Math.min(last.lapsedAt ?? at, at);
    lane.marks.push(markAt(at, { shape: 'cross', tone: 'bad', label: 'lapsed', event }));
  }

  get #requests(): Lane {
    return this.#lane('requests', 'requests');
  }

  #of(target: TokenTarget): Lane {
    return this.#lane('token', targetWords(target));
  }
}

function namesOf(targets: readonly TokenTarget[]): string {
  return targets.map(targetWords).join(', ');
}

/** When its life began. */
function startOf({ expiresAt, lifetimeMs }: Wedge): number {
  return expiresAt - lifetimeMs;
}
