import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/token/without-secrets.js';

describe('a text without its secrets', () => {
  it.each([
    ['Bearer sesame', 'Bearer …'],
    ['the header "Authorization: Basic c2VzYW1l" was wrong', 'the header "Authorization: …'],
    ['GET https://app.test/t?key=sesame#top failed', 'GET https://app.test/t… failed'],
    ['fetch of https://me:sesame@app.test failed', 'fetch of https://…@app.test failed'],
    ['007eJxTYBBbsMMnKq7p9Hf/HcIX5kce9b518kCiQgSr5Zrp4X1Tu6UUGCzNDZwdjU1TUs0Mkk1MzEx', '…'],
    ['certificate 5CFd2fd1755d40ecb72977518be15d3b', 'certificate …'],
    ['session=very-secret-cookie; path=/', 'session=…; path=/'],
    ['{"apiKey":"sesame","user":"alice"}', '{"apiKey":…,"user":"alice"}'],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text).startsWith(expected)).toBe(true);
    expect(withoutSecrets(text)).not.toMatch(/sesame|c2Vz|very-secret|007eJ|5CFd/);
  });

  it.each([
    "Cannot read properties of undefined (reading 'accessToken')",
    'getAccessTokenSilentlyOrByPopup is not a function',
    'Unexpected token \'<\', "<!doctype "... is not valid JSON',
    'The room opens at 9:00, 15 minutes before the talk.',
  ])('keeps what is none: %s', (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  it('is never longer than a sentence, and quick even for a page', () => {
    fc.assert(fc.property(fc.string({ maxLength: 5_000 }), (text) => withoutSecrets(text).length <= 301));
    expect(withoutSecrets('a=b '.repeat(1_000_000)).length).toBeLessThan(302);
  });
});
