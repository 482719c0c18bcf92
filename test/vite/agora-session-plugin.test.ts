import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { build, createLogger, createServer, type InlineConfig, preview, resolveConfig, type ViteDevServer } from 'vite';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { DevConfig } from '../../src/dev-backend/index.js';
import { connectEmulator } from '../../src/emulator/client.js';
import { type AgoraSessionPluginOptions, agoraSession } from '../../src/vite/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A project of one page, and `.env` if given. */
function project(envFile?: string): InlineConfig {
  const root = mkdtempSync(join(tmpdir(), 'agora-session-vite-'));
  writeFileSync(join(root, 'index.html'), '<p>The page</p>');
  if (envFile !== undefined) writeFileSync(join(root, '.env'), envFile);
  return { root, configFile: false, logLevel: 'silent', appType: 'spa', build: { outDir: root } };
}

async function serve(
  options: AgoraSessionPluginOptions = {},
  envFile?: string,
): Promise<{ url: string; server: ViteDevServer }> {
  const server = await createServer({
    ...project(envFile),
    plugins: [agoraSession(options)],
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  closers.push(() => server.close());
  return { url: urlOf(server.httpServer?.address()), server };
}

function urlOf(address: AddressInfo | string | null | undefined): string {
  if (!address || typeof address === 'string') throw new Error('The server does not listen.');
  return `http://127.0.0.1:${address.port}`;
}

const configOf = async (url: string) => (await (await fetch(`${url}/api/agora/config`)).json()) as DevConfig;

async function loginToken(url: string, userId: string): Promise<string> {
  const response = await fetch(`${url}/api/agora/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ userId, signaling: true }),
  });
  return ((await response.json()) as { signaling: { token: string } }).signaling.token;
}

test('a development server knows the client of the local Signaling before a page asks for it; a build has no word of it', async () => {
  const client = 'agora-session/emulator/client';
  const config = { ...project(), plugins: [agoraSession()] };
  expect((await resolveConfig(config, 'serve')).optimizeDeps.include).toContain(client);
  expect((await resolveConfig(config, 'build')).optimizeDeps.include ?? []).not.toContain(client);
});

test('a page of the development server logs in to the local Signaling of that same server', async () => {
  const { url } = await serve();
  const { appId: made, emulator, signalingPath } = await configOf(url);
  expect(emulator).toBe(true);
  const { RTM } = connectEmulator(`${url}${signalingPath}`, { WebSocket });
  const client = new RTM(made, 'alice');
  await client.login({ token: await loginToken(url, 'alice') });
  await client.logout();
});

test('an app that mounts Vite below a path has the endpoint there', async () => {
  const vite = await createServer({
    ...project(),
    plugins: [agoraSession({ emulator: false })],
    server: { middlewareMode: true },
  });
  const server = express().use('/sub', vite.middlewares).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => vite.close());
  closers.push(async () => server.close());
  expect(await configOf(`${urlOf(server.address())}/sub`)).toMatchObject({ emulator: false });
});

describe('in middleware mode, as under an SSR server', () => {
  /** An app's own server, with Vite among its handlers. */
  async function mounted(): Promise<{ vite: ViteDevServer; url: string }> {
    const vite = await createServer({
      ...project(),
      plugins: [agoraSession()],
      server: { middlewareMode: true, ws: false },
    });
    const server = express().use(vite.middlewares).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      await vite.close();
      server.closeAllConnections();
      server.close();
    });
    return { vite, url: urlOf(server.address()) };
  }

  /** How a page's attempt to connect is answered: 101, or the status that refuses it. */
  const connected = (address: string, headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(address, { headers });
      socket.once('open', () => {
        resolve(101);
        socket.terminate();
      });
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => resolve(0));
    });

  test('a page logs in to the local Signaling on the port that the config tells', async () => {
    const { url } = await mounted();
    const { appId: made, emulator, signalingOrigin, signalingPath } = await configOf(url);
    expect(emulator).toBe(true);
    expect(signalingOrigin).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    const { RTM } = connectEmulator(`${signalingOrigin}${signalingPath}`, { WebSocket });
    const client = new RTM(made, 'alice');
    await client.login({ token: await loginToken(url, 'alice') });
    await client.logout();
  });

  test('pages of this machine may connect there, and no others', async () => {
    const { signalingOrigin, signalingPath } = await configOf((await mounted()).url);
    const address = `${signalingOrigin}${signalingPath}`;
    expect(await connected(address, { origin: 'http://localhost:3000' })).toBe(101);
    expect(await connected(address, { origin: 'https://evil.example' })).toBe(403);
    expect(await connected(address, { origin: 'http://localhost:3000', host: 'evil.example' })).toBe(403);
    expect(await connected(address, { origin: 'http://localhost:3000', 'x-forwarded-for': '203.0.113.9' })).toBe(403);
  });

  test('two servers have two projects, and the port is closed with its server', async () => {
    const [one, other] = [await mounted(), await mounted()];
    const [ours, theirs] = [await configOf(one.url), await configOf(other.url)];
    expect(theirs.appId).not.toBe(ours.appId);
    expect(theirs.signalingOrigin).not.toBe(ours.signalingOrigin);
    await one.vite.close();
    expect(await connected(`${ours.signalingOrigin}${ours.signalingPath}`, {})).toBe(0);
    expect(await connected(`${theirs.signalingOrigin}${theirs.signalingPath}`, {})).toBe(101);
  });
});

test('pages and hot updates of Vite go on as before', async () => {
  const { url, server } = await serve();
  expect(await (await fetch(`${url}/`)).text()).toContain('<p>The page</p>');
  const token = server.config.webSocketToken;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?token=${token}`, 'vite-hmr');
  const [message] = await new Promise<unknown[]>((resolve, reject) => {
    socket.once('message', (...data) => resolve(data)).once('error', reject);
  });
  expect(JSON.parse(String(message))).toEqual({ type: 'connected' });
  socket.terminate();
});

test('credentials come from Vite’s .env files, and then Signaling is Agora’s', async () => {
  const { url } = await serve({}, `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`);
  expect(await configOf(url)).toMatchObject({ appId, emulator: false, throwawayCredentials: false });
});

test('a folder called .env, as Python has its environments in, is passed over as Vite does it', async () => {
  const config = project();
  mkdirSync(join(String(config.root), '.env', 'bin'), { recursive: true });
  const server = await createServer({ ...config, plugins: [agoraSession()] });
  await server.close();
});

test('a certificate that would reach the page stops the server', async () => {
  await expect(serve({}, `VITE_AGORA_APP_CERTIFICATE=${appCertificate}\n`)).rejects.toThrow(
    'VITE_AGORA_APP_CERTIFICATE',
  );
});

test.each([
  ['its own variable', 'VITE_', 'VITE_AGORA_APP_CERTIFICATE'],
  ['an envPrefix', ['VITE_', 'AGORA_'], 'AGORA_APP_CERTIFICATE'],
])('a certificate that %s would put into the page stops server and build', async (_name, envPrefix, variable) => {
  const envFile = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n${variable}=${appCertificate}\n`;
  const config = { ...project(envFile), envPrefix, plugins: [agoraSession()] };
  await expect(createServer(config)).rejects.toThrow(variable);
  await expect(build({ ...config, build: { write: false } })).rejects.toThrow(variable);
});

test('a build goes on as before', async () => {
  const config = {
    ...project(`AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`),
    plugins: [agoraSession()],
  };
  expect(JSON.stringify(await build({ ...config, build: { write: false } }))).not.toContain(appCertificate);
});

test('the preview server has the endpoint too', async () => {
  const server = await preview({ ...project(), plugins: [agoraSession()], preview: { port: 0, host: '127.0.0.1' } });
  closers.push(() => server.close());
  const url = urlOf(server.httpServer.address());
  expect(await loginToken(url, 'alice')).toMatch(/^007/);
});

test.each([
  [
    { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate },
    /authorize is required.*NODE_ENV=development vite preview/,
  ],
  [{ AGORA_APP_ID: appId }, /AGORA_APP_CERTIFICATE is not set/],
])('a built page can be looked at where the preview has no endpoint, and that is told: %#', async (variables, told) => {
  vi.stubEnv('NODE_ENV', 'production'); // as Vite itself does, unless it is set
  closers.push(async () => void vi.unstubAllEnvs());
  const warned = vi.fn();
  const envFile = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const given = { ...project(envFile.join('')), preview: { port: 0, host: '127.0.0.1' } };
  const customLogger = { ...createLogger('silent'), warn: warned };
  const server = await preview({ ...given, customLogger, plugins: [agoraSession()] });
  closers.push(() => server.close());
  expect(warned).toHaveBeenCalledWith(expect.stringMatching(told));
  const asked = await fetch(`${urlOf(server.httpServer.address())}/api/agora/tokens`, { method: 'POST' });
  expect(asked.status).toBe(404);
});

test.each<[string, unknown]>([
  ['options', null],
  ['authorize', { authorize: null }],
  ['authorize', { authorize: 'everybody' }],
  ['origins', { origins: 'http://localhost:3000' }],
  ['origins', { origins: () => true }],
  ['emulator', { emulator: 'false' }],
  ['tokens', { tokens: '' }],
  ['tokens', { tokens: new URL('https://api.example/tokens') }],
])('%s of the wrong type are refused by name: %j', (argument, options) => {
  expect(() => agoraSession(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }));
});

test('the server closes although a page is still connected', async () => {
  const { url, server } = await serve();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/agora/signaling`, { origin: url });
  await new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await server.close();
  await closed;
  expect(socket.readyState).toBe(WebSocket.CLOSED);
});
