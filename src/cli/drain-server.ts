import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A server that can end without leaving anyone unanswered. */
export interface Draining {
  /** Takes no more connections and resolves when those that there are have been answered and closed. */
  drain(): Promise<void>;
}

/** Milliseconds in which what has reached this machine is read. */
const ARRIVAL_MS = 100;
/** Milliseconds that a request which is under way may still take. */
const GRACE_MS = 2_000;
/** Milliseconds that the last answers may take to be sent. */
const FLUSH_MS = 500;
const GOING = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n';

/** Watches a server's connections, from before it listens. */
export function drainable(server: Server): Draining {
  const sockets = new Map<Socket, ServerResponse | null>();
  let draining = false;
  server.on('connection', (socket) => {
    sockets.set(socket, null);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    sockets.set(socket, response);
    if (draining) response.shouldKeepAlive = false;
  });
  return {
    async drain() {
      draining = true;
      await setTimeout(ARRIVAL_MS);
      const closed = once(server.close(), 'close');
      for (const [socket, response] of sockets) letGo(socket, response);
      await within(GRACE_MS, closed);
      for (const [socket, response] of sockets) answerGoing(socket, response);
      await within(FLUSH_MS, closed);
      server.closeAllConnections();
    },
  };
}

/** A connection ends after its answer, and at once when nothing was sent over it. */
function letGo(socket: Socket, response: ServerResponse | null): void {
  if (response && !response.headersSent) response.shouldKeepAlive = false;
  else if (socket.bytesRead === 0) socket.destroy();
}

/** What has come of this request in time is not enough to answer it. */
function answerGoing(socket: Socket, response: ServerResponse | null): void {
  if (!response || response.writableEnded) socket.end(GOING);
  else if (!response.headersSent) response.writeHead(503, { connection: 'close', 'retry-after': '1' }).end();
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const time = setTimeout(ms, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([done, time]);
  over.abort();
}
