import { type Behind, type EndpointRequest, type FetchHandler, rememberBehind } from './endpoint.js';
import { readStream } from './request-body.js';

/** The token endpoint for runtimes whose requests are objects of the Fetch API. */
export function toFetchHandler(behind: Behind): FetchHandler {
  const { endpoint } = behind;
  const handler: FetchHandler = async (request) => {
    demandRequest(request);
    const { status, headers, body } = await endpoint(new FetchRequest(request));
    return new Response(body, { status, headers });
  };
  return rememberBehind(handler, behind);
}

/**
 * Who has mounted a handler where requests are of another kind learns of it here: an answer would reach nobody.
 *
 * @throws TypeError that says what to mount instead.
 */
export function demandRequest(given: unknown): void {
  const { method, url, headers } = Object(given) as Partial<Request>;
  if (typeof method === 'string' && typeof url === 'string' && typeof headers?.get === 'function') return;
  throw new TypeError(
    'A token handler takes a Request of the Fetch API, and was given something else. For node:http, Express, Koa and Fastify there is ' +
      'toNodeListener(handler); elsewhere hand on the request itself, such as c.req.raw of Hono, event.request of SvelteKit, event.req of ' +
      'H3 2 or toWebRequest(event) of Nitro; for the events of a cloud function an adapter makes one.',
  );
}

/** A class, as its sibling for node:http is: an object with getters of its own costs a map of its own. */
class FetchRequest implements EndpointRequest {
  readonly #request: Request;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** The Fetch API does not tell it. */
  readonly address: undefined;

  constructor(request: Request) {
    this.#request = request;
    this.method = request.method;
    this.url = request.url;
    this.headers = request.headers;
  }

  get gone(): boolean {
    return this.#request.signal?.aborted === true; // not every runtime has one
  }

  readBody(timeoutMs: number): Promise<Uint8Array> {
    return readStream(this.#request, timeoutMs);
  }

  asRequest(): Request {
    return this.#request;
  }
}
