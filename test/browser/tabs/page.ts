import { SessionManager, type SignalingClient } from 'agora-session';
import { connectEmulator } from 'agora-session/emulator/client';

declare global {
  interface Window {
    session: SessionManager<SignalingClient>;
    warnings: string[];
  }
}

const query = new URLSearchParams(location.search);
// As on an insecure origin, where the browser has none.
if (query.get('locks') === 'none') Object.defineProperty(navigator, 'locks', { value: undefined });
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
