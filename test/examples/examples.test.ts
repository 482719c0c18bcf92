import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { httpTokenSource } from 'agora-session';
import type { FetchHandler } from 'agora-session/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { appCertificate, appId } from '../server/official-tokens.js';
import { freePort } from '../support/free-port.js';
import { logIn } from './log-in.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const started: ChildProcess[] = [];

beforeEach(() => {
  vi.stubEnv('AGORA_APP_ID', appId).stubEnv('AGORA_APP_CERTIFICATE', appCertificate);
});

afterEach(() => {
  vi.unstubAllEnvs();
  // The whole group: a command starts processes of its own.
  for (const { pid } of started.splice(0)) if (pid !== undefined) process.kill(-pid);
});

/** Starts an example as its reader would; answers where it serves tokens. */
async function start(command: string): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), NODE_ENV: 'production' };
  started.push(spawn(command, { shell: true, detached: true, cwd: root, env, stdio: 'inherit' }));
  const url = `http://localhost:${port}/api/agora/tokens`;
  await vi.waitFor(() => fetch(url), { timeout: 20_000, interval: 100 });
  return url;
}

const project = { appId, appCertificate };
const headers = { authorization: 'Bearer alice' };

/** Takes the place of a server that would call this handler. */
function served(handler: FetchHandler): { url: string; fetch: typeof fetch } {
  return { url: 'https://app.example/api/agora/tokens', fetch: (input, init) => handler(new Request(input, init)) };
}

test.each([
  'npx tsx examples/node-http/server.ts',
  'npx tsx examples/express/server.ts',
  'npx tsx examples/hono/server.ts',
  'npx tsx examples/fastify/server.ts',
])('%s serves a login, and only to who is signed in', { timeout: 60_000 }, async (command) => {
  const url = await start(command);
  await logIn(httpTokenSource({ url, headers }), project);
  await expect(logIn(httpTokenSource({ url }), project)).rejects.toMatchObject({ code: 'TOKEN_DENIED' });
});

test('the route of Next.js serves a login', async () => {
  vi.stubEnv('AGORA_APP_CERTIFICATE', undefined);
  const { POST } = await import('../../examples/nextjs/app/api/agora/tokens/route.js');
  vi.stubEnv('AGORA_APP_CERTIFICATE', appCertificate);
  await logIn(httpTokenSource({ ...served(POST), headers }), project);
  await expect(logIn(httpTokenSource(served(POST)), project)).rejects.toMatchObject({ code: 'TOKEN_DENIED' });
});

test('the Cloudflare Worker serves a login', async () => {
  const { default: worker } = await import('../../examples/cloudflare-worker/worker.js');
  await logIn(httpTokenSource({ ...served(worker.fetch), headers }), project);
  await expect(logIn(httpTokenSource(served(worker.fetch)), project)).rejects.toMatchObject({ code: 'TOKEN_DENIED' });
});
