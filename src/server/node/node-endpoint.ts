import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import type { Endpoint, EndpointAnswer, EndpointRequest } from '../endpoint.js';
import { AnsweredAheadError, type Exchange } from './exchange.js';
import { toLazyRequest } from './lazy-request.js';
import { closeUnlessRead, readIncoming } from './node-body.js';
import { urlOf } from './node-request.js';

/**
 * Lets the token endpoint answer a request of node:http without a detour through the Fetch API.
 *
 * Requests that come in together, nearly always with their bodies, are decided one after the other in the next turn of the event loop,
 * and answered in the one after that: between two system calls a processor forgets the code that it ran, and without this a third of the
 * time goes into learning it again (`npm run bench`).
 *
 * @throws RequestRefusedError 400 for a request whose address makes no sense, AnsweredAheadError for one that is none of ours any more.
 */
export async function answerEndpoint(endpoint: Endpoint, exchange: Exchange): Promise<void> {
  const { incoming, outgoing } = exchange;
  // A body that somebody listens to is passing by already.
  if (!incoming.readableFlowing) await setImmediate();
  if (outgoing.headersSent) throw new AnsweredAheadError();
  const answer = await endpoint(new NodeRequest(exchange));
  await setImmediate();
  if (outgoing.headersSent) return; // another has answered, as a time-out of the app's does
  send(answer, exchange);
}

/** Answers, and ends what is left of the request. */
export function send({ status, headers, body }: EndpointAnswer, { incoming, outgoing }: Exchange): void {
  closeUnlessRead(incoming, outgoing);
  if (body === null) {
    outgoing.writeHead(status, headers); // adapters have one that answers nothing
    return void outgoing.end();
  }
  const length = Buffer.byteLength(body);
  // As ASCII, which answers with tokens are, node writes it in one piece and without conversion.
  outgoing.writeHead(status, { ...headers, 'content-length': length });
  outgoing.end(body, length === body.length ? 'latin1' : 'utf8');
}

/** A class, since an object with getters of its own costs a map of its own, which takes the collector longer than a token takes to make. */
class NodeRequest implements EndpointRequest {
  readonly #exchange: Exchange;
  readonly headers: EndpointRequest['headers'];
  readonly method: string;
  readonly url: string;
  #request: Request | null = null;

  constructor(exchange: Exchange) {
    const { incoming } = exchange;
    this.#exchange = exchange;
    this.method = incoming.method ?? 'GET';
    this.url = urlOf(incoming);
    this.headers = { get: (name) => incoming.headers[name]?.toString() ?? null };
  }

  get gone(): boolean {
    return this.#exchange.gone;
  }

  get address(): string | undefined {
    return this.#exchange.incoming.socket.remoteAddress;
  }

  readBody(timeoutMs: number): Promise<Uint8Array> {
    return readIncoming(this.#exchange, timeoutMs);
  }

  asRequest(): Request {
    this.#request ??= toLazyRequest(this.#exchange);
    return this.#request;
  }
}
