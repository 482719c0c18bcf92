import { TimeoutError } from '../../environment/waiting.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { sdkErrorCode } from '../state/session-error.js';

/** Undoes something on the SDK's client: unsubscribes, leaves. */
export type Undo = (client: SignalingClient) => Promise<unknown>;

const NOT_CONNECTED = -10025;

/**
 * What the app no longer wants, and the server may still have because the link was down when it was to be undone: the SDK restores
 * subscriptions and channels at a reconnection, the unwanted too.
 */
export class Leftovers {
  readonly #undos = new Map<string, Undo>();

  /** Undoes something now, or as soon as there is a connection. Never rejects. */
  async undo(key: string, undo: Undo, connection: LiveConnection | null): Promise<void> {
    this.#undos.set(key, undo);
    if (connection) await this.#try(key, undo, connection);
  }

  /** It is wanted again. */
  forget(key: string): void {
    this.#undos.delete(key);
  }

  /** Nothing can be left after a logout. */
  clear(): void {
    this.#undos.clear();
  }

  restore(connection: LiveConnection): void {
    for (const [key, undo] of this.#undos) void this.#try(key, undo, connection);
  }

  async #try(key: string, undo: Undo, connection: LiveConnection): Promise<void> {
    try {
      await connection.call(() => undo(connection.client));
    } catch (error) {
      const unsaid =
        connection.signal.aborted || error instanceof TimeoutError || sdkErrorCode(error) === NOT_CONNECTED;
      if (unsaid) return;
    }
    if (this.#undos.get(key) === undo) this.#undos.delete(key);
  }
}
