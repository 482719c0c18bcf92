import type { Project, ProjectFile } from './project-files.js';

/** A framework for which a token endpoint can be written. */
export interface Framework {
  /** As `--framework` takes it. */
  readonly name: string;
  /** The package by which it is known. */
  readonly dependency: string;
  /** The token endpoint, or what stands for it. */
  route(project: Project): ProjectFile;
  /** What is left to do by hand: `kept` is a file that was there already. */
  next(project: Project, route: ProjectFile, kept: boolean): readonly string[];
}

const PATH = '/api/agora/tokens';
const WITH_ENV = 'Load .env where you start the server: node --env-file=.env …';

const SIGN_IN = `// allowAnyone believes whoever asks, and is refused with NODE_ENV=production. Put your own sign-in in its place:
//   authorize: async (request, asked) => {
//     const user = await userOf(request); // your cookie or bearer token
//     return user && { userId: user.id, channels: asked.channels };
//   },
`;

/** The handler's options, each line this far in, with where the framework keeps variables. */
function options(indent: string, variables = 'process.env'): string {
  const lines = [
    `appId: ${variables}.AGORA_APP_ID ?? '',`,
    `appCertificate: ${variables}.AGORA_APP_CERTIFICATE ?? '',`,
    'authorize: allowAnyone,',
  ];
  return lines.map((line) => `${indent}${line}\n`).join('');
}

const next: Framework = {
  name: 'next',
  dependency: 'next',
  route(project) {
    const folder = project.has('src/app') || (project.has('src') && !project.has('app')) ? 'src/app' : 'app';
    const types = project.typescript
      ? { request: ': Request', response: ': Promise<Response>' }
      : { request: '', response: '' };
    return {
      path: `${folder}${PATH}/route.${project.typescript ? 'ts' : 'js'}`,
      text: `import { allowAnyone, createTokenHandler } from 'agora-session/server';

${SIGN_IN}
// The handler is made for each request: Next.js loads routes while it builds, and there may be no certificate then.
export function POST(request${types.request})${types.response} {
  const tokens = createTokenHandler({
${options('    ')}  });
  return tokens(request);
}

// With the option cors the handler answers preflights, too.
export const OPTIONS = POST;
`,
    };
  },
  next: () => [],
};

const sveltekit: Framework = {
  name: 'sveltekit',
  dependency: '@sveltejs/kit',
  route({ typescript }) {
    const typed = typescript ? ': RequestHandler' : '';
    return {
      path: `src/routes${PATH}/+server.${typescript ? 'ts' : 'js'}`,
      text: `import { env } from '$env/dynamic/private';
import { allowAnyone, createTokenHandler } from 'agora-session/server';
${typescript ? "import type { RequestHandler } from './$types';\n" : ''}
${SIGN_IN}
// The handler is made for each request: SvelteKit loads routes while it builds, and there may be no certificate then.
${typescript ? '' : "/** @type {import('./$types').RequestHandler} */\n"}export const POST${typed} = ({ request }) => {
  const tokens = createTokenHandler({
${options('    ', 'env')}  });
  return tokens(request);
};

// With the option cors the handler answers preflights, too.
export const OPTIONS = POST;
`,
    };
  },
  next: () => [
    'For a local Signaling in development add to vite.config, before sveltekit(): agoraSession() of agora-session/vite.',
    'SvelteKit reads .env in development alone; start what adapter-node built with: node --env-file=.env build',
  ],
};

const nuxt: Framework = {
  name: 'nuxt',
  dependency: 'nuxt',
  route: ({ typescript }) => ({
    // All methods: with the option cors the handler answers preflights, too.
    path: `server${PATH}.${typescript ? 'ts' : 'js'}`,
    text: `import { allowAnyone, createTokenHandler } from 'agora-session/server';

${SIGN_IN}
// The handler is made for each request: Nuxt loads routes while it prerenders, and there may be no certificate then.
export default defineEventHandler((event) => {
  const tokens = createTokenHandler({
${options('    ')}  });
  return tokens(toWebRequest(event));
});
`,
  }),
  next: () => [
    'For a local Signaling in development add to nuxt.config: vite: { plugins: [agoraSession()] }, of agora-session/vite.',
    'Nuxt reads .env in development alone; start what was built with: node --env-file=.env .output/server/index.mjs',
  ],
};

const express: Framework = {
  name: 'express',
  dependency: 'express',
  route: (project) => ({
    path: modulePath(project),
    text: `import { allowAnyone, createTokenHandler, toNodeListener } from 'agora-session/server';

${SIGN_IN}export const agoraTokens = toNodeListener(
  createTokenHandler({
${options('    ')}  }),
);
`,
  }),
  next: (_project, { path }) => [...mounting(path, `app.all('${PATH}', agoraTokens);`), WITH_ENV],
};

const fastify: Framework = {
  name: 'fastify',
  dependency: 'fastify',
  route: (project) => ({
    path: modulePath(project),
    text: `import { allowAnyone, createTokenHandler, toNodeListener } from 'agora-session/server';
${project.typescript ? "import type { FastifyInstance } from 'fastify';\n" : ''}
${SIGN_IN}const listener = toNodeListener(
  createTokenHandler({
${options('    ')}  }),
);

export async function agoraTokens(scope${project.typescript ? ': FastifyInstance' : ''})${project.typescript ? ': Promise<void>' : ''} {
  // The handler reads the body itself. Within a plugin this leaves the app's other routes alone.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null));
  scope.all('${PATH}', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
}
`,
  }),
  next: (_project, { path }) => [...mounting(path, 'await app.register(agoraTokens);'), WITH_ENV],
};

const hono: Framework = {
  name: 'hono',
  dependency: 'hono',
  route: (project) => ({
    path: modulePath(project),
    text: `import { allowAnyone, createTokenHandler } from 'agora-session/server';
import { Hono } from 'hono';

${SIGN_IN}const tokens = createTokenHandler({
${options('  ')}});

export const agoraTokens = new Hono().all('${PATH}', (context) => tokens(context.req.raw));
`,
  }),
  next: (_project, { path }) => [...mounting(path, "app.route('/', agoraTokens);"), WITH_ENV],
};

const vite: Framework = {
  name: 'vite',
  dependency: 'vite',
  route(project) {
    const existing = ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs'].map((end) => `vite.config.${end}`).find(project.has);
    return {
      path: existing ?? `vite.config.${project.typescript ? 'ts' : project.modules ? 'js' : 'mjs'}`,
      text: `import { agoraSession } from 'agora-session/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [agoraSession()],
});
`,
    };
  },
  next: (_project, { path }, kept) => [
    ...(kept
      ? [`Add to ${path}: import { agoraSession } from 'agora-session/vite', and agoraSession() to its plugins.`]
      : []),
    `The plugin serves ${PATH} in development. In production a backend does: agora-session init --framework express, and others.`,
  ],
};

/** In the order in which they are looked for: a project may have Vite beside another. */
export const FRAMEWORKS: readonly Framework[] = [next, nuxt, sveltekit, express, fastify, hono, vite];

function modulePath(project: Project): string {
  const folder = project.has('src') ? 'src/' : '';
  return `${folder}agora-tokens.${project.typescript ? 'ts' : project.modules ? 'js' : 'mjs'}`;
}

function mounting(path: string, line: string): string[] {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '.js');
  return [`Mount it: import { agoraTokens } from './${file}'; ${line}`];
}
