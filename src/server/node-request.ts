import type { IncomingMessage, ServerResponse } from 'node:http';
import { parsedBody } from './node-body.js';

/**
 * A request of node:http as one of the Fetch API.
 *
 * @throws TypeError for what the Fetch API has no place for: a broken host or path, or the methods CONNECT and TRACE.
 */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const init = { ...initOf(incoming, outgoing), headers: toHeaders(incoming) };
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return new Request(urlOf(incoming), init);
  const body = incoming.readableEnded ? parsedBody(incoming) : bodyOf(incoming);
  return new Request(urlOf(incoming), Object.assign(init, { body, duplex: 'half' }));
}

/**
 * The same for a request whose body has been read. It is made when more of it is looked at than method, address and headers: to make one
 * takes longer than to make a token, and most functions look no further.
 */
export function toLazyRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request {
  const headers = once(() => toHeaders(incoming));
  const made = once(() => new Request(urlOf(incoming), { ...initOf(incoming, outgoing), headers: headers() }));
  return new Proxy<Request>(Object.create(Request.prototype), {
    get(_target, field) {
      if (field === 'method') return incoming.method;
      if (field === 'url') return urlOf(incoming);
      if (field === 'headers') return headers();
      const value: unknown = Reflect.get(made(), field, made());
      return typeof value === 'function' ? value.bind(made()) : value;
    },
  });
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The address that was asked for. */
export function urlOf(incoming: IncomingMessage): string {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  const origin = new URL(`${scheme}://${incoming.headers.host ?? incoming.headers[':authority'] ?? 'localhost'}`)
    .origin;
  const target = incoming.url ?? '/';
  // Joined as text: resolved as a reference, "//elsewhere/" would change the host.
  return target.startsWith('/') ? `${origin}${target}` : new URL(target, origin).href;
}

function initOf(incoming: IncomingMessage, outgoing: ServerResponse): RequestInit {
  const gone = new AbortController();
  if (outgoing.destroyed && !outgoing.writableFinished) gone.abort();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return { method: incoming.method ?? 'GET', signal: gone.signal };
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
      const broken = ending(() => controller.error(new Error('The client has gone.')));
      incoming.on('data', (chunk: Uint8Array) => {
        if (!open) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on(
        'end',
        ending(() => controller.close()),
      );
      incoming.on('close', broken).on('error', broken);
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
