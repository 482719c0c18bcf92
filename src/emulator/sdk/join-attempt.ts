import type { JoinOptions } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { Deferred } from '../../environment/waiting.js';
import type { MessageLink } from './message-link.js';
import { SignalingError } from './signaling-error.js';
import { timedDeferred } from './timed-deferred.js';

const JOIN_MS = 15_000;

/** What a join needs from the channel that it is for. */
export interface Joiner {
  readonly channelName: string;
  readonly clock: Clock;
  readonly link: MessageLink;
  checkToken(token: string): number | Promise<number>;
  /** Nothing came of it within 15 s. */
  tooLate(): Error;
  /** The join was refused here or by the service. */
  refused(code: number): void;
  joined(token: string): void;
}

/** One call of `join`: waits for the login's link, at most 15 s, asks the service, and may be cancelled by a `leave`. */
export class JoinAttempt {
  readonly #joiner: Joiner;
  readonly #end: Deferred<number>;
  #over = false;

  constructor(joiner: Joiner) {
    this.#joiner = joiner;
    this.#end = timedDeferred(joiner.clock, JOIN_MS, (late) => {
      this.#over = true;
      late.reject(joiner.tooLate());
    });
  }

  /** Resolves to the service's time. */
  async run(options: JoinOptions): Promise<number> {
    void this.#admit(options).catch((error: unknown) => this.#refuse(error));
    return this.#end.promise;
  }

  /** A `leave` came before the answer. */
  cancel(): void {
    this.#over = true;
    this.#end.reject(new SignalingError('join', -11034));
  }

  async #admit(options: JoinOptions): Promise<void> {
    const { link, channelName } = this.#joiner;
    const token = options.token ?? '';
    if (link.state === 'IDLE' || link.state === 'FAILED') throw new SignalingError('join', -10025);
    const code = await this.#joiner.checkToken(token);
    if (code !== 0) throw new SignalingError('join', code);
    const request = {
      channelName,
      token,
      withPresence: options.withPresence ?? true,
      beQuiet: options.beQuiet ?? false,
    };
    while (!this.#over) {
      await this.#connected();
      if (this.#over) return;
      const timestamp = await this.#ask(request);
      if (timestamp !== null) return this.#arrived(token, timestamp);
    }
  }

  #connected(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#joiner.link.whenConnected(resolve);
      this.#end.promise.catch(() => {
        stop();
        resolve();
      });
    });
  }

  /** Null when the link went away over the question: then the join waits for the next one. */
  async #ask(request: {
    channelName: string;
    token: string;
    withPresence: boolean;
    beQuiet: boolean;
  }): Promise<number | null> {
    try {
      const answer = await this.#joiner.link.request('join', request, { operation: 'join', timeoutCode: -11007 });
      return answer.timestamp;
    } catch (error) {
      if (error instanceof SignalingError && error.code === -10025) return null;
      throw error;
    }
  }

  #arrived(token: string, timestamp: number): void {
    const { link, channelName } = this.#joiner;
    if (this.#over) {
      const names = { operation: 'leave', timeoutCode: -11028 };
      void link.request('leave', { channelName }, names).catch(() => {});
      return;
    }
    this.#over = true;
    this.#joiner.joined(token);
    this.#end.resolve(timestamp);
  }

  #refuse(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    if (error instanceof SignalingError) this.#joiner.refused(error.code);
    this.#end.reject(error);
  }
}
