import { timeOfDay } from './words.js';

/** The part of time that is drawn: milliseconds since the epoch, and how wide. */
export interface View {
  readonly from: number;
  readonly to: number;
  /** In pixels. */
  readonly width: number;
}

/** A line across all lanes. */
export interface Tick {
  readonly x: number;
  readonly label: string;
}

const MINUTE = 60_000;
/** In seconds. */
const STEPS: readonly number[] = [
  0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 345_600,
];
const LABEL_WIDTH = 92;

export function xOf({ from, to, width }: View, at: number): number {
  return ((at - from) / (to - from)) * width;
}

export function atOf({ from, to, width }: View, x: number): number {
  return from + (x / width) * (to - from);
}

/** Round times, as many as have room for their labels. */
export function ticksOf(view: View): Tick[] {
  const most = Math.max(1, Math.floor(view.width / LABEL_WIDTH));
  const seconds = STEPS.find((one) => (view.to - view.from) / one <= most * 1000);
  if (seconds === undefined) return [];
  const step = seconds * 1000;
  // Local midnight is round in every zone.
  const zone = new Date(view.from).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((view.from - zone) / step) * step + zone; at <= view.to; at += step)
    ticks.push({ x: xOf(view, at), label: step < 1000 ? timeOfDay(at, true).slice(3, -2) : timeOfDay(at) });
  return ticks;
}
