import type { TokenRequest, TokenResponse } from 'agora-session';
import { buildRtcToken, buildRtmToken } from 'agora-session/server';
import agoraToken from 'agora-token';
import type { Clock } from '../../src/environment/clock.js';

export const APP_ID = '970CA35de60c44645bbae8a215061b33';
export const APP_CERTIFICATE = '5CFd2fd1755d40ecb72977518be15d3b';

/** An issuer of real tokens on a clock of the test's. */
export function issuer(clock: Clock, expiresInSeconds = 3600) {
  const common = () => ({
    appId: APP_ID,
    appCertificate: APP_CERTIFICATE,
    expiresInSeconds,
    issuedAt: Math.floor(clock.now() / 1000),
  });
  return {
    login: (userId: string): string => buildRtmToken({ ...common(), userId }),
    channel: (userId: string, channelName: string): string => buildRtcToken({ ...common(), userId, channelName }),
    /** Answers a session's request as the token endpoint does. */
    answer({ userId, signaling, channels }: TokenRequest): TokenResponse {
      const grant = (token: string) => ({ token, expiresIn: expiresInSeconds });
      return {
        ...(signaling ? { signaling: grant(this.login(userId)) } : {}),
        channels: Object.fromEntries(channels.map((name) => [name, grant(this.channel(userId, name))])),
      };
    },
  };
}

/** A login token as the guide's Go sample makes it: with the moment of its expiry where seconds from now are meant. */
export function tokenOfFiftySixYears(userId: string): string {
  return agoraToken.RtmTokenBuilder.buildToken(APP_ID, APP_CERTIFICATE, userId, Math.floor(Date.now() / 1000) + 3600);
}
