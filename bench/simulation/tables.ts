import type { Goal } from '../report.js';
import type { Load } from './crowd.js';
import { type Summary, totalOf } from './summary.js';

/** What a reader wants to know first, as a Markdown table. */
export function overviewTable(summaries: readonly Summary[]): string {
  return table(
    2,
    [
      'day',
      'app',
      'without login, s',
      'of it avoidable',
      'without a channel, s',
      'of it avoidable',
      'token requests',
      'failed logins',
      'never back',
    ],
    summaries.map(({ scenario, contender, login, channel, requests, failedLogins, deaths, days }) => [
      scenario,
      contender,
      seconds(totalOf(login)),
      seconds(login.avoidable),
      seconds(totalOf(channel)),
      seconds(channel.avoidable),
      requests.toFixed(0),
      failedLogins.toFixed(1),
      `${deaths} of ${days}`,
    ]),
  );
}

/** Where the time without a login, or without a channel, went. */
export function lapseTable(summaries: readonly Summary[], what: 'login' | 'channel'): string {
  return table(
    2,
    [
      'day',
      'app',
      'asleep or offline',
      'no token to be had',
      '(at the least)',
      'SDK reconnecting',
      'reacting',
      'avoidable',
      'all',
    ],
    summaries.map((summary) => {
      const { noLink, noToken, sdk, recovering, avoidable } = summary[what];
      const all = totalOf(summary[what]);
      return [
        summary.scenario,
        summary.contender,
        ...[noLink, noToken, summary.leastNoToken, sdk, recovering, avoidable, all].map(seconds),
      ];
    }),
  );
}

/** What a crowd of sessions asks of the token server. */
export function crowdTable(loads: readonly Load[]): string {
  return table(
    1,
    ['renewals', 'mean', 'busiest minute, first 3 h', 'busiest minute later', 'busiest second later'],
    loads.map(({ schedule, mean, peakAtFirst, peakLater, peakSecondLater }) => [
      schedule,
      ...[mean, peakAtFirst, peakLater, peakSecondLater].map(grouped),
    ]),
  );
}

/** The goals, one a line. */
export function goalList(goals: readonly Goal[]): string {
  return goals.map(({ text, met }) => `- ${met ? 'met' : '**missed**'}: ${text}`).join('\n');
}

/** The first columns are names, to the left; the rest are numbers, to the right. */
function table(names: number, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const sides = head.map((_, column) => (column < names ? ':--' : '--:'));
  return [head, sides, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Whole seconds; less than one is shown as such, so that nothing but zero looks like it. */
function seconds(value: number): string {
  return value > 0 && value < 1 ? '< 1' : grouped(value);
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en');
}
