import { refusalOf, type TokenAsk } from '../token/wire-format.js';
import type { EndpointAnswer, EndpointRequest } from './endpoint.js';
import { jsonAnswer } from './endpoint.js';
import type { IssuedTokens } from './issue-tokens.js';
import { readTokenAsk } from './read-token-ask.js';
import type { Refusal } from './refusal.js';
import { isJson, parseJson } from './request-body.js';
import { RequestRefusedError } from './request-refused-error.js';
import type { IssueLimits } from './token-issuer.js';

/** How requests are read and answers written. */
export interface RequestFormat {
  /** @throws RequestRefusedError for what cannot be understood. */
  read(request: EndpointRequest, bodyTimeoutMs: number): Promise<{ asked: TokenAsk; limits?: IssueLimits }>;
  /** @throws RequestRefusedError where the format has no place for what was refused singly. */
  granted(issued: IssuedTokens): EndpointAnswer;
  refused(refusal: Refusal): EndpointAnswer;
}

/** The endpoint's own format, that of `createTokenHandler`. */
export const jsonFormat: RequestFormat = {
  async read(request, bodyTimeoutMs) {
    if (request.method !== 'POST') {
      throw new RequestRefusedError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with POST.', { allow: 'POST' });
    }
    if (!isJson(request.headers)) {
      throw new RequestRefusedError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
    }
    return { asked: readTokenAsk(parseJson(await request.readBody(bodyTimeoutMs))) };
  },
  granted: (issued) => jsonAnswer(200, issued),
  refused: ({ status, code, message, headers }) => jsonAnswer(status, refusalOf(code, message), headers),
};
