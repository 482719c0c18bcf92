import type { IncomingMessage } from 'node:http';
import { Server, type Socket } from 'node:net';
import { RequestRefusedError } from '../server/index.js';
import { isForeign } from '../server/parts.js';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.[\d.]+)$/;

/**
 * What a proxy, a tunnel or a content network adds to the requests of others; any of it means that the peer is not who asks. Headers that
 * begin with `x-forwarded-` count too, whatever comes after it.
 */
const ADDED_BY_PROXIES: readonly string[] = [
  'cf-connecting-ip',
  'cf-ray',
  'client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'forwarded',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-real-ip',
];
const FORWARDED = /^x-forwarded-/;
/** The one header of them that says who asks, so that a proxy on this machine for a page on this machine may be known. */
const FORWARDED_FOR = 'x-forwarded-for';

/**
 * Refuses what does not come from this machine and this page: a development server gives everyone the tokens that they ask for, so no
 * other site that the developer visits may ask. A loopback `Host` keeps out names that were pointed here by somebody else's DNS.
 *
 * @param origins origins that may ask besides the server's own; null lets all in.
 * @throws RequestRefusedError 403 `NOT_LOCAL` or `FOREIGN_ORIGIN`.
 */
export function demandLocal(request: Pick<Request, 'url' | 'headers'>, origins: readonly string[] | null): void {
  if (!isLoopback(new URL(request.url).hostname)) throw notLocal();
  demandOwnPage(request, origins);
}

/**
 * Refuses pages of other origins, whichever machine they are on.
 *
 * @param origins origins that may ask besides the server's own; null lets all in.
 * @throws RequestRefusedError 403 `FOREIGN_ORIGIN`.
 */
export function demandOwnPage(request: Pick<Request, 'url' | 'headers'>, origins: readonly string[] | null): void {
  if (origins === null || !isForeign(request, (origin) => origins.includes(origin))) return;
  const advice = 'with --origin, or the option origins, it answers others';
  throw new RequestRefusedError(403, 'FOREIGN_ORIGIN', `This development server answers to its own pages; ${advice}.`);
}

/**
 * Whether a request comes from a program of this machine: a `Host` can say anything. What came through a proxy comes from whom that
 * names, so that a tunnel does not make the whole internet local. Of whom nothing is known, that is not said.
 */
export function isLocalPeer({ socket, headers }: IncomingMessage): boolean {
  if (Object.keys(headers).some(isAddedByProxy)) return false;
  const forwarded = headers[FORWARDED_FOR]?.toString().split(',') ?? [];
  if (!forwarded.every((address) => LOOPBACK_ADDRESS.test(address.trim()))) return false;
  const { remoteAddress } = socket;
  return remoteAddress === undefined ? isUnixSocket(socket) : LOOPBACK_ADDRESS.test(remoteAddress);
}

function isAddedByProxy(name: string): boolean {
  return name !== FORWARDED_FOR && (ADDED_BY_PROXIES.includes(name) || FORWARDED.test(name));
}

/** A Unix socket has no addresses. Nor has a connection that was reset, which may have come from anywhere: only its server can tell. */
function isUnixSocket(socket: Socket): boolean {
  const server: unknown = 'server' in socket ? socket.server : undefined;
  return server instanceof Server && typeof server.address() === 'string';
}

/** What other machines are told. */
export function notLocal(): RequestRefusedError {
  const advice = 'with authorize, an option of agoraSession(), it serves other machines';
  return new RequestRefusedError(403, 'NOT_LOCAL', `This development server answers to localhost only; ${advice}.`);
}

/** Whether this name is that of the machine itself for whoever asks it. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.[\d.]+$/.test(hostname)
  );
}
