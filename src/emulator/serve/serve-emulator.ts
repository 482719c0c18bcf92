import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { SignalingEmulator } from '../signaling-emulator.js';
import { isAllowedOrigin } from './own-origin.js';
import { servePage } from './serve-page.js';

/** What {@link serveEmulator} takes. */
export interface ServeEmulatorOptions {
  /** A server to attach to, listening or not. Its other listeners are left in peace;
   * without another, upgrades elsewhere are refused. Default: one of its own, on 127.0.0.1. */
  readonly server?: Server;
  /** The port of its own server. Default: 0, a free one. */
  readonly port?: number;
  /** Where it answers. Default: `/signaling`. */
  readonly path?: string;
  /**
   * Origins whose pages may connect besides the server's own, such as `https://app.example`; `*` lets all in. The server's own is that
   * of its `Host`, if that is `localhost` or an IP address. Programs that send no `Origin` may connect. Default: none.
   */
  readonly origins?: readonly string[];
  /** Whether a page may connect, in the place of the rule of `origins`; it sees the request's headers. */
  readonly accept?: (request: IncomingMessage) => boolean;
}

/** A served emulator. */
export interface ServedEmulator {
  /** Where pages connect to. Only known once the server listens. */
  readonly url: string;
  /** Drops all pages and stops listening; a server that was passed in goes on. */
  close(): Promise<void>;
}

const MAX_FRAME_BYTES = 1024 * 1024;

/** Serves an emulator over WebSocket, for pages that use `connectEmulator`. */
export async function serveEmulator(
  emulator: SignalingEmulator,
  options: ServeEmulatorOptions = {},
): Promise<ServedEmulator> {
  const { path = '/signaling', origins = [] } = options;
  const accept = options.accept ?? ((request) => isAllowedOrigin(request, origins));
  const server = options.server ?? createServer((_, response) => response.writeHead(404).end());
  const ownsServer = options.server === undefined;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const ours = pathOf(request) === path;
    if (ours && accept(request)) sockets.handleUpgrade(request, socket, head, (page) => servePage(emulator, page));
    else if (ours) refuseUpgrade(socket, '403 Forbidden');
    // Node leaves a socket open for ever when somebody listens for upgrades and nobody wants this one.
    else if (server.listenerCount('upgrade') === 1) refuseUpgrade(socket, '404 Not Found');
  };
  server.on('upgrade', onUpgrade);
  if (ownsServer) await listen(server, options.port ?? 0);
  return {
    get url(): string {
      return `ws://${hostOf(server)}${path}`;
    },
    async close(): Promise<void> {
      server.off('upgrade', onUpgrade);
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      if (ownsServer) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Node listens to the errors of a socket no longer once it is upgraded: a client that has gone would end the process. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function hostOf(server: Server): string {
  const address = server.address() as AddressInfo | null;
  if (!address) throw new Error('The server does not listen yet, so the address of the emulator is not known.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${address.port}`;
}
