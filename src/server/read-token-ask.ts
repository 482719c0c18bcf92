import { isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import { MAX_CHANNELS, type TokenAsk } from '../token/wire-format.js';
import { RequestRefusedError } from './request-refused-error.js';

/**
 * Reads what a request's body asks for. Channels named twice are asked for once; fields of other names are ignored.
 *
 * @throws RequestRefusedError 400 `INVALID_REQUEST` or `TOO_MANY_CHANNELS`.
 */
export function readTokenAsk(body: unknown): TokenAsk {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw invalid('The body is not a JSON object.');
  const signaling = own(body, 'signaling') ?? false;
  if (typeof signaling !== 'boolean') throw invalid('signaling is not true or false.');
  const channels = readChannels(own(body, 'channels') ?? []);
  if (!signaling && channels.length === 0)
    throw invalid('Nothing is asked for: set signaling to true or name channels.');
  const userId = own(body, 'userId');
  if (userId === undefined) return { signaling, channels };
  if (!isSignalingName(userId)) throw invalid(`userId is not a user ID: ${SIGNALING_NAME_RULE}.`);
  return { userId, signaling, channels };
}

/** A field of the body itself, never one that it inherits. */
export function own(body: object, field: string): unknown {
  return Object.hasOwn(body, field) ? (body as Record<string, unknown>)[field] : undefined;
}

function readChannels(channels: unknown): string[] {
  if (!Array.isArray(channels)) throw invalid('channels is not a list.');
  if (channels.length > MAX_CHANNELS) {
    throw new RequestRefusedError(400, 'TOO_MANY_CHANNELS', `One request may name ${MAX_CHANNELS} channels.`);
  }
  const wrong = channels.findIndex((channel) => !isSignalingName(channel));
  if (wrong >= 0) throw invalid(`channels[${wrong}] is not a channel name: ${SIGNALING_NAME_RULE}.`);
  return [...new Set<string>(channels)];
}

function invalid(message: string): RequestRefusedError {
  return new RequestRefusedError(400, 'INVALID_REQUEST', message);
}
