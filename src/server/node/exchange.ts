import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

/**
 * Who has mounted a listener where other things than requests are handed on learns of it here.
 *
 * @throws TypeError that says what to do instead.
 */
export function demandExchange(incoming: unknown, outgoing: unknown): void {
  const { headers, socket } = Object(incoming) as Partial<IncomingMessage>;
  const { writeHead } = Object(outgoing) as Partial<ServerResponse>;
  if (headers && socket && typeof writeHead === 'function') return;
  throw new TypeError(
    'This listener takes the request and the response of node:http, and was given something else. In Koa give it ctx.req and ctx.res, in ' +
      'Fastify request.raw and reply.raw behind reply.hijack(); where requests are of the Fetch API mount the token handler itself.',
  );
}

/** The response was complete before the request was looked at: a framework has answered by itself. */
export class AnsweredAheadError extends Error {
  override readonly name = 'AnsweredAheadError';

  constructor() {
    super(
      'The request was answered by something else before the listener could. Where a framework answers by itself, as Koa does, ' +
        'return the listener’s promise; where several things answer, mount one for this path.',
    );
  }
}

/** A request of node:http and its answer, with the one question that neither can be asked: is the sender still there? */
export class Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** What closes when the sender goes: the stream of HTTP/2, else the connection. */
  readonly sender: Http2Stream | Duplex;
  #gone: AbortController | null = null;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    // A response that waits for others on its connection is never told of the end: only the connection itself is.
    this.sender = 'stream' in outgoing ? (outgoing.stream as Http2Stream) : incoming.socket;
  }

  /** Whether there is nobody to answer any more. */
  get gone(): boolean {
    return this.sender.destroyed && !this.outgoing.writableEnded;
  }

  /** Aborts when the sender goes away unanswered. Made for who looks at it, since that takes longer than a token. */
  get signal(): AbortSignal {
    this.#gone ??= new AbortController();
    if (this.gone) this.#gone.abort();
    return this.#gone.signal;
  }

  /** The sender has gone. */
  abandon(): void {
    if (!this.outgoing.writableEnded) this.#gone?.abort();
  }
}
