import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type ServeEmulatorOptions,
  SignalingEmulator,
  type SignalingEmulatorOptions,
  serveEmulator,
} from '../../src/emulator/index.js';
import { buildRtmToken } from '../../src/server/index.js';
import { appCertificate, appId } from './world.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function served(options: ServeEmulatorOptions = {}, emulatorOptions: Partial<SignalingEmulatorOptions> = {}) {
  const emulator = new SignalingEmulator({ appId, appCertificate, ...emulatorOptions });
  const server = await serveEmulator(emulator, options);
  closers.push(() => server.close());
  return { emulator, url: server.url };
}

/** A page that speaks the emulator's language and keeps to no rule. */
class HostilePage {
  readonly socket: WebSocket;
  readonly replies = new Map<number, { ok: boolean; code?: number }>();
  #count = 0;

  constructor(url: string, origin?: string) {
    this.socket = new WebSocket(url, origin === undefined ? {} : { origin });
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { t: string; id: number; outcome: { ok: boolean; code?: number } };
      if (frame.t === 'reply') this.replies.set(frame.id, frame.outcome);
    });
  }

  static async open(url: string): Promise<HostilePage> {
    const page = new HostilePage(url);
    await once(page.socket, 'open');
    closers.push(async () => page.socket.terminate());
    return page;
  }

  send(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Resolves to 'ok', the code of a refusal, or the code with which the socket was closed. */
  async ask(name: string, request: object): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    this.send({ t: 'request', id, name, request });
    await until(() => this.replies.has(id) || this.socket.readyState === WebSocket.CLOSED);
    const outcome = this.replies.get(id);
    return outcome ? (outcome.ok ? 'ok' : outcome.code) : 'closed';
  }

  logIn(userId: string): Promise<unknown> {
    return this.ask('login', {
      appId,
      userId,
      token: buildRtmToken({ appId, appCertificate, userId, expiresInSeconds: 600 }),
      cause: 'login',
      sessionId: null,
      resume: false,
      presenceTimeoutSeconds: 300,
      restore: [],
    });
  }

  /** A page whose user is logged in. */
  static async of(url: string, userId: string): Promise<HostilePage> {
    const page = await HostilePage.open(url);
    page.send({ t: 'open', userId });
    await page.logIn(userId);
    return page;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Not reached within 15 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const message = (text: string) => ({
  channelName: 'lobby',
  channelType: 'MESSAGE',
  message: text,
  customType: '',
  storeInHistory: false,
});
const subscription = { channelName: 'lobby', withMessage: true, withPresence: true, beQuiet: false };

describe('a page', () => {
  it('that does not read is given up before it fills the memory', async () => {
    const { url, emulator } = await served({}, { limits: { publishesPerSecond: 1e9 } });
    const deaf = await HostilePage.of(url, 'deaf');
    await deaf.ask('subscribe', subscription);
    deaf.socket.pause();
    const loud = await HostilePage.of(url, 'loud');
    const attached = () => emulator.inspect().users.find(({ userId }) => userId === 'deaf')?.attached;
    expect(attached()).toBe(true);
    // 64 MB: far more than what the page may leave unread and what its socket's buffers hold.
    for (let index = 0; index < 2000 && attached(); index += 1) {
      await loud.ask('publish', message('x'.repeat(32_000)));
    }
    expect(attached()).toBe(false);
  });

  it.each([
    ['of another site', 'https://evil.example', [], 'is refused'],
    ['of a name that was pointed here', 'http://evil.example:PORT', [], 'is refused'],
    ['of another port', 'http://127.0.0.1:1', [], 'is refused'],
    ['of none', 'null', [], 'is refused'],
    ['of its own', 'http://127.0.0.1:PORT', [], 'may connect'],
    ['that is listed', 'https://app.example', ['https://app.example'], 'may connect'],
    ['of any kind where all are let in', 'https://evil.example', ['*'], 'may connect'],
  ])('with an origin %s, %s with the list %o, %s', async (_, origin, origins, expected) => {
    const { url } = await served({ origins });
    const { port } = new URL(url);
    const written = origin.replace('PORT', port);
    const host = URL.canParse(written) && written.includes(port) ? new URL(written).host : `127.0.0.1:${port}`;
    const socket = new WebSocket(url, { origin: written, headers: { host } });
    const outcome = await new Promise((resolve) => {
      socket.on('open', () => resolve('may connect'));
      socket.on('error', (error) => resolve(String(error)));
    });
    expect(outcome).toMatch(expected === 'may connect' ? /^may connect$/ : /403/);
    socket.terminate();
  });

  it.each([
    ['a user ID that is none', { t: 'open', userId: 'x'.repeat(65) }],
    ['a user ID of a megabyte', { t: 'open', userId: 'x'.repeat(1_000_000) }],
    ['a user ID that is no text', { t: 'open', userId: { toString: 'x' } }],
    ['a kind of frame that is none', { t: 'constructor' }],
    ['a request that is none', { t: 'request', id: 1, name: 'toString', request: {} }],
    ['a request without its fields', { t: 'request', id: 1, name: 'subscribe', request: { channelName: 'lobby' } }],
    ['a field of another type', { t: 'request', id: 1, name: 'publish', request: { ...message('x'), message: 5 } }],
    [
      'a token of a megabyte',
      { t: 'request', id: 1, name: 'renewToken', request: { token: 'x'.repeat(1e6), channelName: null } },
    ],
    ['a report of what cannot strike', { t: 'struck', report: { order: 1, operation: 'fly', kind: 'hang' } }],
  ])('that sends %s is shut out', async (_, frame) => {
    const { url, emulator } = await served();
    const page = await HostilePage.open(url);
    page.send({ t: 'open', userId: 'alice' });
    page.send(frame);
    const [code] = await once(page.socket, 'close');
    expect(code).toBe(1008);
    expect(emulator.inspect().users).toEqual([]);
    expect(emulator.struck).toEqual({ calls: {}, events: {} });
  });

  it('cannot log in as several users and leave them behind', async () => {
    const { url, emulator } = await served();
    const page = await HostilePage.of(url, 'alice');
    expect(await page.logIn('bob')).toBe(-10006);
    expect(await page.logIn('alice')).toBe('ok');
    expect(emulator.inspect().users).toMatchObject([{ userId: 'alice', attached: true }]);
    page.socket.terminate();
    await until(() => emulator.inspect().users[0]?.attached === false);
    expect(emulator.inspect().users).toHaveLength(1);
  });

  it('is held to the limits by the service itself', async () => {
    const { url } = await served({}, { limits: { statesAhead: 3, callsPerSecond: 1e9, publishesPerSecond: 5 } });
    const page = await HostilePage.of(url, 'alice');
    const state = (channelName: string, mood: string) => {
      return page.ask('setState', { channelName, channelType: 'MESSAGE', states: { mood } });
    };
    const answers = [
      await page.ask('publish', message('x'.repeat(32_769))),
      await page.ask('publish', { ...message('x'), customType: 'x'.repeat(33) }),
      await state('one', 'x'.repeat(9000)),
      await state('one', 'well'),
      await state('two', 'well'),
      await state('three', 'well'),
      await state('four', 'well'),
      await state('one', 'better'),
      await page.ask('removeState', { channelName: 'five', channelType: 'MESSAGE', keys: null }),
      await state('six', 'well'),
    ];
    expect(answers).toEqual([-11010, -11029, -13009, 'ok', 'ok', 'ok', -13004, 'ok', 'ok', -13004]);
    const flood = await Promise.all(Array.from({ length: 50 }, () => page.ask('publish', message('x'))));
    expect(flood.filter((answer) => answer === 'ok').length).toBeLessThanOrEqual(10);
    expect(flood.at(-1)).toBe(-10021);
  });
});
