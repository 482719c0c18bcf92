import type { IncomingMessage, RequestListener } from 'node:http';
import type { Clock } from '../environment/clock.js';
import { type FetchHandler, toNodeListener } from '../server/index.js';
import { own } from '../server/parts.js';
import { PATHS } from './paths.js';

/** How one request was answered. It holds no token, and of the address only the path. */
export interface RequestReport {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Why it was refused; null for all else. */
  readonly code: string | null;
  /** The page's origin, where the request names one. */
  readonly origin: string | null;
  /** Who got tokens; null where nobody did. */
  readonly userId: string | null;
  /** What there were tokens for: `signaling`, and the names of channels. */
  readonly granted: readonly string[];
  /** What was asked for and refused singly. */
  readonly refused: readonly string[];
  readonly tookMs: number;
}

/** Told of every request that was answered. */
export type TellRequest = (report: RequestReport) => void;

/** Turns a handler into a listener that tells of its answers. */
export function reportingListener(handler: FetchHandler, clock: Clock, tell: TellRequest | undefined): RequestListener {
  if (!tell) return toNodeListener(handler);
  return toNodeListener(async (request) => {
    const began = clock.now();
    const response = await handler(request);
    const { method, url, headers } = request;
    const { status } = response;
    const said = whatWasSaid(await jsonOf(response));
    const { pathname: path } = new URL(url);
    tell({ method, path, status, origin: headers.get('origin'), ...said, tookMs: clock.now() - began });
    return response;
  });
}

/** Tells of a WebSocket that was asked for: 101 or 403. */
export function reportUpgrade(request: IncomingMessage, accepted: boolean, tell: TellRequest | undefined): void {
  const { method = 'GET', headers } = request;
  tell?.({
    method,
    path: PATHS.signaling,
    status: accepted ? 101 : 403,
    origin: headers.origin ?? null,
    ...whatWasSaid(accepted ? null : { error: { code: 'FOREIGN_ORIGIN' } }),
    tookMs: 0,
  });
}

type Said = Pick<RequestReport, 'code' | 'userId' | 'granted' | 'refused'>;

/** What an answer says besides its tokens. Those of the guide's routes say no more than a token. */
function whatWasSaid(answer: unknown): Said {
  if (typeof answer !== 'object' || answer === null) return { code: null, userId: null, granted: [], refused: [] };
  const userId = own(answer, 'userId');
  const items = [['signaling', own(answer, 'signaling')], ...Object.entries(Object(own(answer, 'channels')))];
  const given = items.filter(([, item]) => Object.hasOwn(Object(item), 'token'));
  const refused = items.filter(([, item]) => Object.hasOwn(Object(item), 'error'));
  const code = own(Object(own(answer, 'error')), 'code');
  return {
    code: typeof code === 'string' ? code : null,
    userId: typeof userId === 'string' ? userId : null,
    granted: given.map(([name]) => String(name)),
    refused: refused.map(([name]) => String(name)),
  };
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return null;
  return response.clone().json();
}
