/** A stretch of the simulated day, in milliseconds since its start. `to` is no longer part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The span that contains a moment. */
export function spanAt<One extends Span>(spans: readonly One[], moment: number): One | undefined {
  return spans.find(({ from, to }) => from <= moment && moment < to);
}

/** The same stretches in order, with those that touch or overlap made one, and those that are less than `gapMs` apart. */
export function merge(spans: readonly Span[], gapMs: number = 0): Span[] {
  const merged: Span[] = [];
  for (const { from, to } of spans.toSorted((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to + gapMs) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else merged.push({ from, to });
  }
  return merged;
}
