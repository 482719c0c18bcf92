import type { Clock } from '../environment/clock.js';
import type { Authorize } from '../server/index.js';
import type { Credentials, Environment } from './credentials.js';
import type { TellRequest } from './request-report.js';

/** What `createDevBackend` takes. */
export interface DevBackendOptions {
  /** The variables to read `AGORA_APP_ID`, `AGORA_APP_CERTIFICATE` and `TOKEN_TTL_SECONDS` from. */
  readonly environment: Environment;
  /** Whether to run a local Signaling. Default: only with throw-away credentials, which Agora does not know. */
  readonly emulator?: boolean;
  /**
   * Who may have which tokens. Default: whoever asks from this machine gets what they ask. Given, other machines may ask too, from the
   * server's own pages and those of `origins`.
   */
  readonly authorize?: Authorize;
  /** Origins whose pages may ask besides the server's own. Default: none. */
  readonly origins?: readonly string[];
  /** The project. Default: that of the environment, else a made-up one. */
  readonly credentials?: Credentials;
  /** Told of every request that node:http hands over, and of every WebSocket, once it is answered. */
  readonly onRequest?: TellRequest;
  /** The time and the timers. Default: the system's. */
  readonly clock?: Clock;
}

/** What a page learns about the backend it talks to. */
export interface DevConfig {
  readonly appId: string;
  /** Whether Signaling is the local one, at {@link signalingPath}; otherwise it is Agora's. */
  readonly emulator: boolean;
  readonly signalingPath: string;
  /** The origin of {@link signalingPath}, as in `ws://127.0.0.1:40123`, where the local Signaling has a port of its own; null on this server. */
  readonly signalingOrigin: string | null;
  /** The life of the tokens that the endpoint gives out. */
  readonly expiresInSeconds: number;
  /** Whether the project is made up. */
  readonly throwawayCredentials: boolean;
}
