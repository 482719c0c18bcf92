import { isSignalingName } from '../token/identifiers.js';
import { GUIDE_ROLES, GUIDE_ROUTES, MAX_UID } from '../token/wire-format.js';
import { type EndpointAnswer, type EndpointRequest, jsonAnswer, NEVER_STORED } from './endpoint.js';
import { own } from './read-token-ask.js';
import type { Refusal } from './refusal.js';
import { parseJson } from './request-body.js';
import type { RequestFormat } from './request-format.js';
import { isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';

/** A route of the guide's servers. */
export type GuideRoute = (typeof GUIDE_ROUTES)[keyof typeof GUIDE_ROUTES];

const WRONG_PARAMETERS = 'Bad request. Please check your params.';
const PLAIN_TEXT = { 'content-type': 'text/plain;charset=UTF-8', ...NEVER_STORED };

/** What a preflight is answered with. */
export const GUIDE_PREFLIGHT: EndpointAnswer = { status: 200, headers: NEVER_STORED, body: null };

/** Which of the guide's routes a request is for, if any, wherever the handler is mounted. */
export function guideRouteOf({ url }: EndpointRequest): GuideRoute | null {
  const last = new URL(url).pathname.split('/').findLast((segment) => segment !== ''); // some routers put a "/" behind
  return Object.values(GUIDE_ROUTES).find((route) => route === last) ?? null;
}

/**
 * Asks and answers as the guide's server does: `{ token, code: "200" }`, for an error with the status in the code and its text in the place
 * of the token. The wildcards that the original accepts (an empty user ID, uid 0) are refused, and a caller gets no token for somebody else.
 */
export const GUIDE_FORMATS: Readonly<Record<GuideRoute, RequestFormat>> = {
  [GUIDE_ROUTES.login]: {
    async read(request, bodyTimeoutMs) {
      const userId = own(await readGuideBody(request, bodyTimeoutMs), 'uid');
      if (!isSignalingName(userId)) throw badRequest(WRONG_PARAMETERS);
      return { asked: { userId, signaling: true, channels: [] }, limits: { onlyForAsked: true } };
    },
    granted: ({ signaling }) => guideAnswer(200, tokenFrom(signaling)),
    refused,
  },
  [GUIDE_ROUTES.channel]: {
    async read(request, bodyTimeoutMs) {
      const { publisher, subscriber } = GUIDE_ROLES;
      const body = await readGuideBody(request, bodyTimeoutMs);
      const userId = rtcUserId(own(body, 'uid'));
      const channelName = own(body, 'channelName') ?? own(body, 'ChannelName');
      const role = own(body, 'role') ?? publisher;
      if (!isSignalingName(userId) || !isSignalingName(channelName) || (role !== publisher && role !== subscriber)) {
        throw badRequest(WRONG_PARAMETERS);
      }
      const limits = { joinOnly: role === subscriber, onlyForAsked: true };
      return { asked: { userId, signaling: false, channels: [channelName] }, limits };
    },
    granted: ({ channels }) => guideAnswer(200, tokenFrom(Object.values(channels)[0])),
    refused,
  },
};

function refused({ status, code, message, headers }: Refusal): EndpointAnswer {
  if (code === 'METHOD_NOT_ALLOWED') return { status: 404, headers: PLAIN_TEXT, body: message };
  return guideAnswer(status, message, headers);
}

function guideAnswer(status: number, token: string, headers?: Readonly<Record<string, string>>): EndpointAnswer {
  return jsonAnswer(status, { token, code: String(status) }, headers);
}

async function readGuideBody(request: EndpointRequest, timeoutMs: number): Promise<object> {
  if (request.method !== 'POST') {
    throw new RequestRefusedError(405, 'METHOD_NOT_ALLOWED', 'Unsupported method. Please check.\n');
  }
  const read = request.readBody(timeoutMs).then(parseJson);
  const body = await read.catch((error: unknown) => {
    throw isRequestRefusedError(error) && error.code === 'INVALID_JSON' ? badRequest('Bad request.') : error;
  });
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest(WRONG_PARAMETERS);
  return body;
}

function tokenFrom(issued: object | undefined): string {
  if (issued && 'token' in issued && typeof issued.token === 'string') return issued.token;
  throw new RequestRefusedError(403, 'FORBIDDEN', 'Forbidden.');
}

/** The guide's clients send a number; Signaling's user IDs are strings. 0 would make a token that is good for anybody. */
function rtcUserId(uid: unknown): unknown {
  return typeof uid === 'number' && Number.isInteger(uid) && uid > 0 && uid <= MAX_UID ? String(uid) : uid;
}

function badRequest(message: string): RequestRefusedError {
  return new RequestRefusedError(400, 'INVALID_REQUEST', message);
}
