import type { Http2Session, Http2Stream } from 'node:http2';
import type { Exchange } from './exchange.js';

/** Requests that a connection of HTTP/1 may have under way: browsers and proxies send one at a time, a pipelining tool some. */
const MAX_PIPELINED = 32;
/** The same for HTTP/2, where it is RFC 9113's (6.5.2) least for what a server should allow. */
const MAX_STREAMS = 100;
/** RFC 9113, 7: nothing was done, so it may be asked again. */
const REFUSED_STREAM = 7;

const connections = new WeakMap<object, Set<Exchange>>();

/**
 * Notes that a request is under way on its connection, until it is answered. One request too many ends the connection: whoever sends
 * without waiting would take the server's time from everyone else, and its memory when they do not read either. Waiting does not help
 * against that, since node has taken the requests in already.
 *
 * @returns false when the request must not be looked at.
 */
export function enter(exchange: Exchange): boolean {
  return 'stream' in exchange.outgoing ? enterSession(exchange) : enterSocket(exchange);
}

function enterSocket(exchange: Exchange): boolean {
  const { socket } = exchange.incoming;
  if (typeof socket.once !== 'function') return true; // an adapter's: there is no connection that more could come in on
  if (socket.destroyed) return false;
  const underWay = requestsOn(socket, () => {
    socket.once('close', () => abandonAll(underWay));
  });
  if (underWay.size >= MAX_PIPELINED) {
    socket.destroy();
    return false;
  }
  note(exchange, underWay);
  return true;
}

function enterSession(exchange: Exchange): boolean {
  const stream = exchange.sender as Http2Stream;
  const session: Http2Session | undefined = stream.session;
  if (!session || stream.destroyed) return false;
  const underWay = requestsOn(session, () => {});
  if (underWay.size >= MAX_STREAMS) {
    stream.close(REFUSED_STREAM);
    return false;
  }
  note(exchange, underWay);
  return true;
}

function requestsOn(connection: object, isNew: () => void): Set<Exchange> {
  const known = connections.get(connection);
  if (known) return known;
  const underWay = new Set<Exchange>();
  connections.set(connection, underWay);
  isNew();
  return underWay;
}

function note(exchange: Exchange, underWay: Set<Exchange>): void {
  underWay.add(exchange);
  exchange.outgoing.on('close', () => {
    underWay.delete(exchange);
    exchange.abandon();
  });
}

function abandonAll(underWay: Set<Exchange>): void {
  for (const exchange of underWay) exchange.abandon();
  underWay.clear();
}
