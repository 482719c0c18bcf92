import type { TokenRequest, TokenResponse, TokenSource } from '../../token/token-source.js';

/** What is asked of {@link TokenIssuer.issueToken}. */
export interface IssueTokenOptions {
  /** The user whom the token lets in, and nobody else. */
  readonly userId: string;
  /** The stream channel that it is for. Default: none, a token for the login. */
  readonly channelName?: string;
  /** Seconds from the issue until it lapses, 1 to 86 400. Default: 3600. */
  readonly expiresInSeconds?: number;
  /** When it counts as issued, whole unix seconds. Default: now, by the emulator's clock. */
  readonly issuedAt?: number;
}

/** Who makes the tokens of a project. */
export interface TokenIssuer {
  /** Makes one token. */
  issueToken(options: IssueTokenOptions): string;
}

/**
 * The token server of an emulator's project: a token source for sessions, in the same process. It gives everyone the tokens that they
 * ask for.
 */
export class EmulatorTokens implements TokenSource {
  /** The life of the tokens that are given out from now on, whole seconds. Default: 3600. */
  lifeSeconds = 3600;
  readonly #issuer: TokenIssuer;
  readonly #now: () => number;

  /** @param now the token server's time, epoch milliseconds */
  constructor(issuer: TokenIssuer, now: () => number) {
    this.#issuer = issuer;
    this.#now = now;
  }

  /** Answers a session. Never throws at once. */
  async getTokens({ userId, signaling, channels }: TokenRequest): Promise<TokenResponse> {
    const expiresIn = this.lifeSeconds;
    const grant = (options: Pick<IssueTokenOptions, 'channelName'>) => {
      return { token: this.#issuer.issueToken({ ...options, userId, expiresInSeconds: expiresIn }), expiresIn };
    };
    return {
      ...(signaling ? { signaling: grant({}) } : {}),
      channels: Object.fromEntries(channels.map((channelName) => [channelName, grant({ channelName })])),
      servedAt: this.#now(),
    };
  }
}
