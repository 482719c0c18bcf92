import { durationText } from '../duration.js';
import type { Answer } from './ask.js';
import type { Given } from './examine-tokens.js';
import { type Finding, finding } from './finding.js';

const TOLERANCE_SECONDS = 60;

/** Holds this machine's clock against the server's, and both against the time at which a token says to have been issued. */
export function* examineClock({ headers, answeredAt }: Answer, given: readonly Given[]): Generator<Finding> {
  const ours = answeredAt / 1000;
  const date = Date.parse(headers.get('date') ?? '') / 1000;
  if (Math.abs(date - ours) > TOLERANCE_SECONDS) {
    yield finding('CLOCK', `By its Date header the server's clock is ${difference(date - ours)} this machine's.`);
  }
  const [first] = given;
  if (!first) return;
  const against = Number.isNaN(date) ? ours : date;
  const whose = Number.isNaN(date) ? "this machine's" : "the answer's Date header";
  const off = first.issuedAt - against;
  if (Math.abs(off) > TOLERANCE_SECONDS) {
    yield finding('CLOCK', `The clock that a token was issued by is ${difference(off)} ${whose}.`);
  }
}

/** To ten seconds: a Date header is exact to one, and the way takes its time. */
function difference(seconds: number): string {
  return `${durationText(Math.round(Math.abs(seconds) / 10) * 10)} ${seconds > 0 ? 'ahead of' : 'behind'}`;
}
