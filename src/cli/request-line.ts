import type { RequestReport } from '../dev-backend/index.js';
import type { Paint } from './colours.js';

/** What can be done about a refusal, besides what the page is told. */
const ADVICE: Readonly<Record<string, (report: RequestReport) => string>> = {
  FOREIGN_ORIGIN: ({ origin }) => (origin === null ? '' : `let it in with --origin ${origin}`),
  NOT_LOCAL: () => 'it came from another machine or through a proxy',
  NOT_FOUND: () => 'there is nothing at this path',
};

/** One line about a request: when, what, how it ended, who asked. */
export function requestLine(report: RequestReport, now: number, paint: Paint): string {
  const { method, path, status, code, tookMs, origin } = report;
  const parts = [
    paint('dim', new Date(now).toISOString().slice(11, 19)),
    `${method} ${path}`,
    paint(styleOf(report), [status, code].filter((part) => part !== null).join(' ')),
    whoGotWhat(report),
    origin === null ? '' : `from ${origin}`,
    (code !== null && ADVICE[code]?.(report)) || '',
    paint('dim', `${Math.round(tookMs)} ms`),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function whoGotWhat({ userId, granted, refused }: RequestReport): string {
  if (userId === null) return '';
  const given = `${userId}: ${granted.join(', ') || 'nothing'}`;
  return refused.length > 0 ? `${given}; refused ${refused.join(', ')}` : given;
}

function styleOf({ status, refused }: RequestReport): 'red' | 'yellow' | 'green' {
  if (status >= 400) return 'red';
  return refused.length > 0 ? 'yellow' : 'green';
}
