import { median } from './measure.js';
import type { Benchmark, Goal, Report } from './report.js';
import {
  buildServers,
  type Load,
  type LoadResult,
  type ServerName,
  ServerProcess,
} from './token-endpoint/server-process.js';

/** Until then the servers' code is still being compiled. */
const WARM_UP_ROUNDS = 3;
const LEAST_ROUNDS = 5;
const MEASURED_MS = 30_000;
const CHANNELS = 20;
const channels = Array.from({ length: CHANNELS }, (_, nth) => `channel-${nth}`);
const login: Load = { path: '/api/agora/tokens', body: { userId: 'alice', signaling: true }, requests: 4_000 };

/** Everything that is measured, in the order of the table. */
const SUBJECTS: readonly { name: string; server: ServerName; load: Load }[] = [
  { name: 'bare node:http, a constant', server: 'bare', load: login },
  { name: 'bare node:http, 3 HMACs, 1 deflate', server: 'primitives', load: login },
  { name: 'agora-session on node:http', server: 'ours', load: login },
  {
    name: 'Express with agora-token',
    server: 'expressWithAgoraToken',
    load: { path: '/fetch_rtm_token', body: { uid: 'alice' }, requests: 4_000 },
  },
  {
    name: `agora-session, ${1 + CHANNELS} tokens`,
    server: 'ours',
    load: { ...login, body: { userId: 'alice', signaling: true, channels }, requests: 4_000 },
  },
];

/**
 * The token endpoint as a server: what a request costs. Other work on the machine slows whatever runs beside it, so the servers take turns
 * in short rounds. What counts is the time that their processes used, in the median of their rounds.
 */
export const tokenEndpoint: Benchmark = {
  title: 'Answering a token request, in time of one core',
  async run(): Promise<Report> {
    const rounds = await measure();
    const of = (nth: number, field: keyof LoadResult) =>
      median(rounds.map((round) => round[nth]?.[field] ?? Number.NaN));
    const rows = SUBJECTS.map(({ name }, nth) => ({
      name,
      'µs a request': Math.round(of(nth, 'cpuMicros')),
      'requests a second': Math.round(1e6 / of(nth, 'cpuMicros')),
      'p99 ms': of(nth, 'p99Ms'),
    }));
    return { rows, goals: goals(SUBJECTS.map((_, nth) => of(nth, 'cpuMicros'))) };
  },
};

async function measure(): Promise<LoadResult[][]> {
  const file = await buildServers();
  const names = [...new Set(SUBJECTS.map(({ server }) => server))];
  const servers = new Map(
    await Promise.all(names.map(async (name) => [name, await ServerProcess.start(file, name)] as const)),
  );
  const round = async (): Promise<LoadResult[]> => {
    const results: LoadResult[] = [];
    for (const { server, load } of SUBJECTS) {
      const result = await servers.get(server)?.bear(load);
      if (result) results.push(result);
    }
    return results;
  };
  try {
    for (let warmed = 0; warmed < WARM_UP_ROUNDS; warmed += 1) await round();
    const rounds: LoadResult[][] = [];
    const end = performance.now() + MEASURED_MS;
    while (rounds.length < LEAST_ROUNDS || performance.now() < end) rounds.push(await round());
    return rounds;
  } finally {
    for (const server of servers.values()) server.stop();
  }
}

function goals([bare = 0, primitives = 0, ours = 0, official = 0, batch = 0]: readonly number[]): Goal[] {
  const times = official / ours;
  const [most, ceiling] = [bare, primitives].map((micros) => (official / micros).toFixed(1));
  const share = primitives / ours;
  const batched = ((1 + CHANNELS) * ours) / batch;
  return [
    {
      text: `${times.toFixed(1)} times Express with agora-token (goal: at least 4; bare node:http: ${ceiling}, with a constant: ${most})`,
      met: times >= 4,
    },
    { text: `${(100 * share).toFixed(0)} % of what node:http allows (goal: at least 50)`, met: share >= 0.5 },
    {
      text: `${1 + CHANNELS} tokens in one request: ${batched.toFixed(1)} times as many as in single ones`,
      met: batched > 1,
    },
  ];
}
