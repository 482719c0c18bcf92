import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { checkListenerOptions } from '../check-handler-options.js';
import { behind, type EndpointAnswer, type FetchHandler, NEVER_STORED } from '../endpoint.js';
import { logError } from '../log-error.js';
import { isResponse, type Refusal, refusalIn } from '../refusal.js';
import { jsonFormat } from '../request-format.js';
import { enter } from './connection.js';
import { AnsweredAheadError, demandExchange, Exchange } from './exchange.js';
import { closeUnlessRead } from './node-body.js';
import { answerEndpoint, send } from './node-endpoint.js';
import { toRequest } from './node-request.js';

/** A listener for node:http that says when it has answered. */
export type NodeListener = (...exchange: Parameters<RequestListener>) => Promise<void>;

/** What {@link toNodeListener} takes besides. */
export interface NodeListenerOptions {
  /** Told what a handler has thrown that is no `RequestRefusedError`. Default: its stack is written to the console, without secrets. */
  readonly onError?: (error: unknown) => void | Promise<void>;
}

const FAILED: EndpointAnswer = { status: 500, headers: NEVER_STORED, body: null };

/**
 * Turns a Fetch handler into a listener for node:http, Express and others of that shape. Bodies are streamed both ways, and the request's
 * signal aborts when the client goes away. A `RequestRefusedError` that the handler throws is answered as it says, anything else with a bare
 * 500. A body that has been read already is taken from where it was left: `rawBody`, as Google's functions do, or `body`, as `express.json()`
 * does. A connection with more than 32 requests under way is ended; of HTTP/2, which is made for many, those above 100 are refused.
 *
 * The listener gives a promise of the answer to frameworks that otherwise answer by themselves meanwhile (Koa). It rejects only with the
 * TypeError that says that what it was given is no request and response of node:http.
 *
 * @throws TypeError for a handler that is no function, InvalidArgumentError for options that are none.
 */
export function toNodeListener(handler: FetchHandler, options: NodeListenerOptions = {}): NodeListener {
  if (typeof handler !== 'function') {
    throw new TypeError('toNodeListener takes a Fetch handler, as createTokenHandler makes one.');
  }
  checkListenerOptions(options);
  const { onError = logError } = options;
  const tell = (error: unknown): void => void (async () => onError(error))().catch(logError);
  const endpoint = behind(handler)?.endpoint;
  return async (incoming, outgoing) => {
    demandExchange(incoming, outgoing);
    const exchange = new Exchange(incoming, outgoing);
    if (!enter(exchange)) return;
    const responded = endpoint ? answerEndpoint(endpoint, exchange) : respond(handler, exchange);
    await responded.catch((error: unknown) => {
      if (error instanceof AnsweredAheadError) return tell(error);
      const known = refusalIn(error);
      if (!known && !exchange.gone && !outgoing.writableEnded) tell(error);
      fail(known, exchange);
    });
  };
}

async function respond(handler: FetchHandler, exchange: Exchange): Promise<void> {
  const { incoming, outgoing } = exchange;
  const response = await handler(toRequest(exchange));
  if (!isResponse(response)) throw new TypeError('A Fetch handler has answered no Response: is a `return` missing?');
  if (outgoing.headersSent) return void (await response.body?.cancel()); // another has answered, as a time-out of the app's does
  closeUnlessRead(incoming, outgoing);
  outgoing.writeHead(response.status, Object.fromEntries(headerEntries(response.headers)));
  if (response.body && incoming.method !== 'HEAD') {
    return pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
  }
  outgoing.end();
  await response.body?.cancel().catch(() => {}); // the answer does not depend on it
}

/** The last answer. Of what went wrong in the server it says nothing: that is in the log. */
function fail(refusal: Refusal | null, exchange: Exchange): void {
  if (exchange.outgoing.headersSent) return void exchange.outgoing.destroy();
  send(refusal ? jsonFormat.refused(refusal) : FAILED, exchange);
}

function headerEntries(headers: Headers): Map<string, string | string[]> {
  const entries = new Map<string, string | string[]>(headers);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) entries.set('set-cookie', cookies);
  return entries;
}
