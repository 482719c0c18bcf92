import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';
import { agoraSession } from '../../src/vite/index.js';
import { browserAliases } from '../../vite.config.js';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const port = process.env.PORT;

const config: UserConfig = {
  // In an app of yours this plugin is the only line about agora-session; the rest makes the page run without a build of the package.
  plugins: [agoraSession()],
  resolve: { alias: browserAliases },
  // The story needs no server: what is built works from any folder of any server.
  base: './',
  build: { outDir: folder('../../dist-demo'), emptyOutDir: true, target: 'es2022' },
  envDir: folder('../..'),
  cacheDir: folder('../../node_modules/.vite/demo'),
  // Named here, so that Vite does not find one of them later and reload the page in the middle of a session.
  optimizeDeps: { include: ['agora-rtm-sdk', 'eventemitter3'] },
  server: {
    host: '127.0.0.1',
    ...(port ? { port: Number(port), strictPort: true } : {}),
  },
};

export default config;
