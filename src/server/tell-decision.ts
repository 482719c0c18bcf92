import type { Decision } from './decision.js';
import type { DecisionOutcome } from './decision-event.js';
import { type IssuedTokens, servicesOf } from './issue-tokens.js';
import { logError } from './log-error.js';
import type { TokenHandlerOptions } from './token-handler-options.js';

/** Tells the app how one request ended. */
export interface Told {
  granted(issued: IssuedTokens): void;
  ended(outcome: DecisionOutcome): void;
}

/** Makes the one who tells; nobody, where nobody listens. That the app fails to listen changes no answer. */
export function decisionTeller(onDecision: TokenHandlerOptions['onDecision']): (decision: Decision) => Told | null {
  if (!onDecision) return () => null;
  return (decision) => {
    const beganMs = performance.now();
    const ended = (outcome: DecisionOutcome): void => {
      const event = { ...outcome, userId: decision.userId, tookMs: performance.now() - beganMs };
      void (async () => onDecision(event))().catch(logError);
    };
    return { ended, granted: (issued) => ended(outcomeOf(issued)) };
  };
}

/** An answer in which everything is refused grants nothing. */
function outcomeOf(issued: IssuedTokens): DecisionOutcome {
  const services = servicesOf(issued);
  const askedCount = Object.keys(issued.channels).length + (issued.signaling ? 1 : 0);
  if (services.length === 0) return { outcome: 'refused', status: 200, code: 'FORBIDDEN' };
  return { outcome: 'granted', status: 200, services, refusedCount: askedCount - services.length };
}
