import { SessionManager, type TokenSource } from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';
import { buildRtmToken } from 'agora-session/server';
import { CountingSource } from './counting.js';
import type { Benchmark, Report } from './report.js';
import { PROJECT } from './simulation/token-server.js';

const USER = 'alice';
const LIFE_SECONDS = 3_600;
const MOST_ADDED_MS = 10;

/** What a login costs with the session around it, against the emulator's client alone. */
export const loginCost: Benchmark = {
  title: 'A login and logout on the emulator, tokens included',
  async run(): Promise<Report> {
    const source = new CountingSource();
    const bare = bareLogin();
    const session = sessionLogin(source);
    const { bareMs, sessionMs, logins } = await compareLogins(bare, session);
    const row = (name: string, ms: number, requests: number): Report['rows'][number] => ({
      name,
      'median ms': Number(ms.toFixed(2)),
      'token requests': requests,
    });
    const perLogin = source.requests / logins;
    return {
      rows: [row("the SDK's client", bareMs, 1), row('agora-session', sessionMs, perLogin)],
      goals: [
        { text: 'a login takes one token request', met: perLogin === 1 },
        { text: `the session adds less than ${MOST_ADDED_MS} ms to a login`, met: sessionMs - bareMs < MOST_ADDED_MS },
      ],
    };
  },
};

function bareLogin(): () => Promise<void> {
  const { RTM } = new SignalingEmulator(PROJECT).sdk;
  const client = new RTM(PROJECT.appId, USER);
  return async () => {
    await client.login({ token: buildRtmToken({ ...PROJECT, userId: USER, expiresInSeconds: LIFE_SECONDS }) });
    await client.logout();
  };
}

function sessionLogin(tokens: TokenSource): () => Promise<void> {
  const { sdk } = new SignalingEmulator(PROJECT);
  const session = new SessionManager({ appId: PROJECT.appId, userId: USER, tokens, loadSdk: async () => sdk });
  return async () => {
    await session.login();
    await session.logout();
  };
}

const WARM_UP = 100;
const ROUNDS = 300;

/** Takes both in turn, so that whatever else the machine does meets both alike. */
async function compareLogins(
  bare: () => Promise<void>,
  session: () => Promise<void>,
): Promise<{ bareMs: number; sessionMs: number; logins: number }> {
  const times: { bare: number[]; session: number[] } = { bare: [], session: [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    times.bare.push(await timed(bare));
    times.session.push(await timed(session));
  }
  const median = (values: readonly number[]): number => values.slice(WARM_UP).sort((a, b) => a - b)[ROUNDS / 2] ?? 0;
  return { bareMs: median(times.bare), sessionMs: median(times.session), logins: WARM_UP + ROUNDS };
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
