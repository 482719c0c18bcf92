import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FetchHandler } from './token-handler.js';

/**
 * Turns a Fetch handler into a listener for node:http, Express and others of that shape. Bodies are streamed both ways, the request's
 * signal aborts when the client goes away, and what the handler throws is answered with a bare 500.
 */
export function toNodeListener(handler: FetchHandler): RequestListener {
  return (incoming, outgoing) => {
    respond(handler, incoming, outgoing).catch(() => fail(outgoing, 500));
  };
}

async function respond(handler: FetchHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = toRequest(incoming, outgoing);
  if (!request) return fail(outgoing, 400);
  const response = await handler(request);
  // The rest of a body that was not wanted is not waited for.
  if (!incoming.complete && incoming.httpVersionMajor === 1) outgoing.setHeader('connection', 'close');
  outgoing.writeHead(response.status, Object.fromEntries(headerEntries(response.headers)));
  if (incoming.method !== 'HEAD') await sendBody(response, outgoing);
  outgoing.end();
}

function fail(outgoing: ServerResponse, status: number): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(status).end();
}

/** Null for a request that cannot be put as one of the Fetch API: a broken host or path, or the methods CONNECT and TRACE. */
function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request | null {
  const method = incoming.method ?? 'GET';
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const init: RequestInit & { duplex?: 'half' } = { method, headers: toHeaders(incoming), signal: gone.signal };
  if (method !== 'GET' && method !== 'HEAD') {
    init.body = bodyOf(incoming);
    init.duplex = 'half';
  }
  try {
    return new Request(urlOf(incoming), init);
  } catch {
    return null;
  }
}

function urlOf(incoming: IncomingMessage): string {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  const origin = new URL(`${scheme}://${incoming.headers.host ?? incoming.headers[':authority'] ?? 'localhost'}`)
    .origin;
  const target = incoming.url ?? '/';
  // Joined as text: resolved as a reference, "//elsewhere/" would change the host.
  return target.startsWith('/') ? `${origin}${target}` : new URL(target, origin).href;
}

function toHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name.startsWith(':')) continue; // HTTP/2 puts method and path among the headers
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  return headers;
}

/**
 * The body as a stream of the web. `Readable.toWeb` will not do: cancelling it destroys the socket, and with it the answer that says
 * why the body was not wanted.
 */
function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let open = true;
  const ending = (act: () => void) => () => {
    if (open) act();
    open = false;
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      incoming.on('data', (chunk: Uint8Array) => {
        if (!open) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on(
        'end',
        ending(() => controller.close()),
      );
      incoming.on(
        'close',
        ending(() => controller.error(new Error('The client has gone.'))),
      );
      incoming.on(
        'error',
        ending(() => controller.error(new Error('The client has gone.'))),
      );
      incoming.pause();
    },
    pull() {
      incoming.resume();
    },
    cancel() {
      open = false;
      incoming.resume();
    },
  });
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
