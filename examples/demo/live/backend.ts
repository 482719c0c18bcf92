import type { ControlAction, DevConfig } from '../../../src/dev-backend/index.js';

/** The token endpoint; `agora-session/vite` mounts it on the page's own origin. */
export const TOKEN_ENDPOINT = '/api/agora/tokens';

/** What the development server says of itself: the app ID, and whether Signaling is the local one. */
export async function fetchConfig(): Promise<DevConfig> {
  const response = await fetch('/api/agora/config');
  if (!response.ok) throw new Error(`The development server answered ${response.status}.`);
  return response.json();
}

/** Has something done to a user of the local Signaling, as the network or another device would. Only development servers can. */
export async function control(action: ControlAction, userId: string, channelName?: string): Promise<void> {
  const response = await fetch('/api/agora/controls', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action, userId, channelName }),
  });
  if (response.ok) return;
  const { error } = await response.json();
  throw new Error(error.message);
}
