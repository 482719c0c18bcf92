import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { endpointOf, type FetchHandler, NEVER_STORED } from '../endpoint.js';
import { TokenRequestError } from '../token-request-error.js';
import { closeUnlessRead } from './node-body.js';
import { answerEndpoint } from './node-endpoint.js';
import { toRequest } from './node-request.js';

/**
 * Turns a Fetch handler into a listener for node:http, Express and others of that shape. Bodies are streamed both ways, the request's
 * signal aborts when the client goes away, and what the handler throws is answered with a bare 500. A body that a parser such as
 * `express.json()` has read already is taken from `request.body`.
 */
export function toNodeListener(handler: FetchHandler): RequestListener {
  const endpoint = endpointOf(handler);
  return (incoming, outgoing) => {
    const responded = endpoint ? answerEndpoint(endpoint, incoming, outgoing) : respond(handler, incoming, outgoing);
    responded.catch((error: unknown) => fail(error, incoming, outgoing));
  };
}

async function respond(handler: FetchHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const response = await handler(toRequest(incoming, outgoing));
  closeUnlessRead(incoming, outgoing);
  outgoing.writeHead(response.status, Object.fromEntries(headerEntries(response.headers)));
  if (!response.body || incoming.method === 'HEAD') outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
}

/** The last answer, which says nothing: what went wrong is known to whoever threw it, or is a request that cannot be understood. */
function fail(error: unknown, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  closeUnlessRead(incoming, outgoing);
  outgoing.writeHead(error instanceof TokenRequestError ? error.status : 500, NEVER_STORED).end();
}

function headerEntries(headers: Headers): Map<string, string | string[]> {
  const entries = new Map<string, string | string[]>(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) entries.set('set-cookie', cookies);
  return entries;
}
