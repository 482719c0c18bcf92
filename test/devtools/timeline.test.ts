import { describe, expect, it } from 'vitest';
import { explain } from '../../src/devtools/explain.js';
import { type Layout, layOut } from '../../src/devtools/layout.js';
import type { RecordedEvent } from '../../src/devtools/recording.js';
import { atOf, ticksOf, xOf } from '../../src/devtools/time-scale.js';
import type { Lane } from '../../src/devtools/timeline.js';
import { TimelineBuilder } from '../../src/devtools/timeline-builder.js';
import { TimeWindow } from '../../src/devtools/window.js';

const SECOND = 1_000;
const LOGIN = { kind: 'login', channelName: null, topic: null } as const;
const link = (at: number, currentState: string, reasonCode: string, channelName?: string): RecordedEvent => ({
  at: at * SECOND,
  type: 'sdk',
  name: 'linkState',
  detail: {
    serviceType: channelName ? 'STREAM' : 'MESSAGE',
    currentState,
    reasonCode,
    affectedChannels: channelName ? [channelName] : [],
  },
});
const tokens = (at: number, obtained: number, renews: number | null): RecordedEvent => ({
  at: at * SECOND,
  type: 'tokens',
  tokens: [
    {
      target: { kind: 'signaling' },
      status: 'valid',
      lifetimeMs: 60 * SECOND,
      obtainedAt: obtained * SECOND,
      expiresAt: (obtained + 60) * SECOND,
      renewsAt: renews === null ? null : renews * SECOND,
      retriesAt: null,
      cause: 'schedule',
      failures: 0,
    },
  ],
});

/** A login, a renewal, a token that lapses, and the way back. */
const STORY: readonly RecordedEvent[] = [
  { at: 0, type: 'state', state: { status: 'connecting' } },
  { at: 100, type: 'request', targets: [{ kind: 'signaling' }], cause: 'login' },
  { at: 400, type: 'answer', targets: [{ kind: 'signaling' }], tookMs: 300, tokens: 1, code: null },
  tokens(0.4, 0.1, 45),
  link(1, 'CONNECTED', 'LOGIN_SUCCESS'),
  { at: SECOND, type: 'state', state: { status: 'connected' } },
  { at: 2 * SECOND, type: 'subscription', subscription: { channelName: 'lobby', state: 'subscribed' } },
  { at: 45 * SECOND, type: 'request', targets: [{ kind: 'signaling' }], cause: 'schedule' },
  {
    at: 46 * SECOND,
    type: 'answer',
    targets: [{ kind: 'signaling' }],
    tookMs: SECOND,
    tokens: 0,
    code: 'TOKEN_REQUEST_FAILED',
  },
  {
    at: 46 * SECOND,
    type: 'tokenFailed',
    target: { kind: 'signaling' },
    attempt: 1,
    retryInMs: 30 * SECOND,
    error: {
      name: 'SessionError',
      code: 'TOKEN_REQUEST_FAILED',
      message: 'The token server answered 503.',
      retryable: true,
      cause: { name: 'TokenRequestError', status: 503 },
    },
  },
  { at: 50 * SECOND, type: 'sdk', name: 'tokenPrivilegeWillExpire', detail: { channelName: '' } },
  link(58, 'FAILED', 'TOKEN_EXPIRED'),
  {
    at: 58 * SECOND,
    type: 'decision',
    about: LOGIN,
    does: 'relogin',
    reason: 'token',
    why: 'The token was refused or has lapsed; a fresh one is needed.',
    code: 'TOKEN_EXPIRED',
    delayMs: 0,
  },
  { at: 58 * SECOND, type: 'state', state: { status: 'recovering', cause: 'expired', attempt: 1 } },
  tokens(62, 61.5, 100),
  link(62, 'CONNECTED', 'LOGIN_SUCCESS'),
  { at: 62 * SECOND, type: 'state', state: { status: 'connected' } },
  {
    at: 63 * SECOND,
    type: 'restored',
    cause: 'expired',
    results: [{ kind: 'subscription', channelName: 'lobby', ok: true }],
    gap: { from: 57 * SECOND, to: 63 * SECOND },
  },
];

function timelineOf(events: readonly RecordedEvent[]): TimelineBuilder {
  const builder = new TimelineBuilder();
  for (const event of events) builder.add(event);
  return builder;
}

function lane(title: string): Lane {
  const found = timelineOf(STORY).lanes.find((one) => one.title === title);
  if (!found) throw new Error(`There is no lane ${title}.`);
  return found;
}

describe('the lanes of a story', () => {
  it('stand in one order, however things came about', () => {
    const titles = ['state', 'SDK link', 'login token', 'requests', 'decisions', 'lobby'];
    expect(timelineOf(STORY).lanes.map(({ title }) => title)).toEqual(titles);
    expect(timelineOf([...STORY].reverse()).lanes.map(({ title }) => title)).toEqual(titles);
  });

  it('show how the session stood', () => {
    expect(lane('state').spans.map(({ from, to, label, tone }) => [from, to, label, tone])).toEqual([
      [0, 1_000, 'logging in', 'busy'],
      [1_000, 58_000, 'connected', 'good'],
      [58_000, 62_000, 'recovering: the token lapsed', 'busy'],
      [62_000, null, 'connected', 'good'],
    ]);
  });

  it('show each token from its beginning to its end, as the SDK has it where it says so', () => {
    const { wedges, marks } = lane('login token');
    expect(wedges).toMatchObject([
      { from: 100, to: 62_000, expiresAt: 60_100, renewsAt: 45_000, lapsedAt: 58_000 },
      { from: 62_000, to: null, expiresAt: 121_500, renewsAt: 100_000, lapsedAt: null },
    ]);
    expect(marks.map(({ at, shape }) => [at, shape])).toEqual([
      [50_000, 'flag'],
      [58_000, 'cross'],
    ]);
  });

  it('show requests with what they took, what failed and when the next comes', () => {
    expect(lane('requests').marks).toMatchObject([
      { at: 400, since: 100, tone: 'good', nextAt: null },
      { at: 46_000, since: 45_000, tone: 'bad', label: '503', nextAt: 76_000 },
    ]);
  });

  it('show what was decided, and when it is done', () => {
    expect(lane('decisions').marks).toMatchObject([
      { at: 58_000, label: 'log in again at once', nextAt: 58_000 },
      { at: 63_000, label: 'restored 1 of 1 after the token lapsed', nextAt: null },
    ]);
  });

  it('show a gap where something may have been missed', () => {
    expect(lane('lobby').gaps).toMatchObject([{ from: 57_000, to: 63_000, label: 'gap of 6 s' }]);
  });

  it('begin with a snapshot where the session was there before', () => {
    const { lanes } = timelineOf([
      {
        at: 5,
        type: 'snapshot',
        state: { status: 'connected' },
        tokens: [],
        channels: [{ channelName: 'stage', state: { status: 'joined' } }],
        subscriptions: [{ channelName: 'lobby', state: 'subscribed' }],
      },
    ]);
    expect(lanes.map(({ title, spans }) => [title, spans[0]?.label])).toEqual([
      ['state', 'connected'],
      ['stage', 'joined'],
      ['lobby', 'subscribed'],
    ]);
  });

  it('take events of another version', () => {
    const event = { at: 1, type: 'novelty' } as unknown as RecordedEvent;
    expect(timelineOf([event]).lanes[0]?.marks).toMatchObject([{ at: 1, label: 'novelty' }]);
  });
});

describe('why', () => {
  const textOf = (index: number): string[] =>
    explain(STORY, index).map(({ label, text, code }) => `${label}: ${text}${code ? ` (${code})` : ''}`);
  const indexOf = (type: RecordedEvent['type'], nth = 0): number =>
    STORY.map((event, index) => ({ event, index })).filter(({ event }) => event.type === type)[nth]?.index ?? -1;

  it('of a recovery is the signal, the row of the table, what is done and how it went on', () => {
    expect(textOf(indexOf('state', 2))).toEqual([
      'SDK said: the login’s link is FAILED (TOKEN_EXPIRED)',
      'remedy: The token was refused or has lapsed; a fresh one is needed. (token)',
      'so it: log in again: the login, at once (TOKEN_EXPIRED)',
      'then: connected after 4 s',
    ]);
  });

  it('of a decision is the same', () => {
    expect(textOf(indexOf('decision'))).toEqual(textOf(indexOf('state', 2)));
  });

  it('of what the SDK said is what was done about it', () => {
    expect(textOf(11)).toEqual(expect.arrayContaining([expect.stringContaining('so it: log in again')]));
  });

  it('of a failed request is what the server said', () => {
    expect(textOf(indexOf('tokenFailed'))).toEqual(['it said: The token server answered 503. (503)']);
  });

  it('of what was restored is each part of it, and what may have been missed', () => {
    expect(textOf(indexOf('restored'))).toEqual([
      'back: the subscription to lobby',
      'gap: messages of 6 s may have been missed',
    ]);
  });

  it('of no event is nothing', () => {
    expect(explain(STORY, STORY.length)).toEqual([]);
  });
});

describe('the layout', () => {
  const view = { from: 0, to: 100 * SECOND, width: 1_000 };
  const { lanes } = timelineOf(STORY);
  const laidOut = layOut({ lanes, view, now: 80 * SECOND });

  const textOf = ({ shapes }: Layout): string => shapes.map(({ text }) => text).join('');
  const stylesIn = (layout: Layout, kind: string): (string | undefined)[] =>
    [...textOf(layout).matchAll(new RegExp(`<g class="${kind} (\\w*)`, 'g'))].map(([, style]) => style);

  it('turns time into place and back', () => {
    expect(xOf(view, 25 * SECOND)).toBe(250);
    expect(atOf(view, 250)).toBe(25 * SECOND);
    expect(laidOut.nowX).toBe(800);
  });

  it('has round times with room between them', () => {
    for (const to of [900, 20_000, 100_000, 3_600_000, 86_400_000, 1_000_000_000]) {
      const ticks = ticksOf({ from: 0, to, width: 1_000 });
      expect(ticks.length).toBeGreaterThan(1);
      for (const [index, { x }] of ticks.entries()) expect(x - (ticks[index - 1]?.x ?? -90)).toBeGreaterThan(89);
    }
  });

  it('draws what is to come of a token fainter, with its planned renewal', () => {
    expect(stylesIn(laidOut, 'wedge')).toEqual(['past', 'past', 'ahead']);
    // The plan at 100 s is the edge of the view, so a wider one shows it.
    const wider = layOut({ lanes, view: { ...view, to: 130 * SECOND }, now: 80 * SECOND });
    expect(stylesIn(laidOut, 'plan')).toEqual([]);
    expect(textOf(wider)).toContain('>renews in 20 s</text>');
  });

  it('draws the time without a valid token', () => {
    expect(textOf(laidOut)).toMatch(/<g class="bar lapse bad" data-event="3"><rect x="580" y="[\d.]+" width="40"/);
  });

  it('says which event each thing is about, and draws moments above what lasts', () => {
    const kinds = [...textOf(laidOut).matchAll(/<g class="(\w+) [^"]*" data-event="(\d+)"/g)];
    expect(kinds.length).toBe(laidOut.shapes.length);
    for (const [, , event] of kinds) expect(STORY[Number(event)]).toBeDefined();
    const names = kinds.map(([, kind]) => kind);
    expect(names.lastIndexOf('wedge')).toBeLessThan(names.indexOf('mark'));
    expect(textOf(laidOut)).toMatch(/<g class="mark cross bad" data-event="11">/);
  });

  it('leaves out what is outside of the view, and draws once what cannot be told apart', () => {
    const many = timelineOf(
      Array.from(
        { length: 10_000 },
        (_, index): RecordedEvent => ({
          at: index * 100,
          type: 'answer',
          targets: [{ kind: 'signaling' }],
          tookMs: 0,
          tokens: index === 5_000 ? 0 : 1,
          code: null,
        }),
      ),
    );
    const all = layOut({ lanes: many.lanes, view: { from: 0, to: 1_000_000, width: 1_000 }, now: 1_000_000 });
    expect(all.shapes.length).toBeLessThan(160);
    // The one that failed is seen among ten thousand.
    expect(all.shapes.filter(({ text }) => / bad"/.test(text))).toHaveLength(1);
    const few = layOut({ lanes: many.lanes, view: { from: 0, to: 1_000, width: 1_000 }, now: 1_000_000 });
    expect(few.shapes.length).toBeLessThan(20);
  });
});

describe('the part of time in view', () => {
  const timeline = timelineOf(STORY);
  const windowAt = (seconds: number) => {
    const sight = { timeline, now: seconds * SECOND, width: 1_000 };
    return { sight, window: new TimeWindow(() => sight) };
  };

  it('follows the present, and shows what is ahead of it', () => {
    const { from, to } = windowAt(80).window.view;
    expect(from).toBeLessThanOrEqual(0);
    expect(to).toBeGreaterThan(95 * SECOND);
  });

  it('stays where somebody looks, and follows again past the present', () => {
    const { window, sight } = windowAt(80);
    window.moveBy(-20 * SECOND);
    expect(window.isLive).toBe(false);
    const before = window.view;
    sight.now = 200 * SECOND;
    expect(window.view).toEqual(before);
    window.moveBy(500 * SECOND);
    expect(window.isLive).toBe(true);
  });

  it('is moved to what was chosen', () => {
    const { window } = windowAt(80);
    window.zoom(0.1, 80 * SECOND);
    expect(window.view.from).toBeGreaterThan(5 * SECOND);
    window.reveal(5 * SECOND);
    const { from, to } = window.view;
    expect(from).toBeLessThan(5 * SECOND);
    expect(to).toBeGreaterThan(5 * SECOND);
  });

  it('grows around a moment that stays where it is', () => {
    const { window } = windowAt(80);
    window.moveBy(-30 * SECOND);
    const x = xOf(window.view, 40 * SECOND);
    window.zoom(0.5, 40 * SECOND);
    expect(xOf(window.view, 40 * SECOND)).toBeCloseTo(x);
  });

  it('is all that there was, and the present, where that is asked for', () => {
    const { window } = windowAt(80);
    window.moveBy(-30 * SECOND);
    window.showAll();
    const { from, to } = window.view;
    expect(window.isLive).toBe(true);
    expect(from).toBeLessThanOrEqual(0);
    expect(to).toBeGreaterThan(80 * SECOND);
  });
});
