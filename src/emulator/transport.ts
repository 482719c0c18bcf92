import type { FaultDesk } from './faults/fault-orders.js';
import type { Limits } from './limits.js';
import type { OperationName, Operations, Outcome, ServerEvent } from './protocol.js';

/** What a client hears from one link to the service. */
export interface LinkListener {
  event(event: ServerEvent): void;
  /** Nothing has come over this link for so long that it counts as dead, or it broke. */
  lost(how: 'keep-alive' | 'closed'): void;
}

/** One attempt to reach the service. Requests over a link that leads nowhere stay unanswered; the client times them itself. */
export interface Link {
  /** Pending while it is not known yet what was ordered to go wrong; absent once it is. */
  readonly ready?: Promise<void> | null;
  request<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Outcome<Operations[Name]['reply']>>;
  /** Ends the link: no event and no answer comes through it any more. */
  close(): void;
}

/** How a client reaches the service. */
export interface Transport {
  /** What was ordered to go wrong with this client's calls. */
  readonly faults: FaultDesk;
  /** What the client may have and do; enforced by the client itself, as the SDK does, before anything is sent. */
  readonly limits: Limits;
  open(userId: string, listener: LinkListener): Link;
  /** Calls back whenever the platform says that the network has come back; returns what ends that. */
  watchNetwork(userId: string, onBack: () => void): () => void;
  /**
   * The app ID inside an AccessToken2, or null where the string is none, on platforms without `DecompressionStream` too. May answer at
   * once; a page is answered a moment later.
   */
  readAppId(token: string): string | null | Promise<string | null>;
}
