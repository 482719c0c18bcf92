// Stands in for `agora-session/server` on runtimes without the modules of Node that sign and compress tokens.

/** Some bundlers look for each imported name before anything runs; without these they would say no more than that it is missing. */
const absent: undefined = undefined;

export {
  absent as AccessTokenError,
  absent as AgoraServerError,
  absent as allowAnyone,
  absent as buildAccessToken,
  absent as buildRtcToken,
  absent as buildRtmToken,
  absent as createTokenHandler,
  absent as InvalidArgumentError,
  absent as memoryLimiter,
  absent as PRIVILEGES,
  absent as parseAccessToken,
  absent as SERVICE_TYPES,
  absent as RequestRefusedError,
  absent as TokenRequestError,
  absent as toNodeListener,
  absent as translateTokens,
  absent as verifyAccessToken,
};

throw new Error(
  'agora-session/server needs node:crypto and node:zlib, which this runtime lacks. It runs on Node, Bun, Deno and Cloudflare Workers ' +
    "(with nodejs_compat); a route of Next.js says so with: export const runtime = 'nodejs'.",
);
