import type { MeterProvider } from '@opentelemetry/api';
import type { DecisionEvent } from 'agora-session/server';

/** The attribute values that OpenTelemetry's conventions have for an error, and ours for the rest. */
interface Attributes {
  readonly [name: string]: string;
}

/**
 * Records how token requests end, and how long that takes, for `onDecision`. In an app pass `metrics` of `@opentelemetry/api`, whose
 * `getMeterProvider()` its SDK has set up.
 */
export function decisionTelemetry(provider: MeterProvider): (event: DecisionEvent) => void {
  const meter = provider.getMeter('agora-session');
  const duration = meter.createHistogram('agora.token_request.duration', {
    unit: 's',
    description: 'The time from the arrival of a token request until its answer was ready.',
    advice: { explicitBucketBoundaries: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10] },
  });
  return (event) => {
    const { outcome, tookMs } = event;
    const attributes: Attributes = 'code' in event ? { outcome, 'error.type': event.code } : { outcome };
    duration.record(tookMs / 1000, attributes);
  };
}
