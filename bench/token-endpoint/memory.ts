import { buildServers, type Load, ServerProcess } from './server-process.js';

// Whether the endpoint keeps anything of the requests that it has answered: its heap after a million is that after ten thousand.

const FIRST = 10_000;
const ALL = 1_000_000;
const TOLERANCE = 1.1;

const load = (requests: number): Load => ({
  path: '/api/agora/tokens',
  body: { userId: 'alice', signaling: true, channels: ['stage'] },
  requests,
});
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

const server = await ServerProcess.start(await buildServers(), 'ours');
await server.bear(load(FIRST));
const early = await server.heapBytes();
console.log(`heap after ${FIRST.toLocaleString('en')} requests: ${megabytes(early)}`);
await server.bear(load(ALL - FIRST));
const late = await server.heapBytes();
console.log(`heap after ${ALL.toLocaleString('en')} requests: ${megabytes(late)}`);
server.stop();
if (late > early * TOLERANCE) process.exitCode = 1;
