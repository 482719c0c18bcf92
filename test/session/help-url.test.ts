import { readFileSync } from 'node:fs';
import { SessionError } from 'agora-session';
import { expect, test } from 'vitest';
import { helpUrl } from '../../src/session/state/help-url.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  homepage?: string;
};

test('an error leads to its page below the package’s homepage, and nowhere while there is none', () => {
  const { homepage = null } = manifest;
  const expected = homepage === null ? undefined : `${homepage.replace(/\/$/, '')}/errors/DISPLACED.html`;
  expect(new SessionError('DISPLACED', '').helpUrl).toBe(expected);
});

test.each(['https://docs.example', 'https://docs.example/'])('below %s the page has this address', (homepage) => {
  expect(helpUrl('TOKEN_DENIED', homepage)).toBe('https://docs.example/errors/TOKEN_DENIED.html');
});

test('without a homepage there is no address', () => {
  expect(helpUrl('TOKEN_DENIED', null)).toBeUndefined();
});
