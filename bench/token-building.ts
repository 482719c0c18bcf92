import agoraToken from 'agora-token';
import { buildRtcToken, buildRtmToken } from '../src/server/index.js';
import { compare, type Subject } from './measure.js';
import type { Benchmark, Report } from './report.js';

const GOAL = 2.5;
const appId = '970CA35de60c44645bbae8a215061b33';
const appCertificate = '5CFd2fd1755d40ecb72977518be15d3b';
const userId = 'test_user';
const channelName = 'stage';
const expiresInSeconds = 3600;

const { RtcTokenBuilder, RtcRole, RtmTokenBuilder } = agoraToken;

const officialRtm: Subject = {
  name: 'agora-token, RTM',
  run: () => RtmTokenBuilder.buildToken(appId, appCertificate, userId, expiresInSeconds),
};
const ourRtm: Subject = {
  name: 'agora-session, RTM',
  run: () => buildRtmToken({ appId, appCertificate, userId, expiresInSeconds }),
};
const officialRtc: Subject = {
  name: 'agora-token, RTC',
  run: () =>
    RtcTokenBuilder.buildTokenWithUserAccount(
      appId,
      appCertificate,
      channelName,
      userId,
      RtcRole.PUBLISHER,
      expiresInSeconds,
      expiresInSeconds,
    ),
};
const ourRtc: Subject = {
  name: 'agora-session, RTC',
  run: () => buildRtcToken({ appId, appCertificate, channelName, userId, expiresInSeconds }),
};

/** Building tokens: this package against the official one, in one run. */
export const tokenBuilding: Benchmark = {
  title: 'Building a token',
  run(): Report {
    const rtm = compare(officialRtm, ourRtm);
    const rtc = compare(officialRtc, ourRtc);
    const rows = [...rtm.rows, ...rtc.rows].map(({ name, bestMicros, medianMicros }) => ({
      name,
      'best µs': Number(bestMicros.toFixed(1)),
      'median µs': Number(medianMicros.toFixed(1)),
      'per second': Math.round(1e6 / medianMicros),
    }));
    return { rows, goals: [goal('RTM', rtm.ratio), goal('RTC', rtc.ratio)] };
  },
};

function goal(kind: string, ratio: number): Report['goals'][number] {
  return {
    text: `${kind} token: ${ratio.toFixed(2)} times as fast as agora-token (goal: at least ${GOAL})`,
    met: ratio >= GOAL,
  };
}
