import { encodeAccessToken, type TokenOptions } from './build-access-token.js';
import { checkObject } from './check-arguments.js';
import { InvalidArgumentError } from './errors.js';
import type { Privileges } from './services.js';

/** What {@link buildRtmToken} needs. */
export interface RtmTokenOptions extends TokenOptions {
  /** The user that may log in with the token, and nobody else: 1 to 64 characters that the SDK accepts. */
  readonly userId: string;
}

/**
 * Builds the token for `login`: one RTM service, as Agora's `RtmTokenBuilder.buildToken` does.
 *
 * @throws InvalidArgumentError naming the argument that cannot be right.
 */
export function buildRtmToken(options: RtmTokenOptions): string {
  checkObject('options', options, 'appId, appCertificate, expiresInSeconds and userId');
  return encodeAccessToken(options, [{ grant: { service: 'rtm', userId: options.userId }, prefix: '' }]);
}

/** What a user may do in an RTC channel. `publisher`: join, and publish audio, video and data. `subscriber`: join. */
export type RtcRole = 'publisher' | 'subscriber';

/** What {@link buildRtcToken} needs. */
export interface RtcTokenOptions extends TokenOptions {
  readonly channelName: string;
  /** A user account; or an RTC uid as a number below 2^32, where 0 makes a token that any user may use. */
  readonly userId: string | number;
  /** Default: `publisher`, as in Agora's builder. */
  readonly role?: RtcRole;
  /** Takes the place of the role where given. A Signaling stream channel needs `['joinChannel', 'publishDataStream']`. */
  readonly privileges?: Privileges<'rtc'>;
}

/** The privileges that make up each role. */
export const ROLE_PRIVILEGES: Readonly<Record<RtcRole, Privileges<'rtc'>>> = {
  publisher: ['joinChannel', 'publishAudio', 'publishVideo', 'publishDataStream'],
  subscriber: ['joinChannel'],
};

/**
 * Builds the token for one RTC channel, or for joining the Signaling stream channel of that name.
 *
 * @throws InvalidArgumentError naming the argument that cannot be right.
 */
export function buildRtcToken(options: RtcTokenOptions): string {
  checkObject('options', options, 'appId, appCertificate, expiresInSeconds, channelName and userId');
  const { channelName, userId, role = 'publisher' } = options;
  if (!Object.hasOwn(ROLE_PRIVILEGES, role)) {
    throw new InvalidArgumentError('role', 'must be "publisher" or "subscriber".');
  }
  const privileges = options.privileges ?? ROLE_PRIVILEGES[role];
  return encodeAccessToken(options, [{ grant: { service: 'rtc', channelName, userId, privileges }, prefix: '' }]);
}
