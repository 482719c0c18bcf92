import type { Limits } from '../limits.js';
import type { OperationName } from '../protocol.js';

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
  readonly #recent = new Map<OperationName, number[]>();

  constructor(limits: () => Limits) {
    this.#limits = limits;
  }

  /** Whether a call is within the limit at `nowMs`; only then it counts. */
  allows(operation: OperationName, nowMs: number): boolean {
    const limit = COUNTED[operation];
    if (!limit) return true;
    const recent = (this.#recent.get(operation) ?? []).filter((at) => nowMs - at < SECOND_MS);
    const allowed = recent.length < this.#limits()[limit];
    if (allowed) recent.push(nowMs);
    this.#recent.set(operation, recent);
    return allowed;
  }
}
