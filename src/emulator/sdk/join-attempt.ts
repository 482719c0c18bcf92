import type { JoinOptions } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { Deferred } from '../../environment/waiting.js';
import type { JoinRequest } from '../protocol.js';
import type { Call } from './call.js';
import type { MessageLink } from './message-link.js';
import { SignalingError } from './signaling-error.js';
import { timedDeferred } from './timed-deferred.js';

const JOIN_MS = 15_000;

/** What a client asks the service for when it joins. */
export function joinRequest(
  channelName: string,
  options: JoinOptions,
  how: Pick<JoinRequest, 'again' | 'attempt'>,
): JoinRequest {
  const { token, withPresence, beQuiet } = options;
  return { channelName, token: token ?? '', withPresence: withPresence ?? true, beQuiet: beQuiet ?? false, ...how };
}

/** What a join needs from the channel that it is for. */
export interface Joiner {
  readonly channelName: string;
  /** The how manieth join of this channel it is. */
  readonly attempt: number;
  readonly clock: Clock;
  readonly link: MessageLink;
  readonly call: Call;
  /** @throws SignalingError when there are too many joins in this second. */
  count(): void;
  checkToken(token: string): number | Promise<number>;
  /** Nothing came of it within 15 s. */
  tooLate(): Error;
  /** The join was refused here or by the service. */
  refused(code: number): void;
  joined(token: string): void;
  /** The service let the user in when nobody waited for it any more. */
  arrivedTooLate(): void;
}

/** One call of `join`: waits for the login's link, at most 15 s, asks the service, and may be cancelled by a `leave`. */
export class JoinAttempt {
  readonly #joiner: Joiner;
  readonly #end: Deferred<number>;
  #over = false;

  constructor(joiner: Joiner) {
    this.#joiner = joiner;
    const end = timedDeferred<number>(joiner.clock, JOIN_MS, (late) => {
      this.#over = true;
      late.reject(joiner.tooLate());
    });
    joiner.call.timedBy(end);
    this.#end = end;
  }

  /** Resolves to the service's time. */
  async run(options: JoinOptions, hasRoom: boolean): Promise<number> {
    void this.#admit(options, hasRoom).catch((error: unknown) => this.#refuse(error));
    return this.#end.promise;
  }

  /** A `leave` came before the answer. */
  cancel(): void {
    this.#over = true;
    this.#end.reject(new SignalingError('join', -11034));
  }

  async #admit(options: JoinOptions, hasRoom: boolean): Promise<void> {
    const { link, channelName } = this.#joiner;
    const token = options.token ?? '';
    if (link.state === 'IDLE' || link.state === 'FAILED') throw new SignalingError('join', -10025);
    if (!hasRoom) throw new SignalingError('join', -11005);
    this.#joiner.count();
    const code = await this.#joiner.checkToken(token);
    if (code !== 0) throw new SignalingError('join', code);
    const request = joinRequest(channelName, options, { again: false, attempt: this.#joiner.attempt });
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
  async #ask(request: JoinRequest): Promise<number | null> {
    const { link, call } = this.#joiner;
    try {
      const answer = await link.request('join', request, { operation: 'join', timeoutCode: -11007, call });
      return answer.timestamp;
    } catch (error) {
      if (error instanceof SignalingError && error.code === -10025 && link.state !== 'CONNECTED') return null;
      throw error;
    }
  }

  #arrived(token: string, timestamp: number): void {
    if (this.#over) {
      this.#joiner.arrivedTooLate();
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
