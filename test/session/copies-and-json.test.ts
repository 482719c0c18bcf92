import { SessionManager } from 'agora-session';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { asSessionError } from '../../src/session/state/session-error.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);

/** Two bundles of an app (a library of tokens, a micro frontend) each bring the package along: the same classes, twice. */
async function secondCopy(): Promise<typeof import('agora-session')> {
  vi.resetModules();
  const copy = await import('agora-session');
  expect(copy.SessionManager).not.toBe(SessionManager);
  return copy;
}

async function loginWith(error: Error): Promise<unknown> {
  const world = createWorld();
  const alice = world.session('alice', { tokens: () => Promise.reject(error) });
  const login = outcome(alice.session.login({ timeoutMs: 20_000 }));
  await world.clock.advance(21_000);
  return login;
}

describe('an error of another copy of the package', () => {
  it('is known: a denial', async () => {
    const { TokenDeniedError } = await secondCopy();
    expect(await loginWith(new TokenDeniedError('No.'))).toMatchObject({ code: 'TOKEN_DENIED', message: 'No.' });
  });

  it('is known: a denial that the app has a class of its own for', async () => {
    const { TokenDeniedError } = await secondCopy();
    class Banned extends TokenDeniedError {}
    expect(await loginWith(new Banned('Banned.'))).toMatchObject({ code: 'TOKEN_DENIED' });
  });

  it('is known: a failed request, with its status', async () => {
    const { TokenRequestError } = await secondCopy();
    const error = new TokenRequestError('No such route.', { status: 404 });
    expect(await loginWith(error)).toMatchObject({ code: 'TOKEN_REQUEST_FAILED', cause: { status: 404 } });
  });

  it('is known: a denial by a source of the other copy, of one token among several', async () => {
    const { agoraTokenServiceSource } = await secondCopy();
    const fetch = async (): Promise<Response> => new Response(null, { status: 403 });
    const world = createWorld();
    const alice = world.session('alice', { tokens: agoraTokenServiceSource({ url: 'https://app.test', fetch }) });
    const login = outcome(alice.session.login());
    await world.clock.advance(1_000);
    expect(await login).toMatchObject({ code: 'TOKEN_DENIED', cause: { status: 403 } });
  });

  it('is known: one of a session, which is passed on as it is', async () => {
    const { SessionError } = await secondCopy();
    const error = new SessionError('DISPLACED', 'Elsewhere.');
    expect(asSessionError(error)).toBe(error);
  });

  it('does not show what it is known by', async () => {
    const { TokenDeniedError } = await secondCopy();
    expect(Object.keys(new TokenDeniedError('No.'))).toEqual(['name', 'status', 'code']);
    expect(JSON.stringify(new TokenDeniedError('No.'))).toBe('{"name":"TokenDeniedError"}');
  });
});

// A state goes into stores, logs and bug reports as JSON, and an Error's message does not go along by itself.
describe('as JSON', () => {
  it('a state and a snapshot keep the code, the message and the cause of their error', async () => {
    const world = createWorld();
    world.server.fault = () => new Response(null, { status: 403 });
    const alice = world.session('alice');
    const login = outcome(alice.session.login());
    await world.clock.advance(1_000);
    const { message } = (await login) as Error;
    expect(message).not.toBe('');
    const error = { name: 'SessionError', code: 'TOKEN_DENIED', message, retryable: false, cause: { status: 403 } };
    for (const told of [alice.session.state, alice.session.snapshot.state]) {
      expect(JSON.parse(JSON.stringify(told))).toMatchObject({ status: 'failed', error });
    }
    expect(JSON.parse(JSON.stringify(alice.told.snapshot?.at(-1)))).toMatchObject({ state: { error } });
  });

  it('a session is its snapshot, as a store or a log writes it', () => {
    const { session } = createWorld().session('alice');
    session.on('state', () => {});
    expect(JSON.parse(JSON.stringify({ session }))).toEqual({ session: JSON.parse(JSON.stringify(session.snapshot)) });
  });

  it("a stream channel's handle is its name and where it stands", async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    expect(JSON.parse(JSON.stringify({ stage }))).toEqual({
      stage: { channelName: 'stage', state: { status: 'joined' } },
    });
  });

  it('an event keeps those of its error', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    world.server.fault = () => new Response(null, { status: 503 });
    await Promise.all([outcome(alice.session.renewTokens()), world.clock.advance(1_000)]);
    expect(JSON.parse(JSON.stringify(alice.told.tokenError?.[0]))).toMatchObject({
      error: { code: 'TOKEN_REQUEST_FAILED', message: 'The token server answered 503.', retryable: true },
    });
  });
});
