import type { Clock } from '../environment/clock.js';
import { type Deferred, deferred } from '../environment/waiting.js';
import type { PlainCause } from '../token/token-failure.js';
import { checkOptions, checkSignal, checkTimeoutMs } from './state/check-arguments.js';
import type { Report } from './state/inspection-event.js';
import { SessionError } from './state/session-error.js';

/** How a caller of `login()` limits its own wait. */
export interface LoginOptions {
  /** Detaches this caller when it aborts; the login goes on as long as another caller waits for it. */
  signal?: AbortSignal;
  /** Milliseconds after which this caller is rejected with `LOGIN_TIMEOUT`. Default 30 000. */
  timeoutMs?: number;
}

interface Caller extends Omit<Deferred<void>, 'promise'> {
  /** Time left while the clock is stopped; the timer while it runs. */
  leftMs: number;
  startedAt: number;
  timer: unknown;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Everybody who waits for a login. Each has its own time and signal; a login ends for all of them at once. */
export class LoginCallers {
  readonly #clock: Clock;
  readonly #onDeserted: (error: SessionError) => void;
  readonly #hasSdk: () => boolean;
  readonly #callers = new Set<Caller>();
  #timed = true;
  #tokenTrouble: PlainCause | undefined;
  #ready: Deferred<void> | null = null;

  /**
   * @param onDeserted called with the last caller's error when it has given up
   * @param hasSdk whether the SDK has come: until then nothing else is the matter
   */
  constructor(clock: Clock, onDeserted: (error: SessionError) => void, hasSdk: () => boolean) {
    this.#clock = clock;
    this.#onDeserted = onDeserted;
    this.#hasSdk = hasSdk;
  }

  /** @throws SessionError INVALID_ARGUMENT */
  static check(options: LoginOptions): void {
    checkOptions(options);
    checkTimeoutMs(options.timeoutMs);
    checkSignal(options.signal, 'The wait');
  }

  /** Waits for the login to end. */
  wait({ signal, timeoutMs = DEFAULT_TIMEOUT_MS }: LoginOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => this.#desert(caller, new SessionError('ABORTED', 'The login was aborted.'));
      const finish = (settle: () => void): void => {
        this.#stop(caller);
        signal?.removeEventListener('abort', abort);
        this.#callers.delete(caller);
        settle();
      };
      const caller: Caller = {
        resolve: () => finish(resolve),
        reject: (error) => finish(() => reject(error)),
        leftMs: timeoutMs,
        startedAt: 0,
        timer: null,
      };
      this.#callers.add(caller);
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#timed) this.#start(caller);
    });
  }

  /** Resolves with the login, whenever that is; whoever waits here does not keep it alive. */
  connected(): Promise<void> {
    this.#ready ??= deferred();
    return this.#ready.promise;
  }

  /** Takes note of what happens: the state, and trouble with tokens, of which the latest is told with a time-out. */
  hear(event: Parameters<Report>[0]): void {
    if (event.type === 'renewed') this.#tokenTrouble = undefined;
    else if (event.type === 'tokenFailed') this.#tokenTrouble = plainTrouble(event.error);
    else if (event.type === 'state') {
      // While another tab has the login, time does not count.
      this.#setTimed(event.state.status !== 'waiting');
      if (event.state.status === 'connected') this.#endAll((one) => one.resolve());
    }
  }

  rejectAll(error: SessionError): void {
    this.#endAll((one) => one.reject(error));
  }

  #endAll(end: (one: Omit<Deferred<void>, 'promise'>) => void): void {
    this.#tokenTrouble = undefined;
    if (this.#ready) end(this.#ready);
    this.#ready = null;
    for (const caller of [...this.#callers]) end(caller);
  }

  #setTimed(timed: boolean): void {
    if (timed === this.#timed) return;
    this.#timed = timed;
    for (const caller of this.#callers) {
      if (timed) this.#start(caller);
      else this.#stop(caller);
    }
  }

  #start(caller: Caller): void {
    caller.startedAt = this.#clock.monotonic();
    caller.timer = this.#clock.setTimeout(() => this.#timeOut(caller), caller.leftMs);
  }

  #stop(caller: Caller): void {
    if (caller.timer === null) return;
    this.#clock.clearTimeout(caller.timer);
    caller.timer = null;
    caller.leftMs = Math.max(0, caller.leftMs - (this.#clock.monotonic() - caller.startedAt));
  }

  #timeOut(caller: Caller): void {
    const suspects = this.#hasSdk() ? 'the network and the token server' : "`loadSdk`: Agora's SDK has not come yet";
    const message = `The login did not succeed in time; check ${suspects}.`;
    this.#desert(caller, new SessionError('LOGIN_TIMEOUT', message, this.#tokenTrouble));
  }

  #desert(caller: Caller, error: SessionError): void {
    caller.reject(error);
    if (this.#callers.size === 0) this.#onDeserted(error);
  }
}

/** What a login's time-out says was the matter with the token. */
function plainTrouble({ cause, code }: SessionError): PlainCause {
  return { ...cause, name: cause?.name ?? 'TokenError', code };
}
