/** Something whose speed is measured: one call is one unit of work. */
export interface Subject {
  readonly name: string;
  readonly run: () => unknown;
}

/** What was measured of a subject, in microseconds per call. */
export interface Measurement {
  readonly name: string;
  readonly bestMicros: number;
  readonly medianMicros: number;
}

const ROUNDS = 60;
const ROUND_MS = 8;

/**
 * Measures the subjects in turn, round by round, so that whatever else the machine does meets all of them alike.
 * The ratio is the median over the rounds of (first subject's time / second's), each round compared with itself.
 */
export function compare(slower: Subject, faster: Subject): { rows: Measurement[]; ratio: number } {
  const calls = [slower, faster].map(callsPerRound);
  const rounds = Array.from({ length: ROUNDS }, () =>
    [slower, faster].map((subject, nth) => time(subject, calls[nth] ?? 1)),
  );
  const times = (nth: number): number[] => rounds.map((round) => round[nth] ?? Number.NaN);
  const ratios = rounds.map(([first = Number.NaN, second = Number.NaN]) => first / second);
  return {
    rows: [summarize(slower.name, times(0)), summarize(faster.name, times(1))],
    ratio: median(ratios),
  };
}

/** Warms a subject up and finds how many calls make a round of a few milliseconds. */
function callsPerRound(subject: Subject): number {
  let calls = 64;
  while (time(subject, calls) * calls < ROUND_MS * 1000) calls *= 2;
  return calls;
}

function time({ run }: Subject, calls: number): number {
  const start = process.hrtime.bigint();
  for (let call = 0; call < calls; call += 1) run();
  return Number(process.hrtime.bigint() - start) / 1000 / calls;
}

function summarize(name: string, times: readonly number[]): Measurement {
  return { name, bestMicros: Math.min(...times), medianMicros: median(times) };
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
