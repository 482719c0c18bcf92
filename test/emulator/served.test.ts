import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { connectEmulator } from '../../src/emulator/client.js';
import {
  type ServedEmulator,
  type ServeEmulatorOptions,
  SignalingEmulator,
  type SignalingEmulatorOptions,
  serveEmulator,
} from '../../src/emulator/index.js';
import type { WebSocketConstructor } from '../../src/emulator/socket-transport.js';
import { buildRtcToken, buildRtmToken } from '../../src/server/index.js';
import type { SignalingClient } from '../../src/session/sdk/signaling-client.js';
import { appCertificate, appId, codeOf, type Recorded, record } from './world.js';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const Socket = WebSocket as unknown as WebSocketConstructor;

async function served(
  options: ServeEmulatorOptions = {},
  emulatorOptions: Partial<SignalingEmulatorOptions> = {},
): Promise<{ emulator: SignalingEmulator; server: ServedEmulator }> {
  const emulator = new SignalingEmulator({ appId, appCertificate, ...emulatorOptions });
  const server = await serveEmulator(emulator, options);
  closers.push(() => server.close());
  return { emulator, server };
}

function clientAt(url: string, userId: string): Recorded {
  const { RTM } = connectEmulator(url, { WebSocket: Socket });
  const recorded = record(new RTM(appId, userId));
  closers.push(() => recorded.client.logout());
  return recorded;
}

async function logIn(client: SignalingClient, userId: string): Promise<void> {
  await client.login({ token: buildRtmToken({ appId, appCertificate, userId, expiresInSeconds: 600 }) });
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not reached within 5 s: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Asks for a WebSocket and goes away at once, the hard way. */
async function vanish(port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
  await once(socket, 'connect');
  socket.resetAndDestroy();
}

describe('a served emulator', () => {
  it.each(['/signaling', '/elsewhere'])(
    'survives pages that it refuses at %s and that are gone by then',
    async (path) => {
      const { server } = await served({ accept: () => false });
      const port = Number(new URL(server.url).port);
      // An error that nobody listens to would end the process, and this test.
      for (let attempt = 0; attempt < 40; attempt += 1) await vanish(port, path);
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
      const [error] = await once(socket, 'error');
      expect(error.message).toMatch(path === '/signaling' ? /403/ : /404/);
    },
  );

  it('leaves upgrades elsewhere to the other listeners of a server, and refuses them where there are none', async () => {
    const http = createServer().listen(0, '127.0.0.1');
    closers.push(() => http.close());
    await Promise.all([once(http, 'listening'), served({ server: http })]);
    const elsewhere = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/elsewhere`;
    const [error] = await once(new WebSocket(elsewhere), 'error');
    expect(error.message).toMatch(/404/);
    const other = new WebSocketServer({ server: http, path: '/elsewhere' });
    closers.push(() => other.close());
    const socket = new WebSocket(elsewhere);
    await once(socket, 'open');
    socket.terminate();
  });

  it('carries texts and bytes between users of a message channel', async () => {
    const { server } = await served();
    const alice = clientAt(server.url, 'alice');
    const bob = clientAt(server.url, 'bob');
    await Promise.all([logIn(alice.client, 'alice'), logIn(bob.client, 'bob')]);
    await bob.client.subscribe('lobby');
    const bytes = new Uint8Array([0, 1, 127, 128, 255]);
    await alice.client.publish('lobby', 'hello ✓', { customType: 'chat' });
    await alice.client.publish('lobby', bytes);
    await alice.client.publish('lobby', Buffer.from(bytes));
    await until(() => bob.events('message').length === 3);
    const [text, binary, buffer] = bob.events('message');
    expect(text).toMatchObject({ messageType: 'STRING', message: 'hello ✓', customType: 'chat', publisher: 'alice' });
    expect(binary).toMatchObject({ messageType: 'BINARY', message: bytes });
    expect(buffer).toMatchObject({ messageType: 'BINARY', message: bytes });
  });

  it('carries what was kept of a channel, bytes included', async () => {
    const { server } = await served();
    const alice = clientAt(server.url, 'alice');
    await logIn(alice.client, 'alice');
    const bytes = new Uint8Array([0, 128, 255]);
    await alice.client.publish('lobby', bytes, { storeInHistory: true });
    const { messageList } = await alice.client.history.getMessages('lobby', 'MESSAGE');
    expect(messageList).toMatchObject([{ messageType: 'BINARY', message: bytes, publisher: 'alice' }]);
  });

  it('carries a stream channel, its topic and a thousand messages in order', async () => {
    const { server, emulator } = await served({}, { limits: { topicMessagesPerSecond: 1000 } });
    const names = ['alice', 'bob'] as const;
    const users = names.map((name) => clientAt(server.url, name));
    const channels = await Promise.all(
      users.map(async ({ client }, index) => {
        const userId = names[index] ?? '';
        await logIn(client, userId);
        const channel = client.createStreamChannel('stage');
        await channel.join({
          token: buildRtcToken({ appId, appCertificate, channelName: 'stage', userId, expiresInSeconds: 600 }),
        });
        await channel.joinTopic('chat');
        return channel;
      }),
    );
    const [alice, bob] = channels;
    expect(await bob?.subscribeTopic('chat')).toMatchObject({ succeedUsers: ['alice'] });
    await Promise.all(Array.from({ length: 1000 }, (_, index) => alice?.publishTopicMessage('chat', String(index))));
    await until(() => users[1]?.events('message').length === 1000);
    expect(users[1]?.events('message').map(({ message }) => message)).toEqual(
      Array.from({ length: 1000 }, (_, index) => String(index)),
    );
    expect(emulator.inspect().users.map(({ streamChannels }) => streamChannels[0]?.topics)).toEqual([
      ['chat'],
      ['chat'],
    ]);
  });

  it('refuses what the service refuses, with the same codes', async () => {
    const { server } = await served();
    const { client, links } = clientAt(server.url, 'alice');
    const token = buildRtmToken({ appId, appCertificate, userId: 'bob', expiresInSeconds: 600 });
    expect(await codeOf(client.login({ token }))).toBe(-10005);
    expect(links.at(-1)).toBe('MESSAGE CONNECTING>FAILED SERVER_REJECT/INVALID_TOKEN');
    expect(await codeOf(client.login({ token: '007AAAA' }))).toBe(-10005);
  });

  it('is left on logout, and the user ID is free again', async () => {
    const { server, emulator } = await served();
    const { RTM } = connectEmulator(server.url.replace('ws:', 'http:'), { WebSocket: Socket });
    const client = new RTM(appId, 'alice');
    expect(() => new RTM(appId, 'alice')).toThrow('-10027');
    await logIn(client, 'alice');
    await client.logout();
    expect(emulator.inspect().users).toEqual([]);
    expect(() => new RTM(appId, 'alice')).not.toThrow();
  });

  it('is reached again when the socket broke, with everything as it was', async () => {
    const sockets: WebSocket[] = [];
    const http = createServer();
    http.on('upgrade', () => {});
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => http.close(resolve)));
    const { server, emulator } = await served({ server: http });
    const Spied = class extends WebSocket {
      constructor(url: string) {
        super(url);
        sockets.push(this);
      }
    };
    const { RTM } = connectEmulator(server.url, { WebSocket: Spied as unknown as WebSocketConstructor });
    const alice = record(new RTM(appId, 'alice'));
    closers.push(() => alice.client.logout());
    await logIn(alice.client, 'alice');
    await alice.client.subscribe('lobby');
    const { sessionId } = emulator.inspect().users[0] ?? {};
    sockets[0]?.terminate();
    await until(() => alice.links.at(-1)?.includes('RECONNECT_SUCCESS') ?? false);
    expect(alice.links.slice(2)).toEqual([
      'MESSAGE CONNECTED>DISCONNECTED SERVER_TIMEOUT/CONNECTION_ERROR',
      'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
      'MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
    ]);
    expect(alice.linkEvents.at(-1)?.isResumed).toBe(true);
    expect(emulator.inspect().users).toMatchObject([{ sessionId, subscriptions: ['lobby'], attached: true }]);
  });

  it('tells a page at once when its user’s network is whole again', async () => {
    const { server, emulator } = await served();
    const alice = clientAt(server.url, 'alice');
    await logIn(alice.client, 'alice');
    emulator.setNetwork('alice', false);
    const unheard = codeOf(alice.client.publish('lobby', 'lost'));
    emulator.setNetwork('alice', true);
    await until(() => alice.links.at(-1)?.includes('RECONNECT_SUCCESS') ?? false);
    expect(alice.links[2]).toBe('MESSAGE CONNECTED>DISCONNECTED NETWORK_CHANGE/NETWORK_CHANGE');
    expect(await unheard).toBe(-10025);
  });

  it('shares a server with other WebSocket users of it', async () => {
    const http = createServer();
    const others = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      if (request.url === '/hmr') others.handleUpgrade(request, socket, head, (page) => page.send('hot'));
    });
    const { server } = await served({ server: http, path: '/api/signaling' });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    expect(server.url).toBe(`ws://127.0.0.1:${port}/api/signaling`);
    const hmr = new WebSocket(`ws://127.0.0.1:${port}/hmr`);
    const heard = await new Promise((resolve) => hmr.on('message', (data) => resolve(String(data))));
    expect(heard).toBe('hot');
    const { client } = clientAt(`${server.url}?v=1`, 'alice');
    await logIn(client, 'alice');
    await server.close();
    expect(http.listenerCount('upgrade')).toBe(1);
    hmr.terminate();
    others.close();
    await new Promise((resolve) => http.close(resolve));
  });

  it('turns away pages that its owner does not want, and frames that make no sense', async () => {
    const { server } = await served({ accept: (request) => request.headers.origin === 'http://localhost' });
    const stranger = new WebSocket(server.url);
    expect(String(await new Promise((resolve) => stranger.on('error', resolve)))).toContain('403');
    const page = new WebSocket(server.url, { origin: 'http://localhost' });
    await new Promise((resolve) => page.on('open', resolve));
    const closed = new Promise((resolve) => page.on('close', resolve));
    page.send('{"t":"request"}');
    page.send('[]');
    expect(await closed).toBe(1008);
  });
});
