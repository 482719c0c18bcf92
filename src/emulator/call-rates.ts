import type { Limits } from './limits.js';
import type { OperationName } from './protocol.js';

const SECOND_MS = 1000;

/** Which limit counts a call; those that undo something, and questions, are not counted. */
const COUNTED: Readonly<Partial<Record<OperationName, keyof Limits>>> = {
  publish: 'publishesPerSecond',
  publishTopicMessage: 'topicMessagesPerSecond',
  login: 'callsPerSecond',
  renewToken: 'callsPerSecond',
  subscribe: 'callsPerSecond',
  join: 'callsPerSecond',
  joinTopic: 'callsPerSecond',
  subscribeTopic: 'callsPerSecond',
  setState: 'callsPerSecond',
};

/** Counts one client's calls, each operation for itself, in a sliding second. */
export class CallRates {
  readonly #limits: () => Limits;
  readonly #spare: number;
  readonly #recent = new Map<OperationName, number[]>();

  /** @param spare how many times the limits are allowed */
  constructor(limits: () => Limits, spare: number = 1) {
    this.#limits = limits;
    this.#spare = spare;
  }

  /** Whether a call is within the limit at `nowMs`; only then it counts. */
  allows(operation: OperationName, nowMs: number): boolean {
    const counted = COUNTED[operation];
    const limit = counted ? this.#limits()[counted] * this.#spare : Number.POSITIVE_INFINITY;
    if (limit >= Number.MAX_SAFE_INTEGER) return true;
    const recent = (this.#recent.get(operation) ?? []).filter((at) => nowMs - at < SECOND_MS);
    const allowed = recent.length < limit;
    if (allowed) recent.push(nowMs);
    this.#recent.set(operation, recent);
    return allowed;
  }
}
