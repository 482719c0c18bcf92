import { InvalidArgumentError } from './access-token/errors.js';
import type { EndpointRequest } from './endpoint.js';

const PREFLIGHT_SECONDS = '7200'; // the most that Chromium keeps
/** What a session reads of an answer besides its body: when to ask again, and the server's time. */
const EXPOSED = { 'access-control-expose-headers': 'Retry-After, Date' };
/** The origin of an app that is no website, as in `capacitor://localhost`; URL knows none for it. */
const APP_ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+$/;

/**
 * Refuses what could not match any `Origin` header.
 *
 * @throws InvalidArgumentError
 */
export function checkOrigins(origins: readonly string[]): void {
  if (!Array.isArray(origins)) throw new InvalidArgumentError('cors.origins', 'must be a list of origins.');
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return;
  throw new InvalidArgumentError('cors.origins', `must be origins such as "https://app.example.com"; got "${wrong}".`);
}

/** Whether this is what an `Origin` header may say. */
export function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin } = new URL(text);
  return origin === text || (origin === 'null' && APP_ORIGIN.test(text));
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
  if (request.method !== 'OPTIONS') return { vary: 'Origin', ...allowed, ...EXPOSED };
  return {
    ...allowed,
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'content-type',
    'access-control-max-age': PREFLIGHT_SECONDS,
  };
}
