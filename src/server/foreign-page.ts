import type { AllowsOrigin } from './cors.js';
import type { EndpointRequest } from './endpoint.js';
import { RequestRefusedError } from './request-refused-error.js';

/**
 * Whether a page of another site has sent this, in a way for which its browser asks no preflight: with the visitor's cookies, and
 * with effects here although the page cannot read the answer.
 *
 * @param allows which other origins may ask.
 */
export function isForeign({ url, headers }: Pick<EndpointRequest, 'url' | 'headers'>, allows: AllowsOrigin): boolean {
  const origin = headers.get('origin');
  if (origin !== null && allows(origin)) return false;
  // No page can change what the browser says here; it also holds behind a proxy that hands on another host. "none": a person asked.
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none';
  return origin !== null && !isOriginOf(origin, url);
}

/** Whether an origin is that of an address. The scheme is not compared: TLS may end ahead of the server. */
function isOriginOf(origin: string, url: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === new URL(url).host;
}

/** What a page of another site is told. */
export function foreignOrigin(): RequestRefusedError {
  return new RequestRefusedError(403, 'FOREIGN_ORIGIN', 'This token server does not answer pages of other origins.');
}
