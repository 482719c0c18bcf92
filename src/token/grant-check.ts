import { type AccessTokenInfo, type AccessTokenService, describeTokenStart } from './access-token-content.js';
import { bareToken } from './bare-token.js';
import { kindOf } from './kind-of.js';
import { canReadAccessTokens, readAccessToken } from './read-access-token.js';
import { MAX_LIFE_MS } from './refresh-schedule.js';
import { wordsIn } from './server-words.js';
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
const UNREADABLE_LIFE_MS = 600_000;

/** What is wrong with a token, as the end of a sentence; `TOKEN_INVALID` where no code is given. */
interface Problem {
  readonly code?: TokenErrorCode;
  readonly problem: string;
}

type GoodToken = Omit<GrantVerdict & { ok: true }, 'ok'>;

const LAPSED: Problem = { code: 'TOKEN_LAPSED', problem: 'has lapsed already.' };

/**
 * Checks one grant before the SDK sees it. The SDK itself notices little: a token for another user or for the wrong service makes a
 * login fail without a reason or time out, and the identical token is swallowed as if it renewed something.
 */
export async function checkGrant(
  grant: TokenGrant | TokenRefusal | undefined,
  expected: GrantExpectation,
): Promise<GrantVerdict> {
  const subject = wordsOf(expected.target);
  // Some languages write null for what is not there.
  const { error, token, expiresIn } = Object(grant) as Record<keyof (TokenGrant & TokenRefusal), unknown>;
  if (error) return { ok: false, failure: denial(error, subject) };
  if (token === undefined) {
    const kind = kindOf(grant);
    const got = !grant || kind.startsWith('{') ? '' : `; it has a ${kind} where { token } was expected`;
    return unusable(`The answer has no token for ${subject}${got}.`);
  }
  const checked = await checkToken(token, expiresIn ?? undefined, expected);
  if ('problem' in checked) return unusable(`The token for ${subject} ${checked.problem}`, checked.code);
  return { ok: true, ...checked };
}

function unusable(message: string, code: TokenErrorCode = 'TOKEN_INVALID'): GrantVerdict {
  return { ok: false, failure: { code, kind: 'unusable', message } };
}

async function checkToken(sent: unknown, expiresIn: unknown, expected: GrantExpectation): Promise<GoodToken | Problem> {
  const bare = bareToken(sent);
  if ('problem' in bare) return bare;
  const { token, padded } = bare;
  if (expiresIn !== undefined) {
    if (typeof expiresIn !== 'number' || !Number.isFinite(expiresIn)) {
      return { problem: `has an \`expiresIn\` of type ${kindOf(expiresIn)} that is no number of seconds.` };
    }
    if (expiresIn <= 0) return LAPSED;
  }
  const again = repetition(token, expected);
  if (again) return { code: 'TOKEN_UNCHANGED', problem: again };
  const warning = whyUnread(token);
  if (warning) return { token, lifeMs: Math.min(secondsAsMs(expiresIn) ?? UNREADABLE_LIFE_MS, MAX_LIFE_MS), warning };
  const read = await readAccessToken(token, padded).catch((error: unknown) => error as Error);
  if (read instanceof Error) return { problem: `is damaged: ${withoutSecrets(read.message)}` };
  const mismatch = findMismatch(read, expected);
  return mismatch ? { code: 'TOKEN_MISMATCH', problem: mismatch } : judgeLife(token, read, expiresIn, expected);
}

/** The certificate is not the matter where a refused token comes again: that is one which was pasted, or which a cache keeps. */
function repetition(token: string, { previous, refused = [] }: GrantExpectation): string | null {
  if (refused.includes(token)) {
    const start = isReadable(token) ? '' : `, which begins with ${describeTokenStart(token)} and not with "007"`;
    return `is the one again that Signaling has refused${start}; is it made anew for every request?`;
  }
  return previous.includes(token) ? 'is the same again, which renews nothing.' : null;
}

/** Why a token is passed on unchecked, or null. */
function whyUnread(token: string): string | null {
  if (!isReadable(token)) {
    return `A token begins with ${describeTokenStart(token)} and not with "007"; it is passed on unchecked.`;
  }
  if (canReadAccessTokens()) return null;
  return 'Without DecompressionStream tokens are passed on unchecked; one that is refused may be for another user, app or service.';
}

function isReadable(token: string): boolean {
  return token.startsWith('007');
}

function judgeLife(
  token: string,
  info: AccessTokenInfo,
  expiresIn: number | undefined,
  { target, sentAt, servedAt }: GrantExpectation,
): GoodToken | Problem {
  const ownLifeMs = 1000 * ownLife(info, target);
  // Whose clock tells how old a cached token is? The server's where it can be read; else ours, which may only make us ask earlier.
  const ageMs = (servedAt ?? sentAt) - 1000 * info.issuedAt;
  const hasLapsed = ageMs >= ownLifeMs;
  if (servedAt !== null && hasLapsed) return LAPSED;
  const clockTrusted = servedAt !== null || expiresIn === undefined;
  const leftMs = clockTrusted && !hasLapsed ? ownLifeMs - Math.max(0, ageMs) : ownLifeMs;
  const lifeMs = Math.min(leftMs, MAX_LIFE_MS, secondsAsMs(expiresIn) ?? MAX_LIFE_MS);
  return { token, lifeMs, warning: warn(ownLifeMs, hasLapsed && clockTrusted) };
}

function secondsAsMs(seconds: number | undefined): number | undefined {
  return seconds && seconds * 1000;
}

/** No warning names the target: what is the matter with one token is so with all of a token server, and is said once. */
function warn(ownLifeMs: number, lapsedByOurClock: boolean): string | null {
  if (ownLifeMs > MAX_LIFE_MS) {
    const absolute = ownLifeMs > 1e12 ? ': is it a point in time where seconds from now are meant?' : '.';
    return `The token server's token claims ${Math.round(ownLifeMs / MAX_LIFE_MS)} days, and Agora honours 24 hours at most${absolute}`;
  }
  return lapsedByOurClock ? "By this device's clock, which may be wrong, a token that has just come has lapsed." : null;
}

/** Says in half a sentence why a token does not fit, naming both sides, or null when it does. */
function findMismatch(info: AccessTokenInfo, { target, appId, userId }: GrantExpectation): string | null {
  const row = rowOf(target);
  const differ = (what: string, has: string | undefined, wanted: string): string =>
    `is for another ${what} (${has}); this session's is ${wanted}.`;
  if (info.appId !== appId) {
    // The SDK compares app IDs letter by letter, and so does this.
    const sameLetters = info.appId.toLowerCase() === appId.toLowerCase();
    return differ('app ID', info.appId, sameLetters ? `${appId}: letter case counts` : appId);
  }
  const services = servicesFor(info, target);
  // A service of a type that is not known here may be the one.
  if (services.length === 0) return info.unknownServices.length > 0 ? null : wrongService(info, row.lacks);
  const users = row.users(userId);
  const forUser = services.filter((service) => users.includes(fieldOf(service, 'userId')));
  if (forUser.length === 0) return differ('user', fieldOf(services[0], 'userId'), `"${userId}"`);
  const channels = row.channels(target);
  const names = forUser.map((service) => fieldOf(service, 'channelName'));
  return !channels || names.some((name) => channels.includes(name)) ? null : `is for another channel (${names[0]}).`;
}

function wrongService(info: AccessTokenInfo, lacks: string): string {
  const names = info.services.map(({ name, privileges }) =>
    privileges.has(1) ? name : `${name} without its first right`,
  );
  return `has ${lacks}: it has ${names.join(' and ') || 'no service at all'}.`;
}

/** Those of a token's services that are good for a target, whoever and whichever channel they are for. */
function servicesFor({ services }: AccessTokenInfo, target: TokenTarget): AccessTokenService[] {
  return services.filter(({ name, privileges }) => rowOf(target).services.includes(name) && privileges.has(1));
}

function fieldOf(service: AccessTokenService | undefined, field: 'userId' | 'channelName'): string {
  return (service as Partial<Record<typeof field, string>> | undefined)?.[field] ?? '';
}

/** Seconds of life: the least of the token's and its privilege's; a privilege of 0 lasts as long as the token. */
function ownLife(info: AccessTokenInfo, target: TokenTarget): number {
  const lives = servicesFor(info, target).map(({ privileges }) => privileges.get(1) || info.expiresInSeconds);
  return Math.min(info.expiresInSeconds, ...lives);
}

/** What the server says may hold anything: it is its own. */
function denial(refusal: unknown, subject: string): TokenFailure {
  const { code, status } = Object(refusal) as Partial<Record<keyof TokenRefusal['error'], unknown>>;
  const known = typeof code === 'number' ? code : typeof code === 'string' && withoutSecrets(code);
  const told = [known, wordsIn(refusal).text].filter((word) => word || word === 0).join(': ');
  return {
    code: 'TOKEN_DENIED',
    kind: 'denied',
    message: `The token server refused the token for ${subject}${told && ` (${withoutSecrets(told)})`}.`,
    cause: {
      name: 'TokenRefusal',
      ...(typeof status === 'number' && { status }),
      ...(known !== false && { code: known }),
    },
  };
}
