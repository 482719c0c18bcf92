import { describe, expect, it } from 'vitest';
import { isLegalMove, SESSION_TRANSITIONS, type Transitions } from '../../src/session/state/transitions.js';
import { CHANNEL_TRANSITIONS, SUBSCRIPTION_TRANSITIONS } from '../../src/session/wanted/transitions.js';

const TABLES: Readonly<Record<string, Transitions<string>>> = {
  session: SESSION_TRANSITIONS,
  channel: CHANNEL_TRANSITIONS,
  subscription: SUBSCRIPTION_TRANSITIONS,
};

/** From which states each state is reached in one move. */
function reachedFrom(table: Transitions<string>, state: string): string[] {
  return Object.keys(table).filter((from) => table[from]?.includes(state));
}

describe.each(Object.entries(TABLES))('the moves of a %s', (_, table) => {
  const states = Object.keys(table);

  it('lead to states that there are, each named once and none to itself', () => {
    for (const [from, next] of Object.entries(table)) {
      expect(states).toEqual(expect.arrayContaining([...next]));
      expect(new Set(next).size).toBe(next.length);
      expect(next).not.toContain(from);
    }
  });

  it('lead out of every state and into every state', () => {
    for (const state of states) {
      expect(table[state]?.length, `out of ${state}`).toBeGreaterThan(0);
      expect(reachedFrom(table, state), `into ${state}`).not.toEqual([]);
    }
  });

  it('are legal exactly as they stand there; more said of the same state is no move', () => {
    for (const from of states) {
      for (const to of states) {
        expect(isLegalMove(table, from, to), `${from} to ${to}`).toBe(from === to || table[from]?.includes(to));
      }
    }
  });
});

describe('a session', () => {
  const all = ['connected', 'connecting', 'failed', 'reconnecting', 'recovering', 'waiting'];

  it('is idle after a logout at any moment', () => {
    expect(reachedFrom(SESSION_TRANSITIONS, 'idle').toSorted()).toEqual(all);
  });

  it('can fail whenever it is at work', () => {
    expect(reachedFrom(SESSION_TRANSITIONS, 'failed').toSorted()).toEqual(all.filter((state) => state !== 'failed'));
  });

  it('works only after it has begun to connect, and connects only by a login or at its turn', () => {
    expect(reachedFrom(SESSION_TRANSITIONS, 'connecting')).toEqual(['idle', 'waiting', 'failed']);
    expect(reachedFrom(SESSION_TRANSITIONS, 'connected')).toEqual(['connecting', 'reconnecting', 'recovering']);
  });

  it('reconnects from connected alone, and recovers from that or from reconnecting', () => {
    expect(reachedFrom(SESSION_TRANSITIONS, 'reconnecting')).toEqual(['connected']);
    expect(reachedFrom(SESSION_TRANSITIONS, 'recovering')).toEqual(['connected', 'reconnecting']);
  });

  it('can lose its turn among the tabs in every state in which it has it', () => {
    const having = ['connecting', 'connected', 'reconnecting', 'recovering'];
    expect(reachedFrom(SESSION_TRANSITIONS, 'waiting')).toEqual(having);
  });
});

describe('a stream channel', () => {
  it('can be left in every state, and joined anew in every state but while it joins', () => {
    expect(reachedFrom(CHANNEL_TRANSITIONS, 'left')).toEqual(['joining', 'joined', 'rejoining', 'failed']);
    expect(reachedFrom(CHANNEL_TRANSITIONS, 'joining')).toEqual(['left', 'joined', 'rejoining', 'failed']);
  });

  it('is joined after it was joining or where the SDK has it still or after all, fails only after it was joined, and joins again once it is wanted', () => {
    expect(reachedFrom(CHANNEL_TRANSITIONS, 'joined')).toEqual(['left', 'joining', 'rejoining', 'failed']);
    expect(reachedFrom(CHANNEL_TRANSITIONS, 'failed')).toEqual(['joined', 'rejoining']);
    expect(reachedFrom(CHANNEL_TRANSITIONS, 'rejoining')).toEqual(['joining', 'joined', 'failed']);
  });
});

describe('a subscription', () => {
  it('can be given up in every state, and begins anew from every state but its own', () => {
    expect(reachedFrom(SUBSCRIPTION_TRANSITIONS, 'unsubscribed')).toEqual(['subscribing', 'subscribed', 'failed']);
    expect(reachedFrom(SUBSCRIPTION_TRANSITIONS, 'subscribing')).toEqual(['unsubscribed', 'subscribed', 'failed']);
  });

  it('stands after it was asked for or where the SDK has it still, and fails only after it was asked for', () => {
    expect(reachedFrom(SUBSCRIPTION_TRANSITIONS, 'subscribed')).toEqual(['unsubscribed', 'subscribing']);
    expect(reachedFrom(SUBSCRIPTION_TRANSITIONS, 'failed')).toEqual(['subscribing']);
  });
});

describe.each([
  ['sessions', SESSION_TRANSITIONS, 'idle'],
  ['stream channels', CHANNEL_TRANSITIONS, 'left'],
  ['subscriptions', SUBSCRIPTION_TRANSITIONS, 'unsubscribed'],
] as readonly [name: string, table: Transitions<string>, first: string][])('the states of %s', (_, table, first) => {
  const states = Object.keys(table);

  it('are reached from the first one, and lead back to it', () => {
    const reached = new Set([first]);
    for (const state of reached) for (const next of table[state] ?? []) reached.add(next);
    expect([...reached].toSorted()).toEqual(states.toSorted());
    for (const state of states) expect(isLegalMove(table, state, first)).toBe(true);
  });

  it('may stay, and connect and fail only after something was tried', () => {
    for (const state of states) expect(isLegalMove(table, state, state)).toBe(true);
    for (const end of ['connected', 'failed']) expect(isLegalMove(table, first, end)).toBe(false);
    // A stream channel alone may stand although it was given up: the SDK says so of it, and of nothing else.
    for (const end of ['connected', 'subscribed']) expect(isLegalMove(table, 'failed', end)).toBe(false);
  });
});
