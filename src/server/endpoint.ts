import type { AllowsOrigin } from './cors.js';

/** A request as the token endpoint reads it, whichever runtime it came in on. */
export interface EndpointRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Pick<Headers, 'get'>;
  /** Whether the caller has gone: what is decided now is for nobody. */
  readonly gone: boolean;
  /** The address that the connection comes from, where the runtime tells it. */
  readonly address: string | undefined;
  /**
   * Reads the whole body.
   *
   * @throws RequestRefusedError 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 400 `INVALID_JSON` where it breaks off.
   */
  readBody(timeoutMs: number): Promise<Uint8Array>;
  /** The request as an object of the Fetch API, for the functions of the app. */
  asRequest(): Request;
}

/** An answer before it is put into the objects of a runtime. */
export interface EndpointAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The token endpoint, without a runtime. */
export type Endpoint = (request: EndpointRequest) => Promise<EndpointAnswer>;

/** What answers a request, in the shape that runtimes with `fetch` agree on. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** What a handler is, apart from its runtime. */
export interface Behind {
  readonly endpoint: Endpoint;
  /** Which other origins may ask. */
  readonly allowsOrigin: AllowsOrigin;
}

const handlers = new WeakMap<FetchHandler, Behind>();

/** Remembers what is behind a handler: `toNodeListener` then answers without the objects of Fetch, which cost more than a token. */
export function rememberBehind(handler: FetchHandler, behind: Behind): FetchHandler {
  handlers.set(handler, behind);
  return handler;
}

/** What is behind a handler, if it is one of ours. */
export function behind(handler: FetchHandler): Behind | undefined {
  return handlers.get(handler);
}

/** What every answer carries: tokens are kept nowhere on their way, and taken for nothing else. */
export const NEVER_STORED: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
const JSON_HEADERS = { 'content-type': 'application/json', ...NEVER_STORED };

/** An answer of JSON. */
export function jsonAnswer(
  status: number,
  content: unknown,
  headers?: Readonly<Record<string, string>>,
): EndpointAnswer {
  return { status, headers: headers ? { ...headers, ...JSON_HEADERS } : JSON_HEADERS, body: JSON.stringify(content) };
}
