import { isSignalingName } from '../token/identifiers.js';
import { type EndpointAnswer, type EndpointRequest, jsonAnswer, NEVER_STORED } from './endpoint.js';
import { own } from './read-token-ask.js';
import { parseJson } from './request-body.js';
import type { Issue } from './token-issuer.js';
import { TokenRequestError } from './token-request-error.js';

/** The routes of the servers in Agora's guides to token authentication. */
export type GuideRoute = 'fetch_rtm_token' | 'fetch_rtc_token';

const WRONG_PARAMETERS = 'Bad request. Please check your params.';
const MAX_UID = 0xffff_ffff;
const PUBLISHER = 1;
const SUBSCRIBER = 2;
const PLAIN_TEXT = { 'content-type': 'text/plain;charset=UTF-8', ...NEVER_STORED };

/** Which of the guide's routes a request is for, if any, wherever the handler is mounted. */
export function guideRouteOf({ url }: EndpointRequest): GuideRoute | null {
  const last = new URL(url).pathname.split('/').at(-1);
  return last === 'fetch_rtm_token' || last === 'fetch_rtc_token' ? last : null;
}

/**
 * Answers as the guide's server does: `{ token, code: "200" }`. The wildcards that the original accepts (an empty user ID, uid 0) are
 * refused, and a caller gets no token for somebody else.
 *
 * @throws TokenRequestError with a text that the guide's clients show.
 */
export async function answerGuideRoute(
  route: GuideRoute,
  request: EndpointRequest,
  issue: Issue,
  bodyTimeoutMs: number,
): Promise<EndpointAnswer> {
  if (request.method === 'OPTIONS') return { status: 200, headers: NEVER_STORED, body: null };
  if (request.method !== 'POST')
    return { status: 404, headers: PLAIN_TEXT, body: 'Unsupported method. Please check.\n' };
  const body = await readGuideBody(request, bodyTimeoutMs);
  const userId = route === 'fetch_rtm_token' ? own(body, 'uid') : rtcUserId(own(body, 'uid'));
  if (!isSignalingName(userId)) throw badRequest(WRONG_PARAMETERS);
  const token =
    route === 'fetch_rtm_token' ? await rtmToken(request, issue, userId) : await rtcToken(request, issue, userId, body);
  return guideAnswer(200, token);
}

/** The guide's form of an answer: the status again as a string, and for an error its text in the place of the token. */
export function guideAnswer(status: number, token: string, headers?: Readonly<Record<string, string>>): EndpointAnswer {
  return jsonAnswer(status, { token, code: String(status) }, headers);
}

async function readGuideBody(request: EndpointRequest, timeoutMs: number): Promise<object> {
  const read = request.readBody(timeoutMs).then(parseJson);
  const body = await read.catch((error: unknown) => {
    throw error instanceof TokenRequestError && error.code === 'INVALID_JSON' ? badRequest('Bad request.') : error;
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest(WRONG_PARAMETERS);
  return body;
}

async function rtmToken(request: EndpointRequest, issue: Issue, userId: string): Promise<string> {
  const issued = await issue(request, { userId, signaling: true, channels: [] }, { onlyForAsked: true });
  return tokenFrom(issued.signaling);
}

async function rtcToken(request: EndpointRequest, issue: Issue, userId: string, body: object): Promise<string> {
  const channelName = own(body, 'channelName') ?? own(body, 'ChannelName');
  const role = own(body, 'role') ?? PUBLISHER;
  if (!isSignalingName(channelName) || (role !== PUBLISHER && role !== SUBSCRIBER)) throw badRequest(WRONG_PARAMETERS);
  const asked = { userId, signaling: false, channels: [channelName] };
  const issued = await issue(request, asked, { joinOnly: role === SUBSCRIBER, onlyForAsked: true });
  return tokenFrom(issued.channels[channelName]);
}

function tokenFrom(issued: object | undefined): string {
  if (issued && 'token' in issued && typeof issued.token === 'string') return issued.token;
  throw new TokenRequestError(403, 'FORBIDDEN', 'Forbidden.');
}

/** The guide's clients send a number; Signaling's user IDs are strings. 0 would make a token that is good for anybody. */
function rtcUserId(uid: unknown): unknown {
  return typeof uid === 'number' && Number.isInteger(uid) && uid > 0 && uid <= MAX_UID ? String(uid) : uid;
}

function badRequest(message: string): TokenRequestError {
  return new TokenRequestError(400, 'INVALID_REQUEST', message);
}
