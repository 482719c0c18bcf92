import { describeTarget } from '../../token/grant-check.js';
import type { ApplyOutcome } from '../../token/token-applier.js';
import type { TokenTarget } from '../../token/token-source.js';
import { errorClass } from '../sdk/link-policy.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import { plainCause, sdkErrorCode } from '../state/session-error.js';

/** The SDK gives a renewal up by itself (-10026); this is for when it does not. */
const RENEW_TIMEOUT_MS = 15_000;
const NOT_CONNECTED = -10025;
const INCONSISTENT_APP_ID = -10016;

/**
 * Gives a renewed token to the SDK. A resolved call counts as applied whatever its timestamp: it is 0 when the SDK has that token
 * already, as after a call that timed out here but arrived there.
 */
export async function renewToken(
  connection: LiveConnection,
  target: TokenTarget,
  token: string,
): Promise<ApplyOutcome> {
  const options = target.kind === 'stream' ? { channelName: target.channelName } : undefined;
  try {
    await connection.call(() => connection.client.renewToken(token, options), RENEW_TIMEOUT_MS);
    return { kind: 'applied' };
  } catch (error) {
    return connection.signal.aborted ? { kind: 'later' } : outcomeOf(error, target);
  }
}

function outcomeOf(error: unknown, target: TokenTarget): ApplyOutcome {
  const code = sdkErrorCode(error);
  const cause = plainCause(error);
  const subject = describeTarget(target);
  if (code === NOT_CONNECTED) return { kind: 'later' };
  if (errorClass(code) === 'token' || code === INCONSISTENT_APP_ID) {
    const message = `Signaling refused the renewed token for ${subject}.`;
    return { kind: 'refused', failure: { code: 'TOKEN_REJECTED', kind: 'transient', message, cause } };
  }
  const message = `Signaling did not take the renewed token for ${subject}; it is given again.`;
  return { kind: 'failed', failure: { code: 'RENEWAL_FAILED', kind: 'transient', message, cause } };
}
