import type { Lane } from './timeline.js';
import { duration } from './words.js';

const TITLES: Partial<Record<Lane['kind'], string>> = {
  link: '',
  channel: 'stream channel',
  subscription: 'subscription',
  decisions: 'and why',
};

/** What a lane says below its name: how it stands at a moment. */
export function captionOf(lane: Lane, now: number): string {
  if (lane.kind === 'state') return stateCaption(lane, now);
  if (lane.kind === 'token') return tokenCaption(lane, now);
  if (lane.kind === 'requests') {
    const failed = lane.marks.filter(({ tone }) => tone === 'bad').length;
    return `${lane.marks.length}${failed > 0 ? `, ${failed} failed` : ''}`;
  }
  return TITLES[lane.kind] ?? '';
}

function stateCaption({ spans }: Lane, now: number): string {
  const span = spans.findLast(({ from }) => from <= now);
  return span ? `for ${wholeSeconds(now - span.from)}` : '';
}

function tokenCaption({ wedges }: Lane, now: number): string {
  const wedge = wedges.findLast(({ from }) => from <= now);
  if (!wedge || (wedge.to !== null && wedge.to <= now)) return 'none held';
  const leftMs = Math.min(wedge.expiresAt, wedge.lapsedAt ?? wedge.expiresAt) - now;
  if (leftMs <= 0) return 'lapsed';
  return `${wholeSeconds(leftMs + 999)} left${wedge.denied ? ', denied' : ''}`;
}

function wholeSeconds(ms: number): string {
  return ms < 1000 ? '0 s' : duration(Math.floor(ms / 1000) * 1000);
}
