import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../src/token/server-words.js';

const text = 'Alice is banned here';

describe('the words of a server are found in', () => {
  it.each<[string, unknown, object]>([
    ['{ error: { code, message } }', { error: { code: 'BANNED', message: text } }, { text, code: 'BANNED' }],
    ['{ error }', { error: text }, { text }],
    ['{ code, msg }', { code: 40301, msg: text }, { text, code: '40301' }],
    ['{ reason }', { reason: text }, { text }],
    ['problem details', { type: 'about:blank', title: 'Forbidden', detail: text, status: 403 }, { text }],
    ['their title, where there is no detail', { title: 'Forbidden', status: 403 }, { text: 'Forbidden' }],
    ['FastAPI, of one field', { detail: [{ loc: ['body', 'uid'], msg: text }] }, { text }],
    ['NestJS', { statusCode: 400, message: [text], error: 'Bad Request' }, { text }],
    ['OAuth', { error: 'invalid_grant', error_description: text }, { text, code: 'invalid_grant' }],
    ['GraphQL', { errors: [{ message: text, extensions: { code: 'BANNED' } }] }, { text, code: 'BANNED' }],
    ['a list of texts', { errors: [text] }, { text }],
    ['the place of a token', { code: '400', token: text }, { text }],
    ['one word', { message: 'banned' }, { text: 'banned' }],
    ['a text', ` ${text}\n`, { text }],
    ['a language without spaces', { token: '用户已被封禁' }, { text: '用户已被封禁' }],
  ])('%s', (_where, said, words) => {
    expect(wordsIn(said)).toEqual(words);
  });

  const endless: Record<string, unknown> = { code: 'ROUND' };
  endless.error = endless;
  it.each<[string, unknown, object]>([
    ['a page', '<!doctype html><p>Alice is banned', {}],
    ['a token', { message: '007eJxTYBBbsMMnKq7p', token: '007eJxTYBBbsMMnKq7p' }, {}],
    ['a header', 'Bearer sesame', {}],
    ['a token that is no AccessToken2', { token: 'opaque' }, {}],
    ['the status once more', { code: 403, message: text }, { text }],
    ['nothing', { error: null, message: '', code: null }, {}],
    ['a sentence for a code', { code: 'not a code' }, {}],
    ['an object that leads to itself', endless, { code: 'ROUND' }],
  ])('and not in %s', (_where, said, words) => {
    expect(wordsIn(said)).toEqual(words);
  });
});
