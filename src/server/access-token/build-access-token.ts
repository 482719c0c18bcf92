import { Buffer } from 'node:buffer';
import { randomInt } from 'node:crypto';
import { checkHex32, checkObject } from './check-arguments.js';
import { InvalidArgumentError } from './errors.js';
import { packContent } from './pack-content.js';
import { SERVICE_TYPES, type ServiceGrant } from './services.js';
import { secretOfThisSecond, signAccessToken } from './sign-access-token.js';
import { type NamedGrant, SIGNATURE_AT, SIGNED_FROM, writeContent } from './write-content.js';

/** What every token needs. */
export interface TokenOptions {
  /** The project's app ID: 32 hexadecimal digits. */
  readonly appId: string;
  /** The project's certificate: 32 hexadecimal digits. Keep it on the server; no error repeats it. */
  readonly appCertificate: string;
  /** Seconds from the issue until the token lapses: a whole number from 1 to 86 400, the longest that Agora honours. */
  readonly expiresInSeconds: number;
  /** When the token counts as issued, in whole unix seconds. Default: now. */
  readonly issuedAt?: number;
  /** Makes two tokens of the same second differ, 1 to 99 999 999. Default: drawn at random. */
  readonly salt?: number;
}

/** The longest token that agora-rtc-sdk-ng takes. */
const MAX_RTC_TOKEN_CHARACTERS = 2047;

/**
 * Builds an AccessToken2 ("007") for any mix of services, in the format of the builders that Agora publishes.
 * Services are ordered by type; those of one type stay in the order given.
 *
 * @throws InvalidArgumentError naming the argument that cannot be right.
 */
export function buildAccessToken(options: TokenOptions & { readonly services: readonly ServiceGrant[] }): string {
  checkObject('options', options, 'appId, appCertificate, expiresInSeconds and services');
  if (!Array.isArray(options.services) || options.services.length === 0) {
    throw new InvalidArgumentError('services', 'must list at least one service.');
  }
  const named = options.services.map((grant: ServiceGrant, index) => ({ grant, prefix: `services[${index}].` }));
  for (const { grant, prefix } of named) {
    if (Object.hasOwn(SERVICE_TYPES, grant?.service)) continue;
    throw new InvalidArgumentError(`${prefix}service`, `must be one of ${Object.keys(SERVICE_TYPES).join(', ')}.`);
  }
  return encodeAccessToken(options, named.sort(byType));
}

/** Checks, writes, signs and packs. The grants come in ascending order of type. */
export function encodeAccessToken(options: TokenOptions, grants: readonly NamedGrant[]): string {
  const { appId, appCertificate, expiresInSeconds, issuedAt = unixNow(), salt = randomInt(1, 100_000_000) } = options;
  checkHex32('appId', appId);
  checkHex32('appCertificate', appCertificate);
  const content = writeContent({ appId, expiresInSeconds, issuedAt, salt }, grants, Buffer.allocUnsafe);
  const secret = secretOfThisSecond(appCertificate, issuedAt);
  content.set(signAccessToken(content.subarray(SIGNED_FROM), secret, salt), SIGNATURE_AT);
  return demandUsable(`007${packContent(content)}`, grants);
}

/** A token for a channel goes through RTC's SDK, which takes no longer one. */
function demandUsable(token: string, grants: readonly NamedGrant[]): string {
  if (token.length <= MAX_RTC_TOKEN_CHARACTERS || !grants.some(({ grant }) => grant.service === 'rtc')) return token;
  throw new InvalidArgumentError(
    'services',
    `make a token of ${token.length} characters, and RTC's SDK takes ${MAX_RTC_TOKEN_CHARACTERS}: make one for each channel.`,
  );
}

function byType(left: NamedGrant, right: NamedGrant): number {
  return SERVICE_TYPES[left.grant.service] - SERVICE_TYPES[right.grant.service];
}

function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}
