import { buildAccessToken } from 'agora-session/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkGrant, type GrantExpectation, type GrantVerdict } from '../../src/token/grant-check.js';
import type { TokenGrant } from '../../src/token/token-source.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { APP_CERTIFICATE, APP_ID, issuer } from '../support/tokens.js';
import { VirtualClock } from '../support/virtual-clock.js';

beforeAll(inflateAtOnce);

const clock = new VirtualClock();
const token = issuer(clock).login('alice');
const check = (sent: unknown, over: Partial<GrantExpectation> = {}): Promise<GrantVerdict> =>
  checkGrant({ token: sent, expiresIn: 3600 } as TokenGrant, {
    target: { kind: 'signaling' },
    appId: APP_ID,
    userId: 'alice',
    previous: [],
    sentAt: clock.now(),
    servedAt: clock.now(),
    ...over,
  });

describe('what certainly is no part of a token is taken off it', () => {
  it.each([
    ['a line end after it', `${token}\n`],
    ['spaces around it', `  ${token} `],
    ['a byte order mark before it', `\ufeff${token}`],
    ['quotes around it', `"${token}"`],
    ['single quotes around it', `'${token}'`],
    ['the scheme of a header before it', `Bearer ${token}`],
    ['that scheme in small letters, and quotes', `"bearer  ${token}"\r\n`],
    ['the scheme of other frameworks, around quotes', `Token "${token}"`],
    ['the quotes of JSON that was sent three times', JSON.stringify(JSON.stringify(token))],
    ['those quotes, four times', JSON.stringify(JSON.stringify(JSON.stringify(token)))],
    ['what nobody sees, as it is copied along from a page', `\u200b${token.slice(0, 9)}\u00ad${token.slice(9)}\u2060`],
    ['backticks around it', `\`${token}\``],
    ['curly quotes around it', `“${token}”`],
    ['a quote on one side of it', `${token}'`],
    ['what ends a line of code after it', `"${token}",`],
    ['line ends that are written out', `"${token}\\r\\n"`],
    ['a name before it', `token=${token}`],
    ['a scheme that was made fit for a URL', `Bearer%20${token}`],
    ['a scheme with a colon', `Bearer: ${token}`],
    ['line ends in it, as an encoder breaks base64', token.replace(/.{76}/g, '$&\r\n')],
  ])('%s', async (_what, sent) => {
    expect(await check(sent)).toMatchObject({ ok: true, token });
  });

  it('and base64 as URLs have it is made plain, since the SDK knows no other', async () => {
    const signs = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
    const tokens = Array.from({ length: 20 }, (_, index) => issuer(clock).login(`alice${index}`));
    expect(tokens.map(signs)).not.toEqual(tokens);
    for (const [index, plain] of tokens.entries()) {
      const sent = signs(plain.replace(/=+$/, ''));
      expect(await check(sent, { userId: `alice${index}` })).toMatchObject({ ok: true, token: plain });
    }
  });

  it('but nothing is taken off a token that merely begins with such a word', async () => {
    for (const sent of ['token:alice', 'bearer-7']) expect(await check(sent)).toMatchObject({ ok: true, token: sent });
  });

  it('so that the same token in other clothes is no renewal', async () => {
    expect(await check(`${token}\n`, { previous: [token] })).toMatchObject({ failure: { code: 'TOKEN_UNCHANGED' } });
  });
});

describe('what can be no token is refused, and told by its beginning', () => {
  it.each([
    ['JSON', JSON.stringify({ token }), /JSON.*begins with "\{/],
    ['a page', '<!doctype html><p>Sign in</p>', /a page.*begins with "<!doct/],
    ['an error text', 'Bad request. Please check your params.', /begins with "Bad re…".*"007"/],
    ['a JSON Web Token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3', /JWT/],
    ['the word undefined', 'undefined', /the word undefined/],
    ['an object made a text', '[object Object]', /the word \[object/],
    ['a token encoded for a URL', `${token.slice(0, 20)}%2B${token.slice(20)}`, /encoded for a URL/],
    ['a token with a space for a "+"', `${token.slice(0, 20)} ${token.slice(20)}`, /a "\+" may have been/],
    ['a token that is cut off', token.slice(0, -3), /damaged: .*cut off/],
    ['a token with a tab in it', `${token.slice(0, 20)}\t${token.slice(20)}`, /broken by white space/],
    ['a token with a foreign letter in it', `${token.slice(0, 20)}é${token.slice(20)}`, /character that no token has/],
    ['bytes', new TextEncoder().encode(token), /of type Uint8Array/],
    ['a list', [token], /of type list/],
    ['an object', { token }, /of type \{ token \}/],
    ['white space', ' \n', /empty/],
    ['a number', 7, /of type number/],
    ['null', null, /null/],
  ])('%s', async (_what, sent, message) => {
    const verdict = await check(sent);
    expect(verdict).toMatchObject({
      ok: false,
      failure: { code: 'TOKEN_INVALID', message: expect.stringMatching(message) },
    });
    if (!verdict.ok) expect(verdict.failure.message).not.toContain(token.slice(0, 20));
    if (!verdict.ok) expect(verdict.failure.message).not.toMatch(/begins with "007.*"007"/);
  });
});

describe('a mismatch names both sides', () => {
  const project = {
    appId: APP_ID,
    appCertificate: APP_CERTIFICATE,
    expiresInSeconds: 60,
    issuedAt: Math.floor(clock.now() / 1000),
  };
  const stage = { target: { kind: 'stream', channelName: 'stage' } } as const;
  it.each<[string, unknown, Partial<GrantExpectation>, string[]]>([
    ['of app IDs', token, { appId: 'f'.repeat(32) }, [APP_ID, 'f'.repeat(32)]],
    [
      'of app IDs that differ in letter case alone, as the SDK compares them',
      token,
      { appId: APP_ID.toLowerCase() },
      [APP_ID, APP_ID.toLowerCase(), 'letter case'],
    ],
    ['of users', token, { userId: 'bob' }, ['alice', 'bob']],
    ['of channels', issuer(clock).channel('alice', 'vault'), stage, ['stage', 'vault']],
    ['of services', issuer(clock).channel('alice', 'stage'), {}, ['RTM', 'it has rtc']],
    ['of services, the other way round', token, stage, ['RTC', 'it has rtm']],
    [
      'of rights',
      buildAccessToken({ ...project, services: [{ service: 'rtm', userId: 'alice', privileges: {} }] }),
      {},
      ['RTM', 'rtm without'],
    ],
  ])('%s', async (_what, sent, over, named) => {
    const verdict = await check(sent, over);
    expect(verdict).toMatchObject({ ok: false, failure: { code: 'TOKEN_MISMATCH' } });
    for (const name of named) expect(verdict.ok ? '' : verdict.failure.message).toContain(name);
  });
});

describe('a token that Signaling refused and that comes again', () => {
  it.each([
    ['', token],
    ['of the old kind, which is named', `006${APP_ID}IADk0Yc5F5yXw3n1b2m3k4`],
  ])('is told as such %s', async (_what, sent) => {
    const verdict = await check(sent, { previous: [sent], refused: [sent] });
    expect(verdict).toMatchObject({
      ok: false,
      failure: { code: 'TOKEN_UNCHANGED', message: expect.stringMatching(/refused/) },
    });
    if (sent !== token) expect(verdict).toMatchObject({ failure: { message: expect.stringMatching(/006/) } });
  });
});
