import { RequestRefusedError } from '../server/index.js';

/** How a token server can fail a user, for trying out what the page does then. */
export class TokenFaults {
  readonly #down = new Set<string>();
  readonly #denied = new Set<string>();

  /** From now on this user's requests are answered with 503, or no longer. */
  setDown(userId: string, down: boolean): void {
    toggle(this.#down, userId, down);
  }

  /** From now on this user's requests are answered with 403, or no longer. */
  setDenied(userId: string, denied: boolean): void {
    toggle(this.#denied, userId, denied);
  }

  /** @throws RequestRefusedError 503 `TOKENS_DOWN` or 403 `TOKENS_DENIED`. */
  check(userId: string): void {
    if (this.#down.has(userId)) {
      throw new RequestRefusedError(503, 'TOKENS_DOWN', 'The token server was told to fail this user.');
    }
    if (this.#denied.has(userId)) {
      throw new RequestRefusedError(403, 'TOKENS_DENIED', 'The token server was told to deny this user.');
    }
  }
}

function toggle(users: Set<string>, userId: string, on: boolean): void {
  if (on) users.add(userId);
  else users.delete(userId);
}
