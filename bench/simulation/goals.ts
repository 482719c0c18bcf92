import type { Goal } from '../report.js';
import { CONTENDERS } from './contenders.js';
import type { Load } from './crowd.js';
import type { Summary } from './summary.js';

const CALM_REQUESTS = 35;

/** What must hold of the session. */
export function sessionGoals(summaries: readonly Summary[]): Goal[] {
  const ours = summaries.filter(({ contender }) => contender === CONTENDERS[0].name);
  const calm = ours.filter(({ scenario }) => scenario === 'calm day');
  return [
    {
      text: 'no avoidable second without a login or without a channel, whatever the day',
      met: ours.every(({ login, channel }) => login.avoidable === 0 && channel.avoidable === 0),
    },
    { text: 'every session is back at the end of its day', met: ours.every(({ deaths }) => deaths === 0) },
    {
      text: `at most ${CALM_REQUESTS} token requests on a calm day, in five stream channels`,
      met: calm.every(({ mostRequests }) => mostRequests <= CALM_REQUESTS),
    },
  ];
}

/** What must hold of many sessions together. */
export function crowdGoals({ mean, peakLater }: Load): Goal[] {
  return [
    {
      text: 'after three lives of a token a crowd’s busiest minute is under twice the mean',
      met: peakLater < 2 * mean,
    },
  ];
}
