import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';

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
