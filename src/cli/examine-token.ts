import type { AccessToken } from '../server/index.js';
import { PRIVILEGES, type ServiceName } from '../server/index.js';
import { RTM2_PERMISSIONS, RTM2_RESOURCE_TYPES } from '../server/parts.js';
import type { ResourcePermission } from '../token/access-token-content.js';
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

/** What is wrong with a token, at this time (unix seconds) and for what is expected of it. */
export function warningsAbout(token: AccessToken, now: number, { userId, channelName }: Expected = {}): TokenWarning[] {
  return [
    ...aboutTime(token, now),
    ...aboutPrivileges(token),
    ...aboutServices(token, channelName),
    ...(userId === undefined ? [] : aboutUser(token, userId)),
  ];
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

function* aboutServices({ services, unknownServices }: AccessToken, channelName?: string): Generator<TokenWarning> {
  if (unknownServices.length > 0) {
    yield { code: 'UNKNOWN_SERVICE', message: 'It has services of types that are not known here.' };
  } else if (channelName !== undefined) {
    yield* aboutChannel(services, channelName);
  } else if (!services.some(({ name }) => name === 'rtm' || name === 'rtm2')) {
    yield { code: 'NO_RTM_SERVICE', message: 'It has no RTM service: it cannot log in to Signaling.' };
  }
}

function* aboutChannel(services: AccessToken['services'], channelName: string): Generator<TokenWarning> {
  const channels = services.flatMap((service) => (service.name === 'rtc' ? [service.channelName] : []));
  if (channels.length === 0) {
    yield { code: 'NO_RTC_SERVICE', message: 'It has no RTC service: it cannot join a channel.' };
  } else if (!channels.includes(channelName)) {
    yield {
      code: 'WRONG_CHANNEL',
      message: `It is for the channel ${channels.join(' and ')}, not for ${channelName}.`,
    };
  }
}

function* aboutUser({ services }: AccessToken, userId: string): Generator<TokenWarning> {
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
