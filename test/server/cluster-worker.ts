import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowAnyone, createTokenHandler, toNodeListener } from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

// Four processes that serve tokens behind one port, each naming itself. Forked as a process of its own; it sends the port.

const WORKERS = 4;

if (cluster.isPrimary) {
  const ports = Array.from(
    { length: WORKERS },
    () => new Promise<number>((resolve) => cluster.fork().once('message', resolve)),
  );
  const [port] = await Promise.all(ports);
  process.send?.(port);
  process.once('disconnect', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
    process.exit();
  });
} else {
  const listener = toNodeListener(createTokenHandler({ appId, appCertificate, authorize: allowAnyone }));
  const server = createServer((request, response) => {
    response.setHeader('x-process', process.pid);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}
