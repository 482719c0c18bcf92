import type { EventEmitter } from 'eventemitter3';
import type { Clock } from '../environment/clock.js';
import { Announcer } from './announcer.js';
import { EarlyCalls } from './early-calls.js';
import { type EngineModule, loadEngine } from './load-engine.js';
import type { ResolvedOptions } from './login/resolved-options.js';
import type { SessionEngine } from './login/session-engine.js';
import { LoginCallers, type LoginOptions } from './login-callers.js';
import type { SdkModule } from './sdk/load-sdk.js';
import type { SignalingClient } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import type { Report } from './state/inspection-event.js';
import { NO_FIGURES, type SessionDiagnostics } from './state/session-diagnostics.js';
import { plainCause, SessionError } from './state/session-error.js';
import type { SessionSnapshot, SessionState } from './state/session-state.js';
import { VERSION } from './state/version.js';
import type { StateSource } from './when-state.js';

/**
 * A session from one `login()` to its end, and the next: loads SDK and engine with the first, waits for this tab's turn, and tells all
 * who wait how it went. What happens meanwhile is the engine's.
 */
export class SessionLifecycle<Client extends SignalingClient> implements StateSource {
  /** The clock of whoever waits for a state. */
  readonly clock: Clock;
  /** Whoever waits for a state. */
  readonly watchers: Set<(state: SessionState) => void> = new Set();
  readonly #options: ResolvedOptions<Client>;
  readonly #announcer: Announcer;
  readonly #callers: LoginCallers;
  readonly #early: EarlyCalls<SessionEngine<Client>> = new EarlyCalls();
  #engine: SessionEngine<Client> | null = null;
  /** From `login()` to `logout()` or failure, with which the loading of SDK and engine ends that is for it. */
  #login: AbortController | null = null;

  /** @param emitter to whose listeners everything is told */
  constructor(options: ResolvedOptions<Client>, emitter: EventEmitter<SessionEvents>) {
    const { appId, userId, clock } = options;
    this.#options = options;
    this.clock = clock;
    const onDeserted = (error: SessionError): void => {
      // Nobody waits for the first login any more: it stops. One that had succeeded before goes on recovering.
      if (this.#login && !this.#engine?.everConnected) this.#giveUp(error, { status: 'idle' });
    };
    this.#callers = new LoginCallers(clock, onDeserted, () => this.client !== null);
    this.#announcer = new Announcer({
      emitter,
      clock,
      inspect: options.inspect,
      takeSnapshot: (state) => ({ appId, userId, state, ...(this.#engine?.snapshot ?? NOTHING_YET) }),
    });
  }

  get state(): SessionState {
    return this.#announcer.state;
  }

  get snapshot(): SessionSnapshot {
    return this.#announcer.snapshot;
  }

  /** The SDK's client; null before the first login has loaded the SDK. */
  get client(): Client | null {
    return this.#engine?.client ?? null;
  }

  get diagnostics(): SessionDiagnostics {
    const { state, since, events } = this.#announcer;
    const { sdkVersion, ...figures } = this.#engine?.figures ?? NO_FIGURES;
    const versions = { 'agora-session': VERSION, 'agora-rtm-sdk': sdkVersion };
    const said = JSON.stringify({ at: this.#options.clock.now(), versions, state, since, ...figures, events });
    return JSON.parse(said, (_name, value) => Object.freeze(value));
  }

  async login(options: LoginOptions): Promise<void> {
    if (this.#login && this.state.status === 'connected') return;
    const waited = this.#callers.wait(options);
    if (!this.#login) this.#start();
    await waited;
  }

  async ready(): Promise<void> {
    if (this.state.status === 'connected') return;
    if (this.state.status === 'failed') throw this.state.error;
    this.#assertActive();
    await this.#callers.connected();
  }

  async logout(): Promise<void> {
    const error = new SessionError('LOGGED_OUT', 'The session was logged out.');
    this.#engine?.turn.release();
    await this.#stop(error, { status: 'idle' }, (engine) => engine.stop(error));
  }

  /**
   * Calls the engine in this very turn; before it is loaded, in order as soon as it is.
   *
   * @throws SessionError NOT_LOGGED_IN
   */
  call<T>(call: (engine: SessionEngine<Client>) => Promise<T>): Promise<T> {
    this.#assertActive();
    return this.#engine ? call(this.#engine) : this.#early.keep(call);
  }

  /** As {@link call}, for what there is to undo: where nobody is logged in, what was wanted before. */
  async undo(call: (engine: SessionEngine<Client>) => Promise<void>): Promise<void> {
    if (this.#engine) await call(this.#engine);
    else if (this.#login) await this.#early.keep(call).catch(() => {});
  }

  #start(): void {
    const { client, loadSdk } = this.#options;
    const login = new AbortController();
    this.#login = login;
    // The SDK and the engine are fetched side by side; what became of the SDK is looked at when it is needed.
    const sdk = client ? null : Promise.resolve().then(() => loadSdk(login.signal));
    sdk?.catch(() => {});
    this.#report({ type: 'state', state: { status: 'connecting' } });
    void this.#begin(login.signal, sdk);
  }

  async #begin(signal: AbortSignal, sdk: Promise<SdkModule<Client>> | null): Promise<void> {
    const { clock, random } = this.#options;
    try {
      const engine = this.#engine ?? this.#made(await loadEngine({ clock, random, signal }));
      if (signal.aborted) return;
      this.#engine = engine;
      // In one turn: neither a call that comes next nor one of a listener that hears of them may overtake those that were kept.
      this.#announcer.together(() => {
        this.#early.handOver(engine);
        engine.start({ sdk, takeTurn: (turn) => this.#takeTurn(turn, engine) });
      });
    } catch (cause) {
      const message = 'A part of agora-session could not be loaded; was the app deployed since this page was opened?';
      const error = new SessionError('SDK_LOAD_FAILED', message, plainCause(cause));
      if (!signal.aborted) this.#report({ type: 'end', error, keepsTurn: false });
    }
  }

  #made({ SessionEngine }: EngineModule): SessionEngine<Client> {
    return new SessionEngine({
      options: this.#options,
      report: this.#report,
      forward: (event) => this.#announcer.forward(event),
    });
  }

  async #takeTurn(signal: AbortSignal, engine: SessionEngine<Client>): Promise<void> {
    if (this.#options.tabs === 'takeover') return;
    await engine.turn.take(signal, {
      onWaiting: () => this.#report({ type: 'state', state: { status: 'waiting' } }),
      onLost: () => engine.restart(),
      onUnavailable: (message) => this.#options.logger.warn(message),
    });
  }

  /** Everything that happens goes through here: it is told, and then acted upon. */
  readonly #report: Report = (event) =>
    this.#announcer.together(() => {
      this.#callers.hear(event);
      this.#announcer.report(event);
      if (event.type === 'state') for (const look of this.watchers) look(event.state);
      if (event.type === 'end') this.#end(event);
    });

  /** `error`: why, or null when the app logged the SDK's client out by itself. */
  #end({ error, keepsTurn }: { error: SessionError | null; keepsTurn: boolean }): void {
    if (!error) void this.logout();
    else if (this.#login) this.#giveUp(error, { status: 'failed', error }, keepsTurn);
  }

  /**
   * It is not a logout: what was wanted before is brought back by the next login.
   *
   * @param keepsTurn whether the next tab would only fight the other device, or be kicked as well
   */
  #giveUp(error: SessionError, state: SessionState, keepsTurn = false): void {
    if (keepsTurn) this.#engine?.turn.keep();
    else this.#engine?.turn.release();
    void this.#stop(error, state, (engine) => engine.giveUp(error));
  }

  /** All at once and told afterwards, since a listener may log in again: that is a login of its own, after this end. */
  #stop(
    error: SessionError,
    state: SessionState,
    end: (engine: SessionEngine<Client>) => Promise<void>,
  ): Promise<void> | undefined {
    this.#login?.abort();
    this.#login = null;
    return this.#announcer.together(() => {
      this.#early.end(error);
      const ended = this.#engine ? end(this.#engine) : undefined;
      this.#callers.rejectAll(error);
      this.#report({ type: 'state', state });
      return ended;
    });
  }

  #assertActive(): void {
    if (!this.#login) throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
  }
}

const NONE: readonly never[] = Object.freeze([]);
const NOTHING_YET: Pick<SessionSnapshot, 'tokens' | 'channels' | 'subscriptions'> = {
  tokens: NONE,
  channels: NONE,
  subscriptions: NONE,
};
