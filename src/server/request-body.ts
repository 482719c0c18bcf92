import { RequestRefusedError } from './request-refused-error.js';

/** The size of a body that is read at most, in bytes. A request for 100 channels with the longest names fits in. */
const MAX_BODY_BYTES = 16_384;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a body is said to be JSON. That it is demanded keeps pages of other origins from asking without a preflight. */
export function isJson(headers: Pick<Headers, 'get'>): boolean {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() === 'application/json';
}

/**
 * Understands the bytes of a body as JSON.
 *
 * @throws RequestRefusedError 400 `INVALID_JSON`.
 */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw notJson();
  }
}

/**
 * Reads the JSON body of a request of the Fetch API.
 *
 * @throws RequestRefusedError 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 400 `INVALID_JSON`.
 */
export async function readJson(request: Request, timeoutMs: number): Promise<unknown> {
  return parseJson(await readStream(request, timeoutMs));
}

/**
 * Reads the body of a request to its end, in bounded time and memory.
 *
 * @throws BodyTakenError besides what `readJson` says.
 */
export async function readStream(request: Request, timeoutMs: number): Promise<Uint8Array> {
  const collector = new BodyCollector(request.headers.get('content-length'));
  const body = bodyOf(request);
  if (!body) return collector.bytes();
  if (request.bodyUsed || body.locked) throw new BodyTakenError();
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => {}); // the sender has gone, or is told by the answer
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    cancel();
  }, timeoutMs);
  try {
    for (let next = await read(reader); next.value && !late; next = await read(reader)) collector.add(next.value);
    if (late) throw bodyTimeout(timeoutMs);
    return collector.bytes();
  } catch (error) {
    cancel();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The body as a stream of the web; of a Request that has none, as those of polyfills, it is read as a whole. */
function bodyOf(request: Request): ReadableStream<Uint8Array> | null {
  const { body } = request as Partial<Request>;
  if (body === null || typeof body?.getReader === 'function') return body;
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(new Uint8Array(await request.arrayBuffer()));
      controller.close();
    },
  });
}

/** A stream's error is the sender's: it says that the body broke off, and may say more than is ours to repeat. */
function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<{ value?: Uint8Array | undefined }> {
  return reader.read().catch(() => Promise.reject(brokenOff()));
}

/** Puts the chunks of a body together, and refuses one that grows too large as soon as it does. */
export class BodyCollector {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  readonly #announced: number;

  /** @throws RequestRefusedError 413 for a body that announces too much. */
  constructor(contentLength: string | null | undefined) {
    this.#announced = Number(contentLength ?? 0);
    if (this.#announced > MAX_BODY_BYTES) throw tooLarge();
  }

  /** @throws RequestRefusedError 413 */
  add(chunk: Uint8Array): void {
    this.#length += chunk.length;
    if (this.#length > MAX_BODY_BYTES) throw tooLarge();
    this.#chunks.push(chunk);
  }

  /** @throws BodyTakenError where nothing is left of what was announced: no server takes such a request from outside. */
  bytes(): Uint8Array {
    if (this.#length === 0 && this.#announced > 0) throw new BodyTakenError();
    const [only] = this.#chunks;
    if (only && this.#chunks.length === 1) return only;
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  }
}

/** The body was read before the handler saw the request, and not left where it could be found: a mistake in the backend. */
export class BodyTakenError extends Error {
  override readonly name = 'BodyTakenError';

  constructor() {
    super(
      'The body of the request was read before the token handler saw it. Mount the handler ahead of what reads bodies, or hand on a copy ' +
        'of the request. With node:http leave what was read in body or rawBody of the request that the listener is given: Koa ' +
        'ctx.req.body = ctx.request.body, Fastify request.raw.body = request.body.',
    );
  }
}

/** What a sender who is too slow is told. */
export function bodyTimeout(timeoutMs: number): RequestRefusedError {
  return new RequestRefusedError(408, 'BODY_TIMEOUT', `The body did not arrive within ${timeoutMs} ms.`);
}

/** What the sender of something else than JSON is told. */
export function notJson(): RequestRefusedError {
  return invalidJson('The body is not JSON in UTF-8.');
}

/** What a sender who has gone would be told. */
export function brokenOff(): RequestRefusedError {
  return invalidJson('The body broke off.');
}

function invalidJson(message: string): RequestRefusedError {
  return new RequestRefusedError(400, 'INVALID_JSON', message);
}

function tooLarge(): RequestRefusedError {
  return new RequestRefusedError(413, 'BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
}
