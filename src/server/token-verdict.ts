import type { RtcRole } from './access-token/build-signaling-tokens.js';
import { ROLE_PRIVILEGES } from './access-token/build-signaling-tokens.js';
import { checkLifeSeconds, checkSignalingName } from './access-token/check-arguments.js';
import { InvalidArgumentError } from './access-token/errors.js';
import { privilegeLives } from './access-token/privilege-lives.js';
import { type Privileges, STREAM_CHANNEL_PRIVILEGES } from './access-token/services.js';

/** A channel that a caller may join, and what they may do there. */
export interface ChannelVerdict {
  readonly channelName: string;
  /** Default: neither role, but what a Signaling stream channel needs: `joinChannel` and `publishDataStream`. */
  readonly role?: RtcRole;
  /** Takes the place of the role where given. No privilege may live longer than the token. */
  readonly privileges?: Privileges<'rtc'>;
}

/** Who the caller is and what they get. What was asked for and is not listed here is refused singly, with the code `FORBIDDEN`. */
export interface TokenVerdict {
  /** The user that the tokens are for, whatever the request says. */
  readonly userId: string;
  /** Whether they may log in. Default: as asked. */
  readonly signaling?: boolean;
  /** The channels that they may join, each once. Default: none. `asked.channels` grants what was asked. */
  readonly channels?: readonly (string | ChannelVerdict)[];
  /** The tokens' life, 1 to 86 400 seconds. Default: the handler's. */
  readonly expiresInSeconds?: number;
}

/** A verdict that has been looked through. */
export interface CheckedVerdict {
  readonly userId: string;
  readonly signaling: boolean;
  readonly channels: ReadonlyMap<string, Privileges<'rtc'>>;
  readonly expiresInSeconds: number;
}

const NO_CHANNELS: CheckedVerdict['channels'] = new Map();

/**
 * Looks a verdict through before anything is made of it.
 *
 * @param defaultLifeSeconds the tokens' life where the verdict does not say.
 * @throws InvalidArgumentError when `authorize` has answered something that is no verdict: a mistake in the backend.
 */
export function checkVerdict(verdict: TokenVerdict, defaultLifeSeconds: number): CheckedVerdict {
  if (typeof verdict !== 'object') throw new InvalidArgumentError('authorize', 'must answer a verdict or null.');
  const { userId, signaling = true, channels = [], expiresInSeconds = defaultLifeSeconds } = verdict;
  checkSignalingName('verdict.userId', userId);
  if (typeof signaling !== 'boolean') throw new InvalidArgumentError('verdict.signaling', 'must be true or false.');
  checkLifeSeconds('verdict.expiresInSeconds', expiresInSeconds);
  if (!Array.isArray(channels)) throw new InvalidArgumentError('verdict.channels', 'must be a list.');
  return {
    userId,
    signaling,
    channels: channelsOf(channels, expiresInSeconds),
    expiresInSeconds,
  };
}

function channelsOf(channels: readonly (string | ChannelVerdict)[], lifeSeconds: number): CheckedVerdict['channels'] {
  if (channels.length === 0) return NO_CHANNELS;
  const entries = new Map(Array.from(channels, (channel, index) => channelEntry(channel, index, lifeSeconds)));
  if (entries.size < channels.length) {
    throw new InvalidArgumentError('verdict.channels', 'names a channel twice: which of the two counts?');
  }
  return entries;
}

function channelEntry(
  channel: string | ChannelVerdict,
  index: number,
  lifeSeconds: number,
): [string, Privileges<'rtc'>] {
  if (typeof channel === 'string') return [channel, STREAM_CHANNEL_PRIVILEGES];
  const argument = `verdict.channels[${index}]`;
  if (typeof channel !== 'object' || channel === null) {
    throw new InvalidArgumentError(argument, 'must be a name, or an object with a channelName.');
  }
  const { channelName, role, privileges } = channel;
  if (typeof channelName !== 'string') throw new InvalidArgumentError(`${argument}.channelName`, 'must be a text.');
  if (role !== undefined && !Object.hasOwn(ROLE_PRIVILEGES, role)) {
    throw new InvalidArgumentError(`${argument}.role`, 'must be "publisher" or "subscriber".');
  }
  if (privileges !== undefined) checkPrivileges(`${argument}.privileges`, privileges, lifeSeconds);
  return [channelName, privileges ?? (role ? ROLE_PRIVILEGES[role] : STREAM_CHANNEL_PRIVILEGES)];
}

function checkPrivileges(argument: string, privileges: Privileges<'rtc'>, lifeSeconds: number): void {
  const lives = privilegeLives(argument, 'rtc', privileges, lifeSeconds);
  if ([...lives.values()].some((seconds) => seconds > lifeSeconds)) {
    throw new InvalidArgumentError(argument, `has a privilege that outlives its token of ${lifeSeconds} s.`);
  }
}
