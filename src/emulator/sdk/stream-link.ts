import type { RTMEvents } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { LinkReasonCode } from '../protocol.js';
import { type LinkChange, linkStateEvent } from './link-state-event.js';

const PATIENCE_MS = 20 * 60_000;

/** Whom a stream channel's link tells. */
export interface StreamLinkOwner {
  emit(event: RTMEvents.LinkStateEvent): void;
  /** The link did not come back within 20 minutes: the SDK leaves the channel by itself. */
  givenUp(): void;
}

/** The state of one stream channel's own link, with its events. */
export class StreamLink {
  readonly #channelName: string;
  readonly #clock: Clock;
  readonly #owner: StreamLinkOwner;
  #state: RTMEvents.LinkState = 'IDLE';
  #member = false;
  #patience: unknown = null;

  constructor(channelName: string, clock: Clock, owner: StreamLinkOwner) {
    this.#channelName = channelName;
    this.#clock = clock;
    this.#owner = owner;
  }

  get state(): RTMEvents.LinkState {
    return this.#state;
  }

  /** Whether the channel is joined, be it that its link is just being restored. */
  get member(): boolean {
    return this.#member;
  }

  joining(): void {
    this.#change('CONNECTING', 'JOIN', this.#state === 'IDLE' ? 'JOIN' : 'REJOIN');
  }

  joined(): void {
    this.#member = true;
    this.#change('CONNECTED', 'JOIN', 'JOIN_SUCCESS');
  }

  /** The link is gone; the client tries for 20 minutes to get it back. */
  lost(): void {
    if (this.#state !== 'CONNECTED') return;
    this.#change('CONNECTING', 'AUTO_RECONNECT', 'AUTO_RECONNECT');
    this.#patience = this.#clock.setTimeout(() => this.#owner.givenUp(), PATIENCE_MS);
  }

  back(isResumed: boolean): void {
    if (this.#member && this.#state === 'CONNECTING')
      this.#change('CONNECTED', 'RECONNECTED', 'RECONNECT_SUCCESS', isResumed);
  }

  failed(operation: RTMEvents.LinkOperation, reasonCode: LinkReasonCode): void {
    this.#member = false;
    this.#change('FAILED', operation, reasonCode);
  }

  left(operation: 'LEAVE' | 'LOGOUT'): void {
    this.#member = false;
    this.#change('IDLE', operation, operation);
  }

  #change(
    to: RTMEvents.LinkState,
    operation: RTMEvents.LinkOperation,
    reasonCode: LinkReasonCode,
    isResumed = false,
  ): void {
    this.#clock.clearTimeout(this.#patience);
    this.#patience = null;
    const change: LinkChange = {
      from: this.#state,
      to,
      operation,
      reasonCode,
      channelName: this.#channelName,
      isResumed,
    };
    this.#state = to;
    this.#owner.emit(linkStateEvent(change, this.#clock.now()));
  }
}
