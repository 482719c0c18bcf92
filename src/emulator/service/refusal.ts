import type { LinkReasonCode } from '../protocol.js';
import { reasonOfError } from '../sdk/link-reasons.js';

/** Thrown inside the service to answer a request with one of the SDK's error codes. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: number;
  readonly reasonCode: LinkReasonCode;

  constructor(code: number, reasonCode: LinkReasonCode = reasonOfError(code)) {
    super(`Refused with ${code}`);
    this.code = code;
    this.reasonCode = reasonCode;
  }
}
