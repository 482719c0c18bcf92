import { InvalidArgumentError } from './access-token/errors.js';
import type { EndpointRequest } from './endpoint.js';
import type { CorsOptions } from './token-handler-options.js';

const PREFLIGHT_SECONDS = '7200'; // the most that Chromium keeps
/** What a session reads of an answer besides its body: when to ask again, and the server's time. */
const EXPOSED = { 'access-control-expose-headers': 'Retry-After, Date' };
/** The origin of an app that is no website, as in `capacitor://localhost`; URL knows none for it. */
const APP_ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[a-z\d.-]+(?::\d+)?$/;
const EXAMPLE = 'an origin such as "https://app.example.com"';

/** Whether pages of this origin, as an `Origin` header says it, may ask. */
export type AllowsOrigin = (origin: string) => boolean;

/**
 * Refuses what could not match any `Origin` header.
 *
 * @throws InvalidArgumentError
 */
export function checkOrigins(origins: CorsOptions['origins']): void {
  if (typeof origins === 'function') return;
  if (!Array.isArray(origins)) {
    const advice = 'must be a list of origins; where they change, give a function that tests the origin';
    throw new InvalidArgumentError('cors.origins', `${advice}.`);
  }
  const wrong = origins.findIndex((origin) => !isOrigin(origin));
  if (wrong < 0) return;
  throw new InvalidArgumentError(`cors.origins[${wrong}]`, `must be ${EXAMPLE}${adviceFor(origins[wrong])}.`);
}

function adviceFor(wrong: unknown): string {
  if (wrong instanceof RegExp) return ', got a RegExp: give a function that tests the origin';
  if (typeof wrong !== 'string') return `, got ${wrong === null ? 'null' : typeof wrong}`;
  if (wrong.includes('*')) return '; no browser sends a wildcard: give a function that tests the origin';
  const origin = /^https?:/i.test(wrong) && URL.canParse(wrong) ? new URL(wrong).origin : null;
  return origin ? `; of that address browsers say "${origin}"` : '';
}

/** Whether this is what an `Origin` header may say. */
export function isOrigin(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text) || text.includes('*')) return false;
  const { origin } = new URL(text);
  return origin === text || (origin === 'null' && APP_ORIGIN.test(text));
}

/** The rule of the option: what its function fails to say, and what is neither true nor false, lets nobody in and is reported. */
export function allowsOriginBy(cors: CorsOptions | undefined, onError: (error: unknown) => void): AllowsOrigin {
  const origins = cors?.origins ?? [];
  if (typeof origins !== 'function') return (origin) => origins.includes(origin);
  return (origin) => {
    try {
      const allowed: unknown = origins(origin);
      if (typeof allowed === 'boolean') return allowed;
      onError(new InvalidArgumentError('cors.origins', 'must answer true or false, at once.'));
      // A promise that nobody waits for would end the process when it rejects.
      Promise.resolve(allowed).catch(onError);
    } catch (error) {
      onError(error);
    }
    return false;
  };
}

/**
 * The headers that let a page of an allowed origin send a request and read its answer. Cookies may travel with the request.
 * Any other origin gets none of them, so its browser refuses.
 */
export function corsHeaders(
  request: Pick<EndpointRequest, 'method' | 'headers'>,
  allows: AllowsOrigin,
): Readonly<Record<string, string>> {
  const origin = request.headers.get('origin');
  if (origin === null || !allows(origin)) return { vary: 'Origin' };
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
