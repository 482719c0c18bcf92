import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Stream } from 'node:http2';
import { BodyCollector, BodyTakenError, bodyTimeout, brokenOff, notJson } from '../request-body.js';
import type { Exchange } from './exchange.js';

/** RFC 9113, 8.1: how a server ends a stream of whose request it wants no more. */
const NO_ERROR = 0;
const NOTHING = new Uint8Array();

/**
 * Reads the body of a request of node:http, in bounded time and memory.
 *
 * @throws RequestRefusedError 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 400 `INVALID_JSON` where it breaks off.
 */
export async function readIncoming(exchange: Exchange, timeoutMs: number): Promise<Uint8Array> {
  const { incoming } = exchange;
  const collector = new BodyCollector(incoming.headers['content-length']);
  if (isRead(incoming)) collector.add(parsedBody(incoming));
  else if (incoming.complete && !incoming.destroyed) collector.add(incoming.read() ?? NOTHING);
  else await collect(exchange, collector, timeoutMs);
  return collector.bytes();
}

function collect({ incoming, outgoing }: Exchange, collector: BodyCollector, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      incoming.off('data', add).off('end', settle).off('close', gone);
      outgoing.off('close', gone);
      incoming.resume(); // what is not wanted goes by, so that the answer can
      if (error === undefined) resolve();
      else reject(error);
    };
    const gone = (): void => settle(brokenOff());
    const add = (chunk: Uint8Array): void => {
      try {
        collector.add(chunk);
      } catch (error) {
        settle(error);
      }
    };
    const timer = setTimeout(() => settle(bodyTimeout(timeoutMs)), timeoutMs);
    incoming.on('data', add).once('end', settle).once('close', gone).resume();
    outgoing.once('close', gone); // a request that another has answered meanwhile never closes
    if (incoming.destroyed) gone();
  });
}

/** Whether nothing more can be read: the stream is at its end, or this is no stream, as the requests of some tests are not. */
export function isRead(incoming: IncomingMessage): boolean {
  return incoming.readableEnded || typeof incoming.read !== 'function';
}

/**
 * What has read the body has left of it, its stream being at its end: the bytes as they came, as Google's functions and some parsers put them
 * into `rawBody`, else what a parser such as `express.json()` has made of them.
 *
 * @throws BodyTakenError where nobody has left it. RequestRefusedError 400 `INVALID_JSON` for what no one could write again.
 */
export function parsedBody(incoming: IncomingMessage): Uint8Array<ArrayBuffer> {
  const { rawBody, body } = incoming as IncomingMessage & { readonly rawBody?: unknown; readonly body?: unknown };
  const content = isRaw(rawBody) ? rawBody : body;
  if (content === undefined && hadBody(incoming)) throw new BodyTakenError();
  if (content instanceof Uint8Array) return new Uint8Array(content);
  return Buffer.from(typeof content === 'string' ? content : asJson(content));
}

function isRaw(content: unknown): boolean {
  return content instanceof Uint8Array || typeof content === 'string';
}

/** RFC 9112, 6.3: a request says so itself. Of HTTP/2 it need not, so there it counts as one that had. */
function hadBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length) > 0;
  return httpVersionMajor > 1 || headers['transfer-encoding'] !== undefined;
}

/** @throws RequestRefusedError 400 `INVALID_JSON` for what nests deeper than JSON.stringify can go, though JSON.parse could. */
function asJson(content: unknown): string {
  try {
    return JSON.stringify(content) ?? '';
  } catch {
    throw notJson();
  }
}

/** The rest of a body that was not wanted is not waited for: the connection ends after the answer, of HTTP/2 the stream. */
export function closeUnlessRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.complete) return;
  if (incoming.httpVersionMajor === 1) outgoing.setHeader('connection', 'close');
  else if ('stream' in incoming) closeOnceAnswered(incoming.stream as Http2Stream);
}

function closeOnceAnswered(stream: Http2Stream): void {
  stream.once('finish', () => stream.close(NO_ERROR));
}
