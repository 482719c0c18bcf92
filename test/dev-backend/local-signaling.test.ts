import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ControlAction, createDevBackend, type DevBackend, PATHS } from '../../src/dev-backend/index.js';
import { connectEmulator } from '../../src/emulator/client.js';
import { toNodeListener } from '../../src/server/index.js';
import type { LinkStateEvent, SignalingClient } from '../../src/session/sdk/signaling-client.js';

let backend: DevBackend;
let server: Server;
let attached: { close(): Promise<void> };
let url: string;

beforeEach(async () => {
  backend = createDevBackend({ environment: {} });
  server = createServer(toNodeListener(backend.handler));
  attached = await backend.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await attached.close();
  server.close();
  server.closeAllConnections();
});

async function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function control(action: ControlAction, userId: string, channelName?: string): Promise<number> {
  return (await post(PATHS.controls, { action, userId, ...(channelName ? { channelName } : {}) })).status;
}

async function tokens(
  userId: string,
  channels: string[] = [],
): Promise<{ signaling: string; channel: (name: string) => string }> {
  const response = await post(PATHS.tokens, { userId, signaling: true, channels });
  const body = (await response.json()) as { signaling: { token: string }; channels: Record<string, { token: string }> };
  return { signaling: body.signaling.token, channel: (name) => body.channels[name]?.token ?? '' };
}

/** A page's client, logged in with a token of the endpoint, and a way to wait for its link to reach a state. */
async function page(userId: string) {
  const { RTM } = connectEmulator(`${url}${PATHS.signaling}`, { WebSocket });
  const client: SignalingClient = new RTM(backend.config.appId, userId);
  const seen: LinkStateEvent[] = [];
  let look = (): void => {};
  client.addEventListener('linkState', (event) => {
    seen.push(event);
    look();
  });
  const reaches = (state: string): Promise<LinkStateEvent> =>
    new Promise((resolve) => {
      look = () => {
        const found = seen.find((event) => event.currentState === state);
        if (found) resolve(found);
      };
      look();
    });
  await client.login({ token: (await tokens(userId)).signaling });
  return { client, reaches };
}

test('a page logs in and joins with tokens of the endpoint', async () => {
  const { client } = await page('alice');
  const channel = await client.createStreamChannel('stage');
  await channel.join({ token: (await tokens('alice', ['stage'])).channel('stage') });
  expect(backend.emulator?.inspect()).toMatchObject({ users: [expect.objectContaining({ userId: 'alice' })] });
  await client.logout();
});

describe('a control', () => {
  test.each<[ControlAction, string]>([
    ['kick', 'KICKED_OUT_BY_SERVER'],
    ['login-elsewhere', 'SAME_UID_LOGIN'],
    ['expire-token', 'TOKEN_EXPIRED'],
  ])('"%s" makes the login fail with %s', async (action, reasonCode) => {
    const { client, reaches } = await page('alice');
    expect(await control(action, 'alice')).toBe(204);
    expect(await reaches('FAILED')).toMatchObject({ serviceType: 'MESSAGE', reasonCode });
    await client.logout();
  });

  test('"expire-token" with a channel leaves the login alone', async () => {
    const { client, reaches } = await page('alice');
    const channel = await client.createStreamChannel('stage');
    await channel.join({ token: (await tokens('alice', ['stage'])).channel('stage') });
    expect(await control('expire-token', 'alice', 'stage')).toBe(204);
    expect(await reaches('FAILED')).toMatchObject({ serviceType: 'STREAM', affectedChannels: ['stage'] });
    await client.logout();
  });

  test('"login-elsewhere" works again and again, and not over a network that is cut', async () => {
    expect([await control('login-elsewhere', 'alice'), await control('login-elsewhere', 'alice')]).toEqual([204, 204]);
    expect(await control('cut-network', 'alice')).toBe(204);
    expect(await control('login-elsewhere', 'alice')).toBe(409);
    expect(await control('restore-network', 'alice')).toBe(204);
    expect(await control('login-elsewhere', 'alice')).toBe(204);
  });
});

test.each<[string, Record<string, string>, number]>([
  ['its own pages', {}, 101],
  ['other sites', { origin: 'https://evil.example' }, 403],
  ['names that were pointed here', { host: 'evil.example' }, 403],
])('the local Signaling lets in %s with %j or not: %d', async (_, headers, status) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${PATHS.signaling}`, {
    headers: { origin: url, ...headers },
  });
  const answered = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
  expect(answered).toBe(status);
  socket.terminate();
});
