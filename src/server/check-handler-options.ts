import {
  checkFunction,
  checkHex32,
  checkLifeSeconds,
  checkObject,
  checkWhole,
} from './access-token/check-arguments.js';
import { InvalidArgumentError } from './access-token/errors.js';
import { allowAnyone, inProduction } from './allow-anyone.js';
import { checkOrigins } from './cors.js';
import type { TokenHandlerOptions } from './token-handler-options.js';

const LONGEST_TIMEOUT_MS = 600_000;

/** @throws InvalidArgumentError naming the option that cannot be right. */
export function checkHandlerOptions(options: TokenHandlerOptions): void {
  checkObject('options', options, 'appId, appCertificate and authorize');
  const { appId, appCertificate, authorize, expiresInSeconds, cors, bodyTimeoutMs, decisionTimeoutMs } = options;
  checkHex32('appId', appId);
  if (typeof appCertificate !== 'function') checkHex32('appCertificate', appCertificate);
  if (expiresInSeconds !== undefined) checkLifeSeconds('expiresInSeconds', expiresInSeconds);
  for (const [name, timeoutMs] of Object.entries({ bodyTimeoutMs, decisionTimeoutMs })) {
    if (timeoutMs !== undefined) checkWhole(name, timeoutMs, 1, LONGEST_TIMEOUT_MS);
  }
  if (cors) {
    checkObject('cors', cors, 'origins');
    checkOrigins(cors.origins);
  }
  checkFunctions(options);
  checkGuideRoutes(options.guideRoutes);
  if (typeof authorize !== 'function') {
    const advice = 'without it anybody could log in as anybody. In development pass allowAnyone';
    throw new InvalidArgumentError('authorize', `is required: ${advice}.`);
  }
  if (inProduction()) checkForProduction(options);
}

function checkFunctions(options: TokenHandlerOptions): void {
  const { limit, limitUnrecognised, onIssued, onDecision, onError, now } = options;
  const functions = { limit, onIssued, onDecision, onError, now };
  if (limitUnrecognised !== undefined) checkObject('limitUnrecognised', limitUnrecognised, 'limit');
  const nested = limitUnrecognised === undefined ? {} : unrecognisedFunctions(limitUnrecognised);
  for (const [name, value] of Object.entries({ ...functions, ...nested })) {
    if (value !== undefined) checkFunction(name, value);
  }
}

function checkGuideRoutes(guideRoutes: unknown): void {
  if (guideRoutes === undefined || typeof guideRoutes === 'boolean') return;
  if (typeof guideRoutes === 'object' && guideRoutes !== null) return;
  throw new InvalidArgumentError('guideRoutes', 'must be true, false or an object with `anyOrigin`.');
}

function unrecognisedFunctions(option: NonNullable<TokenHandlerOptions['limitUnrecognised']>) {
  const { limit = null, addressOf } = option;
  return { 'limitUnrecognised.limit': limit, 'limitUnrecognised.addressOf': addressOf };
}

function checkForProduction({ authorize, guideRoutes }: TokenHandlerOptions): void {
  if (authorize === allowAnyone) {
    throw new InvalidArgumentError(
      'authorize',
      'must find out who asks: allowAnyone is refused with NODE_ENV=production.',
    );
  }
  if (typeof guideRoutes === 'object' && guideRoutes.anyOrigin) refuseAnyOrigin('guideRoutes.anyOrigin');
}

/** @throws InvalidArgumentError for options of a listener that are none. */
export function checkListenerOptions(options: { readonly onError?: unknown }): void {
  checkObject('options', options, 'onError');
  if (options.onError !== undefined) checkFunction('onError', options.onError);
}

/** @throws InvalidArgumentError with `NODE_ENV=production`. */
export function refuseAnyOrigin(option: string): void {
  if (inProduction()) {
    throw new InvalidArgumentError(option, 'is for development: it is refused with NODE_ENV=production.');
  }
}
