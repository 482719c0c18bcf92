import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { buildServers, ServerProcess } from './server-process.js';

// How long one user waits for a token while others do their worst, and what memory that takes: `npx tsx bench/token-endpoint/hostile.ts`.

const ATTACKERS = 40;
const PIPELINED = 100;
const CHANNELS = 100;
const VICTIM_ASKS = 30;
const ATTACK_MS = 10_000;
const body = (channels: number): string =>
  JSON.stringify({
    userId: 'alice',
    signaling: true,
    channels: Array.from({ length: channels }, (_, nth) => `c-${nth}`),
  });

function request(text: string): string {
  const head = 'POST /api/agora/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer alice\r\n';
  return `${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

const large = request(body(CHANNELS)).repeat(PIPELINED);

/** Connects again and again, sends without waiting, and reads nothing. */
async function pipeline(port: number, until: number): Promise<void> {
  while (performance.now() < until) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.pause().write(large);
    await Promise.race([once(socket, 'close'), delay(1_000)]);
    if (performance.now() >= until) socket.destroy();
    await delay(50);
  }
}

/** Sends and hangs up at once. */
async function abandon(port: number, until: number): Promise<void> {
  while (performance.now() < until) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    socket.write(request(body(CHANNELS)), () => socket.resetAndDestroy());
    await once(socket, 'close');
    await delay(20);
  }
}

/** Milliseconds until one user has a login token, over a connection of their own, again and again. */
async function victimWaits(port: number): Promise<number[]> {
  const waits: number[] = [];
  for (let nth = 0; nth < VICTIM_ASKS; nth += 1) {
    const began = performance.now();
    const socket: Socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(request(body(0)));
    await once(socket, 'data');
    waits.push(performance.now() - began);
    socket.destroy();
    await delay(200);
    if (waits.reduce((sum, ms) => sum + ms, 0) > 3 * ATTACK_MS) break;
  }
  return waits.sort((left, right) => left - right);
}

const file = await buildServers();
for (const [name, attack] of Object.entries({ 'nobody else': null, pipelining: pipeline, abandoning: abandon })) {
  const server = await ServerProcess.start(file, 'ours');
  const until = performance.now() + ATTACK_MS;
  const attackers = attack ? Array.from({ length: ATTACKERS }, () => attack(server.port, until)) : [];
  await delay(500);
  const waits = await victimWaits(server.port);
  const megabytes = Math.round((await server.peakBytes()) / 1e6);
  const [middle = 0, most = 0] = [waits[Math.floor(waits.length / 2)], waits.at(-1)];
  console.log(
    `${name}: one user waits ${middle.toFixed(1)} ms, at most ${most.toFixed(0)} ms; resident at most ${megabytes} MB`,
  );
  await Promise.all(attackers);
  server.stop();
}
process.exit();
