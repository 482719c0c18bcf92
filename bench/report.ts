/** One benchmark: it measures, and says how the result compares with its goal. */
export interface Benchmark {
  readonly title: string;
  run(): Promise<Report> | Report;
}

/** A table of what was measured, and the verdicts on it. */
export interface Report {
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly goals: readonly Goal[];
}

/** Something that must hold of the result. */
export interface Goal {
  readonly text: string;
  readonly met: boolean;
}

/** Prints a report; answers whether every goal is met. */
export function printReport(title: string, { rows, goals }: Report): boolean {
  console.log(`\n${title}`);
  console.table(rows);
  for (const { text, met } of goals) console.log(`${met ? 'met ' : 'MISSED'}  ${text}`);
  return goals.every(({ met }) => met);
}
