import type { EndpointRequest } from './endpoint.js';
import { InvalidArgumentError } from './errors.js';

const PREFLIGHT_SECONDS = '7200'; // the most that Chromium keeps

/**
 * Refuses what could not match any `Origin` header.
 *
 * @throws InvalidArgumentError
 */
export function checkOrigins(origins: readonly string[]): void {
  const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (wrong === undefined) return;
  throw new InvalidArgumentError('cors.origins', `must be origins such as "https://app.example.com"; got "${wrong}".`);
}

/**
 * The headers that let a page of one of these origins send a request and read its answer. Cookies may travel with the request.
 * An origin that is not listed gets none of them, so its browser refuses.
 */
export function corsHeaders(
  request: Pick<EndpointRequest, 'method' | 'headers'>,
  origins: readonly string[],
): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  if (origin === null || !origins.includes(origin)) return { vary: 'Origin' };
  const allowed = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };
  if (request.method !== 'OPTIONS') return { vary: 'Origin', ...allowed };
  return {
    ...allowed,
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'content-type',
    'access-control-max-age': PREFLIGHT_SECONDS,
  };
}
