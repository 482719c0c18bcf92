import type { FaultSchedule } from './faults.js';
import { type Moment, moments, type Observations } from './moments.js';
import { noticeMs, reactionMs } from './reaction-time.js';
import type { Span } from './spans.js';

/**
 * Where the time went in which a login or channel was not usable. Every moment is in exactly one class, the first that fits:
 *
 * - `noLink`: the machine slept or its network was gone.
 * - `noToken`: the newest token that had reached the page (the login's, for a channel also its own) lapsed while none could be had
 *   (server or network down, or asleep), and none could be had since for as long as it takes to react. A token that lapsed before that,
 *   or is still good, is no excuse.
 * - `sdk`: the network is back and the SDK is reconnecting by itself, which it does some seconds after that.
 * - `recovering`: one of the above has just ended, and the app has had less than {@link reactionMs} to find out and react. A
 *   token that lapses within {@link noticeMs} after it could be had again belongs here, too.
 * - `avoidable`: everything else. A lapse that began without a reason, or outlasted the time to react, has no further excuses; only
 *   sleep and the network being gone still count as what they are.
 */
export const LAPSE_CLASSES = ['noLink', 'noToken', 'sdk', 'recovering', 'avoidable'] as const;
/** One of {@link LAPSE_CLASSES}. */
export type LapseClass = (typeof LAPSE_CLASSES)[number];
/** Milliseconds of each class. */
export type Lapse = Readonly<Record<LapseClass, number>>;

/** A stretch of not being usable. */
interface Episode {
  /** Until when there was a reason that is no fault of the app's. */
  excusedUntil: number;
  avoidable: boolean;
}

/** Classifies all time in which a login or channel was not usable. */
export function lapseOf(observations: Observations): Lapse {
  const lapse: Record<LapseClass, number> = { noLink: 0, noToken: 0, sdk: 0, recovering: 0, avoidable: 0 };
  const allowedMs = reactionMs(observations.faults);
  let episode: Episode | null = null;
  for (const moment of moments(observations)) {
    if (moment.up) episode = null;
    else {
      episode ??= begin(moment.from, observations.faults);
      classify(moment, episode, lapse, allowedMs);
    }
  }
  return lapse;
}

function begin(moment: number, faults: FaultSchedule): Episode {
  const last = faults.unreachable.findLast(({ to }) => to <= moment)?.to ?? Number.NEGATIVE_INFINITY;
  return { excusedUntil: moment - last < noticeMs(faults) ? last : Number.NEGATIVE_INFINITY, avoidable: false };
}

function classify(moment: Moment, episode: Episode, lapse: Record<LapseClass, number>, allowedMs: number): void {
  const { from, to } = moment;
  const excuse = excuseOf(moment, episode);
  if (excuse) {
    lapse[excuse] += to - from;
    episode.excusedUntil = to;
    return;
  }
  const limit = episode.avoidable ? from : Math.min(to, Math.max(from, episode.excusedUntil + allowedMs));
  lapse.recovering += limit - from;
  lapse.avoidable += to - limit;
  if (limit < to) episode.avoidable = true;
}

function excuseOf({ disconnected, tokenless, reconnecting }: Moment, { avoidable }: Episode): LapseClass | null {
  if (disconnected) return 'noLink';
  if (avoidable) return null;
  if (tokenless) return 'noToken';
  return reconnecting ? 'sdk' : null;
}

/**
 * How long no app could have had a token, had it got a fresh one at the last moment before each time without: what `noToken` would be if
 * renewing cost nothing. How much more it is depends on how much life a schedule keeps in hand.
 */
export function leastWithoutToken({ unreachable, disconnected }: FaultSchedule, lifeMs: number): number {
  const dry = unreachable.map(({ from, to }) => ({ from: from + lifeMs, to })).filter(({ from, to }) => from < to);
  const overlap = (one: Span, other: Span): number =>
    Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from));
  return dry.reduce((sum, span) => {
    const offline = disconnected.reduce((total, cut) => total + overlap(span, cut), 0);
    return sum + span.to - span.from - offline;
  }, 0);
}
