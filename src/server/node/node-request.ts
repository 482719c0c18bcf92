import type { IncomingMessage } from 'node:http';
import { BodyTakenError } from '../request-body.js';
import { RequestRefusedError } from '../request-refused-error.js';
import type { Exchange } from './exchange.js';
import { isRead, parsedBody } from './node-body.js';

/**
 * A request of node:http as one of the Fetch API.
 *
 * @throws RequestRefusedError 400 for what that has no place for: a broken host or path, or the methods CONNECT and TRACE.
 */
export function toRequest(exchange: Exchange): Request {
  const { incoming } = exchange;
  const url = urlOf(incoming);
  const init = { ...initOf(exchange), headers: toHeaders(incoming) };
  return readable(
    () =>
      new Request(
        url,
        isBodiless(incoming.method) ? init : Object.assign(init, { body: bodyOf(exchange), duplex: 'half' }),
      ),
  );
}

/**
 * The address that was asked for, as it was before an Express app took off the path that this is mounted at.
 *
 * @throws RequestRefusedError 400 for a host or path that makes no sense.
 */
export function urlOf(incoming: IncomingMessage): string {
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  // Without a host nobody knows which server was meant, and a guess would count as its word.
  const address = `${scheme}://${incoming.headers.host ?? incoming.headers[':authority'] ?? ''}`;
  const target = ('originalUrl' in incoming ? String(incoming.originalUrl) : incoming.url) ?? '/';
  return readable(() => {
    const { origin } = new URL(address);
    // Joined as text: resolved as a reference, "//elsewhere/" would change the host.
    return target.startsWith('/') ? `${origin}${target}` : new URL(target, origin).href;
  });
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new RequestRefusedError(
      400,
      'INVALID_REQUEST',
      'The request has no host, or a host, path or method that makes no sense.',
    );
  }
}

/** How a request was made, apart from address, headers and body. */
export function initOf({ incoming, signal }: Exchange): RequestInit {
  return { method: incoming.method ?? 'GET', signal };
}

/** The headers as an object of the Fetch API. */
export function toHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name.startsWith(':')) continue; // HTTP/2 puts method and path among the headers
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  return headers;
}

function bodyOf(exchange: Exchange): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  const { incoming } = exchange;
  if (!isRead(incoming)) return streamOf(exchange);
  try {
    return parsedBody(incoming);
  } catch (error) {
    if (error instanceof BodyTakenError) return unreadable(error);
    throw error;
  }
}

/** Whether a Request of this method has no place for a body. */
export function isBodiless(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Fails whoever reads it, and nobody else. */
export function unreadable(error: Error): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(error) }, { highWaterMark: 0 });
}

/**
 * The body as a stream of the web. `Readable.toWeb` will not do: cancelling it destroys the socket, and with it the answer that says
 * why the body was not wanted.
 */
function streamOf({ incoming, outgoing }: Exchange): ReadableStream<Uint8Array> {
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
      outgoing.once('close', broken); // a request that another has answered meanwhile never closes
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
