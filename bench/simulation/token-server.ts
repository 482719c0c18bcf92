import { createTokenHandler } from 'agora-session/server';
import type { FaultSchedule } from './faults.js';
import type { Scheduler } from './scheduler.js';

/** A token that reached the page. */
export interface Delivery {
  /** The stream channel that it is for; null for the login's. */
  readonly channelName: string | null;
  /** Milliseconds since the start of the day. */
  readonly at: number;
  readonly expiresAt: number;
}

/** A project that exists nowhere. */
export const PROJECT = {
  appId: '970CA35de60c44645bbae8a215061b33',
  appCertificate: '5CFd2fd1755d40ecb72977518be15d3b',
} as const;

/** How long each token is good for. */
export const LIFE_SECONDS = 3_600;
/** From the request to its answer. */
const ROUND_TRIP_MS = 200;
/** When a browser gives up on a server that took the request and says nothing. */
const BROWSER_PATIENCE_MS = 300_000;

/** The real token endpoint, with the guide's routes, at the end of a simulated network. */
export class SimulatedTokenServer {
  readonly deliveries: Delivery[] = [];
  requests = 0;
  readonly #scheduler: Scheduler;
  readonly #faults: FaultSchedule;
  readonly #handler: (request: Request) => Promise<Response>;
  readonly #asked = new WeakMap<Request, readonly (string | null)[]>();

  constructor(scheduler: Scheduler, faults: FaultSchedule) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#handler = createTokenHandler({
      ...PROJECT,
      expiresInSeconds: LIFE_SECONDS,
      guideRoutes: true,
      now: () => scheduler.clock.now(),
      authorize: (request, { userId = '', signaling, channels }) => {
        this.#asked.set(request, [...(signaling ? [null] : []), ...channels]);
        return { userId, channels };
      },
    });
  }

  /** What a page's `fetch` would do. */
  readonly fetch: typeof globalThis.fetch = (input, init) => {
    this.requests += 1;
    const request = new Request(input, init);
    return new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason));
      this.#exchange(request).then(resolve, reject);
    });
  };

  async #exchange(request: Request): Promise<Response> {
    await this.#travel();
    await this.#scheduler.pause(ROUND_TRIP_MS);
    const response = await this.#answer(request);
    await this.#travel();
    if (response.ok) this.#deliver(this.#asked.get(request) ?? []);
    return response;
  }

  /** Fails if there is no network: at once, or when the network is back. */
  async #travel(): Promise<void> {
    const cut = this.#faults.cutAt(this.#scheduler.elapsed);
    if (!cut) return;
    if (cut.kind === 'silent') await this.#scheduler.pause(cut.to - this.#scheduler.elapsed);
    throw new TypeError('Failed to fetch');
  }

  async #answer(request: Request): Promise<Response> {
    const outage = this.#faults.outageAt(this.#scheduler.elapsed);
    if (!outage) return this.#scheduler.hold(this.#handler(request));
    if (outage.kind === 'unavailable') return new Response('Service Unavailable', { status: 503 });
    if (outage.kind === 'hanging') {
      await this.#scheduler.pause(Math.min(outage.to - this.#scheduler.elapsed, BROWSER_PATIENCE_MS));
    }
    throw new TypeError('Failed to fetch');
  }

  #deliver(targets: readonly (string | null)[]): void {
    const at = this.#scheduler.elapsed;
    // Tokens are issued in whole seconds, so the last part of one is lost.
    const issuedAt = Math.floor(this.#scheduler.clock.now() / 1_000) * 1_000;
    const expiresAt = at + (issuedAt + LIFE_SECONDS * 1_000 - this.#scheduler.clock.now());
    for (const channelName of targets) this.deliveries.push({ channelName, at, expiresAt });
  }
}
