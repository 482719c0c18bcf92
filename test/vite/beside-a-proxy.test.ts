import { mkdtempSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ProxyOptions } from 'vite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type AgoraSessionPluginOptions, agoraSession } from '../../src/vite/index.js';

// Most apps with a backend of their own have a proxy for /api, and Vite's proxy hears every upgrade, also those that are served here.

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function vite(
  proxy: Record<string, string | ProxyOptions>,
  options?: AgoraSessionPluginOptions,
): Promise<string> {
  const server = await createServer({
    configFile: false,
    root: mkdtempSync(join(tmpdir(), 'agora-session-proxy-')),
    logLevel: 'silent',
    optimizeDeps: { noDiscovery: true },
    server: { host: '127.0.0.1', port: 0, proxy },
    plugins: [agoraSession(options)],
  });
  await server.listen();
  closers.push(() => server.close());
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  return `127.0.0.1:${port}`;
}

/** A backend with a WebSocket that greets whoever connects. */
async function appBackend(): Promise<{ target: string; asked: ReturnType<typeof vi.fn> }> {
  const asked = vi.fn();
  const server = createHttpServer().listen(0, '127.0.0.1');
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url }) => {
    asked(url);
    socket.send('hello');
  });
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => server.close().closeAllConnections());
  closers.push(() => sockets.clients.forEach((socket) => void socket.terminate()));
  return { target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Connects, sends something that only the local Signaling answers by hanging up, and tells what came. */
async function talk(host: string, path: string): Promise<string[]> {
  const socket = new WebSocket(`ws://${host}${path}`, { origin: `http://${host}` });
  closers.push(() => socket.terminate());
  const told: string[] = [];
  socket.on('open', () => void told.push('open'));
  socket.on('message', (data) => void told.push(String(data)));
  socket.on('error', () => void told.push('error'));
  await new Promise((resolve) => {
    socket.once('open', () => socket.send('{"t":"nonsense"}'));
    socket.once('message', resolve).once('close', resolve).once('error', resolve);
  });
  return told;
}

describe('a proxy that passes WebSockets on leaves the local Signaling alone', () => {
  test.each<[string, (target: string) => string | ProxyOptions]>([
    ['of /api', (target) => ({ target, ws: true })],
    ['that is a ws: address', (target) => target.replace('http', 'ws')],
    ['with a bypass of its own', (target) => ({ target, ws: true, bypass: () => undefined })],
  ])('%s', async (_name, proxy) => {
    const { target, asked } = await appBackend();
    expect(await talk(await vite({ '/api': proxy(target) }), '/api/agora/signaling?a=1')).toEqual(['open']);
    expect(asked).not.toHaveBeenCalled();
  });

  test('whose target is away', async () => {
    const host = await vite({ '/api': { target: 'http://127.0.0.1:9', ws: true } });
    expect(await talk(host, '/api/agora/signaling')).toEqual(['open']);
  });
});

test('and keeps everything else', async () => {
  const { target, asked } = await appBackend();
  const bypass = vi.fn(() => undefined);
  const host = await vite({ '/api': { target, ws: true, bypass } });
  expect(await talk(host, '/api/chat')).toEqual(['open', 'hello']);
  expect([asked.mock.calls, bypass.mock.calls.length]).toEqual([[['/api/chat']], 1]);
});

test('and keeps that path, too, where Signaling is Agora’s', async () => {
  const { target } = await appBackend();
  const host = await vite({ '/api': { target, ws: true } }, { emulator: false });
  expect(await talk(host, '/api/agora/signaling')).toEqual(['open', 'hello']);
});
