import type { SignalingEmulator } from '../emulator/index.js';
import { RequestRefusedError } from '../server/index.js';
import { isJson, NEVER_STORED, own, readJson } from '../server/parts.js';
import { isSignalingName } from '../token/identifiers.js';
import type { OtherDevice } from './other-device.js';
import type { TokenFaults } from './token-faults.js';

/** What a page can have done to a user, to see what its session makes of it. */
export type ControlAction =
  | 'cut-network'
  | 'restore-network'
  | 'expire-token'
  | 'kick'
  | 'login-elsewhere'
  | 'tokens-down'
  | 'tokens-up'
  | 'deny-tokens'
  | 'allow-tokens';

/** What the controls act on. */
export interface Controlled {
  readonly emulator: SignalingEmulator;
  readonly otherDevice: OtherDevice;
  readonly faults: TokenFaults;
}

type Act = (controlled: Controlled, userId: string, channelName?: string) => void | Promise<void>;

const ACTIONS: Readonly<Record<ControlAction, Act>> = {
  'cut-network': ({ emulator }, userId) => emulator.setNetwork(userId, false),
  'restore-network': ({ emulator }, userId) => emulator.setNetwork(userId, true),
  'expire-token': ({ emulator }, userId, channelName) => emulator.expireToken(userId, channelName),
  kick: ({ emulator }, userId) => emulator.kick(userId),
  'login-elsewhere': ({ otherDevice }, userId) => otherDevice.login(userId),
  'tokens-down': ({ faults }, userId) => faults.setDown(userId, true),
  'tokens-up': ({ faults }, userId) => faults.setDown(userId, false),
  'deny-tokens': ({ faults }, userId) => faults.setDenied(userId, true),
  'allow-tokens': ({ faults }, userId) => faults.setDenied(userId, false),
};

const BODY_TIMEOUT_MS = 10_000;

/**
 * Answers `POST { action, userId, channelName? }` with 204 when it is done.
 *
 * @throws RequestRefusedError 400, 405 or 415.
 */
export async function answerControl(request: Request, controlled: Controlled): Promise<Response> {
  if (request.method !== 'POST')
    throw new RequestRefusedError(405, 'METHOD_NOT_ALLOWED', 'Controls are used with POST.');
  if (!isJson(request.headers)) {
    throw new RequestRefusedError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
  }
  const { act, userId, channelName } = readControl(await readJson(request, BODY_TIMEOUT_MS));
  await act(controlled, userId, channelName);
  return done();
}

/** The answer to what has no more to say. */
export function done(): Response {
  return new Response(null, { status: 204, headers: NEVER_STORED });
}

function readControl(body: unknown): { act: Act; userId: string; channelName?: string } {
  if (typeof body !== 'object' || body === null) throw invalid('The body is not a JSON object.');
  const action = own(body, 'action');
  if (!isAction(action)) throw invalid(`action must be one of ${Object.keys(ACTIONS).join(', ')}.`);
  const userId = own(body, 'userId');
  if (!isSignalingName(userId)) throw invalid('userId is not a user ID.');
  const channelName = own(body, 'channelName');
  if (channelName === undefined) return { act: ACTIONS[action], userId };
  if (!isSignalingName(channelName)) throw invalid('channelName is not a channel name.');
  return { act: ACTIONS[action], userId, channelName };
}

function isAction(value: unknown): value is ControlAction {
  return typeof value === 'string' && Object.hasOwn(ACTIONS, value);
}

function invalid(message: string): RequestRefusedError {
  return new RequestRefusedError(400, 'INVALID_REQUEST', message);
}
