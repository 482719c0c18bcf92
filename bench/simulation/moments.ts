import type { FaultSchedule } from './faults.js';
import type { LinkChange } from './link-record.js';
import { reactionMs } from './reaction-time.js';
import { merge, spanAt } from './spans.js';
import type { Delivery } from './token-server.js';

/** What is to be looked at. */
export interface Observations {
  /** The stream channel in question; null for the login. */
  readonly channelName: string | null;
  readonly changes: readonly LinkChange[];
  readonly deliveries: readonly Delivery[];
  readonly faults: FaultSchedule;
  /** Where to begin and end, milliseconds since the start of the day. */
  readonly from: number;
  readonly to: number;
}

/** What holds between one moment at which something changes and the next. */
export interface Moment {
  readonly from: number;
  readonly to: number;
  /** The machine sleeps or has no network. */
  readonly disconnected: boolean;
  readonly up: boolean;
  /** The newest token lapsed while none could be had, and none could be had since. */
  readonly tokenless: boolean;
  /** The SDK is at work. */
  readonly reconnecting: boolean;
}

const RECONNECTING: ReadonlySet<string> = new Set(['CONNECTING', 'DISCONNECTED', 'SUSPENDED']);

/** Cuts the time into stretches in which nothing changes. */
export function* moments(observations: Observations): Generator<Moment> {
  const { channelName, changes, deliveries, faults, from, to } = observations;
  const own = new Cursor(changes.filter((change) => change.channelName === channelName));
  const login = new Cursor(changes.filter((change) => change.channelName === null));
  // A channel is of no use without a login, so either token's lapse is one of the channel.
  const tokens = [...new Set([null, channelName])].map(
    (target) => new Cursor(deliveries.filter((delivery) => delivery.channelName === target)),
  );
  // What came back for less than the time to react was not back.
  const dry = merge(faults.unreachable, reactionMs(faults));
  const borders = bordersOf(observations);
  for (const [index, start] of borders.entries()) {
    const end = borders[index + 1] ?? to;
    const state = own.at(start)?.state ?? 'IDLE';
    const loginState = login.at(start)?.state ?? 'IDLE';
    const expiries = tokens.map((token) => token.at(start)?.expiresAt ?? Number.NEGATIVE_INFINITY);
    if (start < from || end <= start) continue;
    const disconnected = spanAt(faults.disconnected, start) !== undefined;
    const unreachable = spanAt(faults.unreachable, start) !== undefined;
    const since = spanAt(dry, start)?.from ?? start;
    yield {
      from: start,
      to: end,
      disconnected,
      up: !disconnected && state === 'CONNECTED' && loginState === 'CONNECTED',
      tokenless: unreachable && expiries.some((expiry) => since <= expiry && expiry <= start),
      reconnecting: RECONNECTING.has(loginState) || state === 'CONNECTING',
    };
  }
}

/** Every moment at which something changes, in order. */
function bordersOf({ changes, deliveries, faults, from, to }: Observations): number[] {
  const spans = [...faults.disconnected, ...faults.unreachable].flatMap((span) => [span.from, span.to]);
  const tokens = deliveries.flatMap(({ at, expiresAt }) => [at, expiresAt]);
  const all = new Set([from, ...changes.map(({ at }) => at), ...spans, ...tokens]);
  return [...all].filter((border) => border < to).sort((left, right) => left - right);
}

/** Walks through a list in the order of time. */
class Cursor<Item extends { readonly at: number }> {
  readonly #items: readonly Item[];
  #next = 0;

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  /** The last item at or before a moment; the moments must not go back. */
  at(moment: number): Item | undefined {
    while ((this.#items[this.#next]?.at ?? Number.POSITIVE_INFINITY) <= moment) this.#next += 1;
    return this.#items[this.#next - 1];
  }
}
