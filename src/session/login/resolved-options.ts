import type { Clock } from '../../environment/clock.js';
import type { Logger } from '../../environment/logger.js';
import type { WakeSource } from '../../environment/wake.js';
import type { RefreshPolicy } from '../../token/refresh-schedule.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { TokenSource } from '../../token/token-source.js';
import type { SdkModule } from '../sdk/load-sdk.js';
import type { RTMConfig, SignalingClient } from '../sdk/signaling-client.js';
import type { InspectionEvent } from '../state/inspection-event.js';

/** Options with nothing left open. */
export interface ResolvedOptions<Client extends SignalingClient> {
  readonly appId: string;
  readonly userId: string;
  readonly source: TokenSource | null;
  readonly loadSdk: (signal?: AbortSignal) => Promise<SdkModule<Client>>;
  readonly client: Client | null;
  readonly rtmConfig: RTMConfig;
  readonly tabs: 'takeover' | 'wait';
  readonly refresh: RefreshPolicy;
  readonly retry: RetryPolicy;
  readonly maxRelogins: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly wake: WakeSource;
  readonly inspect: ((event: InspectionEvent) => void) | undefined;
}
