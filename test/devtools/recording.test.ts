import { createRecorder, readRecording, recordingOf } from 'agora-session/devtools';
import { createTestSession } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';
import { since } from '../../src/devtools/follow-session.js';

const TOKEN = `007${'eJxTYPh0bYs+9'.repeat(6)}`;

describe('a recording', () => {
  it('holds what a recorder was told, as JSON, and is read back as it was', async () => {
    const recorder = createRecorder({ now: () => clock.now() });
    const { session, tokens, emulator, clock } = createTestSession({ session: { inspect: recorder.inspect } });
    const stop = recorder.follow(session);
    tokens.lifeSeconds = 60;
    await clock.during(session.login());
    await clock.during(session.subscribe('lobby'));
    await clock.advance(30_000);
    emulator.expireToken(session.userId);
    await clock.until(() => recorder.log.events.some(({ type }) => type === 'restored'));
    await clock.advance(1_000);
    const recording = recorder.recording();
    const text = JSON.stringify(recording);
    expect(readRecording(text)).toEqual(recording);
    const types = new Set(recording.events.map(({ type }) => type));
    expect([...types]).toEqual(
      expect.arrayContaining(['state', 'request', 'answer', 'sdk', 'decision', 'tokens', 'renewed']),
    );
    expect(text).not.toMatch(/007[A-Za-z0-9+/]{20}/);
    expect(text).not.toContain(session.appId);
    stop();
    const { length } = recorder.log.events;
    await clock.during(session.logout());
    expect(recorder.log.events.slice(length).map(({ type }) => type)).not.toContain('tokens');
  });

  it('loses what looks like a token, wherever an app may have put it', () => {
    const said = { at: 1, type: 'state', state: { status: 'reconnecting', cause: `oh ${TOKEN} no` } } as const;
    expect(JSON.stringify(recordingOf([said]))).toContain('oh (a token) no');
  });

  it.each([
    ['text that is no JSON', '{', 'The file is no JSON.'],
    ['other JSON', '[1]', 'This is no recording of an agora-session.'],
    ['nothing', null, 'This is no recording of an agora-session.'],
    ['a later version', { format: 'agora-session recording', version: 2 }, 'has version 2; this panel reads version 1'],
    ['no events', { format: 'agora-session recording', version: 1 }, 'no list of events'],
    [
      'an event without a time',
      { format: 'agora-session recording', version: 1, events: [{ at: 1, type: 'state' }, { type: 'state' }] },
      'Event 1 of the recording has no time or no type.',
    ],
  ])('is not %s', (_what, source, message) => {
    expect(() => readRecording(source)).toThrow(message);
  });
});

describe('a recorder', () => {
  it('drops the oldest events when there are too many', () => {
    const recorder = createRecorder({ limit: 10 });
    for (let at = 0; at < 25; at++) recorder.inspect({ at, type: 'state', state: { status: 'connected' } });
    const { events, dropped } = recorder.log;
    expect(events.length).toBeLessThanOrEqual(10);
    expect(events.at(-1)?.at).toBe(24);
    expect(dropped + events.length).toBe(25);
    expect(recorder.log.timeline.lanes[0]?.spans[0]?.from).toBe(events[0]?.at);
  });

  it('refuses a limit that keeps nothing', () => {
    expect(() => createRecorder({ limit: 0 })).toThrow('limit must be a number');
  });
});

describe('what is new in a list whose oldest fall out', () => {
  it.each([
    [[], ['a', 'b'], ['a', 'b']],
    [['a', 'b'], ['a', 'b'], []],
    [['a', 'b'], ['a', 'b', 'c'], ['c']],
    [['a', 'b', 'c'], ['b', 'c', 'd'], ['d']],
    [['a', 'a', 'a'], ['a', 'a', 'a', 'a'], ['a']],
    [
      ['a', 'b'],
      ['x', 'y'],
      ['x', 'y'],
    ],
  ])('of %j in %j is %j', (before, after, fresh) => {
    expect(since(before, after)).toEqual(fresh);
  });
});
