import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyCollector, bodyTimeout, brokenOff } from './request-body.js';

/**
 * Reads the body of a request of node:http, in bounded time and memory.
 *
 * @throws TokenRequestError 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 400 `INVALID_JSON` where it breaks off.
 */
export async function readIncoming(incoming: IncomingMessage, timeoutMs: number): Promise<Uint8Array> {
  const collector = new BodyCollector(incoming.headers['content-length']);
  if (incoming.readableEnded) collector.add(parsedBody(incoming));
  else await collect(incoming, collector, timeoutMs);
  return collector.bytes();
}

function collect(incoming: IncomingMessage, collector: BodyCollector, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      incoming.off('data', add).off('end', settle).off('close', gone);
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
    incoming.on('data', add).once('end', settle).once('close', gone);
    if (incoming.destroyed) gone();
  });
}

/** What a parser such as `express.json()` has made of the body: its stream is at its end then, and will never say so again. */
export function parsedBody(incoming: IncomingMessage): Uint8Array<ArrayBuffer> {
  const content: unknown = 'body' in incoming ? incoming.body : undefined;
  if (content instanceof Uint8Array) return new Uint8Array(content);
  return Buffer.from(typeof content === 'string' ? content : (JSON.stringify(content) ?? ''));
}

/** The rest of a body that was not wanted is not waited for. */
export function closeUnlessRead(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (!incoming.complete && incoming.httpVersionMajor === 1) outgoing.setHeader('connection', 'close');
}
