import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Endpoint, EndpointRequest } from './endpoint.js';
import { closeUnlessRead, readIncoming } from './node-body.js';
import { toLazyRequest, urlOf } from './node-request.js';

/** Lets the token endpoint answer a request of node:http without a detour through the Fetch API. */
export async function answerEndpoint(
  endpoint: Endpoint,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = fromIncoming(incoming, outgoing);
  if (!request) return void outgoing.writeHead(400).end();
  const { status, headers, body } = await endpoint(request);
  closeUnlessRead(incoming, outgoing);
  if (body === null) outgoing.writeHead(status, headers).end();
  else outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** Null for a request whose address makes no sense. */
function fromIncoming(incoming: IncomingMessage, outgoing: ServerResponse): EndpointRequest | null {
  const { method = 'GET' } = incoming;
  const url = urlOrNull(incoming);
  if (url === null) return null;
  return {
    method,
    url,
    headers: { get: (name) => incoming.headers[name]?.toString() ?? null },
    readBody: (timeoutMs) => readIncoming(incoming, timeoutMs),
    asRequest: () => toLazyRequest(incoming, outgoing),
  };
}

function urlOrNull(incoming: IncomingMessage): string | null {
  try {
    return urlOf(incoming);
  } catch {
    return null;
  }
}
