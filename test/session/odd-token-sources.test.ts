import { createContext, runInContext } from 'node:vm';
import {
  type SessionError,
  singleTokenSource,
  type TokenGrant,
  type TokenRequest,
  TokenRequestError,
  type TokenSource,
} from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { issuer } from '../support/tokens.js';
import { createWorld, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

type Make = (world: World) => TokenSource | TokenSource['getTokens'];

async function loginWith(tokens: Make): Promise<SessionError> {
  const world = createWorld();
  const { session } = world.session('alice', { tokens: tokens(world) });
  const login = outcome(session.login({ timeoutMs: 30_000 }));
  await world.clock.advance(100);
  expect(session.state.status).toBe('failed');
  expect(world.clock.pending).toBe(0);
  return (await login) as SessionError;
}

/** Throws three times and then gives tokens: whether that is waited out. */
async function waitedOut(tokens: (failing: () => boolean, world: World) => ReturnType<Make>): Promise<void> {
  const world = createWorld();
  let failures = 3;
  const alice = world.session('alice', { tokens: tokens(() => failures-- > 0, world) });
  const login = outcome(alice.session.login());
  await world.clock.advance(20_000);
  expect(await login).toBe('done');
  expect(alice.told.tokenError?.[0]?.error.code).toBe('TOKEN_REQUEST_FAILED');
}

const otherRealm = createContext({});
/** An error of an iframe, of a test environment, of a browser's extension: `instanceof Error` does not know it. */
function foreign(code: string): unknown {
  const error: unknown = runInContext(code, otherRealm);
  expect(error).not.toBeInstanceOf(Error);
  return error;
}
const slip = (): never => {
  throw new Error('a field was looked at too early');
};
const loginGrant = ({ clock }: World, asked: TokenRequest) => issuer(clock).answer(asked).signaling as TokenGrant;

describe('a field of an answer that throws when it is read ends the login at once, with its message', () => {
  it.each<[string, (grant: TokenGrant) => object]>([
    ['`signaling`', () => Object.defineProperty({}, 'signaling', { get: slip })],
    ['`servedAt`', (grant) => Object.defineProperty({ signaling: grant }, 'servedAt', { get: slip })],
    ['`token`', () => ({ signaling: Object.defineProperty({}, 'token', { get: slip }) })],
    ['`expiresIn`', ({ token }) => ({ signaling: Object.defineProperty({ token }, 'expiresIn', { get: slip }) })],
  ])('%s', async (_field, answer) => {
    const error = await loginWith((world) => async (asked) => answer(loginGrant(world, asked)) as never);
    expect(error).toMatchObject({
      code: 'TOKEN_SOURCE_FAILED',
      message: expect.stringContaining('looked at too early'),
    });
  });
});

it.each<[string, (grant: TokenGrant) => object]>([
  ['frozen', (signaling) => Object.freeze({ signaling: Object.freeze(signaling) })],
  [
    'made of classes with getters',
    (grant) => {
      class Grant {
        get token(): string {
          return grant.token;
        }
        get expiresIn(): number {
          return 600;
        }
      }
      class Answer {
        get signaling(): Grant {
          return new Grant();
        }
      }
      return new Answer();
    },
  ],
])('takes an answer that is %s', async (_how, answer) => {
  const world = createWorld();
  const alice = world.session('alice', {
    tokens: async (asked) => answer({ ...loginGrant(world, asked), expiresIn: 600 }) as never,
  });
  await world.login(alice);
  expect(alice.session.snapshot.tokens[0]?.lifetimeMs).toBe(600_000);
});

describe('whatever is thrown, its words arrive', () => {
  const hidden = new Proxy(
    {},
    {
      get: slip,
      has: slip,
      getPrototypeOf: slip,
    },
  );
  it.each<[string, unknown, RegExp]>([
    [
      'an object with a message, as some clients have for errors',
      { message: 'The plan has ended.' },
      /The plan has ended/,
    ],
    ['the JSON of an answer', { detail: 'Not signed in.' }, /\{ detail \}/],
    ['an object without a prototype', Object.create(null), /threw object/],
    ['an error whose message is no text', Object.assign(new Error(), { message: { text: 'No.' } }), /threw Error/],
    ['what fails at every look', hidden, /cannot be looked at/],
    ['nothing', undefined, /undefined/],
  ])('%s', async (_what, thrown, message) => {
    const error = await loginWith(() => () => Promise.reject(thrown));
    expect(error).toMatchObject({ code: 'TOKEN_SOURCE_FAILED', message: expect.stringMatching(message) });
  });

  it('and its code', async () => {
    const thrown = Object.assign(new Error('JWT expired'), { code: 'PGRST301' });
    const error = await loginWith(() => () => Promise.reject(thrown));
    expect(error.cause).toEqual({ name: 'Error', code: 'PGRST301' });
  });

  it('beside an HTTP status', async () => {
    const thrown = { statusCode: 404, message: 'There is no such room.' };
    const error = await loginWith(() => () => Promise.reject(thrown));
    expect(error).toMatchObject({
      message: 'The token server answered 404: There is no such room.',
      cause: { status: 404 },
    });
  });

  it('of several tokens for the one that it was thrown for', async () => {
    const world = createWorld();
    const tokens = singleTokenSource({
      url: 'https://app.test',
      request: (target) => {
        if (target.kind === 'stream') throw { message: 'The plan has ended.' };
        return { path: 'login', json: { userId: 'alice', signaling: true } };
      },
      token: ({ signaling }) => (signaling as TokenGrant).token,
      fetch: world.server.fetch,
    });
    const alice = world.session('alice', { tokens });
    const login = outcome(alice.session.login());
    const joined = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(5_000);
    expect(await login).toBe('done');
    expect(await joined).toMatchObject({ message: expect.stringContaining('The plan has ended.') });
  });
});

describe('an error of another realm', () => {
  it('is trouble of the network where one of this realm would be', () =>
    waitedOut((failing, { clock }) => async (asked) => {
      if (failing()) throw foreign('new TypeError("Failed to fetch")');
      return issuer(clock).answer(asked);
    }));

  it('is so in the place of one token, too', () =>
    waitedOut((failing, { clock }) => async (asked) => {
      if (failing()) return { signaling: foreign('new TypeError("Failed to fetch")') as Error };
      return issuer(clock).answer(asked);
    }));

  it('and from the fetch of a server that gives single tokens', () =>
    waitedOut((failing, { clock }) =>
      singleTokenSource({
        url: 'https://app.test',
        request: () => ({ path: 'login' }),
        token: ({ token }) => token,
        fetch: async () => {
          if (failing()) throw foreign('new TypeError("Failed to fetch")');
          return Response.json({ token: issuer(clock).login('alice') });
        },
      }),
    ));

  it('is a mistake of the app where it says so', async () => {
    const error = await loginWith(() => () => Promise.reject(foreign('new TypeError("user is undefined")')));
    expect(error).toMatchObject({
      code: 'TOKEN_SOURCE_FAILED',
      message: expect.stringMatching(/threw TypeError: user is undefined$/),
      cause: { name: 'TypeError' },
    });
  });
});

it.each<[string, unknown]>([
  ['a client on XMLHttpRequest has no status for', { name: 'HttpErrorResponse', status: 0, message: 'Unknown Error' }],
  ['jQuery says nothing of', { readyState: 0, status: 0, statusText: 'error' }],
  ['superagent says much of', new Error('Request has been terminated. Possible causes: the network is offline')],
  ['Android knows by the name of the host', new Error('Unable to resolve host "app.test": No address')],
  [
    'Node met at each address of a host',
    new AggregateError([Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })], ''),
  ],
])('is waited out, being trouble of the network: what %s', async (_who, thrown) => {
  await waitedOut((failing, { clock }) => async (asked) => {
    if (failing()) throw thrown;
    return issuer(clock).answer(asked);
  });
});

describe('what some languages write for what is not there is nothing', () => {
  it.each<[string, (answer: object, asked: TokenRequest) => object]>([
    ['`channels` that are null', (answer, { signaling }) => (signaling ? { ...answer, channels: null } : answer)],
    [
      '`channels` that are an empty list',
      (answer, { signaling }) => (signaling ? { ...answer, channels: [] } : answer),
    ],
    ['`userId` that is null', (answer) => ({ ...answer, userId: null })],
    ['`signaling` that is null', (answer, { signaling }) => (signaling ? answer : { ...answer, signaling: null })],
  ])('%s', async (_what, written) => {
    const world = createWorld();
    const alice = world.session('alice', {
      tokens: async (asked) => written(issuer(world.clock).answer(asked), asked) as never,
    });
    await world.login(alice);
    const joined = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(5_000);
    expect(await joined).toBe('done');
  });

  it.each<[string, unknown, RegExp]>([
    ['null', null, /no token for the stream channel "stage"\.$/],
    ['an empty list', [], /no token for the stream channel "stage"\.$/],
    ['an object without fields', {}, /no token for the stream channel "stage"\.$/],
    ['a list', [{ channelName: 'stage', token: 'x' }], /"stage"; it has a list where \{ token \} was expected\.$/],
    ['a Map', new Map([['stage', { token: 'x' }]]), /"stage"; it has a Map where \{ token \} was expected\.$/],
    ['a Promise', Promise.resolve({}), /"stage"; it has a Promise that was not awaited where \{ token \}/],
    ['a text', 'stage', /"stage"; it has a string where \{ token \} was expected\.$/],
  ])('so that a channel whose token is wanted has none where `channels` are %s', async (_what, channels, message) => {
    const world = createWorld();
    const alice = world.session('alice', {
      tokens: async (asked) =>
        ({ ...issuer(world.clock).answer(asked), ...(asked.channels.length > 0 && { channels }) }) as never,
    });
    await world.login(alice);
    const joined = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(40_000);
    expect(await joined).toMatchObject({ code: 'TOKEN_INVALID', message: expect.stringMatching(message) });
  });
});

it.each<[string, unknown]>([
  ['is no number, as of a header that the browser hides', Date.parse('')],
  ['is a text', 'Thu, 01 Jan 2026 00:00:00 GMT'],
  ['is a date', new Date(0)],
])('counts a life by the token where the time of the server %s', async (_what, servedAt) => {
  const world = createWorld();
  const alice = world.session('alice', {
    tokens: async (asked) => ({ ...issuer(world.clock).answer(asked), servedAt }) as never,
  });
  await world.login(alice);
  expect(alice.session.snapshot.tokens).toMatchObject([{ lifetimeMs: 3_600_000 }]);
  expect(alice.session.snapshot.tokens[0]?.renewsAt).toBeGreaterThan(world.clock.now());
  await world.clock.advance(2 * 3_600_000);
  expect(alice.session.diagnostics().counters).toMatchObject({ renewals: 2, failures: 0 });
});

it.each([Number('soon'), -1, Number.POSITIVE_INFINITY])(
  'is asked again in time where it says to come back after %s ms',
  async (retryAfterMs) => {
    const world = createWorld();
    let failures = 2;
    const { session } = world.session('alice', {
      tokens: async (asked) => {
        if (failures-- > 0) throw new TokenRequestError('busy', { status: 503, retryAfterMs });
        return issuer(world.clock).answer(asked);
      },
    });
    const login = outcome(session.login({ timeoutMs: 300_000 }));
    await world.clock.advance(300_000);
    expect(await login).toBe('done');
  },
);
