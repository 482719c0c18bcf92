import { TokenRequestError } from './token-request-error.js';

/** The size of a body that is read at most, in bytes. A request for 100 channels with the longest names fits in. */
export const MAX_BODY_BYTES = 16_384;

/**
 * Reads the JSON body of a request.
 *
 * @throws TokenRequestError 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 400 `INVALID_JSON`.
 */
export async function readJson(request: Request, timeoutMs: number): Promise<unknown> {
  const bytes = await readBytes(request, timeoutMs);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new TokenRequestError(400, 'INVALID_JSON', 'The body is not JSON in UTF-8.');
  }
}

async function readBytes(request: Request, timeoutMs: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = new Uint8Array(MAX_BODY_BYTES);
  if (!request.body) return bytes.subarray(0, 0);
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  let late = false;
  let length = 0;
  const cancel = (): void => void reader.cancel().catch(() => {}); // the sender has gone, or is told by the answer
  const timer = setTimeout(() => {
    late = true;
    cancel();
  }, timeoutMs);
  try {
    for (let next = await reader.read(); next.value && !late; next = await reader.read()) {
      if (length + next.value.length > MAX_BODY_BYTES) {
        cancel();
        throw tooLarge();
      }
      bytes.set(next.value, length);
      length += next.value.length;
    }
  } finally {
    clearTimeout(timer);
  }
  if (late) throw new TokenRequestError(408, 'BODY_TIMEOUT', `The body did not arrive within ${timeoutMs} ms.`);
  return bytes.subarray(0, length);
}

function tooLarge(): TokenRequestError {
  return new TokenRequestError(413, 'BODY_TOO_LARGE', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
}
