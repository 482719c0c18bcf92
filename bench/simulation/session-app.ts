import { httpTokenSource, SessionManager, type SignalingClient } from 'agora-session';
import type { Contender } from './contender.js';

/** An app that uses this package, with nothing configured. */
export const sessionApp: Contender = {
  name: 'agora-session',
  async start({ appId, userId, channels, tokenUrl, fetch, sdk, clock, random, wake }) {
    const session = new SessionManager<SignalingClient>({
      appId,
      userId,
      tokens: httpTokenSource({ url: tokenUrl, fetch }),
      loadSdk: async () => sdk,
      clock,
      random,
      wake,
      logger: { warn: () => {} },
    });
    await session.login();
    await Promise.all(channels.map((channelName) => session.joinStreamChannel(channelName)));
  },
};
