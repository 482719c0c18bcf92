import type { RecordedOf } from './recording.js';

/** What the SDK says of a link; of a stream channel's own, which channel. */
export function readLink(detail: RecordedOf<'sdk'>['detail']): {
  currentState: string;
  reasonCode: string;
  channelName: string | null;
} {
  const { currentState = '', reasonCode = '', serviceType, channelName, affectedChannels } = detail;
  const [affected] = Array.isArray(affectedChannels) ? affectedChannels : [affectedChannels];
  const channel = channelName ?? affected;
  return {
    currentState: String(currentState),
    reasonCode: String(reasonCode),
    channelName: serviceType !== 'MESSAGE' && typeof channel === 'string' && channel !== '' ? channel : null,
  };
}
