import { SignalingEmulator, type SignalingEmulatorOptions, seededRandom } from '../emulator/in-process.js';
import { SessionManager, type SessionManagerOptions, type SignalingClient } from '../index.js';
import { TestTokens } from './test-tokens.js';
import { VirtualClock } from './virtual-clock.js';

/** What {@link createTestSession} takes. */
export interface TestSessionOptions {
  /** The session's user. Default: `alice`. */
  readonly userId?: string;
  /** Another test session whose emulator and clock this one shares, as a second user of the same app does. Default: none. */
  readonly beside?: TestSession;
  /** What chance begins with, for the session and the emulator: the same seed, the same course. Default: 1. */
  readonly seed?: number;
  /** Options of the emulator's, such as `latencyMs` or `limits`. Not with `beside`. */
  readonly emulator?: Partial<Omit<SignalingEmulatorOptions, 'appId' | 'appCertificate'>>;
  /** Options of the session's, such as `refresh` or `logger`. */
  readonly session?: Partial<Omit<SessionManagerOptions<SignalingClient>, 'appId' | 'userId'>>;
}

/** A session and everything around it. */
export interface TestSession {
  /** The session. Its SDK is the emulator's. */
  readonly session: SessionManager<SignalingClient>;
  /** The Signaling that it logs in to, with its faults: `emulator.order('join', { kind: 'hang' })`. */
  readonly emulator: SignalingEmulator;
  /** The time of all of them. */
  readonly clock: VirtualClock;
  /** Where its tokens come from, with its faults: `tokens.fault = { kind: 'down' }`. */
  readonly tokens: TestTokens;
}

/**
 * Makes a session for a test, with a Signaling, a clock and a token source of its own, all in this process. Nothing takes real time,
 * nothing is sent anywhere, and no Agora account is needed.
 *
 * ```ts
 * const { session, emulator, clock, tokens } = createTestSession();
 * await clock.during(session.login());
 * emulator.order('subscribe', { kind: 'lost' });
 * tokens.fault = { kind: 'down' };
 * await clock.advance(3_600_000);
 * expect(session.state.status).toBe('connected');
 * await clock.during(session.logout());
 * ```
 *
 * @throws TypeError when `emulator` is given together with `beside`.
 */
export function createTestSession(options: TestSessionOptions = {}): TestSession {
  const { userId = 'alice', seed = 1, beside } = options;
  if (beside && options.emulator) throw new TypeError('emulator cannot be given with beside, which brings its own.');
  const clock = beside?.clock ?? new VirtualClock();
  const emulator =
    beside?.emulator ?? new SignalingEmulator({ clock, random: seededRandom(seed), ...options.emulator });
  const tokens = new TestTokens({ emulator, clock });
  const sdk = emulator.openPage();
  const session = new SessionManager<SignalingClient>({
    appId: emulator.appId,
    userId,
    tokens,
    loadSdk: async () => sdk,
    clock,
    random: seededRandom(seed),
    ...options.session,
  });
  return { session, emulator, clock, tokens };
}

/**
 * Loads what a session otherwise loads with the first login, since that takes real time, which a virtual clock knows nothing of.
 * Awaited where this module is imported.
 */
export async function loadAhead(): Promise<void> {
  const { session } = createTestSession();
  await session.login();
  await session.logout();
}
