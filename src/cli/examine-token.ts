import type { AccessToken } from '../server/index.js';
import { PRIVILEGES, type ServiceName } from '../server/index.js';
import { RTM2_PERMISSIONS, RTM2_RESOURCE_TYPES, serviceEndsAt } from '../server/parts.js';
import type { ResourcePermission } from '../token/access-token-content.js';
import { rowOf, SIGNALING } from '../token/targets.js';
import { MAX_LIFE_SECONDS } from '../token/wire-format.js';

/** Something about a token that will disappoint whoever uses it. */
export interface TokenWarning {
  readonly code:
    | 'LAPSED'
    | 'ISSUED_IN_FUTURE'
    | 'ABSOLUTE_TIMESTAMP'
    | 'OVER_24_HOURS'
    | 'SHORT_PRIVILEGE'
    | 'NO_RTM_SERVICE'
    | 'NO_RTC_SERVICE'
    | 'WRONG_CHANNEL'
    | 'WRONG_USER'
    | 'UNKNOWN_SERVICE';
  readonly message: string;
}

/** A service of a token, with names in the place of numbers. */
export interface ExaminedService {
  readonly service: ServiceName;
  /** Seconds from the issue, by name; 0 lasts as long as the token. */
  readonly privileges: Readonly<Record<string, number>>;
  /** The service's own fields, such as `userId` and `channelName`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const FIRST_TIMESTAMP = 946_684_800; // the year 2000: no life is that long
const CLOCK_TOLERANCE_SECONDS = 60;

/** The services of a token, with names in the place of numbers. */
export function examineServices(token: AccessToken): ExaminedService[] {
  return token.services.map(({ type: _, name, privileges, ...fields }) => ({
    service: name,
    privileges: namedPrivileges(name, privileges),
    fields: 'permissions' in fields ? { ...fields, permissions: fields.permissions.map(namedPermission) } : fields,
  }));
}

/** What a token is to be good for; what is not given is not looked at. */
export interface Expected {
  readonly userId?: string | undefined;
  /** The stream channel that it is to join. Not given, it is to log in to Signaling. */
  readonly channelName?: string | undefined;
}

/** What is wrong with a token, at this time (unix seconds) and for what is expected of it; a session refuses it for the same reasons. */
export function warningsAbout(token: AccessToken, now: number, expected: Expected = {}): TokenWarning[] {
  return [...aboutTime(token, now), ...aboutPrivileges(token), ...aboutServices(token, now, expected)];
}

function* aboutTime({ issuedAt, expiresAt, expiresInSeconds }: AccessToken, now: number): Generator<TokenWarning> {
  if (now >= expiresAt) yield { code: 'LAPSED', message: 'It has lapsed.' };
  if (issuedAt > now + CLOCK_TOLERANCE_SECONDS) {
    yield { code: 'ISSUED_IN_FUTURE', message: 'It was issued in the future: one of the two clocks is wrong.' };
  }
  if (expiresInSeconds >= FIRST_TIMESTAMP) {
    const mistake = 'the server passed the time of the end instead of the seconds until it';
    yield { code: 'ABSOLUTE_TIMESTAMP', message: `It claims to live for decades: ${mistake}.` };
  } else if (expiresInSeconds > MAX_LIFE_SECONDS) {
    yield { code: 'OVER_24_HOURS', message: 'It claims to live for more than the 24 hours that Agora honours.' };
  }
}

function* aboutPrivileges(token: AccessToken): Generator<TokenWarning> {
  for (const { service, privileges } of examineServices(token)) {
    for (const [privilege, seconds] of Object.entries(privileges)) {
      if (seconds === 0 || seconds >= token.expiresInSeconds) continue;
      const lives = `lives ${seconds} s, the token ${token.expiresInSeconds} s`;
      yield { code: 'SHORT_PRIVILEGE', message: `The privilege ${privilege} of ${service} ${lives}.` };
    }
  }
}

/** Only those services count that are of the kind that is needed: one token may be for a login, and for a call of another user. */
function* aboutServices(token: AccessToken, now: number, { userId, channelName }: Expected): Generator<TokenWarning> {
  const { services, unknownServices } = token;
  const row = rowOf(channelName === undefined ? SIGNALING : { kind: 'stream', channelName });
  const ofKind = services.filter(({ name }) => row.services.includes(name));
  const entered = ofKind.filter((service) => service.privileges.has(1));
  if (unknownServices.length > 0) {
    yield { code: 'UNKNOWN_SERVICE', message: 'It has services of types that are not known here.' };
  } else if (entered.length === 0) {
    yield noService(ofKind.length > 0, channelName);
  }
  if (entered.length === 0) return void (yield* aboutUsers(services, userId));
  const ofUser = entered.filter(
    (service) => userId === undefined || ('userId' in service && row.users(userId).includes(service.userId)),
  );
  if (ofUser.length === 0) return void (yield* aboutUsers(entered, userId));
  if (channelName !== undefined) yield* aboutChannel(ofUser, channelName);
  const ends = ofUser.map((service) => serviceEndsAt(token, service) ?? token.expiresAt);
  if (now < token.expiresAt && now >= Math.min(...ends)) {
    yield { code: 'LAPSED', message: 'What it is needed for has lapsed, although the token itself has not.' };
  }
}

function noService(isThere: boolean, channelName: string | undefined): TokenWarning {
  const [code, what, why] =
    channelName === undefined
      ? (['NO_RTM_SERVICE', 'RTM service', 'it cannot log in to Signaling'] as const)
      : (['NO_RTC_SERVICE', 'RTC service', 'it cannot join a channel'] as const);
  return { code, message: `It has no ${what}${isThere ? ' with the right to that' : ''}: ${why}.` };
}

function* aboutChannel(services: AccessToken['services'], channelName: string): Generator<TokenWarning> {
  const channels = services.flatMap((service) => ('channelName' in service ? [service.channelName] : []));
  // "*" is for every channel.
  if (channels.includes(channelName) || channels.includes('*')) return;
  yield { code: 'WRONG_CHANNEL', message: `It is for the channel ${channels.join(' and ')}, not for ${channelName}.` };
}

function* aboutUsers(services: AccessToken['services'], userId: string | undefined): Generator<TokenWarning> {
  if (userId === undefined) return;
  for (const service of services) {
    // Chat has users of its own, and an RTC token without a user is good for any.
    if (!('userId' in service) || service.name === 'chat' || service.userId === userId) continue;
    if (service.name === 'rtc' && service.userId === '') continue;
    const whose = service.userId === '' ? 'nobody' : service.userId;
    yield { code: 'WRONG_USER', message: `Its ${service.name} service is for ${whose}, not for ${userId}.` };
  }
}

function namedPrivileges(service: ServiceName, privileges: ReadonlyMap<number, number>): Record<string, number> {
  const numbers: Readonly<Record<string, number>> = PRIVILEGES[service];
  const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]));
  return Object.fromEntries([...privileges].map(([number, seconds]) => [names.get(number) ?? String(number), seconds]));
}

function namedPermission({ resourceType, permission, resources }: ResourcePermission): object {
  const type = RTM2_RESOURCE_TYPES[resourceType] ?? resourceType;
  return { [`${RTM2_PERMISSIONS[permission] ?? permission} ${type}`]: resources };
}
