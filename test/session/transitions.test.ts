import { describe, expect, it } from 'vitest';
import * as transitions from '../../src/session/state/transitions.js';

const { isLegalMove } = transitions;
const TABLES: readonly [name: string, table: transitions.Transitions<string>, first: string][] = [
  ['sessions', transitions.SESSION_TRANSITIONS, 'idle'],
  ['stream channels', transitions.CHANNEL_TRANSITIONS, 'left'],
  ['subscriptions', transitions.SUBSCRIPTION_TRANSITIONS, 'unsubscribed'],
];

describe.each(TABLES)('the states of %s', (_name, table, first) => {
  const states = Object.keys(table);

  it('are reached from the first one, and lead back to it', () => {
    const reached = new Set([first]);
    for (const state of reached) for (const next of table[state] ?? []) reached.add(next);
    expect([...reached].toSorted()).toEqual(states.toSorted());
    for (const state of states) expect(isLegalMove(table, state, first)).toBe(true);
  });

  it('may stay, and begin and fail only after something was tried', () => {
    for (const state of states) expect(isLegalMove(table, state, state)).toBe(true);
    for (const end of ['connected', 'joined', 'subscribed', 'failed'])
      expect(isLegalMove(table, first, end)).toBe(false);
    for (const end of ['connected', 'joined', 'subscribed']) expect(isLegalMove(table, 'failed', end)).toBe(false);
  });
});
