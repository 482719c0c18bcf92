import type { TokenAsk } from '../token/wire-format.js';
import { InvalidArgumentError } from './access-token/errors.js';
import type { Decision } from './decision.js';
import { demandWithin } from './demand-within.js';
import { doubtTeller } from './doubtful-sign-in.js';
import { type IssuedTokens, issueTokens, servicesOf } from './issue-tokens.js';
import { isResponse, signInRefusal, unauthorized } from './refusal.js';
import { RequestRefusedError } from './request-refused-error.js';
import type { TokenHandlerOptions } from './token-handler-options.js';
import { type CheckedVerdict, checkVerdict, type TokenVerdict } from './token-verdict.js';
import { Unrecognised } from './unrecognised.js';

/** What a request leaves no choice about. */
export interface IssueLimits {
  /** Takes everything but joining away from channel tokens. */
  readonly joinOnly?: boolean;
  /** Whether tokens for another user than the one named are refused (403) rather than given. */
  readonly onlyForAsked?: boolean;
}

/** Finds out who asks and makes what they may have. */
export type Issue = (decision: Decision, asked: TokenAsk, limits?: IssueLimits) => Promise<IssuedTokens>;

/** What decides about a request, apart from how it is put on the wire. */
export type IssuerOptions = Pick<
  TokenHandlerOptions,
  | 'appId'
  | 'appCertificate'
  | 'expiresInSeconds'
  | 'authorize'
  | 'limit'
  | 'limitUnrecognised'
  | 'onIssued'
  | 'onDecision'
  | 'onError'
  | 'now'
>;

const DEFAULT_LIFE_SECONDS = 3600;

/** The one place where a request becomes tokens: authorize, limit, build, report. */
export function createIssuer(options: IssuerOptions): Issue {
  const { appId, appCertificate, limit, onIssued, now = Date.now } = options;
  const recognise = recogniser(options);
  return async (decision, asked, { joinOnly = false, onlyForAsked = false } = {}) => {
    const verdict = await recognise(decision, asked);
    const { userId, expiresInSeconds } = verdict;
    decision.userId = userId;
    if (onlyForAsked && userId !== asked.userId) {
      throw new RequestRefusedError(403, 'FORBIDDEN', 'Forbidden. The user ID is not that of who asks.');
    }
    if (limit) demandWithin('limit', await decision.ask('limit', () => limit(userId, decision.request.asRequest())));
    const certificate =
      typeof appCertificate === 'function' ? await decision.ask('appCertificate', appCertificate) : appCertificate;
    const issuedAt = unixSeconds(now());
    const common = { appId, appCertificate: certificate, userId, expiresInSeconds, issuedAt };
    const issued = issueTokens(common, asked, verdict, joinOnly);
    const services = onIssued ? servicesOf(issued) : [];
    if (onIssued && services.length > 0) {
      await decision.ask('onIssued', () => onIssued({ userId, services, issuedAt }));
    }
    return issued;
  };
}

function unixSeconds(nowMs: unknown): number {
  if (Number.isFinite(nowMs)) return Math.floor(Number(nowMs) / 1000);
  throw new InvalidArgumentError('now', 'must answer a number: the milliseconds since the epoch.');
}

type Recognise = (decision: Decision, asked: TokenAsk) => Promise<CheckedVerdict>;

function recogniser(options: IssuerOptions): Recognise {
  const { authorize, limitUnrecognised, expiresInSeconds = DEFAULT_LIFE_SECONDS, now = Date.now } = options;
  // Who listens for themselves is told there.
  const doubt = options.onDecision || options.onError ? () => {} : doubtTeller();
  const recognise: Recognise = async (decision, asked) => {
    try {
      const verdict = await decision.ask('authorize', () => authorize(decision.request.asRequest(), asked));
      return checkVerdict(recognised(verdict), expiresInSeconds);
    } catch (error) {
      const refusal = signInRefusal(error);
      if (refusal?.status === 401) doubt(error);
      throw refusal ?? error;
    }
  };
  if (!limitUnrecognised) return recognise;
  const unrecognised = new Unrecognised(limitUnrecognised, now);
  return (decision, asked) => unrecognised.guard(decision, () => recognise(decision, asked));
}

/** @throws RequestRefusedError 401 where nobody was recognised. */
function recognised(verdict: TokenVerdict | null): TokenVerdict {
  if (isResponse(verdict)) throw verdict; // a helper that returns what others throw
  if (verdict) return verdict;
  throw unauthorized();
}
