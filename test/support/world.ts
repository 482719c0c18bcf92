import { inspect } from 'node:util';
import {
  httpTokenSource,
  type InspectionEvent,
  type SessionEvents,
  SessionManager,
  type SessionManagerOptions,
  type SessionState,
  type SignalingClient,
} from 'agora-session';
import { SignalingEmulator, type SignalingEmulatorOptions } from 'agora-session/emulator';
import { createTokenHandler } from 'agora-session/server';
import { afterEach, expect } from 'vitest';
import { loadEngine } from '../../src/session/load-engine.js';
import { APP_CERTIFICATE, APP_ID } from './tokens.js';
import { VirtualClock } from './virtual-clock.js';

// A session loads this with the page's first login, which virtual time cannot wait for.
await loadEngine();

/** What a token server does instead of answering properly; null: answer properly. */
export type Fault = ((body: TokenBody) => Response | Promise<Response> | null) | null;

export interface TokenBody {
  readonly userId: string;
  readonly signaling: boolean;
  readonly channels: readonly string[];
}

/** The real token endpoint, reached without a network, with faults to order. */
export class TokenServer {
  lifeSeconds = 3600;
  fault: Fault = null;
  /** Changes a proper answer before it leaves. */
  tamper: ((answer: Answer, body: TokenBody) => unknown) | null = null;
  readonly requests: TokenBody[] = [];
  inFlight = 0;
  mostInFlight = 0;
  /** What waits for an abort. A network would hold it; else a collection takes the whole request, and an abort reaches nobody. */
  readonly #open = new Set<Promise<never>>();
  readonly #handler: (request: Request) => Promise<Response>;

  constructor(clock: VirtualClock) {
    this.#handler = createTokenHandler({
      appId: APP_ID,
      appCertificate: APP_CERTIFICATE,
      now: () => clock.now(),
      authorize: (_request, asked) => ({
        userId: asked.userId ?? '',
        channels: asked.channels,
        expiresInSeconds: this.lifeSeconds,
      }),
    });
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body = (await request.clone().json()) as TokenBody;
    request.signal.throwIfAborted(); // a request that is given up before it leaves is never sent
    this.requests.push(body);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const aborted = new Promise<never>((_resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(new DOMException('Aborted.', 'AbortError')));
    });
    this.#open.add(aborted);
    try {
      const fault = this.fault?.(body) ?? null;
      return await Promise.race([fault ?? this.#answer(request, body), aborted]);
    } finally {
      this.#open.delete(aborted);
      this.inFlight -= 1;
    }
  };

  async #answer(request: Request, body: TokenBody): Promise<Response> {
    const response = await this.#handler(request);
    if (!this.tamper || !response.ok) return response;
    return Response.json(this.tamper((await response.json()) as Answer, body));
  }
}

export interface Answer {
  userId: string;
  signaling?: { token: string; expiresIn: number };
  channels?: Record<string, { token: string; expiresIn: number }>;
}

type Told = { [Name in keyof SessionEvents]?: Parameters<SessionEvents[Name]>[0][] };

/** A session and everything that it told. */
export interface Observed {
  readonly session: SessionManager<SignalingClient>;
  readonly states: SessionState[];
  readonly told: Told;
  readonly warnings: string[];
  /** All that `inspect` was told. */
  readonly inspected: InspectionEvent[];
  /** Acts as the page's signs of waking up do. */
  wake(): void;
}

export interface World {
  readonly clock: VirtualClock;
  /** The machine's own clock, where it differs from the servers'. */
  readonly emulator: SignalingEmulator;
  readonly server: TokenServer;
  session(userId?: string, options?: Partial<SessionManagerOptions<SignalingClient>>): Observed;
  /** Logs in with time standing still but for what a login needs. */
  login(observed: Observed): Promise<void>;
}

/** What a call comes to: 'done', or the error with which it rejects. */
export function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    (error: unknown) => error,
  );
}

/** Sessions of the test that runs; what they told is looked at when it ends, whatever it was about. */
const observedNow = new Set<Observed>();
afterEach(() => {
  for (const observed of observedNow) expectProper(observed);
});

/**
 * No token and no certificate is in anything that a session told: as an object, as JSON, or as a log would show it. And no state
 * followed another that it must not follow.
 */
export function expectProper(observed: Observed): void {
  observedNow.delete(observed);
  const { linkState, message, presence, topic, token, ...own } = observed.told;
  const { states, warnings, inspected, session } = observed;
  expect(inspected.filter(({ type }) => type === 'illegal')).toEqual([]);
  const told = [own, states, warnings, inspected, session.snapshot, session.diagnostics()];
  const seen = `${inspect(told, { depth: 8, maxArrayLength: 500 })}\n${JSON.stringify(told)}`;
  expect(seen).not.toMatch(/007[A-Za-z0-9+/]{40}/);
  expect(seen).not.toContain(APP_CERTIFICATE);
}

/** Signaling, a token server and a clock, all in this process and in virtual time. */
export function createWorld({
  certificate = true,
  ...peer
}: { certificate?: boolean } & Pick<SignalingEmulatorOptions, 'limits' | 'latencyMs' | 'random'> = {}): World {
  const clock = new VirtualClock();
  const emulator = new SignalingEmulator({
    appId: APP_ID,
    ...(certificate ? { appCertificate: APP_CERTIFICATE } : {}),
    clock,
    ...peer,
  });
  const server = new TokenServer(clock);
  return {
    clock,
    emulator,
    server,
    session(userId = 'alice', options = {}) {
      const sdk = emulator.openPage();
      const warnings: string[] = [];
      const inspected: InspectionEvent[] = [];
      let wake: () => void = () => {};
      const session = new SessionManager<SignalingClient>({
        appId: APP_ID,
        userId,
        tokens: httpTokenSource({ url: 'https://app.test/tokens', fetch: server.fetch }),
        loadSdk: async () => sdk,
        clock,
        random: () => 0.5,
        logger: { warn: (message) => warnings.push(message) },
        wake: (listener) => {
          wake = listener;
          return () => {
            wake = () => {};
          };
        },
        ...options,
        inspect(event) {
          inspected.push(event);
          options.inspect?.(event);
        },
      });
      const observed = { session, warnings, inspected, wake: () => wake(), ...observe(session) };
      observedNow.add(observed);
      return observed;
    },
    async login({ session }) {
      const login = session.login();
      await clock.until(() => session.state.status !== 'connecting', 60_000, 50);
      await login;
      await clock.advance(0);
    },
  };
}

const EVENTS = [
  'tokenRenewed',
  'tokenError',
  'channel',
  'restored',
  'snapshot',
  'message',
  'presence',
  'topic',
  'linkState',
  'token',
] as const;

function observe(session: SessionManager<SignalingClient>): Pick<Observed, 'states' | 'told'> {
  const states: SessionState[] = [];
  const told: Told = {};
  session.on('state', (state) => states.push(state));
  for (const name of EVENTS) {
    const list: unknown[] = [];
    Object.assign(told, { [name]: list });
    session.on(name, (event: unknown) => list.push(event));
  }
  return { states, told };
}
