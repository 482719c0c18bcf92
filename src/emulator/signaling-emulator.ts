import { type Clock, systemClock } from '../environment/clock.js';
import type { SignalingSdk } from '../session/sdk/signaling-client.js';
import { isHex32 } from '../token/identifiers.js';
import { InProcessTransport } from './in-process-transport.js';
import { type EmulatorState, inspectSessions } from './inspect.js';
import type { LinkReasonCode, ServerEvent } from './protocol.js';
import { createSdk } from './sdk/create-sdk.js';
import { LINK_REASONS } from './sdk/link-reasons.js';
import { Door } from './service/door.js';
import type { FaultOperation } from './service/faults.js';
import { Network } from './service/network.js';
import { SignalingService } from './service/signaling-service.js';

/** What a {@link SignalingEmulator} is made of. */
export interface SignalingEmulatorOptions {
  /** The project's app ID: 32 hexadecimal digits. */
  readonly appId: string;
  /** The project's certificate: 32 hexadecimal digits. Without one no token is looked at, as in a project without a certificate. */
  readonly appCertificate?: string;
  /** The service's time and timers. Default: the system's. */
  readonly clock?: Clock;
  /** The time and timers of the clients in this process, where their machine's differ from the service's. Default: `clock`. */
  readonly clientClock?: Clock;
  /**
   * Whether a client that comes back after a suspension finds its channels as they were, as one of Agora's pages says, or has to
   * restore them, as the SDK's types say. Default: false. `isResumed` is false either way.
   */
  readonly restoresSuspended?: boolean;
}

/**
 * A local Signaling: the service, and clients with the SDK's shape that reach it in the same process. Serve it with
 * {@link serveEmulator} for pages.
 */
export class SignalingEmulator {
  /** The app ID that it stands for. */
  readonly appId: string;
  /** What a page would get by importing the SDK. Two clients of one user need two pages: see {@link openPage}. */
  readonly sdk: SignalingSdk;
  readonly #options: SignalingEmulatorOptions;
  readonly #clock: Clock;
  readonly #service: SignalingService;
  readonly #network = new Network();

  /** @throws TypeError when the app ID or the certificate is not 32 hexadecimal digits. */
  constructor(options: SignalingEmulatorOptions) {
    const { appId, appCertificate, clock = systemClock } = options;
    if (!isHex32(appId)) throw new TypeError('appId must be 32 hexadecimal digits.');
    if (appCertificate !== undefined && !isHex32(appCertificate)) {
      throw new TypeError('appCertificate must be 32 hexadecimal digits.');
    }
    this.appId = appId;
    this.#options = options;
    this.#clock = clock;
    this.#service = new SignalingService({ appId, appCertificate: appCertificate ?? null }, clock);
    this.sdk = this.openPage();
  }

  /** The SDK of one more page or device. Each allows one client for each user (-10027); users are the same everywhere. */
  openPage(): SignalingSdk {
    const clock = this.#options.clientClock ?? this.#clock;
    return createSdk({
      clock,
      transport: () => new InProcessTransport(this.#service, this.#network, clock),
      restoresSuspended: this.#options.restoresSuspended ?? false,
    });
  }

  /** Cuts or restores one user's network: nothing gets through in either direction, and nobody is told. */
  setNetwork(userId: string, up: boolean): void {
    this.#network.set(userId, up);
  }

  /** Whether a user's network is whole. */
  isNetworkUp(userId: string): boolean {
    return this.#network.isUp(userId);
  }

  /**
   * Ends a user's login: its client goes to FAILED with this reason code, at once or when it is next reached. Without effect where the
   * user is not logged in.
   *
   * @throws TypeError when the SDK has no such reason code.
   */
  kick(userId: string, reasonCode: string = 'KICKED_OUT_BY_SERVER'): void {
    if (!isReasonCode(reasonCode)) throw new TypeError(`reasonCode must be one of the SDK's, not "${reasonCode}".`);
    this.#service.kick(userId, reasonCode);
  }

  /** Makes the token of a user's login lapse now, or with `channelName` that of one stream channel. That token stays lapsed. */
  expireToken(userId: string, channelName?: string): void {
    this.#service.expire(userId, channelName);
  }

  /** Makes the next calls fail with one of the SDK's error codes; several orders are carried out one after the other. */
  failNext(operation: FaultOperation, code: number, times: number = 1): void {
    this.#service.faults.order(operation, code, times);
  }

  /**
   * Removes everybody, without a word to their clients, and with them the timers of the service: those of a user whose network was cut
   * keep a Node process alive for minutes. A new login is served as before.
   */
  close(): void {
    this.#service.close();
  }

  /** Who is logged in, where, and with which token's expiry: plain data. */
  inspect(): EmulatorState {
    return inspectSessions(this.#service.sessions());
  }

  /** Opens the service's end of a link; for transports. */
  openDoor(userId: string, deliver: (event: ServerEvent) => void): Door {
    return new Door(userId, this.#service, this.#network, deliver);
  }

  /** Calls back when a user's network comes back; for transports. */
  watchNetwork(userId: string, onBack: () => void): () => void {
    return this.#network.watch(userId, (up) => up && onBack());
  }
}

function isReasonCode(value: string): value is LinkReasonCode {
  return Object.hasOwn(LINK_REASONS, value);
}
