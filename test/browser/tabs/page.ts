import { SessionManager, type SignalingClient } from 'agora-session';
import { connectEmulator } from 'agora-session/emulator/client';

declare global {
  interface Window {
    session: SessionManager<SignalingClient>;
    warnings: string[];
  }
}

const query = new URLSearchParams(location.search);
const lacks = query.getAll('lacks');
// As on an insecure origin, where the browser has none.
if (lacks.includes('locks')) Object.defineProperty(navigator, 'locks', { value: undefined });
// As in a browser of 2022.
if (lacks.includes('DecompressionStream')) Reflect.deleteProperty(globalThis, 'DecompressionStream');
const { appId } = (await (await fetch('/api/agora/config')).json()) as { appId: string };
window.warnings = [];
window.session = new SessionManager<SignalingClient>({
  appId,
  userId: query.get('user') ?? 'alice',
  tokens: '/api/agora/tokens',
  tabs: query.get('tabs') === 'wait' ? 'wait' : 'takeover',
  loadSdk: async () => connectEmulator('/api/agora/signaling'),
  logger: { warn: (message) => window.warnings.push(message) },
});
document.body.dataset.ready = 'true';
