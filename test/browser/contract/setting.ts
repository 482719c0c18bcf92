import { buildRtcToken, buildRtmToken } from '../../../src/server/index.js';
import type { ContractSetting } from './kit.js';

const appId = '970ca35de60c44645bbae8a215061b33';
const appCertificate = '5cfd2fd1755d40ecb72977518be15d3b';

/** Nothing listens there, and nothing would get there. */
const EMULATOR_WITHOUT_NETWORK = 'ws://127.0.0.1:9/signaling';

/** Who is held to the contract. */
export const SUBJECTS: readonly (readonly [name: string, subject: string])[] = [
  ['agora-rtm-sdk', 'agora-rtm-sdk'],
  ['the emulator’s client', EMULATOR_WITHOUT_NETWORK],
];

/** The project of the contract, with the tokens that its cases need. */
export function contractSetting(): ContractSetting {
  const app = { appId, appCertificate, expiresInSeconds: 600 };
  const issuedAt = Math.floor(Date.now() / 1000);
  return {
    appId,
    tokens: {
      alice: buildRtmToken({ ...app, userId: 'alice' }),
      'alice again': buildRtmToken({ ...app, userId: 'alice', expiresInSeconds: 700 }),
      bob: buildRtmToken({ ...app, userId: 'bob' }),
      lapsed: buildRtmToken({ ...app, userId: 'alice', issuedAt: issuedAt - 86_400 }),
      rtc: buildRtcToken({ ...app, userId: 'alice', channelName: 'stage' }),
      'other app': buildRtmToken({ ...app, appId: 'b'.repeat(32), userId: 'alice' }),
    },
  };
}
