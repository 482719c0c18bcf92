import type { IncomingMessage } from 'node:http';

/** A page must be of one of these origins; `*` lets all in. */
export type Origins = readonly string[];

/**
 * Whether a page may connect: one of the server's own origin, or of a listed one. Programs send no `Origin` and may. A name that is
 * not this machine's counts as its own only when listed, since anybody can point a name here.
 */
export function isAllowedOrigin({ headers }: IncomingMessage, origins: Origins): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host && isAddress(url.hostname);
}

/** Whether this is `localhost` or the number of a machine, which no name server can point elsewhere. */
function isAddress(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(\[[\da-f:.]+\]|[\d.]+)$/.test(hostname);
}
