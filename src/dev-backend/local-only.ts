import type { IncomingMessage } from 'node:http';
import { TokenRequestError } from '../server/index.js';

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127\.[\d.]+)$/;

/**
 * Refuses what does not come from this machine and this page: a development server gives everyone the tokens that they ask for, so no
 * other site that the developer visits may ask. A loopback `Host` keeps out names that were pointed here by somebody else's DNS.
 *
 * @param origins origins that may ask besides the server's own; null lets all in.
 * @throws TokenRequestError 403 `NOT_LOCAL` or `FOREIGN_ORIGIN`.
 */
export function demandLocal(request: Request, origins: readonly string[] | null): void {
  const refusal = refusalOf(new URL(request.url), request.headers.get('origin'), origins);
  if (refusal) throw refusal;
}

/**
 * Whether a request comes from a program of this machine: a `Host` can say anything. What came through a proxy comes from whom that names,
 * so that a tunnel does not make the whole internet local.
 */
export function isLocalPeer({ socket, headers }: IncomingMessage): boolean {
  const forwarded = headers['x-forwarded-for']?.toString().split(',') ?? [];
  const peers = [socket.remoteAddress ?? '::1', ...forwarded.map((address) => address.trim())];
  return headers.forwarded === undefined && peers.every((address) => LOOPBACK_ADDRESS.test(address));
}

/** Whether a WebSocket may be opened, by the rule for requests. */
export function isLocalUpgrade({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const url = `http://${headers.host ?? ''}`;
  return URL.canParse(url) && refusalOf(new URL(url), headers.origin ?? null, origins) === null;
}

function refusalOf({ hostname, host }: URL, origin: string | null, origins: readonly string[] | null): Error | null {
  if (!isLoopback(hostname)) return notLocal();
  if (origin === null || origins === null || origins.includes(origin)) return null;
  if (URL.canParse(origin) && new URL(origin).host === host) return null;
  const advice = 'with --origin, or the option origins, it answers others';
  return new TokenRequestError(403, 'FOREIGN_ORIGIN', `This development server answers to its own pages; ${advice}.`);
}

/** What other machines are told. */
export function notLocal(): TokenRequestError {
  const advice = 'with authorize, an option of agoraSession(), it serves other machines';
  return new TokenRequestError(403, 'NOT_LOCAL', `This development server answers to localhost only; ${advice}.`);
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.[\d.]+$/.test(hostname)
  );
}
