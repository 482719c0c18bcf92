import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { endpointOf, type FetchHandler } from './endpoint.js';
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
    responded.catch(() => fail(outgoing, 500));
  };
}

async function respond(handler: FetchHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = requestOrNull(incoming, outgoing);
  if (!request) return fail(outgoing, 400);
  const response = await handler(request);
  closeUnlessRead(incoming, outgoing);
  outgoing.writeHead(response.status, Object.fromEntries(headerEntries(response.headers)));
  if (incoming.method !== 'HEAD') await sendBody(response, outgoing);
  outgoing.end();
}

function fail(outgoing: ServerResponse, status: number): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(status).end();
}

/** Null for a request that cannot be put as one of the Fetch API: a broken host or path, or the methods CONNECT and TRACE. */
function requestOrNull(incoming: IncomingMessage, outgoing: ServerResponse): Request | null {
  try {
    return toRequest(incoming, outgoing);
  } catch {
    return null;
  }
}

function headerEntries(headers: Headers): Map<string, string | string[]> {
  const entries = new Map<string, string | string[]>(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) entries.set('set-cookie', cookies);
  return entries;
}

async function sendBody(response: Response, outgoing: ServerResponse): Promise<void> {
  if (!response.body) return;
  for await (const chunk of response.body) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve).once('close', resolve));
  }
}
