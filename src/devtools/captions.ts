import type { Lane } from './timeline.js';
import { wholeSeconds } from './words.js';

/** What a lane says below its name: how it stands at a moment. */
export function captionOf({ kind, spans, wedges, marks }: Lane, now: number): string {
  const span = spans.findLast(({ from }) => from <= now);
  if (kind === 'state' && span) return `for ${wholeSeconds(now - span.from)}`;
  if (kind === 'token') return tokenCaption(wedges, now);
  if (kind === 'channel' || kind === 'subscription') return kind;
  if (kind !== 'requests') return '';
  const failed = marks.filter(({ tone }) => tone === 'bad').length;
  return `${marks.length}${failed > 0 ? `, ${failed} failed` : ''}`;
}

function tokenCaption(wedges: Lane['wedges'], now: number): string {
  const wedge = wedges.findLast(({ from }) => from <= now);
  if (!wedge || (wedge.to ?? Number.POSITIVE_INFINITY) <= now) return 'none held';
  const leftMs = Math.min(wedge.expiresAt, wedge.lapsedAt ?? wedge.expiresAt) - now;
  return leftMs <= 0 ? 'lapsed' : `${wholeSeconds(leftMs)} left${wedge.denied ? ', denied' : ''}`;
}
