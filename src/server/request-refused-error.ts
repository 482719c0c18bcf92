import { brand, isBranded } from '../token/error-brand.js';
import { AgoraServerError, InvalidArgumentError } from './access-token/errors.js';

const BRAND = 'RequestRefusedError';

/**
 * A token request that gets no token. `authorize` and `limit` may throw one to answer with a status of their own, such as 403 for
 * a user who is banned; code and message are shown to the caller.
 */
export class RequestRefusedError extends AgoraServerError {
  override readonly name = 'RequestRefusedError';
  /** The HTTP status, 400 to 599. A client asks again after 408, 425, 429 and 5xx; 403 tells it to stop. */
  readonly status: number;
  readonly code: string;
  /** Headers that go with the answer, such as `Retry-After`; their names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    if (!Number.isInteger(status) || status < 400 || status > 599) {
      throw new InvalidArgumentError('status', 'must be an HTTP status from 400 to 599.');
    }
    if (typeof code !== 'string' || code === '') throw new InvalidArgumentError('code', 'must be a text.');
    if (typeof message !== 'string') throw new InvalidArgumentError('message', 'must be a text.');
    super(message);
    brand(this, BRAND);
    this.status = status;
    this.code = code;
    this.headers = checkedHeaders(headers);
  }
}

/** Whether this is a {@link RequestRefusedError}, of this or of another copy of the package. */
export function isRequestRefusedError(error: unknown): error is RequestRefusedError {
  return isBranded<RequestRefusedError>(error, BRAND);
}

/** What node:http refuses to send, though the Fetch API would take it. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;
/** How an answer is carried is the server's to say: with another length or encoding its client would wait for ever. */
const FRAMING = [
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** @throws InvalidArgumentError for names and values that HTTP cannot carry, or that say how the answer itself is carried. */
function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = headerEntries(headers);
  if (entries.some(([name, value]) => FRAMING.includes(name) || UNSENDABLE.test(value))) throw wrongHeaders();
  return Object.fromEntries(entries);
}

function headerEntries(headers: Readonly<Record<string, string>>): [string, string][] {
  if (typeof headers !== 'object' || headers === null || 'then' in headers) throw wrongHeaders();
  if (Object.values(headers).some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw new InvalidArgumentError('headers', 'must have texts for values, and no lists or promises of them.');
  }
  try {
    return [...new Headers(headers)];
  } catch {
    throw wrongHeaders();
  }
}

function wrongHeaders(): InvalidArgumentError {
  return new InvalidArgumentError('headers', 'must be names and values that HTTP can carry beside the answer itself.');
}

/** The answer to a request that made the handler itself fail; what happened is for the server's log, not for the caller. */
export const internalError = (): RequestRefusedError =>
  new RequestRefusedError(500, 'INTERNAL', 'The token server failed; its log says why.');
