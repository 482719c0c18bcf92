import type { AccessTokenService } from '../../token/access-token-content.js';
import type { AccessToken } from './access-token.js';

/** In these services privilege 1 lets the user in, and without it the others are of no use. */
const ENTRY_PRIVILEGE = 1;
const ENTERED: readonly string[] = ['rtc', 'rtm', 'rtm2', 'fpa'];

/**
 * When a service of a token ends, unix seconds: with the privilege that lets its user in, else with the last of its privileges, and with the
 * token at the latest. Null where it lets nobody in at all.
 */
export function serviceEndsAt({ issuedAt, expiresAt }: AccessToken, service: AccessTokenService): number | null {
  const entry = service.privileges.get(ENTRY_PRIVILEGE);
  const lives = ENTERED.includes(service.name) ? [entry ?? []].flat() : [...service.privileges.values()];
  if (lives.length === 0) return null;
  const ends = lives.map((seconds) => (seconds === 0 ? expiresAt : issuedAt + seconds));
  return Math.min(expiresAt, Math.max(...ends));
}

/** When a token is of no use any more, unix seconds: with the last of its services, where they say. */
export function tokenEndsAt(token: AccessToken): number {
  const ends = token.services.map((service) => serviceEndsAt(token, service)).filter((end) => end !== null);
  const saysAll = ends.length > 0 && token.unknownServices.length === 0;
  return saysAll ? Math.max(...ends) : token.expiresAt;
}
