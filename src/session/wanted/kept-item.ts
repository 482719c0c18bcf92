import { type Deferred, deferred } from '../../environment/waiting.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import { plainCause, SessionError } from '../state/session-error.js';

/** How an attempt failed: `final` where a repetition cannot change it, `busy` where the SDK is still at an earlier one. */
export type FailureKind = 'final' | 'passing' | 'busy';

/** One attempt failed. */
export class AttemptFailure extends Error {
  readonly error: SessionError;
  readonly kind: FailureKind;

  constructor(error: SessionError, kind: FailureKind) {
    super(error.message);
    this.error = error;
    this.kind = kind;
  }
}

/** How often something is tried before its first caller is told that it does not work. */
const FIRST_ATTEMPTS = 3;

interface KeptItemOptions {
  /** Makes it true on this connection; throws {@link AttemptFailure}. */
  attempt(connection: LiveConnection): Promise<void>;
  /** It was given up; `dropped` when it never worked and is no longer wanted. */
  onGivenUp(error: SessionError, dropped: boolean): void;
}

/**
 * Something that the app wants to be so for as long as it is logged in: a subscription, a joined channel. It is made true on every
 * connection anew; what fails is repeated with backoff as long as the connection lasts.
 */
export class KeptItem {
  readonly #options: KeptItemOptions;
  readonly #established: Deferred<void> = deferred();
  #everActive = false;
  #active = false;
  #abandoned: SessionError | null = null;
  #work: { connection: LiveConnection; first: Promise<SessionError | null> } | null = null;

  constructor(options: KeptItemOptions) {
    this.#options = options;
    this.#established.promise.catch(() => {});
  }

  get active(): boolean {
    return this.#active;
  }

  /** Why it is no longer wanted, or null. */
  get abandoned(): SessionError | null {
    return this.#abandoned;
  }

  get everActive(): boolean {
    return this.#everActive;
  }

  /** Resolves when it is so for the first time; rejects with a SessionError when it is given up before. */
  get established(): Promise<void> {
    return this.#established.promise;
  }

  /** It is no longer so and has to be made so again. */
  lost(): void {
    this.#active = false;
    this.#work = null;
  }

  /** It is so, by a call of the app's own. */
  succeeded(): void {
    this.#active = true;
    this.#everActive = true;
    this.#established.resolve();
  }

  /** Tries again now rather than after the wait in progress. */
  retry(connection: LiveConnection): void {
    this.#work = null;
    void this.restore(connection);
  }

  /** Stops all work; its first caller, if still waiting, gets the error. */
  abandon(error: SessionError): void {
    this.#abandoned ??= error;
    this.lost();
    this.#established.reject(error);
  }

  /** Makes it so on this connection. Resolves after the first attempt, with its error or null; further attempts go on. */
  restore(connection: LiveConnection): Promise<SessionError | null> {
    if (this.#abandoned) return Promise.resolve(this.#abandoned);
    if (this.#active) return Promise.resolve(null);
    if (this.#work?.connection === connection) return this.#work.first;
    const first = deferred<SessionError | null>();
    const work = { connection, first: first.promise };
    this.#work = work;
    void this.#repeat(connection, () => this.#work === work, first);
    return first.promise;
  }

  async #repeat(
    connection: LiveConnection,
    current: () => boolean,
    first: Deferred<SessionError | null>,
  ): Promise<void> {
    let failures = 0;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#try(connection);
      first.resolve(failure?.error ?? null);
      if (!current()) return;
      if (!failure) return this.succeeded();
      if (connection.signal.aborted) return;
      if (failure.kind === 'passing') failures += 1;
      const enough = !this.#everActive && failures >= FIRST_ATTEMPTS;
      if (failure.kind === 'final' || enough) return this.#giveUp(failure.error);
      const waited = await connection.backoff(attempt).then(
        () => true,
        () => false,
      );
      if (!waited || !current()) return;
    }
  }

  async #try(connection: LiveConnection): Promise<AttemptFailure | null> {
    try {
      await this.#options.attempt(connection);
      return null;
    } catch (error) {
      if (error instanceof AttemptFailure) return error;
      const message = connection.signal.aborted ? 'The link to Signaling was lost.' : 'The SDK failed unexpectedly.';
      return new AttemptFailure(new SessionError('CHANNEL_FAILED', message, plainCause(error)), 'passing');
    }
  }

  #giveUp(error: SessionError): void {
    this.#work = null;
    this.#options.onGivenUp(error, !this.#everActive);
    this.#established.reject(error);
  }
}
