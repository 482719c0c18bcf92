import { TokenDeniedError } from 'agora-session';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { issuer, tokenOfFiftySixYears } from '../support/tokens.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(() => {
  world = createWorld();
  alice = world.session('alice');
});

const status =
  (code: number, headers: HeadersInit = {}) =>
  () =>
    new Response('{"error":{"code":"X"}}', { status: code, headers });
const attempt = async (): Promise<unknown> => {
  const login = alice.session.login().then(
    () => 'in',
    (error: unknown) => error,
  );
  await world.clock.advance(31_000);
  return login;
};
/** Time up to the first scheduled renewal, with a draw of one half. */
const FIRST_RENEWAL = 3_600_000 * 0.55;
const codes = (): unknown[] => (alice.told.tokenError ?? []).map(({ error }) => error.code);

describe('the token server', () => {
  it('down for longer than the token lives, then back', async () => {
    await world.login(alice);
    world.server.fault = status(503);
    await world.clock.advance(3 * 3_600_000);
    expect(alice.session.state.status).toBe('recovering');
    world.server.fault = null;
    await world.clock.advance(61_000);
    expect(alice.session.state.status).toBe('connected');
    expect(alice.told.restored).toHaveLength(1);
  });

  it.each([1, 8])(
    'down for a day is asked at the pace of one with %i channels, which are all back soon after it',
    async (count) => {
      await world.login(alice);
      const names = Array.from({ length: count }, (_, nth) => `stage${nth}`);
      const joins = Promise.all(names.map((name) => alice.session.joinStreamChannel(name)));
      await world.clock.during(joins, 60_000);
      const before = world.server.requests.length;
      world.server.fault = status(503);
      await world.clock.advance(24 * 3_600_000);
      // About 30 s between two of them, for a day less the half an hour before the first.
      expect(world.server.requests.length - before).toBeLessThan(1.25 * 2 * 24 * 60);
      expect(world.server.requests.length - before).toBeGreaterThan(24 * 60);
      world.server.fault = null;
      await world.clock.advance(90_000);
      expect(alice.session.snapshot.channels.filter(({ state }) => state.status === 'joined')).toHaveLength(count);
    },
  );

  it('answering 401, then well', async () => {
    let refused = 0;
    world.server.fault = () => (refused++ === 0 ? new Response(null, { status: 401 }) : null);
    expect(await attempt()).toBe('in');
    expect(world.server.requests).toHaveLength(2);
  });

  it.each<[string, () => Response | Promise<Response>]>([
    ['503', () => new Response(null, { status: 503 })],
    ['429', () => new Response(null, { status: 429 })],
    ['a lost network', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['silence', () => new Promise<Response>(() => {})],
  ])('answering with %s whatever names one channel keeps no other token from being renewed', async (_what, answer) => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    for (const name of ['stage', 'vault']) {
      await world.clock.during(alice.session.joinStreamChannel(name));
    }
    world.server.fault = ({ channels }) => (channels.includes('vault') ? answer() : null);
    await world.clock.advance(4 * 3_600_000);
    const renewed = alice.told.tokenRenewed?.map(({ target }) =>
      target.kind === 'stream' ? target.channelName : 'login',
    );
    expect(new Set(renewed)).toEqual(new Set(['login', 'stage']));
    expect(alice.states.map(({ status }) => status)).toEqual(['connecting', 'connected']);
    world.server.fault = () => null;
    await world.clock.advance(120_000);
    expect(alice.session.snapshot.channels.map(({ state }) => state.status)).toEqual(['joined', 'joined']);
  });

  it('answering 401 twice denies the login', async () => {
    world.server.fault = status(401);
    expect(await attempt()).toMatchObject({ code: 'TOKEN_DENIED' });
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code: 'TOKEN_DENIED' } });
    expect(world.clock.pending).toBe(0);
  });

  it('answering 403 at a renewal: the session stays until its token lapses, and says so at once', async () => {
    await world.login(alice);
    world.server.fault = status(403);
    await world.clock.advance(FIRST_RENEWAL + 1);
    expect(alice.told.tokenError).toMatchObject([{ error: { code: 'TOKEN_DENIED' }, retryInMs: null }]);
    expect(alice.session.state.status).toBe('connected');
    expect(alice.session.snapshot.tokens).toMatchObject([{ status: 'denied', renewsAt: null }]);
    await world.clock.advance(3_600_000);
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code: 'TOKEN_DENIED' } });
    expect(world.server.requests).toHaveLength(2);
    world.server.fault = null;
    expect(await attempt()).toBe('in');
  });

  it('answering 403 at a renewal, and renewTokens() when it has changed its mind', async () => {
    await world.login(alice);
    world.server.fault = status(403);
    await world.clock.advance(FIRST_RENEWAL + 1);
    world.server.fault = null;
    await Promise.all([alice.session.renewTokens(), world.clock.advance(100)]);
    expect(alice.told.tokenRenewed).toMatchObject([{ cause: 'manual' }]);
  });

  it('answering 403 for one of several targets denies that one alone', async () => {
    await world.login(alice);
    const join = (name: string) =>
      alice.session.joinStreamChannel(name).then(
        () => 'in',
        (error: unknown) => error,
      );
    world.server.fault = (body) => (body.channels.includes('vault') ? new Response(null, { status: 403 }) : null);
    const [joined] = await Promise.all([Promise.all([join('stage'), join('vault')]), world.clock.advance(2_000)]);
    expect(joined).toMatchObject(['in', { code: 'TOKEN_DENIED' }]);
    expect(alice.session.snapshot.channels.map(({ channelName }) => channelName)).toEqual(['stage']);
    await Promise.all([alice.session.renewTokens(), world.clock.advance(1_000)]);
    expect(world.server.requests.at(-1)).toMatchObject({ signaling: true, channels: ['stage'] });
  });

  it.each([
    ['the same options', {}],
    ['others', { withPresence: false }],
  ])('denying a joined channel, and a join with %s when it has changed its mind', async (_what, options) => {
    await world.login(alice);
    await world.clock.during(alice.session.joinStreamChannel('stage'));
    world.server.tamper = (answer) => ({
      ...answer,
      channels: { stage: { error: { code: 'FORBIDDEN', message: 'Not now.' } } },
    });
    expect(await world.clock.during(outcome(alice.session.renewTokens()))).toMatchObject({ code: 'TOKEN_DENIED' });
    world.server.tamper = null;
    await world.clock.during(alice.session.joinStreamChannel('stage', options));
    await world.clock.advance(3 * 3_600_000);
    expect(alice.session.snapshot.channels).toEqual([{ channelName: 'stage', state: { status: 'joined' } }]);
  });

  it('answering 404 for five minutes, as in a deploy', async () => {
    await world.login(alice);
    world.server.fault = status(404);
    await world.clock.advance(FIRST_RENEWAL + 300_000);
    expect(alice.session.state.status).toBe('connected');
    world.server.fault = null;
    await world.clock.advance(60_000);
    expect(alice.told.tokenRenewed).toHaveLength(1);
    expect(new Set(codes())).toEqual(new Set(['TOKEN_REQUEST_FAILED']));
  });

  it('answering 404 at a login is final', async () => {
    world.server.fault = status(404);
    expect(await attempt()).toMatchObject({ code: 'TOKEN_REQUEST_FAILED', cause: { status: 404 } });
  });

  it.each([
    ['seconds', () => ({ 'retry-after': '40' })],
    [
      'a date',
      () => ({
        'retry-after': new Date(world.clock.now() + 40_000).toUTCString(),
        date: new Date(world.clock.now()).toUTCString(),
      }),
    ],
  ])('answering 429 with Retry-After as %s', async (_form, headers) => {
    await world.login(alice);
    world.server.fault = () => new Response(null, { status: 429, headers: headers() });
    await world.clock.advance(FIRST_RENEWAL + 1);
    world.server.fault = null;
    expect(alice.told.tokenError).toMatchObject([{ retryInMs: 40_000 }]);
    await world.clock.advance(39_000);
    expect(world.server.requests).toHaveLength(2);
    await world.clock.advance(2_000);
    expect(alice.told.tokenRenewed).toHaveLength(1);
  });

  it('never answering: the request is given up and repeated, and none is left over', async () => {
    await world.login(alice);
    world.server.fault = () => new Promise(() => {});
    await world.clock.advance(FIRST_RENEWAL + 10_002);
    expect(alice.told.tokenError).toMatchObject([
      { error: { code: 'TOKEN_REQUEST_FAILED', cause: { name: 'TimeoutError' } } },
    ]);
    await world.clock.advance(60_000);
    expect(world.server.inFlight).toBeLessThanOrEqual(1);
    expect(world.server.mostInFlight).toBe(1);
    world.server.fault = null;
    await world.clock.advance(60_000);
    expect(alice.told.tokenRenewed).toHaveLength(1);
  });

  it.each([
    ['malformed JSON', () => new Response('{"signaling":{"tok')],
    [
      'HTML instead of JSON',
      () => new Response('<!doctype html><h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['an empty token', () => Response.json({ userId: 'alice', signaling: { token: '' } })],
    ['a target asked for and absent', () => Response.json({ userId: 'alice' })],
  ])('giving %s fails a login at once, and is repeated at a renewal', async (_what, answer) => {
    world.server.fault = answer;
    expect(await attempt()).toMatchObject({ code: 'TOKEN_INVALID' });
    world.server.fault = null;
    expect(await attempt()).toBe('in');
    world.server.fault = answer;
    await world.clock.advance(FIRST_RENEWAL);
    world.server.fault = null;
    await world.clock.advance(60_000);
    expect(codes()).toContain('TOKEN_INVALID');
    expect(alice.session.state.status).toBe('connected');
    expect(alice.told.tokenRenewed).toHaveLength(1);
  });

  it("giving someone else's token", async () => {
    const token = issuer(world.clock).login('bob');
    world.server.tamper = () => ({ signaling: { token } });
    expect(await attempt()).toMatchObject({ code: 'TOKEN_MISMATCH', message: expect.stringContaining('(bob)') });
  });

  it('answering for another user', async () => {
    world.server.tamper = (answer) => ({ ...answer, userId: 'bob' });
    expect(await attempt()).toMatchObject({ code: 'TOKEN_MISMATCH' });
  });

  it('giving an RTC token for a login', async () => {
    const token = issuer(world.clock).channel('alice', 'stage');
    world.server.tamper = (answer) => ({ ...answer, signaling: { token } });
    expect(await attempt()).toMatchObject({ code: 'TOKEN_MISMATCH', message: expect.stringContaining('RTC token') });
  });

  it('giving the identical token again', async () => {
    let first: unknown;
    world.server.tamper = (answer) => {
      first ??= answer.signaling;
      return { ...answer, signaling: first };
    };
    await world.login(alice);
    await world.clock.advance(FIRST_RENEWAL + 1);
    expect(codes()).toEqual(['TOKEN_UNCHANGED']);
    world.server.tamper = null;
    await world.clock.advance(1_000);
    expect(alice.told.tokenRenewed).toHaveLength(1);
  });

  it('giving a token that has lapsed already', async () => {
    world.server.tamper = (answer) => ({ ...answer, signaling: { ...answer.signaling, expiresIn: 0 } });
    expect(await attempt()).toMatchObject({ code: 'TOKEN_LAPSED' });
  });

  it('giving a 56-year token: it is treated as one of a day, with a warning', async () => {
    const token = tokenOfFiftySixYears('alice');
    world.server.tamper = (answer) => ({ ...answer, signaling: { token } });
    await world.login(alice);
    expect(alice.session.snapshot.tokens).toMatchObject([{ lifetimeMs: 86_400_000 }]);
    expect(alice.warnings).toEqual([expect.stringContaining('24 hours at most')]);
  });

  it('answering after the logout changes nothing', async () => {
    world.server.fault = () =>
      new Promise((resolve) => world.clock.setTimeout(() => resolve(new Response('{}')), 5_000));
    const login = alice.session.login().catch((error: unknown) => error);
    await world.clock.advance(1_000);
    await Promise.all([alice.session.logout(), world.clock.advance(10_000)]);
    expect(await login).toMatchObject({ code: 'LOGGED_OUT' });
    expect(alice.session.state).toEqual({ status: 'idle' });
    expect(alice.told.tokenError).toEqual([]);
  });

  it('being a function that denies', async () => {
    alice = world.session('alice', { tokens: () => Promise.reject(new TokenDeniedError('banned')) });
    expect(await attempt()).toMatchObject({ code: 'TOKEN_DENIED' });
  });

  it('down at the login: its time-out names the token trouble', async () => {
    world.server.fault = status(503);
    expect(await attempt()).toMatchObject({
      code: 'LOGIN_TIMEOUT',
      cause: { code: 'TOKEN_REQUEST_FAILED', status: 503 },
    });
    expect(alice.session.state).toEqual({ status: 'idle' });
    expect(world.clock.pending).toBe(0);
  });
});

describe('tokens that live', () => {
  it.each([
    [5, 60],
    [29, 120],
    [60, 300],
    [86_400, 3 * 86_400],
    [30 * 86_400, 3 * 86_400],
  ])('%i s keep a session logged in', async (lifeSeconds, watchedSeconds) => {
    world.server.lifeSeconds = Math.min(lifeSeconds, 86_400);
    if (lifeSeconds > 86_400) {
      world.server.tamper = (answer) => ({ ...answer, signaling: { ...answer.signaling, expiresIn: lifeSeconds } });
    }
    await world.login(alice);
    await world.clock.advance(watchedSeconds * 1000);
    expect(alice.states.map((state) => state.status)).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenError).toEqual([]);
    const lives = watchedSeconds / Math.min(lifeSeconds, 86_400);
    expect(world.server.requests.length).toBeLessThan(2 + 2.5 * lives);
  });

  it('1 s cannot be kept, since tokens count whole seconds: the session recovers each time and does not hammer', async () => {
    world.server.lifeSeconds = 1;
    await world.login(alice);
    await world.clock.advance(60_000);
    expect(alice.session.state.status).not.toBe('failed');
    expect(alice.states.filter(({ status }) => status === 'connected').length).toBeGreaterThan(20);
    expect(world.server.requests.length).toBeLessThan(200);
  });

  it.each([0.1, 0.001])(
    '%s s by their `expiresIn` are asked for twice a second, not as fast as it goes',
    async (expiresIn) => {
      world.server.tamper = (answer) => ({ ...answer, signaling: { ...answer.signaling, expiresIn } });
      await world.login(alice);
      await world.clock.advance(10_000);
      expect(alice.session.state.status).toBe('connected');
      expect(world.server.requests.length).toBeLessThan(25);
    },
  );
});
