import { setMaxListeners } from 'node:events';
import { SessionManager, type SignalingClient, type TokenSource } from 'agora-session';
import { type EmulatedUser, type Limits, SignalingEmulator } from 'agora-session/emulator';
import { loadEngine } from '../../src/session/load-engine.js';
import { CountingSource } from '../counting.js';
import { inflateAtOnce } from '../simulation/inflate-at-once.js';
import { Scheduler } from '../simulation/scheduler.js';
import { SeededRandom } from '../simulation/seeded-random.js';
import { PROJECT } from '../simulation/token-server.js';

// A session loads this with the first login, which virtual time cannot wait for.
await loadEngine();

/** What a round trip takes, to Signaling and to the token server, milliseconds. */
export const LATENCY_MS = 200;
/** How these benchmarks say what they are made of. */
export const SYNTHETIC: string = `synthetic: on the emulator, ${LATENCY_MS} ms away, its limits raised`;
const USER = 'alice';
const NINE_O_CLOCK = Date.UTC(2026, 0, 5, 9);
const LOGIN_MS = 5_000;

/** A logged-in session in virtual time, on an emulator that allows more than Agora does. */
export class SyntheticSession {
  readonly scheduler: Scheduler = new Scheduler(NINE_O_CLOCK, (tookMs) => this.#measure(tookMs));
  readonly emulator: SignalingEmulator;
  readonly session: SessionManager<SignalingClient>;
  readonly #source = new CountingSource(() => this.scheduler.clock.now());
  #serverMs = 0;
  #taskMs: number[] = [];

  private constructor(limits: Partial<Limits>) {
    const { clock } = this.scheduler;
    this.emulator = new SignalingEmulator({ ...PROJECT, clock, latencyMs: LATENCY_MS, limits });
    this.session = new SessionManager<SignalingClient>({
      appId: PROJECT.appId,
      userId: USER,
      tokens: this.#getTokens,
      loadSdk: async () => this.emulator.sdk,
      clock,
      random: new SeededRandom(USER).next,
    });
  }

  static async logIn(limits: Partial<Limits>): Promise<SyntheticSession> {
    inflateAtOnce();
    // Node warns of a leak where many calls wait for one link.
    setMaxListeners(10_000);
    const synthetic = new SyntheticSession(limits);
    await synthetic.within(LOGIN_MS, synthetic.session.login());
    return synthetic;
  }

  /** The user, as Signaling knows him. */
  get user(): EmulatedUser | undefined {
    return this.emulator.inspect().users.find(({ userId }) => userId === USER);
  }

  /** How often the token server was asked. */
  get tokenRequests(): number {
    return this.#source.requests;
  }

  /**
   * Real milliseconds of every task since the last call of this: a timer with the promises that it settles. The emulator's work is in
   * it, the token server's is not.
   */
  takeTaskMs(): readonly number[] {
    const tasks = this.#taskMs;
    this.#taskMs = [];
    return tasks;
  }

  /** Lets so much time pass, in which something has to be done. */
  async within<Value>(passMs: number, work: Promise<Value>): Promise<Value> {
    const late = new Error(`This took more than ${passMs} ms.`);
    const end = this.scheduler.elapsed + passMs;
    let isDone = false;
    const outcome = work.finally(() => {
      isDone = true;
    });
    outcome.catch(() => {});
    await this.scheduler.runUntil(end);
    if (!isDone) throw late;
    return outcome;
  }

  /** How long something takes in virtual time, milliseconds; it begins now. */
  async time(work: Promise<unknown>): Promise<number> {
    const start = this.scheduler.elapsed;
    await work;
    return this.scheduler.elapsed - start;
  }

  readonly #getTokens: TokenSource['getTokens'] = async (request, init) => {
    const start = performance.now();
    const answer = this.#source.getTokens(request, init);
    this.#serverMs += performance.now() - start;
    await this.scheduler.pause(LATENCY_MS);
    return answer;
  };

  #measure(tookMs: number): void {
    this.#taskMs.push(tookMs - this.#serverMs);
    this.#serverMs = 0;
  }
}
