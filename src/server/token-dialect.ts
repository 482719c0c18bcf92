import { isObject } from '../token/thrown.js';
import type { TokenAsk } from '../token/wire-format.js';
import { InvalidArgumentError } from './access-token/errors.js';
import { isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';

/** How clients that are there already ask for tokens, and what they take for an answer. */
export interface TokenDialect {
  /**
   * What a request asks for, by its address and, for a POST, its JSON. The handler checks it like any other request. A `RequestRefusedError`
   * that it throws is answered as it says, anything else as a 400: the body is whatever the caller has sent.
   */
  readonly ask: (url: URL, body: unknown) => { readonly [Field in keyof TokenAsk]: unknown };
  /** What is answered, as JSON. Called only when everything that was asked for is given; what was not is ''. */
  readonly answer: (given: {
    readonly userId: string;
    readonly signaling: string;
    readonly channel: string;
  }) => unknown;
}

/**
 * What the app's translation makes of a request.
 *
 * @throws RequestRefusedError 400 where it cannot make sense of the request, unless it says so itself; InvalidArgumentError for a promise.
 */
export function askedIn({ ask }: TokenDialect, url: URL, content: unknown): object {
  const answered = answeredBy(ask, url, content);
  if (!isObject(answered)) throw saysNothing();
  demandAtOnce('dialect.ask', answered);
  return answered;
}

function answeredBy(ask: TokenDialect['ask'], url: URL, content: unknown): unknown {
  try {
    return ask(url, content);
  } catch (error) {
    throw isRequestRefusedError(error) ? error : saysNothing();
  }
}

function saysNothing(): RequestRefusedError {
  return new RequestRefusedError(400, 'INVALID_REQUEST', 'The request does not say what it asks for.');
}

/**
 * What the app's translation makes of an answer.
 *
 * @throws InvalidArgumentError for a promise, and for what is no JSON.
 */
export function answeredIn({ answer }: TokenDialect, given: Parameters<TokenDialect['answer']>[0]): unknown {
  const answered = answer(given);
  demandAtOnce('dialect.answer', answered);
  if (isJsonValue(answered)) return answered;
  throw new InvalidArgumentError('dialect.answer', 'must answer what can be sent as JSON.');
}

function demandAtOnce(argument: string, answered: unknown): void {
  if (!isObject(answered) || !('then' in answered)) return;
  Promise.resolve(answered).catch(() => {}); // nobody waits for it
  throw new InvalidArgumentError(argument, 'must answer at once, and has answered a promise.');
}

function isJsonValue(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}
