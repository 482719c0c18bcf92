/** What this package's own development backend and command line use of the server besides its surface; not for apps. */
export { MAX_LIFE_SECONDS } from '../token/wire-format.js';
export { checkFunction, checkHex32, checkObject, isWhole } from './access-token/check-arguments.js';
export { RTM2_PERMISSIONS, RTM2_RESOURCE_TYPES } from './access-token/services.js';
export { serviceEndsAt } from './access-token/token-end.js';
export { inProduction } from './allow-anyone.js';
export { corsHeaders, isOrigin } from './cors.js';
export { NEVER_STORED } from './endpoint.js';
export { isForeign } from './foreign-page.js';
export { type IssuedTokens, issueTokens } from './issue-tokens.js';
export { logError } from './log-error.js';
export { toHeaders, urlOf } from './node/node-request.js';
export { own } from './read-token-ask.js';
export { isResponse, refusalIn } from './refusal.js';
export { isJson, readJson } from './request-body.js';
export { jsonFormat } from './request-format.js';
export { internalError } from './request-refused-error.js';
export { checkVerdict } from './token-verdict.js';
