import type { TokenAsk } from '../token/wire-format.js';
import type { DecisionEvent } from './decision-event.js';
import type { Limiter } from './rate-limiter.js';
import type { TokenVerdict } from './token-verdict.js';
import type { UnrecognisedOptions } from './unrecognised.js';

/**
 * Says who the caller is and what they get, from their session, cookie or bearer token. Null: not recognised (401).
 * The request's body has been read: `asked` is what it said. A library that copies requests, as with `new Request(request)`, is given
 * `new Request(request.url, { headers: request.headers })`.
 * A thrown {@link RequestRefusedError} is answered as it says. So is a thrown `Response`, by its status, and what helpers of web
 * frameworks throw in its place (http-errors, Hono, NestJS, SvelteKit, H3, Next.js); a redirect is a 401. A sign-in that is expired, forged
 * or none is a 401, too, where a library says so by throwing (jsonwebtoken, jose, fast-jwt, Firebase Admin, Passport, tRPC, and those of Auth0,
 * AWS, Clerk, Google, Hono, Okta and Supabase); `onDecision` is told; without it and `onError` the first that a wrong key would refuse, too, is written to the console. Anything else thrown, such as that keys could not be fetched, is a 500 that tells the caller nothing.
 * The request's signal aborts when the caller goes away.
 */
export type Authorize = (request: Request, asked: TokenAsk) => TokenVerdict | null | Promise<TokenVerdict | null>;

/** What `createTokenHandler` needs. */
export interface TokenHandlerOptions {
  /** The project's app ID: 32 hexadecimal digits. */
  readonly appId: string;
  /** The project's certificate, or a function that gives the current one, called for each request: for a secret store, or a rotation. */
  readonly appCertificate: string | (() => string | Promise<string>);
  /** The life of the tokens, 1 to 86 400 seconds, unless the verdict says otherwise. Default: 3600. */
  readonly expiresInSeconds?: number;
  /** Who the caller is. Development passes {@link allowAnyone}. */
  readonly authorize: Authorize;
  /** Which other origins' pages may ask. Default: none, since endpoint and page usually share an origin. */
  readonly cors?: CorsOptions;
  /** Whether paths ending in `/fetch_rtm_token` and `/fetch_rtc_token` answer as the server in Agora's guide. Default: false. */
  readonly guideRoutes?: boolean | GuideRouteOptions;
  /** How often a user may ask; called with the user ID of the verdict. Default: no limit. See {@link memoryLimiter}. */
  readonly limit?: Limiter;
  /** How often somebody may ask whom `authorize` does not recognise. Default: no limit. */
  readonly limitUnrecognised?: UnrecognisedOptions;
  /** Told of every answer that contains tokens, before it is sent. If it throws, the tokens are not given out. */
  readonly onIssued?: (event: IssuedEvent) => void | Promise<void>;
  /** Told how every request ended, for metrics: granted, refused with why, limited, failed or abandoned. Never contains a token. */
  readonly onDecision?: (event: DecisionEvent) => void | Promise<void>;
  /**
   * Told what was behind each answer that is the server's own failure (500 `INTERNAL`, 503 `DECISION_TIMEOUT`). Default: its stack is
   * written to the console, without secrets and what else it carries.
   */
  readonly onError?: (error: unknown) => void | Promise<void>;
  /** Milliseconds in which a request's body must have arrived (408 after that). 1 to 600 000. Default: 10 000. */
  readonly bodyTimeoutMs?: number;
  /**
   * Milliseconds that the functions of the app may take for one request, all together, from when it has arrived. After that it is
   * answered with 503 and `Retry-After`, and what comes later is dropped. 1 to 600 000. Default: 10 000.
   */
  readonly decisionTimeoutMs?: number;
  /** The time, in milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number;
}

/** Access from other origins. */
export interface CorsOptions {
  /**
   * The origins, as in `https://app.example.com`. `*` is refused, whole or in part: an endpoint that knows its callers names them. Where
   * they change, as those of preview deployments do, a function answers whether an origin is one: look at the whole text, beginning and end.
   */
  readonly origins: readonly string[] | ((origin: string) => boolean);
}

/** How the guide's routes answer. */
export interface GuideRouteOptions {
  /**
   * Their clients ask in a way that needs no preflight, so that by default pages of other origins are refused (403 `FOREIGN_ORIGIN`).
   *
   * Whether pages of any origin may ask, as with the guide's server. For development with a throw-away certificate only: refused with
   * `NODE_ENV=production`. Default: false, the routes follow `cors`.
   */
  readonly anyOrigin?: boolean;
}

/** What was given out, for an audit log. It never contains a token. */
export interface IssuedEvent {
  readonly userId: string;
  readonly services: readonly IssuedService[];
  /** Unix seconds. */
  readonly issuedAt: number;
}

/** A login token, or the token of one channel. A channel token is good for as long as its shortest privilege. */
export type IssuedService =
  | { readonly service: 'rtm'; readonly expiresInSeconds: number }
  | { readonly service: 'rtc'; readonly channelName: string; readonly expiresInSeconds: number };
