export type { EmulatedStay, EmulatedUser, EmulatorState } from './inspect.js';
export { type ServedEmulator, type ServeEmulatorOptions, serveEmulator } from './serve-emulator.js';
export type { FaultOperation } from './service/faults.js';
export { SignalingEmulator, type SignalingEmulatorOptions } from './signaling-emulator.js';
