import type { Clock } from '../../environment/clock.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { Lane } from '../sdk/lane.js';
import type { LinkEvidence } from '../sdk/link-evidence.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import type { Report } from '../state/inspection-event.js';
import type { RestoreResult } from '../state/session-state.js';
import type { ChannelTokens } from './channel-tokens.js';

/** What the parts of this room work with. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  /** The lane of everything but messages. */
  readonly lane: Lane;
  readonly link: LinkEvidence;
  readonly tokens: ChannelTokens;
  readonly report: Report;
  client(): SignalingClient;
  onRestored(results: RestoreResult[]): void;
}
