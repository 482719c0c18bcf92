import type { RTMEvents } from 'agora-rtm-sdk';
import type { LinkReasonCode } from '../protocol.js';
import { LINK_REASONS } from './link-reasons.js';

/** What is particular to one change of a link's state. */
export interface LinkChange {
  readonly from: RTMEvents.LinkState;
  readonly to: RTMEvents.LinkState;
  readonly operation: RTMEvents.LinkOperation;
  readonly reasonCode: LinkReasonCode;
  /** The stream channel whose link it is; null for the login's own. */
  readonly channelName: string | null;
  readonly isResumed: boolean;
}

/** Makes the event out of a change. `unrestoredChannels` is always empty, as in the SDK: nobody can rely on it. */
export function linkStateEvent(change: LinkChange, timestamp: number): RTMEvents.LinkStateEvent {
  return {
    currentState: change.to,
    previousState: change.from,
    serviceType: change.channelName === null ? 'MESSAGE' : 'STREAM',
    operation: change.operation,
    reason: LINK_REASONS[change.reasonCode],
    reasonCode: change.reasonCode,
    affectedChannels: change.channelName === null ? [] : [change.channelName],
    unrestoredChannels: [],
    timestamp,
    isResumed: change.isResumed,
  };
}
