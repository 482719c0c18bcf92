import { type AccessToken, AccessTokenError, parseAccessToken } from '../../server/index.js';
import { own } from '../../server/parts.js';
import { kindOf } from '../../token/kind-of.js';
import { durationText } from '../duration.js';
import { type TokenWarning, warningsAbout } from '../examine-token.js';
import { undress } from '../undress.js';
import type { Answer, Question } from './ask.js';
import { type Finding, finding } from './finding.js';
import { singleRefusal } from './refusal-finding.js';

/** What the answer is held against, besides the question itself. */
export interface Expectation {
  /** The page's app ID; null where it was not said. */
  readonly appId: string | null;
  /** Whether the user of the question is to be the tokens' user; else the server may know better. */
  readonly userMatters: boolean;
}

/** A token that came, for the summary and for the comparison with the next one. */
export interface Given {
  /** "signaling", or the name of a channel. */
  readonly name: string;
  readonly token: string;
  readonly expiresInSeconds: number;
  readonly issuedAt: number;
}

/** What is wrong with the tokens of an answer, and those that can be read. */
export interface Examined {
  readonly findings: readonly Finding[];
  readonly given: readonly Given[];
}

const SHORT_LIFE_SECONDS = 600;
/** An answer may be this much later than the token in it was made. */
const LIFE_TOLERANCE_SECONDS = 5;

/** Looks at each token that was asked for. */
export async function examineTokens(
  { json, answeredAt }: Answer,
  question: Question,
  expectation: Expectation,
): Promise<Examined> {
  const answer: object = Object(json);
  const found: Finding[] = [];
  const given: Given[] = [];
  if (own(answer, 'signaling') === undefined && own(answer, 'channels') === undefined) {
    return { findings: [noTokens(answer)], given };
  }
  const answered = own(answer, 'userId') ?? undefined;
  const userId = expectation.userMatters ? question.userId : await userIn(answer, answered, question);
  if (answered !== undefined && answered !== userId) {
    const whom =
      typeof answered === 'string' ? JSON.stringify(answered.slice(0, 64)) : `a user of type ${kindOf(answered)}`;
    found.push(finding('WRONG_USER', `The answer is for ${whom}, not for ${userId}.`));
  }
  const channels: object = Object(own(answer, 'channels'));
  const items = [
    { name: 'signaling', what: 'the login', item: own(answer, 'signaling'), channelName: undefined },
    ...question.channelNames.map((channelName) => {
      return { name: channelName, what: `the channel ${channelName}`, item: own(channels, channelName), channelName };
    }),
  ];
  for (const { name, what, item, channelName } of items) {
    const token = await tokenIn(item, what);
    if ('severity' in token) {
      found.push(token);
      continue;
    }
    given.push({ name, ...token, issuedAt: token.read.issuedAt, expiresInSeconds: token.read.expiresInSeconds });
    const warnings = warningsAbout(token.read, Math.floor(answeredAt / 1000), { userId, channelName });
    found.push(...aboutToken(token.read, warnings, what, expectation), ...aboutLife(token.read, item, what));
  }
  return { findings: found, given };
}

/** Whether a second answer has the tokens of the first. */
export function* examineRepetition(first: readonly Given[], second: readonly Given[]): Generator<Finding> {
  const same = second.filter(({ token }) => first.some((earlier) => earlier.token === token));
  if (same.length === 0) return;
  const names = same.map(({ name }) => name).join(', ');
  yield finding(
    'SAME_TOKEN',
    `The same token came twice for ${names}: it comes from a cache, on the way or in the server.`,
  );
}

/** Where it does not matter whom the tokens are for, they are for whoever the answer says, or the login's token. */
async function userIn(answer: object, answered: unknown, { userId }: Question): Promise<string> {
  if (answered !== undefined) return typeof answered === 'string' ? answered : userId;
  const token = await tokenIn(own(answer, 'signaling'), '');
  const services = 'read' in token ? token.read.services : [];
  return (
    services.flatMap((service) => (service.name === 'rtm' || service.name === 'rtm2' ? service.userId : []))[0] ||
    userId
  );
}

/** An answer without what was asked for: of another kind of server, perhaps. */
function noTokens(answer: object): Finding {
  const fields = Object.keys(answer)
    .filter((name) => /^\w{1,30}$/.test(name))
    .slice(0, 8);
  const others = fields.filter((name) => /token|key/i.test(name));
  const got = fields.length > 0 ? `, but ${fields.join(', ')}` : '';
  const code = others.length > 0 ? 'OTHER_FORMAT' : 'NO_TOKEN';
  return finding(code, `The answer has neither signaling nor channels${got}.`);
}

async function tokenIn(
  item: unknown,
  what: string,
): Promise<Finding | { readonly token: string; readonly read: AccessToken }> {
  const fields: object = Object(item);
  const error = own(fields, 'error');
  // Some languages write null for what is not there.
  if (error) return singleRefusal(what, error);
  const bare = await undress(own(fields, 'token'));
  if ('problem' in bare)
    return finding(bare.damaged ? 'MALFORMED_TOKEN' : 'NO_TOKEN', `The token for ${what} ${bare.problem}.`);
  try {
    return { token: bare.token, read: parseAccessToken(bare.token) };
  } catch (thrown) {
    if (!(thrown instanceof AccessTokenError)) throw thrown;
    return finding('MALFORMED_TOKEN', `The token for ${what} cannot be read: ${thrown.message}`);
  }
}

function* aboutToken(
  { appId }: AccessToken,
  warnings: readonly TokenWarning[],
  what: string,
  expectation: Expectation,
): Generator<Finding> {
  const { appId: wanted } = expectation;
  if (wanted !== null && appId !== wanted) {
    const letterCase = appId.toLowerCase() === wanted.toLowerCase() ? ': letter case counts' : '';
    yield finding('WRONG_APP', `The token for ${what} is for the app ${appId}, not for ${wanted}${letterCase}.`);
  }
  for (const { code, message } of warnings) {
    // That is said of the clocks, which are looked at by themselves.
    if (code !== 'ISSUED_IN_FUTURE') yield finding(code, `The token for ${what}: ${message}`);
  }
}

function* aboutLife({ expiresInSeconds }: AccessToken, item: unknown, what: string): Generator<Finding> {
  if (expiresInSeconds < SHORT_LIFE_SECONDS) {
    yield finding('SHORT_LIFE', `The token for ${what} lives ${durationText(expiresInSeconds)}.`);
  }
  const said = own(Object(item), 'expiresIn') ?? undefined;
  if (said === undefined) return;
  if (typeof said !== 'number' || !Number.isFinite(said)) {
    yield finding('NO_LIFE', `expiresIn of ${what} is of type ${kindOf(said)}, and no number of seconds.`);
  } else if (said <= 0) {
    yield finding('LAPSED', `expiresIn of ${what} says ${said} s: that it has lapsed already.`);
  } else if (Math.abs(said - expiresInSeconds) > LIFE_TOLERANCE_SECONDS) {
    yield finding('WRONG_LIFE', `expiresIn of ${what} says ${said} s, the token itself ${expiresInSeconds} s.`);
  }
}
