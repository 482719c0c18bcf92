import { isSignalingName } from '../token/identifiers.js';
import { own } from './read-token-ask.js';
import { readJson } from './request-body.js';
import type { Issue } from './token-issuer.js';
import { TokenRequestError } from './token-request-error.js';

/** The routes of the servers in Agora's guides to token authentication. */
export type GuideRoute = 'fetch_rtm_token' | 'fetch_rtc_token';

const WRONG_PARAMETERS = 'Bad request. Please check your params.';
const MAX_UID = 0xffff_ffff;
const PUBLISHER = 1;
const SUBSCRIBER = 2;

/** Which of the guide's routes a request is for, if any, wherever the handler is mounted. */
export function guideRouteOf(request: Request): GuideRoute | null {
  const last = new URL(request.url).pathname.split('/').at(-1);
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
  request: Request,
  issue: Issue,
  bodyTimeoutMs: number,
): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 200 });
  if (request.method !== 'POST') return new Response('Unsupported method. Please check.\n', { status: 404 });
  const body = await readGuideBody(request, bodyTimeoutMs);
  const userId = route === 'fetch_rtm_token' ? own(body, 'uid') : rtcUserId(own(body, 'uid'));
  if (!isSignalingName(userId)) throw badRequest(WRONG_PARAMETERS);
  const token =
    route === 'fetch_rtm_token' ? await rtmToken(request, issue, userId) : await rtcToken(request, issue, userId, body);
  return guideResponse(200, token);
}

/** The guide's form of an answer: the status again as a string, and for an error its text in the place of the token. */
export function guideResponse(status: number, token: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ token, code: String(status) }, { status, headers });
}

async function readGuideBody(request: Request, timeoutMs: number): Promise<object> {
  const body = await readJson(request, timeoutMs).catch((error: unknown) => {
    throw error instanceof TokenRequestError && error.code === 'INVALID_JSON' ? badRequest('Bad request.') : error;
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest(WRONG_PARAMETERS);
  return body;
}

async function rtmToken(request: Request, issue: Issue, userId: string): Promise<string> {
  const issued = await issue(request, { userId, signaling: true, channels: [] });
  return tokenFor(userId, issued.userId, issued.signaling);
}

async function rtcToken(request: Request, issue: Issue, userId: string, body: object): Promise<string> {
  const channelName = own(body, 'channelName') ?? own(body, 'ChannelName');
  const role = own(body, 'role') ?? PUBLISHER;
  if (!isSignalingName(channelName) || (role !== PUBLISHER && role !== SUBSCRIBER)) throw badRequest(WRONG_PARAMETERS);
  const asked = { userId, signaling: false, channels: [channelName] };
  const issued = await issue(request, asked, { joinOnly: role === SUBSCRIBER });
  return tokenFor(userId, issued.userId, issued.channels[channelName]);
}

function tokenFor(askedFor: string, userId: string, issued: object | undefined): string {
  if (askedFor !== userId) throw new TokenRequestError(403, 'FORBIDDEN', 'Forbidden. The uid is not yours.');
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
