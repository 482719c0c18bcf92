import type { TokenIssuer } from '../emulator/in-process.js';
import type { Clock } from '../environment/clock.js';
import {
  TokenDeniedError,
  type TokenGrant,
  type TokenRefusal,
  type TokenRequest,
  TokenRequestError,
  type TokenResponse,
  type TokenSource,
} from '../index.js';

/** What a token source does instead of answering properly. */
export type TokenFault =
  /** Fails as when the token server cannot be reached. */
  | { readonly kind: 'down' }
  /** Answers with an HTTP status, 500 to 599 or a 4xx, and perhaps when to come back. */
  | { readonly kind: 'failing'; readonly status: number; readonly retryAfterMs?: number }
  /** Says that this user gets no tokens, as 401 and 403 do. */
  | { readonly kind: 'denying' }
  /** Does not answer until the session gives up. */
  | { readonly kind: 'hanging' }
  /** Answers properly, but only after `ms`. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Answers, but refuses every token (code FORBIDDEN), or only those of these stream channels. */
  | { readonly kind: 'refusing'; readonly channels?: readonly string[] }
  /** Gives out tokens whose time is over. */
  | { readonly kind: 'lapsed' }
  /** Gives out the tokens of the request before once more. */
  | { readonly kind: 'repeating' }
  /** Gives out tokens of another user. */
  | { readonly kind: 'mixedUp' };

/** What a {@link TestTokens} takes. */
export interface TestTokensOptions {
  /** The emulator for whose project it makes tokens. */
  readonly emulator: TokenIssuer;
  /** The token server's time. */
  readonly clock: Clock;
}

const LAPSED_SINCE_SECONDS = 60;

/**
 * A token source with a token server inside: real tokens, in virtual time, with faults to set. A fault holds until another one, or
 * null, is set; requests that are under way keep theirs.
 *
 * ```ts
 * tokens.fault = { kind: 'down' };
 * await clock.advance(60_000);
 * tokens.fault = null;
 * ```
 */
export class TestTokens implements TokenSource {
  /** The life of the tokens that are given out from now on, whole seconds. Default: 3600. */
  lifeSeconds = 3600;
  /** What goes wrong with the requests that come from now on; null for nothing. */
  fault: TokenFault | null = null;
  readonly #options: TestTokensOptions;
  readonly #requests: TokenRequest[] = [];
  readonly #given = new Map<string, string>();

  constructor(options: TestTokensOptions) {
    this.#options = options;
  }

  /** Every request so far, the oldest first. */
  get requests(): readonly TokenRequest[] {
    return this.#requests;
  }

  /** Answers a session. Never throws at once. */
  async getTokens(request: TokenRequest, { signal }: { signal: AbortSignal }): Promise<TokenResponse> {
    this.#requests.push(request);
    const { fault } = this;
    switch (fault?.kind) {
      case 'down':
        throw new TokenRequestError('The token server cannot be reached.');
      case 'failing':
        throw failure(fault);
      case 'denying':
        throw new TokenDeniedError('This user gets no tokens.');
      case 'hanging':
        return aborted(signal);
      case 'slow':
        await Promise.race([this.#pause(fault.ms), aborted(signal)]);
    }
    return this.#answer(request, fault);
  }

  #answer({ userId, signaling, channels }: TokenRequest, fault: TokenFault | null): TokenResponse {
    const refusesAll = fault?.kind === 'refusing' && !fault.channels;
    const give = (channelName: string | null): TokenGrant | TokenRefusal => {
      const isNamed = fault?.kind === 'refusing' && channelName !== null && fault.channels?.includes(channelName);
      return refusesAll || isNamed ? REFUSAL : this.#grant(userId, channelName, fault);
    };
    return {
      ...(signaling ? { signaling: give(null) } : {}),
      channels: Object.fromEntries(channels.map((channelName) => [channelName, give(channelName)])),
      servedAt: this.#options.clock.now(),
    };
  }

  #grant(userId: string, channelName: string | null, fault: TokenFault | null): TokenGrant {
    const key = `${userId} ${channelName ?? ''}`;
    const before = this.#given.get(key);
    const repeats = fault?.kind === 'repeating' && before !== undefined;
    const token = repeats ? before : this.#build(userId, channelName, fault);
    this.#given.set(key, token);
    return { token, expiresIn: fault?.kind === 'lapsed' ? 0 : this.lifeSeconds };
  }

  #build(askedBy: string, channelName: string | null, fault: TokenFault | null): string {
    const { emulator, clock } = this.#options;
    const agoSeconds = fault?.kind === 'lapsed' ? this.lifeSeconds + LAPSED_SINCE_SECONDS : 0;
    const issuedAt = Math.floor(clock.now() / 1000) - agoSeconds;
    const userId = fault?.kind === 'mixedUp' ? `not ${askedBy}`.slice(0, 64) : askedBy;
    const expiresInSeconds = this.lifeSeconds;
    return emulator.issueToken({
      userId,
      expiresInSeconds,
      issuedAt,
      ...(channelName === null ? {} : { channelName }),
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, ms));
  }
}

const REFUSAL: TokenRefusal = { error: { code: 'FORBIDDEN', message: 'This token is not for you.' } };

function failure({ status, retryAfterMs }: Extract<TokenFault, { kind: 'failing' }>): TokenRequestError {
  return new TokenRequestError(`The token server answered ${status}.`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
