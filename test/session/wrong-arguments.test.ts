import { runInNewContext } from 'node:vm';
import { guideTokenSource, httpTokenSource, type SessionError, SessionManager, singleTokenSource } from 'agora-session';
import { buildRtmToken, createTokenHandler } from 'agora-session/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/environment/clock.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { issuer } from '../support/tokens.js';
import { createWorld, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);

const good = { appId: '970CA35de60c44645bbae8a215061b33', userId: 'alice', tokens: '/tokens' };
const TOKEN = issuer(systemClock).login('alice');

function refusal(options: Record<string, unknown>): string {
  try {
    new SessionManager({ ...good, ...options } as never);
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    return (error as Error).message;
  }
  return 'taken';
}

describe('an argument of the wrong type says what it got', () => {
  it.each<[string, unknown, RegExp]>([
    ['userId', 42, /string.*got a value of type number/],
    ['userId', undefined, /string.*got undefined/],
    ['userId', null, /string.*got null/],
    ['userId', '', /got an empty string/],
    ['userId', 'u'.repeat(70), /got a string of 70 characters/],
    ['userId', ['alice'], /got a value of type Array/],
    ['userId', Promise.resolve('alice'), /got a value of type Promise/],
    ['appId', undefined, /got undefined/],
    ['appId', ' 970CA35de60c44645bbae8a215061b33', /got a string of 33 characters/],
    ['tabs', true, /got a value of type boolean/],
    ['tokens', undefined, /got undefined/],
    ['tokens', {}, /got a value of type Object/],
    ['rtmConfig', null, /got null/],
    ['rtmConfig', [], /got a value of type Array/],
    ['retry', [], /got a value of type Array/],
    ['loadSdk', {}, /got a value of type Object/],
    ['logger', () => {}, /`warn`, got a value of type function/],
    ['logger', 'console', /`warn`, got a string/],
  ])('%s: %j', (name, value, message) => {
    expect(refusal({ [name]: value })).toMatch(message);
    expect(refusal({ [name]: value })).toContain(`\`${name}\``);
  });

  it.each([
    (token: string) => token,
    (token: string) => ` ${token}\n`,
    (token: string) => `"${token}"`,
    (token: string) => `Bearer ${token}`,
    (token: string) => JSON.stringify({ token }),
    (token: string) => `\ufeff${token.replaceAll('+', '-').replaceAll('/', '_')}`,
    (token: string) => `006${token.slice(3)}`,
  ])('a token in the place of what gives tokens is known, whatever it wears: %s', (dress) => {
    const dressed = dress(TOKEN);
    expect(refusal({ tokens: dressed })).toMatch(/this looks like one/);
    expect(refusal({ tokens: dressed })).not.toContain(TOKEN.slice(3, 20));
    expect(refusal({ tokens: `/api/tokens?for=${encodeURIComponent(dressed)}` })).toBe('taken');
  });

  it('and never repeats it', () => {
    expect(refusal({ appId: '5CFd2fd1755d40ecb72977518be15d3b0' })).not.toContain('5CFd');
  });

  it.each<[string, unknown, RegExp]>([
    ['a signal by itself', new AbortController().signal, /got a value of type AbortSignal/],
    ['a list', [], /got a value of type Array/],
    ['null', null, /got null/],
    ['a number of milliseconds', 5_000, /got a value of type number/],
  ])('options of a call that are %s', async (_what, options, message) => {
    const { session } = createWorld().session('alice');
    const calls = {
      login: outcome(session.login(options as never)),
      whenState: outcome(session.whenState('idle', options as never)),
      subscribe: outcome(session.subscribe('lobby', options as never)),
      joinStreamChannel: outcome(session.joinStreamChannel('stage', options as never)),
      publish: outcome(session.publish('lobby', 'hi', options as never)),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = (await call) as SessionError;
      expect(error, name).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
      expect(error.message, name).toContain('`options`');
    }
  });

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  it.each<[string, object]>([
    ['a BigInt', { withMessage: 1n }],
    ['a circle', circle],
  ])('options that hold %s', async (_what, options) => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const subscribed = outcome(alice.session.subscribe('lobby', options));
    const joined = outcome(alice.session.joinStreamChannel('stage', options));
    await world.clock.advance(1_000);
    const refused = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('`options`') };
    expect(await Promise.all([subscribed, joined])).toMatchObject([refused, refused]);
    expect(alice.session.snapshot).toMatchObject({ channels: [], subscriptions: [] });
  });

  it('in a call, too', async () => {
    const world = createWorld();
    const { session } = world.session('alice');
    await world.login(world.session('bob'));
    const error = (await outcome(session.subscribe(7 as never))) as SessionError;
    expect(error.message).toMatch(/`channelName`.*got a value of type number/);
  });
});

it('a status that does not exist is not waited for', async () => {
  const { session } = createWorld().session('alice');
  const error = (await outcome(session.whenState('online' as never))) as SessionError;
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/`status`.*connected/) });
});

describe('the handle of a stream channel says what it got', () => {
  type Call = (stage: Record<string, (...given: unknown[]) => Promise<unknown>>) => Promise<unknown> | undefined;
  it.each<[string, Call, RegExp]>([
    ['no topic', (stage) => stage.joinTopic?.(), /`topic`.*got undefined/],
    ['a number for a topic to leave', (stage) => stage.leaveTopic?.(7), /`topic`.*of type number/],
    ['an object for a topic to publish in', (stage) => stage.publishTopicMessage?.({}, ''), /`topic`.*of type Object/],
    ['an empty topic', (stage) => stage.unsubscribeTopic?.(''), /`topic`.*an empty string/],
    ['one user for a list', (stage) => stage.subscribeTopic?.('talk', { users: 'bob' }), /`users`.*a string of 3/],
    ['null for the options of a topic', (stage) => stage.joinTopic?.('talk', null), /`options`.*got null/],
    ['a text for them', (stage) => stage.joinTopic?.('talk', 'x'), /`options`.*a string of 1/],
    ['null for those of a subscription', (stage) => stage.subscribeTopic?.('talk', null), /`options`.*got null/],
    ['null for those of its end', (stage) => stage.unsubscribeTopic?.('talk', null), /`options`.*got null/],
    ['a user without a name', (stage) => stage.subscribeTopic?.('talk', { users: [''] }), /`users`.*of type Array/],
    ['users that are numbers', (stage) => stage.unsubscribeTopic?.('talk', { users: [7] }), /`users`.*of type Array/],
  ])('%s', async (_what, call, message) => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    const error = await outcome(Promise.resolve(call(stage as never)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) });
  });
});

it('takes the bytes of another realm, as a test has them', async () => {
  const world = createWorld();
  const alice = world.session('alice');
  await world.login(alice);
  const bytes = runInNewContext('new Uint8Array([1, 2, 3])') as Uint8Array;
  expect(bytes).not.toBeInstanceOf(Uint8Array);
  const published = outcome(alice.session.publish('lobby', bytes));
  await world.clock.advance(1_000);
  expect(await published).not.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

describe('every error for a wrong argument has one code', () => {
  const certificate = 'not 32 hexadecimal digits';
  it.each<[string, () => unknown]>([
    ['a session', () => new SessionManager({ ...good, userId: '' })],
    ['a token source without an address', () => httpTokenSource({ url: '' })],
    ['one with a time limit of nothing', () => httpTokenSource({ url: '/tokens', timeoutMs: 0 })],
    ['one that cannot fetch', () => guideTokenSource({ url: '/tokens', fetch: 'fetch' as never })],
    ['one without options', () => httpTokenSource(undefined as never)],
    ['one of a guide without options', () => guideTokenSource(undefined as never)],
    ['one whose time limit is a text', () => httpTokenSource({ url: '/tokens', timeoutMs: '5' as never })],
    ['one whose credentials are a flag', () => httpTokenSource({ url: '/tokens', credentials: true as never })],
    ['one whose mapper is no function', () => httpTokenSource({ url: '/tokens', response: {} as never })],
    ['one whose request is no function', () => httpTokenSource({ url: '/tokens', request: { a: 1 } as never })],
    ['one of a server of single tokens without mappers', () => singleTokenSource({ url: '/tokens' } as never)],
    ['a handler', () => createTokenHandler({ ...good, appCertificate: certificate, authorize: () => null })],
    ['a token', () => buildRtmToken({ ...good, appCertificate: certificate, expiresInSeconds: 60 })],
  ])('of %s', (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});

describe('a clock of the wrong making is refused at once', () => {
  class Platform {
    now = (): number => 0;
    monotonic(): number {
      // As performance.now() does when it is taken off its object.
      if (!(this instanceof Platform)) throw new TypeError('Illegal invocation');
      return 0;
    }
  }
  it.each<[string, unknown]>([
    ['without timers', { now: () => 0, monotonic: () => 0 }],
    ['with functions that were taken off their objects', { ...systemClock, monotonic: new Platform().monotonic }],
    ['that gives a date', { ...systemClock, now: () => new Date() }],
  ])('%s', (_what, clock) => {
    expect(refusal({ clock })).toContain('`clock`');
  });
});
