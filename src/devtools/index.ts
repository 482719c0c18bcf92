import './define.js';

export { AgoraSessionDevtools } from './element.js';
export type { InspectedSession } from './follow-session.js';
export { createRecorder, type RecorderOptions, type SessionRecorder } from './recorder.js';
export {
  type RecordedEvent,
  type RecordedOf,
  type RecordedSnapshot,
  type RecordedTokens,
  type Recording,
  type RecordingOptions,
  readRecording,
  recordingOf,
} from './recording.js';
export {
  emptyLane,
  type Gap,
  type Lane,
  type LaneKind,
  type Mark,
  type MarkShape,
  type Span,
  type Tone,
  type Wedge,
} from './timeline.js';
