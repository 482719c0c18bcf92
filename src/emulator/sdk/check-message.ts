import { byteLength, SIZES } from '../limits.js';
import { SignalingError } from './signaling-error.js';

/** Refuses what is no message or too large a one. */
export function checkMessage(operation: string, message: unknown, maxBytes: number): void {
  if (typeof message !== 'string' && !(message instanceof Uint8Array)) throw new SignalingError(operation, -11009);
  if (byteLength(message) > maxBytes) throw new SignalingError(operation, -11010);
}

/** The custom type to send; refuses what is none or too long. */
export function checkCustomType(operation: string, customType: unknown): string {
  if (customType === undefined) return '';
  if (typeof customType !== 'string') throw new SignalingError(operation, -11030);
  if (customType.length > SIZES.customTypeLength) throw new SignalingError(operation, -11029);
  return customType;
}
