import type { DecisionEvent } from 'agora-session/server';
import { Counter, Histogram, type Registry } from 'prom-client';

/**
 * Counts how token requests end, and how long that takes, for `onDecision`. User IDs are no labels: each would be a series of its own.
 * Worth an alarm: any rate of `failed`, and a rate of `refused` or `limited` far above that of last week.
 */
export function decisionMetrics(registry: Registry): (event: DecisionEvent) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'agora_token_requests_total',
    help: 'Token requests by how they ended.',
    labelNames: ['outcome', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'agora_token_request_seconds',
    help: 'The time from the arrival of a token request until its answer was ready.',
    labelNames: ['outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  return (event) => {
    const { outcome, tookMs } = event;
    requests.inc({ outcome, code: 'code' in event ? event.code : '' });
    seconds.observe({ outcome }, tookMs / 1000);
  };
}
