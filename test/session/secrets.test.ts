import { inspect } from 'node:util';
import { httpTokenSource, type InspectedSdkEvent, type InspectionEvent } from 'agora-session';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { APP_CERTIFICATE } from '../support/tokens.js';
import { createWorld, type Fault, type Observed, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

const HEADER = 'Bearer very-secret-app-token';
const COOKIE = 'session=very-secret-cookie';

let world: World;
let alice: Observed;
let everything: unknown[];
let tokens: string[];

beforeEach(() => {
  world = createWorld();
  everything = [];
  tokens = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void everything.push(args));
  }
  world.server.tamper = (answer) => {
    tokens.push(...[answer.signaling, ...Object.values(answer.channels ?? {})].flatMap((grant) => grant?.token ?? []));
    return answer;
  };
  alice = world.session('alice', {
    logger: { warn: (message) => everything.push(message) },
    tokens: httpTokenSource({
      url: 'https://app.test/tokens',
      fetch: world.server.fetch,
      headers: { authorization: HEADER, 'x-cookie': COOKIE },
    }),
  });
});
afterEach(() => vi.restoreAllMocks());

const attempt = async (promise: Promise<unknown>, ms = 60_000): Promise<void> => {
  void promise.catch((error: unknown) => everything.push(error));
  await world.clock.advance(ms);
};

function expectNoSecrets(): void {
  everything.push(alice.told, alice.states, alice.session.snapshot, alice.warnings);
  everything.push(alice.inspected, alice.session.diagnostics());
  // Everything that a log, an error tracker or a devtools panel would make of it.
  const seen = everything
    .map((thing) => [inspect(thing, { depth: 12, showHidden: true }), JSON.stringify(thing), String(thing)])
    .join('\n');
  expect(tokens.length).toBeGreaterThan(0);
  for (const secret of [...tokens, APP_CERTIFICATE, HEADER, COOKIE, 'very-secret'])
    expect(seen.includes(secret)).toBe(false);
  expect(seen).not.toMatch(/007[A-Za-z0-9+/]{20}/);
}

describe('no token, certificate or header is in any log, error, event, snapshot or diagnosis', () => {
  const faults: [string, Fault][] = [
    ['500 with a secret body', () => new Response(HEADER, { status: 500 })],
    ['404', () => new Response(null, { status: 404 })],
    ['403', () => new Response(HEADER, { status: 403 })],
    ['HTML', () => new Response(`<p>${HEADER}</p>`)],
    ['a network error that quotes the request', () => Promise.reject(new TypeError(`fetch failed: ${HEADER}`))],
    ['no answer', () => new Promise(() => {})],
  ];

  it.each(faults)('of a login and of a renewal with %s', async (_name, fault) => {
    await attempt(alice.session.login());
    world.server.fault = fault;
    await attempt(alice.session.renewTokens());
    await attempt(alice.session.joinStreamChannel('stage'));
    await attempt(alice.session.logout());
    await attempt(alice.session.login());
    expectNoSecrets();
  });

  it('of logins, renewals and joins that Signaling refuses', async () => {
    world.emulator.failNext('login', -10005, 3);
    await attempt(alice.session.login());
    await attempt(alice.session.login());
    world.emulator.failNext('renewToken', -10005, 3);
    await attempt(alice.session.renewTokens());
    world.emulator.failNext('join', -10005, 3);
    await attempt(alice.session.joinStreamChannel('stage'));
    world.emulator.failNext('subscribe', -11019, 3);
    await attempt(alice.session.subscribe('lobby'));
    world.emulator.expireToken('alice');
    await world.clock.advance(60_000);
    world.emulator.kick('alice', 'LOGIN_REJECTED');
    await world.clock.advance(60_000);
    expectNoSecrets();
  });

  it('of events of every kind that can be inspected', async () => {
    world.server.lifeSeconds = 120;
    await attempt(alice.session.login());
    await attempt(alice.session.subscribe('lobby'), 2_000);
    await attempt(
      alice.session.joinStreamChannel('stage').then((stage) => stage.joinTopic('talk')),
      2_000,
    );
    world.server.fault = () => new Response(HEADER, { status: 500 });
    await world.clock.advance(90_000);
    world.server.fault = null;
    world.emulator.expireToken('alice');
    await world.clock.advance(60_000);
    world.emulator.kick('alice');
    await world.clock.advance(1_000);
    const kinds: Record<Exclude<InspectionEvent['type'], 'illegal'>, true> = {
      state: true,
      channel: true,
      subscription: true,
      request: true,
      answer: true,
      renewed: true,
      tokenFailed: true,
      restored: true,
      decision: true,
      sdk: true,
      end: true,
    };
    const told = new Set(alice.inspected.map(({ type }) => type));
    expect([...told].toSorted()).toEqual(Object.keys(kinds).toSorted());
    const names = alice.inspected.flatMap((event) => (event.type === 'sdk' ? [event.name] : []));
    const sdkEvents: Record<InspectedSdkEvent, true> = {
      linkState: true,
      topic: true,
      token: true,
      tokenPrivilegeWillExpire: true,
    };
    expect([...new Set(names)].toSorted()).toEqual(Object.keys(sdkEvents).toSorted());
    expectNoSecrets();
  });

  it.each([
    ['for another user', 'bob', 'stage'],
    ['for another channel', 'alice', 'vault'],
  ])('of tokens %s', async (_name, userId, channelName) => {
    const { issuer } = await import('../support/tokens.js');
    await attempt(alice.session.login());
    world.server.tamper = (answer) => {
      const token = issuer(world.clock).channel(userId, channelName);
      tokens.push(token);
      return { ...answer, channels: { stage: { token } } };
    };
    await attempt(alice.session.joinStreamChannel('stage'));
    expectNoSecrets();
  });
});
