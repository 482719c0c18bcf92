import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDevBackend, type DevBackendOptions, type DevConfig } from '../dev-backend/index.js';
import { InvalidArgumentError } from '../server/index.js';
import { drainable } from './drain-server.js';
import { UsageError } from './usage-error.js';

const HOST = '127.0.0.1';

/** A development backend that listens on this machine. */
export interface LocalServer {
  /** Its origin, such as `http://127.0.0.1:8082`. */
  readonly url: string;
  readonly config: DevConfig;
  /** Answers what has arrived, and ends. */
  close(): Promise<void>;
}

/**
 * Serves a development backend.
 *
 * @param port 0 takes any that is free.
 * @throws InvalidArgumentError for a port that is taken, and what `createDevBackend` throws.
 */
export async function startLocalServer(port: number, options: DevBackendOptions): Promise<LocalServer> {
  const backend = createDevBackend(options);
  const server = createServer(backend.listener);
  const draining = drainable(server);
  const attached = await backend.attach(server);
  const url = await listen(server, port);
  return {
    url,
    config: backend.config,
    async close() {
      await attached.close();
      await draining.drain();
    },
  };
}

/** @throws UsageError naming the source of what is no port. */
export function portFrom(source: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${source} must be a number from 0 to 65535.`);
}

async function listen(server: Server, port: number): Promise<string> {
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    throw new InvalidArgumentError('port', `${port} is taken: choose another with --port, or 0 for any.`);
  }
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}
