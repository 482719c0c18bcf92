import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifyAccessToken } from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

const WORKER = fileURLToPath(new URL('cluster-worker.ts', import.meta.url));

/** Asks over a connection of its own, so that any of the processes may be the one that answers. */
async function ask(port: number, userId: string): Promise<{ process: unknown; owner: string }> {
  const headers = { 'content-type': 'application/json' };
  const outgoing = httpRequest({ port, host: '127.0.0.1', method: 'POST', agent: new Agent(), headers });
  outgoing.end(JSON.stringify({ userId, signaling: true, channels: ['stage'] }));
  const [response] = await once(outgoing, 'response');
  const body = JSON.parse(await text(response));
  const owners = [body.signaling.token, body.channels.stage.token].map((token: string) => {
    const [service] = verifyAccessToken(token, { appId, appCertificate }).services;
    return service && 'userId' in service ? service.userId : '';
  });
  return { process: response.headers['x-process'], owner: owners.join() };
}

test('four processes behind one port give the same, whichever answers', { timeout: 60_000 }, async () => {
  const primary = fork(WORKER, {
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  const [port] = await once(primary, 'message');
  const users = Array.from({ length: 40 }, (_, nth) => `user-${nth}`);
  const answers = await Promise.all(users.map((userId) => ask(port, userId)));
  expect(answers.map(({ owner }) => owner)).toEqual(users.map((userId) => `${userId},${userId}`));
  expect(new Set(answers.map(({ process }) => process)).size).toBe(4);
  const ended = once(primary, 'exit');
  primary.disconnect();
  await ended;
});
