// Stands in for `agora-session/server` on runtimes without the modules of Node that sign and compress tokens.
throw new Error(
  'agora-session/server needs node:crypto and node:zlib, which this runtime lacks. It runs on Node, Bun, Deno and Cloudflare Workers ' +
    "(with nodejs_compat); a route of Next.js says so with: export const runtime = 'nodejs'.",
);

export {};
