import type { Clock, TokenRequest, TokenResponse, TokenSource } from 'agora-session';
import type { SignalingEmulator } from 'agora-session/emulator';
import { TestTokens } from 'agora-session/testing';
import type { Place, Traffic } from './traffic.js';

export type ServerState = 'up' | 'down' | 'denying';

/** How long a request takes to the server, and its answer back. */
const WAY_MS = 250;

/** The backend that issues tokens to everybody here, as an HTTP server would: it can be down (503), or deny (403). */
export class TokenServer {
  state: ServerState = 'up';
  readonly #emulator: SignalingEmulator;
  readonly #clock: Clock;
  readonly #traffic: Traffic;

  constructor({ emulator, clock, traffic }: { emulator: SignalingEmulator; clock: Clock; traffic: Traffic }) {
    this.#emulator = emulator;
    this.#clock = clock;
    this.#traffic = traffic;
  }

  /** Answers one user's page, whose requests travel between these places. */
  source(place: Place, lifeSeconds: number, isReachable: () => boolean): TokenSource {
    const desk = new TestTokens({ emulator: this.#emulator, clock: this.#clock });
    desk.lifeSeconds = lifeSeconds;
    return {
      getTokens: async (request, context) => {
        this.#travel(place, 'tokenServer', 'request', asked(request));
        await this.#pause();
        desk.fault = this.#faultFor(isReachable());
        try {
          const response = await desk.getTokens(request, context);
          this.#travel('tokenServer', place, 'tokens', given(request));
          return await this.#later(response);
        } catch (error) {
          if (isReachable()) this.#travel('tokenServer', place, 'refusal', this.state === 'denying' ? '403' : '503');
          await this.#pause();
          throw error;
        }
      },
    };
  }

  #faultFor(reachable: boolean): TestTokens['fault'] {
    if (!reachable) return { kind: 'down' };
    if (this.state === 'down') return { kind: 'failing', status: 503 };
    return this.state === 'denying' ? { kind: 'denying' } : null;
  }

  #travel(from: Place, to: Place, kind: 'request' | 'tokens' | 'refusal', label: string): void {
    this.#traffic.send({ from, to, kind, label, tookMs: WAY_MS });
  }

  async #later(response: TokenResponse): Promise<TokenResponse> {
    await this.#pause();
    return response;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, WAY_MS));
  }
}

function names({ signaling, channels }: TokenRequest): string {
  return [...(signaling ? ['login'] : []), ...channels].join(' + ');
}

function asked(request: TokenRequest): string {
  return `${names(request)} token?`;
}

function given(request: TokenRequest): string {
  return `${names(request)} token`;
}
