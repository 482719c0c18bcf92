import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'vite';
import { agoraSession } from '../../src/vite/index.js';
import { sourceAliases } from '../../vite.config.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const port = process.env.PORT;

const config: UserConfig = {
  // In an app of yours this plugin is the only line about agora-session; the rest makes the page run without a build of the package.
  plugins: [agoraSession()],
  resolve: { alias: sourceAliases },
  envDir: repository,
  cacheDir: `${repository}/node_modules/.vite/demo`,
  // Named here, so that Vite does not find one of them later and reload the page in the middle of a session.
  optimizeDeps: { include: ['agora-rtm-sdk', 'eventemitter3'] },
  server: {
    host: '127.0.0.1',
    ...(port ? { port: Number(port), strictPort: true } : {}),
  },
};

export default config;
