import type { RTMEvents } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { Deferred } from '../../environment/waiting.js';
import type { LoginReply, ServerEvent } from '../protocol.js';
import type { Transport } from '../transport.js';
import type { Call } from './call.js';
import type { Identity } from './credentials.js';

/** A call of `login` on its way to its first attempt. */
export interface WantedLogin {
  readonly login: Deferred<void>;
  /** The login that it takes the place of. */
  readonly earlier: Deferred<void> | null;
  readonly token: string;
  readonly call: Call;
}

/** What a link needs from the client that it belongs to, and whom it tells. */
export interface LinkOwner extends Identity {
  readonly clock: Clock;
  readonly transport: Transport;
  emit(event: RTMEvents.LinkStateEvent): void;
  /** The service has accepted a session; `before` the state changes and again after it. */
  accepted(moment: 'before' | 'after', reply: LoginReply): void;
  lost(): void;
  /** FAILED: the login is over. */
  ended(): void;
  loggedOut(confirmed: boolean): void;
  received(event: ServerEvent): void;
}
