import { type AccessTokenInfo, type AccessTokenService, describeTokenStart } from './access-token-content.js';
import { bareToken } from './bare-token.js';
import { canReadAccessTokens, readAccessToken } from './read-access-token.js';
import { MAX_LIFE_MS } from './refresh-schedule.js';
import { rowOf, wordsOf } from './targets.js';
import type { TokenErrorCode, TokenFailure } from './token-failure.js';
import type { TokenGrant, TokenRefusal, TokenTarget } from './token-source.js';
import { withoutSecrets } from './without-secrets.js';

/** Against what a grant is checked before the SDK sees its token. */
export interface GrantExpectation {
  readonly target: TokenTarget;
  readonly appId: string;
  readonly userId: string;
  /** The tokens in use or found useless; getting one of them again is no renewal. */
  readonly previous: readonly (string | null)[];
  /** Those of them that Signaling refused. Default: none. */
  readonly refused?: readonly (string | null)[];
  /** Our wall clock when the request was sent, milliseconds. */
  readonly sentAt: number;
  /** The server's clock when it answered, milliseconds; null where it cannot be read. */
  readonly servedAt: number | null;
}

/** The outcome of a check: a token with the life to count from the sending of its request, or why it is of no use. */
export type GrantVerdict =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number; readonly warning: string | null }
  | { readonly ok: false; readonly failure: TokenFailure };

/** Life of a token that cannot be read and came without `expiresIn`: short, and never "for ever". */
export const UNREADABLE_LIFE_MS = 600_000;

/**
 * Checks one grant before the SDK sees it. The SDK itself notices little: a token for another user or for the wrong service makes a
 * login fail without a reason or time out, and the identical token is swallowed as if it renewed something.
 */
export async function checkGrant(
  grant: TokenGrant | TokenRefusal | undefined,
  expected: GrantExpectation,
): Promise<GrantVerdict> {
  const subject = wordsOf(expected.target);
  if (typeof grant !== 'object' || grant === null) {
    const got =
      grant === undefined
        ? ''
        : `; it has ${grant === null ? 'null' : `a ${typeof grant}`} where { token } was expected`;
    return unusable('TOKEN_INVALID', `The answer has no token for ${subject}${got}.`);
  }
  if ('error' in grant && grant.error) return denied(grant, subject);
  if (!('token' in grant)) return unusable('TOKEN_INVALID', `The answer has no token for ${subject}.`);
  const bare = bareToken(grant.token);
  if ('problem' in bare) return unusable('TOKEN_INVALID', `The token for ${subject} ${bare.problem}.`);
  const { expiresIn } = grant; // it may be a getter of the app's, which a spread would lose
  return checkToken({ token: bare.token, ...(expiresIn === undefined ? {} : { expiresIn }) }, expected, subject);
}

async function checkToken(grant: TokenGrant, expected: GrantExpectation, subject: string): Promise<GrantVerdict> {
  const { token, expiresIn } = grant;
  if (expiresIn !== undefined && !Number.isFinite(expiresIn)) {
    const got = expiresIn === null ? 'null' : typeof expiresIn;
    return unusable('TOKEN_INVALID', `\`expiresIn\` for ${subject} must be a number of seconds, got ${got}.`);
  }
  if (expiresIn !== undefined && expiresIn <= 0) return lapsed(subject);
  if (expected.refused?.includes(token)) return unusable('TOKEN_UNCHANGED', refusedBefore(token, subject));
  if (expected.previous.includes(token)) {
    return unusable(
      'TOKEN_UNCHANGED',
      `The token server gave the same token for ${subject} again, which renews nothing.`,
    );
  }
  if (!token.startsWith('007') || !canReadAccessTokens()) return unread(token, expiresIn);
  const read = await readAccessToken(token).catch((error: unknown) => error as Error);
  if (read instanceof Error) {
    return unusable('TOKEN_INVALID', `The token for ${subject} is damaged: ${withoutSecrets(read.message)}`);
  }
  return judge(read, grant, expected);
}

/** The certificate is not the matter where the same token comes again and again: that is one which was pasted, or which a cache keeps. */
function refusedBefore(token: string, subject: string): string {
  const kind = token.startsWith('007')
    ? ''
    : `; it begins with ${describeTokenStart(token)}, and Signaling takes tokens that begin with "007"`;
  return `The token server gave the token for ${subject} again that Signaling has refused${kind}. Is it made anew for every request?`;
}

function judge(info: AccessTokenInfo, { token, expiresIn }: TokenGrant, expected: GrantExpectation): GrantVerdict {
  const subject = wordsOf(expected.target);
  const mismatch = findMismatch(info, expected);
  if (mismatch) return unusable('TOKEN_MISMATCH', `The token for ${subject} ${mismatch}`);
  const ownLifeMs = ownLife(info, expected.target) * 1000;
  const issuedAt = info.issuedAt * 1000;
  if (expected.servedAt !== null && issuedAt + ownLifeMs <= expected.servedAt) return lapsed(subject);
  const lives = [ownLifeMs, MAX_LIFE_MS];
  if (expiresIn !== undefined) lives.push(expiresIn * 1000);
  // Whose clock tells how old a cached token is? The server's where it can be read; else ours, which may only make us ask earlier.
  const age = (expected.servedAt ?? expected.sentAt) - issuedAt;
  const clockTrusted = expected.servedAt !== null || expiresIn === undefined;
  if (clockTrusted && age > 0 && age < ownLifeMs) lives.push(ownLifeMs - age);
  return { ok: true, token, lifeMs: Math.min(...lives), warning: warn(ownLifeMs, age, expiresIn) };
}

/** No warning names the target: what is the matter with one token is so with all of a token server, and is said once. */
function warn(ownLifeMs: number, ageMs: number, expiresIn: number | undefined): string | null {
  if (ownLifeMs > MAX_LIFE_MS) {
    const absolute = ownLifeMs > 1e12 ? ' Its life looks like a point in time where seconds from now are meant.' : '';
    return `The token server's token claims ${Math.round(ownLifeMs / MAX_LIFE_MS)} days; Agora honours 24 hours at most.${absolute}`;
  }
  if (expiresIn === undefined && ageMs >= ownLifeMs) {
    return "By this device's clock a token that has just come has lapsed already; the clock may be wrong, so it is used all the same.";
  }
  return null;
}

/** Says in half a sentence why a token does not fit, naming both sides, or null when it does. */
export function findMismatch(
  info: AccessTokenInfo,
  expected: Pick<GrantExpectation, 'target' | 'appId' | 'userId'>,
): string | null {
  const { target, appId, userId } = expected;
  const row = rowOf(target);
  if (info.appId !== appId) return wrongApp(info.appId, appId);
  const services = servicesFor(info, target);
  // A service of a type that is not known here may be the one.
  if (services.length === 0) return info.unknownServices.length > 0 ? null : wrongService(info, row.lacks);
  const users = row.users(userId);
  const forUser = services.filter((service) => users.includes(userOf(service)));
  if (forUser.length === 0) return `is for another user (${userOf(services[0])}); this session's is "${userId}".`;
  const channels = row.channels(target);
  const names = forUser.map((service) => ('channelName' in service ? service.channelName : ''));
  return !channels || names.some((name) => channels.includes(name)) ? null : `is for another channel (${names[0]}).`;
}

/** The SDK compares app IDs letter by letter, and so does this. */
function wrongApp(named: string, appId: string): string {
  const why = named.toLowerCase() === appId.toLowerCase() ? '; they differ in letter case, which counts' : '';
  return `is for another app ID (${named}); this session's is ${appId}${why}.`;
}

function wrongService(info: AccessTokenInfo, lacks: string): string {
  const names = info.services.map(({ name, privileges }) =>
    privileges.has(1) ? name : `${name} without its first right`,
  );
  return `has ${lacks}: it has ${names.join(' and ') || 'no service at all'}.`;
}

/** Those of a token's services that are good for a target, whoever and whichever channel they are for. */
function servicesFor(info: AccessTokenInfo, target: TokenTarget): AccessTokenService[] {
  return info.services.filter(({ name, privileges }) => rowOf(target).services.includes(name) && privileges.has(1));
}

function userOf(service: AccessTokenService | undefined): string {
  return service && 'userId' in service ? service.userId : '';
}

/** Seconds of life: the least of the token's and its privilege's; a privilege of 0 lasts as long as the token. */
function ownLife(info: AccessTokenInfo, target: TokenTarget): number {
  const privileges = servicesFor(info, target).map((service) => service.privileges.get(1) ?? 0);
  return Math.min(info.expiresInSeconds, ...privileges.filter((seconds) => seconds > 0));
}

function unread(token: string, expiresIn: number | undefined): GrantVerdict {
  const lifeMs = expiresIn === undefined ? UNREADABLE_LIFE_MS : Math.min(expiresIn * 1000, MAX_LIFE_MS);
  const why = token.startsWith('007')
    ? 'This browser has no DecompressionStream: tokens are passed on unchecked, and a refusal by Signaling may mean that one is for another user, app or service.'
    : `A token does not begin with "007", but with ${describeTokenStart(token)}; it cannot be read and is passed on unchecked.`;
  return { ok: true, token, lifeMs, warning: why };
}

function denied({ error }: TokenRefusal, subject: string): GrantVerdict {
  const { code, message, status } = Object(error) as Partial<TokenRefusal['error']>;
  const words = [code, message].filter((word) => typeof word === 'string' && word !== '').join(': ');
  return {
    ok: false,
    failure: {
      code: 'TOKEN_DENIED',
      kind: 'denied',
      message: `The token server refused the token for ${subject}${words ? ` (${withoutSecrets(words)})` : ''}.`,
      cause: {
        name: 'TokenRefusal',
        ...(typeof status === 'number' ? { status } : {}),
        ...(typeof code === 'string' ? { code: withoutSecrets(code) } : {}),
      },
    },
  };
}

function lapsed(subject: string): GrantVerdict {
  return unusable('TOKEN_LAPSED', `The token server gave a token for ${subject} that has lapsed already.`);
}

function unusable(code: TokenErrorCode, message: string): GrantVerdict {
  return { ok: false, failure: { code, kind: 'unusable', message } };
}
