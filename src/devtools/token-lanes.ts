import type { TokenSnapshot } from '../index.js';
import type { Lane, Wedge } from './timeline.js';

/** Two descriptions of one token differ by less than this in when its life began. */
const SAME_TOKEN_MS = 1;

/** Writes down what is known of the token that a lane is about. */
export function takeToken({ wedges }: Lane, token: TokenSnapshot, { at, event }: { at: number; event: number }): void {
  const { obtainedAt, expiresAt, lifetimeMs, renewsAt, status } = token;
  const last = wedges.at(-1);
  const isFresh = last?.to !== null || obtainedAt - (last.expiresAt - last.lifetimeMs) > SAME_TOKEN_MS;
  if (isFresh && lifetimeMs > 0) {
    dropToken(wedges, at);
    const from = last ? at : obtainedAt;
    wedges.push({ from, to: null, expiresAt, lifetimeMs, renewsAt, lapsedAt: null, denied: false, event });
  }
  const current = wedges.at(-1);
  if (!current) return;
  current.renewsAt = renewsAt ?? current.renewsAt;
  current.denied = status === 'denied';
}

/** It is held no more. */
export function dropToken(wedges: readonly Wedge[], at: number): void {
  const last = wedges.at(-1);
  if (last) last.to ??= at;
}
