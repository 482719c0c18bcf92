import type { AccessToken } from '../../server/access-token/access-token.js';
import { AccessTokenError } from '../../server/access-token/errors.js';
import type { AccessTokenService } from '../../token/access-token-content.js';
import type { Project, SignedProject } from '../project/project.js';
import { verifyToken } from '../project/verify-token.js';
import { Refusal } from './refusal.js';

const PRIVILEGE = 1;
const ANY_CHANNEL = '*';
const ANY_USER = '';
const MAX_LIFE_SECONDS = 86_400;

/**
 * Checks a login token: an RTM or RTM2 service of this user with the login privilege.
 *
 * @returns when the login ends, epoch milliseconds; null where tokens are not checked
 * @throws Refusal with the SDK's error code
 */
export function checkLoginToken(project: Project, token: string, userId: string, nowMs: number): number | null {
  return checkToken(project, token, nowMs, (service) => {
    return (service.name === 'rtm' || service.name === 'rtm2') && service.userId === userId;
  });
}

/** Checks a stream channel's token: an RTC service of this channel and user with the privilege to join. */
export function checkStreamToken(
  project: Project,
  token: string,
  channelName: string,
  userId: string,
  nowMs: number,
): number | null {
  return checkToken(project, token, nowMs, (service) => {
    if (service.name !== 'rtc') return false;
    const channelFits = service.channelName === channelName || service.channelName === ANY_CHANNEL;
    return channelFits && (service.userId === userId || service.userId === ANY_USER);
  });
}

function checkToken(
  { appId, appCertificate }: Project,
  token: string,
  nowMs: number,
  fits: (service: AccessTokenService) => boolean,
): number | null {
  if (appCertificate === null) return null;
  const info = verified(token, { appId, appCertificate }, Math.floor(nowMs / 1000));
  const ends = info.services
    .filter((service) => fits(service) && service.privileges.has(PRIVILEGE))
    .map((service) => service.privileges.get(PRIVILEGE) || MAX_LIFE_SECONDS);
  if (ends.length === 0) throw new Refusal(-10005);
  const lifeSeconds = Math.min(info.expiresInSeconds, MAX_LIFE_SECONDS, Math.max(...ends));
  const expiresAt = (info.issuedAt + lifeSeconds) * 1000;
  if (expiresAt <= nowMs) throw new Refusal(-10009);
  return expiresAt;
}

function verified(token: string, project: SignedProject, now: number): AccessToken {
  try {
    return verifyToken(token, project, now);
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error;
    if (error.code === 'EXPIRED') throw new Refusal(-10009);
    if (error.code === 'WRONG_APP') throw new Refusal(-10016);
    throw new Refusal(-10005);
  }
}
