import { LAPSE_CLASSES, type Lapse, type LapseClass } from './lapse.js';
import type { DayResult } from './simulated-day.js';

/** What became of one contender in one scenario, over all seeds. */
export interface Summary {
  readonly scenario: string;
  readonly contender: string;
  readonly days: number;
  /** Averages, in seconds a day. */
  readonly login: Lapse;
  /** The same for a channel, averaged over the channels too. */
  readonly channel: Lapse;
  /** What `noToken` could not have been less than for anybody. */
  readonly leastNoToken: number;
  /** Averages a day. */
  readonly requests: number;
  readonly failedLogins: number;
  /** The most requests of any day. */
  readonly mostRequests: number;
  /** Sessions that never came back. */
  readonly deaths: number;
  /** The days with an avoidable lapse or without a return, to be looked at with `--seed`. */
  readonly badSeeds: readonly number[];
}

/** Sums days up. */
export function summarize(scenario: string, contender: string, days: readonly DayResult[]): Summary {
  return {
    scenario,
    contender,
    days: days.length,
    login: averageLapse(days.map(({ login }) => login)),
    channel: averageLapse(days.flatMap(({ channels }) => channels)),
    leastNoToken: average(days.map(({ leastNoToken }) => leastNoToken)) / 1_000,
    requests: average(days.map(({ requests }) => requests)),
    failedLogins: average(days.map(({ failedLogins }) => failedLogins)),
    mostRequests: Math.max(...days.map(({ requests }) => requests)),
    deaths: days.filter(({ dead }) => dead).length,
    badSeeds: days.filter(isBad).map(({ seed }) => seed),
  };
}

function isBad({ login, channels, dead }: DayResult): boolean {
  return dead || [login, ...channels].some(({ avoidable }) => avoidable > 0);
}

/** All seconds of a lapse. */
export function totalOf(lapse: Lapse): number {
  return LAPSE_CLASSES.reduce((sum, name) => sum + lapse[name], 0);
}

function averageLapse(lapses: readonly Lapse[]): Lapse {
  const seconds = (name: LapseClass): number => average(lapses.map((lapse) => lapse[name])) / 1_000;
  return {
    noLink: seconds('noLink'),
    noToken: seconds('noToken'),
    sdk: seconds('sdk'),
    recovering: seconds('recovering'),
    avoidable: seconds('avoidable'),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
