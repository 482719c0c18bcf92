import { type Clock, SessionManager, type SignalingClient } from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';
import { systemClock } from '../../../src/environment/clock.js';

declare global {
  interface Window {
    /** Milliseconds since the page's own timers last fired; they are asked to do so ten times a second. */
    sinceTick(): number;
    /** Begins to subscribe to so many channels, with the session's clock or with one of plain timers. */
    subscribe(userId: string, channels: number, timers: 'prompt' | 'plain'): Promise<void>;
    /** How many channels a user is subscribed to by now. */
    subscribed: Record<string, number>;
  }
}

const appId = '970ca35de60c44645bbae8a215061b33';
const { sdk } = new SignalingEmulator({ appId, limits: { subscribedChannels: 1_000 } });

let tickedAt = performance.now();
const tick = (): void => {
  tickedAt = performance.now();
  setTimeout(tick, 100);
};
tick();
window.sinceTick = () => performance.now() - tickedAt;

window.subscribed = {};
window.subscribe = async (userId, channels, timers) => {
  const plain: Clock = {
    now: systemClock.now,
    monotonic: systemClock.monotonic,
    setTimeout: systemClock.setTimeout,
    clearTimeout: systemClock.clearTimeout,
  };
  const session = new SessionManager<SignalingClient>({
    appId,
    userId,
    tokens: null,
    loadSdk: async () => sdk,
    clock: timers === 'prompt' ? systemClock : plain,
  });
  window.subscribed[userId] = 0;
  await session.login();
  for (let nth = 0; nth < channels; nth += 1) {
    session
      .subscribe(`${userId} ${nth}`)
      .then(() => {
        window.subscribed[userId] = (window.subscribed[userId] ?? 0) + 1;
      })
      .catch((error: unknown) => console.error(`${error}`));
  }
};
document.body.dataset.ready = 'true';
