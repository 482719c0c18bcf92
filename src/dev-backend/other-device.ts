import type { SignalingEmulator } from '../emulator/index.js';
import type { Clock } from '../environment/clock.js';
import { buildRtmToken, RequestRefusedError } from '../server/index.js';
import type { SignalingClient } from '../session/sdk/signaling-client.js';
import type { Credentials } from './credentials.js';

const STAYS_MS = 5_000;
const TOKEN_LIFE_SECONDS = 60;

/** Logs in as users who are logged in already, as a second device of theirs would, which displaces them; and goes a little later. */
export class OtherDevice {
  readonly #emulator: SignalingEmulator;
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #visits = new Map<SignalingClient, unknown>();

  constructor(emulator: SignalingEmulator, credentials: Credentials, clock: Clock) {
    this.#emulator = emulator;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  /**
   * Logs in as this user; resolves when the user has been displaced.
   *
   * @throws RequestRefusedError 409 `NETWORK_CUT` while the user's network is cut, which is that of all their devices.
   */
  async login(userId: string): Promise<void> {
    if (!this.#emulator.isNetworkUp(userId)) {
      throw new RequestRefusedError(409, 'NETWORK_CUT', 'The network of this user is cut: restore it first.');
    }
    const { appId, appCertificate } = this.#credentials;
    const client = new (this.#emulator.openPage().RTM)(appId, userId);
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const expiresInSeconds = TOKEN_LIFE_SECONDS;
    await client.login({ token: buildRtmToken({ appId, appCertificate, userId, expiresInSeconds, issuedAt }) });
    const timer = this.#clock.setTimeout(() => void this.#leave(client), STAYS_MS);
    this.#visits.set(client, timer);
  }

  /** Ends all visits. */
  async close(): Promise<void> {
    await Promise.all([...this.#visits.keys()].map((client) => this.#leave(client)));
  }

  async #leave(client: SignalingClient): Promise<void> {
    this.#clock.clearTimeout(this.#visits.get(client));
    this.#visits.delete(client);
    // The user may have come back and displaced this client in turn; it is gone either way.
    await client.logout().catch(() => {});
  }
}
