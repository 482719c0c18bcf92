import { expect, it } from 'vitest';
import { reportApi } from './api-report.js';

it('what users can name is as docs/api says; after a change that is meant, `npm run api` writes it anew', () => {
  const reports = reportApi({ write: false });
  expect(reports.map(({ entry }) => entry)).toContain('agora-session/testing');
  expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
  expect(reports.filter(({ changed }) => changed).map(({ file }) => file)).toEqual([]);
}, 120_000);
