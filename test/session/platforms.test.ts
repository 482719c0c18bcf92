import { type SessionError, SessionManager } from 'agora-session';
import agoraToken from 'agora-token';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';
import { createWorld, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const chunk = (message: string, name = 'TypeError') => Object.assign(new Error(message), { name });
/** What browsers and bundlers say of a chunk that could not be fetched. */
const CHUNK_ERRORS = [
  chunk('Failed to fetch dynamically imported module: https://app.test/sdk.js'),
  chunk('error loading dynamically imported module: https://app.test/sdk.js'),
  chunk('Importing a module script failed.'),
  chunk('Loading chunk 5 failed.', 'ChunkLoadError'),
];

/** A login that loads the SDK with failures before it. */
function loading(world: World, failures: number, error: () => unknown) {
  const sdk = world.emulator.openPage();
  const loads = { count: 0 };
  const alice = world.session('alice', {
    loadSdk: async () => {
      loads.count += 1;
      if (loads.count <= failures) throw error();
      return sdk;
    },
  });
  return { alice, loads, login: outcome(alice.session.login({ timeoutMs: 30_000 })) };
}

describe('the chunk of the SDK', () => {
  it.each(CHUNK_ERRORS)('is fetched again within the time that login() has: %s', async (error) => {
    const world = createWorld();
    const { login, loads } = loading(world, 2, () => error);
    await world.clock.advance(30_000);
    expect(await login).toBe('done');
    expect(loads.count).toBe(3);
  });

  it.each(CHUNK_ERRORS)('that never comes fails the login with what to do: %s', async (error) => {
    const world = createWorld();
    const { login, loads } = loading(world, 99, () => error);
    await world.clock.advance(30_000);
    expect(await login).toMatchObject({
      code: 'SDK_LOAD_FAILED',
      message: expect.stringMatching(/SDK.*network.*reload/),
    });
    expect(loads.count).toBeGreaterThan(2);
    expect(world.clock.pending).toBe(0);
  });

  it.each([
    [
      'a package that is not installed',
      Object.assign(new Error("Cannot find package 'agora-rtm-sdk'"), { code: 'ERR_MODULE_NOT_FOUND' }),
      /npm install/,
    ],
    ['a name that nothing resolves', chunk("Failed to resolve module specifier 'agora-rtm-sdk'."), /npm install/],
    ['code that cannot run', chunk('global is not defined', 'SyntaxError'), /global is not defined/],
  ])('is asked for once where no repetition helps: %s', async (_what, error, message) => {
    const world = createWorld();
    const { login, loads } = loading(world, 99, () => error);
    await world.clock.advance(0);
    expect(await login).toMatchObject({ code: 'SDK_LOAD_FAILED', message: expect.stringMatching(message) });
    expect(loads.count).toBe(1);
  });

  it.each<[string, (sdk: object) => unknown]>([
    ['as it is', (sdk) => sdk],
    ['as a default export', (sdk) => ({ default: sdk })],
    ['as the default export of a default export', (sdk) => ({ default: { default: sdk } })],
    ['without a promise', (sdk) => sdk],
  ])('is taken %s', async (what, wrap) => {
    const world = createWorld();
    const module = wrap(world.emulator.openPage());
    const alice = world.session('alice', {
      loadSdk: (what === 'without a promise' ? () => module : async () => module) as never,
    });
    await world.login(alice);
  });

  it('that is something else is named by what it has', async () => {
    const world = createWorld();
    const alice = world.session('alice', {
      loadSdk: async () => ({ default: { createClient: () => {} }, VERSION: '4' }) as never,
    });
    const login = outcome(alice.session.login());
    await world.clock.advance(0);
    expect(await login).toMatchObject({
      code: 'SDK_LOAD_FAILED',
      message: expect.stringContaining('default, VERSION'),
    });
  });
});

describe('a login on a server', () => {
  it('says that it needs a page', async () => {
    expect(typeof window).toBe('undefined');
    const session = new SessionManager({
      appId: 'a'.repeat(32),
      userId: 'alice',
      tokens: null,
      logger: { warn: () => {} },
    });
    const error = (await outcome(session.login({ timeoutMs: 10_000 }))) as SessionError;
    expect(error.code).toBe('SDK_LOAD_FAILED');
    expect(error.message).not.toContain('npm install');
    expect(error.message).toMatch(/window.*browser/);
  });
});

describe('`tabs: "wait"` where the platform denies its locks', () => {
  const denied = () => new DOMException('Access to the Locks API is denied in this context.', 'SecurityError');
  it.each<[string, () => unknown]>([
    ['by a rejection', () => Promise.reject(denied())],
    [
      'by an exception',
      () => {
        throw denied();
      },
    ],
  ])('%s lets the newest tab take over, and says so', async (_how, request) => {
    vi.stubGlobal('navigator', { locks: { request } });
    const world = createWorld();
    const alice = world.session('alice', { tabs: 'wait' });
    await world.login(alice);
    expect(alice.warnings).toEqual([expect.stringMatching(/tabs.*SecurityError/)]);
    await alice.session.logout();
    await world.login(alice);
    expect(alice.warnings).toHaveLength(1);
  });
});

describe('a warning is given once a session, not at every renewal', () => {
  it('of tokens that cannot be read here', async () => {
    vi.stubGlobal('DecompressionStream', undefined);
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    for (let renewals = 0; renewals < 5; renewals += 1) {
      await Promise.all([alice.session.renewTokens(), world.clock.advance(60_000)]);
    }
    expect(alice.told.tokenRenewed?.length).toBeGreaterThan(8);
    expect(alice.warnings).toEqual([expect.stringMatching(/DecompressionStream.*another user/)]);
  });

  it('of tokens that claim to live for years, whatever the number', async () => {
    const world = createWorld();
    let days = 400;
    world.server.tamper = () => ({
      signaling: { token: agoraToken.RtmTokenBuilder.buildToken(APP_ID, APP_CERTIFICATE, 'alice', 86_400 * days++) },
    });
    const alice = world.session('alice');
    await world.login(alice);
    for (let renewals = 0; renewals < 3; renewals += 1) {
      await Promise.all([alice.session.renewTokens(), world.clock.advance(60_000)]);
    }
    expect(alice.warnings).toEqual([expect.stringContaining('claims 400 days')]);
  });
});
