import { type SessionError, singleTokenSource, type TokenSource } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { issuer } from '../support/tokens.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

/** What a server that gives one token a request does instead of giving it; `attempt` counts the requests for that token, from 1. */
type Trouble = (name: string, attempt: number) => Response | null;

interface Served {
  readonly world: World;
  readonly alice: Observed;
  /** How often each token was asked for. */
  readonly attempts: Record<string, number>;
  trouble: Trouble;
}

const statusFor = (name: string, status: number | null, headers: HeadersInit = {}): Trouble => {
  return (asked) => (asked === name && status !== null ? new Response(null, { status, headers }) : null);
};

function serve(request: (name: string) => unknown = () => null): Served {
  const world = createWorld();
  const give = issuer(world.clock);
  const attempts: Record<string, number> = {};
  const tokens = singleTokenSource({
    url: 'https://app.test',
    request: async (target) => {
      const path = target.kind === 'stream' ? target.channelName : 'login';
      await request(path);
      return { path };
    },
    token: (answer) => answer.token,
    fetch: async (...args) => {
      const name = new URL(new Request(...args).url).pathname.slice(1);
      attempts[name] = (attempts[name] ?? 0) + 1;
      const token = name === 'login' ? give.login('alice') : give.channel('alice', name);
      return served.trouble(name, attempts[name]) ?? Response.json({ token });
    },
  });
  const served: Served = { world, alice: world.session('alice', { tokens }), attempts, trouble: () => null };
  return served;
}

/** Logs in and joins both in one moment, so that their tokens are asked for together. */
async function joinBoth({ world, alice }: Served, names: readonly [string, string]): Promise<unknown[]> {
  await world.login(alice);
  const joins = Promise.all(names.map((name) => outcome(alice.session.joinStreamChannel(name))));
  await world.clock.advance(60_000);
  return joins;
}

describe('where one token a request is given, the trouble of one channel is its own:', () => {
  it('what may pass is repeated for it, while the other is joined', async () => {
    const served = serve();
    served.trouble = (name, attempt) => statusFor('vault', attempt === 1 ? 503 : null)(name, attempt);
    expect(await joinBoth(served, ['stage', 'vault'])).toEqual(['done', 'done']);
    expect(served.attempts).toEqual({ login: 1, stage: 1, vault: 2 });
  });

  it.each([
    [404, 'TOKEN_REQUEST_FAILED'],
    [403, 'TOKEN_DENIED'],
    [401, 'TOKEN_DENIED'],
  ])('its join says that the server answered %i', async (status, code) => {
    const served = serve();
    served.trouble = statusFor('vault', status);
    const [stage, vault] = await joinBoth(served, ['stage', 'vault']);
    expect(stage).toBe('done');
    expect(vault).toMatchObject({ code, cause: { status }, message: expect.stringContaining(String(status)) });
  });

  it.each<[string, () => unknown]>([
    ['an error', () => JSON.parse('no room')],
    [
      'a text',
      () => {
        throw 'no room';
      },
    ],
  ])('its join says what the function of the app threw for it, be it %s', async (_what, slip) => {
    const served = serve((name) => name === 'vault' && slip());
    const [stage, vault] = await joinBoth(served, ['stage', 'vault']);
    expect(stage).toBe('done');
    expect(vault).toMatchObject({ code: 'TOKEN_SOURCE_FAILED', message: expect.stringMatching(/no room/) });
  });

  it('its join says the status of a response that the function of the app threw for it', async () => {
    const served = serve((name) => {
      if (name === 'vault') throw new Response(null, { status: 404 });
    });
    const [, vault] = await joinBoth(served, ['stage', 'vault']);
    expect((vault as SessionError).message).toContain('404');
  });

  it('a server that wants it later is obeyed for it, and keeps nothing else waiting', async () => {
    const served = serve();
    const later = statusFor('vault', 503, { 'retry-after': '30' });
    served.trouble = (name, attempt) => (attempt === 1 ? later(name, attempt) : null);
    await served.world.login(served.alice);
    const joined: Record<string, number> = {};
    for (const name of ['stage', 'vault']) {
      void served.alice.session.joinStreamChannel(name).then(() => {
        joined[name] = served.world.clock.now() - began;
      });
    }
    const began = served.world.clock.now();
    await served.world.clock.advance(60_000);
    expect(joined.stage).toBeLessThan(2_000);
    expect(joined.vault).toBeGreaterThanOrEqual(30_000);
  });

  it('at a renewal it costs the login nothing, and is told of the channel alone', async () => {
    const served = serve();
    await joinBoth(served, ['stage', 'vault']);
    served.trouble = statusFor('vault', 503);
    const renewal = outcome(served.alice.session.renewTokens());
    await served.world.clock.advance(1_000);
    expect(await renewal).toMatchObject({ code: 'TOKEN_REQUEST_FAILED', cause: { status: 503 } });
    const { tokenError = [], tokenRenewed = [] } = served.alice.told;
    expect(tokenRenewed.map(({ target }) => target)).toEqual([
      { kind: 'signaling' },
      { kind: 'stream', channelName: 'stage' },
    ]);
    expect(new Set(tokenError.map(({ target }) => JSON.stringify(target)))).toEqual(
      new Set(['{"kind":"stream","channelName":"vault"}']),
    );
  });

  it('a network that is away fails every token, and each is repeated', async () => {
    const served = serve();
    served.trouble = (name, attempt) => {
      if (name !== 'login' && attempt === 1) throw new TypeError('Failed to fetch');
      return null;
    };
    expect(await joinBoth(served, ['stage', 'vault'])).toEqual(['done', 'done']);
  });
});

it("an app's own source may give an error in the place of one token, too", async () => {
  const world = createWorld();
  const give = issuer(world.clock);
  const tokens: TokenSource['getTokens'] = async ({ signaling, channels }) => ({
    ...(signaling ? { signaling: { token: give.login('alice') } } : {}),
    channels: Object.fromEntries(
      channels.map((name) => [
        name,
        name === 'vault' ? Object.assign(new Error('x'), { status: 404 }) : { token: give.channel('alice', name) },
      ]),
    ),
  });
  const alice = world.session('alice', { tokens });
  const [stage, vault] = await joinBoth({ world, alice, attempts: {}, trouble: () => null }, ['stage', 'vault']);
  expect([stage, vault]).toMatchObject(['done', { code: 'TOKEN_REQUEST_FAILED', cause: { status: 404 } }]);
});
