// What the emulator is without its server: the same everywhere, and nothing of it is Node's.

export type { SignalingEmulatorOptions } from './emulator-options.js';
export type { CallFault, CallFaultKind, FaultOperation, OddValue } from './faults/call-fault.js';
export type { EventFaultKind, EventFaults, EventName } from './faults/event-faults.js';
export type { StruckFaults } from './faults/fault-board.js';
export { seededRandom } from './faults/seeded-random.js';
export type { EmulatedStay, EmulatedUser, EmulatorState } from './inspect.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type { EmulatorTokens, IssueTokenOptions, TokenIssuer } from './project/emulator-tokens.js';
export type { LatencyRange } from './service/latency.js';
export type { LinkReturn } from './service/network.js';
export {
  type FaultOrderOptions,
  SignalingEmulator,
  type StreamReturn,
} from './signaling-emulator.js';
