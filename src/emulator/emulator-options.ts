import type { Clock } from '../environment/clock.js';
import { checkMs } from './faults/call-fault.js';
import { checkRange } from './faults/event-faults.js';
import type { Limits } from './limits.js';
import type { LatencyRange } from './service/latency.js';

/** What a `SignalingEmulator` is made of. */
export interface SignalingEmulatorOptions {
  /** The project's app ID: 32 hexadecimal digits. Default: that of a project which the emulator makes up, with a certificate. */
  readonly appId?: string;
  /**
   * The certificate of `appId`: 32 hexadecimal digits. With an app ID alone no token is looked at, as in a project without a certificate. In
   * a page none is taken: no certificate of a real project belongs there.
   */
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
  /** Where chance comes from: numbers from 0 up to 1. Tests pass a seeded one. Default: `Math.random`. */
  readonly random?: () => number;
  /**
   * How long every call takes, milliseconds, half of it each way: always the same, or drawn evenly between two. Events come over at
   * once, so that they may be ahead of the answer that they belong to. Default: 0, which needs no timer.
   */
  readonly latencyMs?: LatencyRange;
  /** Limits of Agora's to change, such as `{ subscribedChannels: 1000 }`. Default: Agora's. */
  readonly limits?: Partial<Limits>;
}

/** @throws TypeError that names what is wrong. */
export function checkLatency(latencyMs: LatencyRange | undefined): void {
  if (typeof latencyMs === 'number') checkMs('latencyMs', latencyMs);
  else if (latencyMs !== undefined) checkRange('latencyMs', latencyMs);
}
