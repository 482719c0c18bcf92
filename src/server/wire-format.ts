import type { EndpointAnswer, EndpointRequest } from './endpoint.js';
import { jsonAnswer } from './endpoint.js';
import type { IssuedTokens } from './issue-tokens.js';
import { readTokenAsk } from './read-token-ask.js';
import type { Refusal } from './refusal.js';
import { isJson, parseJson } from './request-body.js';
import type { IssueLimits } from './token-issuer.js';
import { TokenRequestError } from './token-request-error.js';
import type { TokenAsk } from './token-verdict.js';

/** How requests are read and answers written. */
export interface WireFormat {
  /** @throws TokenRequestError for what cannot be understood. */
  read(request: EndpointRequest, bodyTimeoutMs: number): Promise<{ asked: TokenAsk; limits?: IssueLimits }>;
  /** @throws TokenRequestError where the format has no place for what was refused singly. */
  granted(issued: IssuedTokens): EndpointAnswer;
  refused(refusal: Refusal): EndpointAnswer;
}

/** The endpoint's own format, that of `createTokenHandler`. */
export const jsonFormat: WireFormat = {
  async read(request, bodyTimeoutMs) {
    if (request.method !== 'POST') {
      throw new TokenRequestError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with POST.', { allow: 'POST' });
    }
    if (!isJson(request.headers)) {
      throw new TokenRequestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
    }
    return { asked: readTokenAsk(parseJson(await request.readBody(bodyTimeoutMs))) };
  },
  granted: (issued) => jsonAnswer(200, issued),
  refused: ({ status, code, message, headers }) => jsonAnswer(status, { error: { code, message } }, headers),
};
