import { buildAccessToken, buildRtcToken, buildRtmToken } from 'agora-session/server';
import { RtmTokenBuilder } from 'agora-token';
import { AccessToken2, ServiceFpa } from 'agora-token/src/AccessToken2.js';
import { describe, expect, it } from 'vitest';
import { checkGrant, type GrantExpectation } from '../../src/token/grant-check.js';
import type { TokenGrant, TokenRefusal } from '../../src/token/token-source.js';
import { refusalOf } from '../../src/token/wire-format.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';

const NOW = Date.UTC(2026, 5, 1);
const issuedAt = NOW / 1000;
const project = { appId: APP_ID, appCertificate: APP_CERTIFICATE, issuedAt, expiresInSeconds: 3600 };
const login = (over = {}): string => buildRtmToken({ ...project, userId: 'alice', ...over });
const stage = (over = {}): string => buildRtcToken({ ...project, userId: 'alice', channelName: 'stage', ...over });

const forLogin: GrantExpectation = {
  target: { kind: 'signaling' },
  appId: APP_ID,
  userId: 'alice',
  previous: [],
  sentAt: NOW,
  servedAt: NOW,
};
const forStage: GrantExpectation = { ...forLogin, target: { kind: 'stream', channelName: 'stage' } };

describe('a grant that fits', () => {
  it.each<[string, TokenGrant, Partial<GrantExpectation>, number]>([
    ['lives what its token says', { token: login() }, {}, 3_600_000],
    ['lives `expiresIn` where that is less', { token: login(), expiresIn: 60 }, {}, 60_000],
    ['lives what its token says where `expiresIn` is more', { token: login(), expiresIn: 7200 }, {}, 3_600_000],
    [
      "lives what the server's clock leaves of a cached token",
      { token: login() },
      { servedAt: NOW + 3_000_000 },
      600_000,
    ],
    [
      "lives what the server's clock leaves of a cached token, though `expiresIn` is that of a new one",
      { token: login(), expiresIn: 3600 },
      { servedAt: NOW + 3_000_000 },
      600_000,
    ],
    [
      "lives what our clock leaves where the server's is unknown",
      { token: login() },
      { servedAt: null, sentAt: NOW + 600_000 },
      3_000_000,
    ],
    ["is not cut by our clock where the server's is known", { token: login() }, { sentAt: NOW + 600_000 }, 3_600_000],
    [
      'is not cut by our clock where `expiresIn` is given',
      { token: login(), expiresIn: 3600 },
      { servedAt: null, sentAt: NOW + 600_000 },
      3_600_000,
    ],
    [
      'lives what its token says where `expiresIn` is null',
      { token: login(), expiresIn: null as never },
      {},
      3_600_000,
    ],
    ['lives 10 minutes when it cannot be read', { token: '006abc' }, {}, 600_000],
    ['lives `expiresIn` when it cannot be read', { token: '006abc', expiresIn: 90 }, {}, 90_000],
    ['lives no more than a day when it cannot be read', { token: 'opaque', expiresIn: 1e9 }, {}, 86_400_000],
  ])('%s', async (_name, grant, expected, lifeMs) => {
    expect(await checkGrant(grant, { ...forLogin, ...expected })).toMatchObject({ ok: true, lifeMs });
  });

  it('lives no longer than its privilege', async () => {
    const token = buildAccessToken({
      ...project,
      services: [{ service: 'rtm', userId: 'alice', privileges: { login: 300 } }],
    });
    expect(await checkGrant({ token }, forLogin)).toMatchObject({ ok: true, lifeMs: 300_000 });
  });

  it('is used with a warning when only our own clock says that it has lapsed', async () => {
    const verdict = await checkGrant({ token: login() }, { ...forLogin, servedAt: null, sentAt: NOW + 86_400_000 });
    expect(verdict).toMatchObject({ ok: true, lifeMs: 3_600_000, warning: expect.stringContaining("device's clock") });
  });

  it('is used with no warning where nothing is odd', async () => {
    const token = login();
    expect(await checkGrant({ token }, forLogin)).toEqual({
      ok: true,
      token,
      lifeMs: 3_600_000,
      warning: null,
    });
    // At the very end of a day there is nothing to warn of either.
    const day = await checkGrant({ token: login({ expiresInSeconds: 86_400 }) }, forLogin);
    expect(day).toMatchObject({ ok: true, lifeMs: 86_400_000, warning: null });
  });

  it('is used with no word on our clock where the server says that the token is good', async () => {
    const verdict = await checkGrant(
      { token: login(), expiresIn: 60 },
      { ...forLogin, servedAt: null, sentAt: NOW + 1e9 },
    );
    expect(verdict).toMatchObject({ ok: true, lifeMs: 60_000, warning: null });
  });

  it('that claims more than a day counts a day, and a developer is told how many it claims', async () => {
    const claiming = async (seconds: number): Promise<string | null> => {
      const token = RtmTokenBuilder.buildToken(APP_ID, APP_CERTIFICATE, 'alice', seconds);
      const verdict = await checkGrant({ token }, { ...forLogin, servedAt: Date.now() });
      expect(verdict).toMatchObject({ ok: true, lifeMs: 86_400_000 });
      return verdict.ok ? verdict.warning : null;
    };
    expect(await claiming(3 * 86_400)).toMatch(/claims 3 days, and Agora honours 24 hours at most\.$/);
    expect(await claiming(1_000_000_000)).toMatch(/at most\.$/);
    expect(await claiming(issuedAt + 3600)).toMatch(
      /at most: is it a point in time where seconds from now are meant\?$/,
    );
  });

  it('is passed on with a warning where it cannot be read', async () => {
    const verdict = await checkGrant({ token: '006abcdef' }, forLogin);
    expect(verdict).toMatchObject({
      ok: true,
      token: '006abcdef',
      warning: expect.stringContaining('begins with "006"'),
    });
  });

  it('is passed on with a warning where the platform cannot inflate it', async () => {
    const had = globalThis.DecompressionStream;
    Reflect.deleteProperty(globalThis, 'DecompressionStream');
    try {
      expect(await checkGrant({ token: login() }, forLogin)).toMatchObject({
        ok: true,
        lifeMs: 600_000,
        warning: expect.stringMatching(/^Without DecompressionStream tokens are passed on unchecked; .+ service\.$/),
      });
    } finally {
      globalThis.DecompressionStream = had;
    }
  });

  it('may hold other channels and users besides', async () => {
    const services = ['vault', 'stage', 'attic'].map((channelName) => ({
      service: 'rtc' as const,
      userId: 'alice',
      channelName,
      privileges: ['joinChannel' as const],
    }));
    expect(await checkGrant({ token: buildAccessToken({ ...project, services }) }, forStage)).toMatchObject({
      ok: true,
    });
  });

  it('may have a service that is not known here, which may be the one', async () => {
    const future = Object.assign(new ServiceFpa(), { __type: 99 });
    const token = new AccessToken2(APP_ID, APP_CERTIFICATE, issuedAt, 3600);
    token.add_service(future);
    expect(await checkGrant({ token: token.build() }, forLogin)).toMatchObject({ ok: true });
  });

  it('may be an RTC token for any user', async () => {
    expect(await checkGrant({ token: stage({ userId: 0 }) }, forStage)).toMatchObject({ ok: true });
  });
});

describe('a token that lacks the end of its base64', () => {
  const tokens = Array.from({ length: 12 }, (_, index) => login({ userId: 'alice', salt: index + 1 }));
  const padded = tokens.filter((token) => token.endsWith('='));

  it('is given that again', async () => {
    expect(padded.length).toBeGreaterThan(0);
    for (const token of padded) {
      expect(await checkGrant({ token: token.replace(/=+$/, '') }, forLogin)).toMatchObject({ ok: true, token });
    }
  });

  it('is refused where more is missing', async () => {
    for (const token of tokens) {
      const cut = token.replace(/=+$/, '').slice(0, -1);
      expect(await checkGrant({ token: cut }, forLogin)).toMatchObject({
        ok: false,
        failure: { code: 'TOKEN_INVALID', message: expect.stringMatching(/is damaged: .*cut off/) },
      });
    }
  });
});

describe('a grant that does not fit', () => {
  it.each<[string, TokenGrant | TokenRefusal | undefined, GrantExpectation, string, RegExp]>([
    [
      'for another app',
      { token: login({ appId: 'f'.repeat(32) }) },
      forLogin,
      'TOKEN_MISMATCH',
      /another app ID \(f+\)/,
    ],
    ['for another user', { token: login({ userId: 'bob' }) }, forLogin, 'TOKEN_MISMATCH', /another user \(bob\)/],
    ['with an RTC token for a login', { token: stage() }, forLogin, 'TOKEN_MISMATCH', /may be an RTC token/],
    ['with a login token for a channel', { token: login() }, forStage, 'TOKEN_MISMATCH', /may be a login/],
    [
      'for another channel',
      { token: stage({ channelName: 'vault' }) },
      forStage,
      'TOKEN_MISMATCH',
      /another channel \(vault\)/,
    ],
    [
      'for another user of the channel',
      { token: stage({ userId: 'bob' }) },
      forStage,
      'TOKEN_MISMATCH',
      /another user/,
    ],
    ['that is absent', undefined, forStage, 'TOKEN_INVALID', /no token for the stream channel "stage"/],
    ['with an empty token', { token: '' }, forLogin, 'TOKEN_INVALID', /empty/],
    ['with a damaged token', { token: '007AAAA' }, forLogin, 'TOKEN_INVALID', /damaged/],
    ['with no base64', { token: '007@@@@' }, forLogin, 'TOKEN_INVALID', /damaged/],
    ['that has lapsed by `expiresIn`', { token: login(), expiresIn: 0 }, forLogin, 'TOKEN_LAPSED', /lapsed/],
    [
      "that has lapsed by the server's clock",
      { token: login() },
      { ...forLogin, servedAt: NOW + 3_600_000 },
      'TOKEN_LAPSED',
      /lapsed/,
    ],
    [
      'with `expiresIn` that is no number',
      { token: login(), expiresIn: Number.NaN },
      forLogin,
      'TOKEN_INVALID',
      /`expiresIn` of type number that is no number of seconds\.$/,
    ],
    [
      'with `expiresIn` as a text',
      { token: login(), expiresIn: '3600' as never },
      forLogin,
      'TOKEN_INVALID',
      /`expiresIn` of type string that is no number of seconds\.$/,
    ],
    [
      'with an endless `expiresIn`',
      { token: login(), expiresIn: Number.POSITIVE_INFINITY },
      forLogin,
      'TOKEN_INVALID',
      /no number of seconds\.$/,
    ],
  ])('%s is refused', async (_name, grant, expected, code, message) => {
    const verdict = await checkGrant(grant, expected);
    expect(verdict).toMatchObject({
      ok: false,
      failure: { code, kind: 'unusable', message: expect.stringMatching(message) },
    });
  });

  it.each([
    ['a text', 'token', /no token for the login; it has a string where \{ token \} was expected\.$/],
    ['a number', 7, /it has a number where/],
    ['an object without one', {}, /no token for the login\.$/],
    ['null', null, /no token for the login\.$/],
    ['an empty text', '', /no token for the login\.$/],
    ['a list', [{ token: 'x' }], /it has a list where \{ token \} was expected\.$/],
  ])('that is %s says so', async (_name, grant, message) => {
    const verdict = await checkGrant(grant as never, forLogin);
    expect(verdict).toMatchObject({
      failure: { code: 'TOKEN_INVALID', message: expect.stringMatching(message) },
    });
  });

  it('names both app IDs, and says so where only letter case differs', async () => {
    const upper = APP_ID.toUpperCase();
    const differs = await checkGrant({ token: login() }, { ...forLogin, appId: upper });
    expect(differs).toMatchObject({
      failure: { message: expect.stringContaining(`(${APP_ID}); this session's is ${upper}: letter case counts.`) },
    });
    const other = await checkGrant({ token: login({ appId: 'f'.repeat(32) }) }, forLogin);
    expect(other).toMatchObject({ failure: { message: expect.stringMatching(new RegExp(`is ${APP_ID}\\.$`)) } });
  });

  it('names what it has where the right service is not among it', async () => {
    const services = [
      { service: 'rtc' as const, userId: 'alice', channelName: 'stage', privileges: ['publishAudio' as const] },
      { service: 'chat' as const, userId: 'alice', privileges: ['user' as const] },
    ];
    const verdict = await checkGrant({ token: buildAccessToken({ ...project, services }) }, forLogin);
    expect(verdict).toMatchObject({
      failure: { message: expect.stringMatching(/it has rtc without its first right and chat\.$/) },
    });
  });

  it('being the one again that was refused says that, and how it begins where that is wrong', async () => {
    const token = login();
    const readable = await checkGrant({ token }, { ...forLogin, refused: [null, token] });
    expect(readable).toMatchObject({
      failure: {
        code: 'TOKEN_UNCHANGED',
        message: expect.stringMatching(/is the one again that Signaling has refused; is it made anew/),
      },
    });
    const old = await checkGrant({ token: '006abc' }, { ...forLogin, refused: ['006abc'] });
    expect(old).toMatchObject({
      failure: { message: expect.stringMatching(/refused, which begins with "006" and not/) },
    });
  });

  it('being the identical token again renews nothing', async () => {
    const token = login();
    const verdict = await checkGrant({ token }, { ...forLogin, previous: [null, token] });
    expect(verdict).toMatchObject({ ok: false, failure: { code: 'TOKEN_UNCHANGED' } });
  });

  it.each<[string, unknown, RegExp, object]>([
    [
      'with a code and a message',
      { code: 'NO_PLAN', message: 'The trial is over.' },
      /refused the token for the stream channel "stage" \(NO_PLAN: The trial is over\.\)\.$/,
      { name: 'TokenRefusal', code: 'NO_PLAN' },
    ],
    ['with a message alone', { message: 'no' }, /"stage" \(no\)\.$/, { name: 'TokenRefusal' }],
    ['with a status', { code: 'X', status: 402 }, /"stage" \(X\)\.$/, { name: 'TokenRefusal', status: 402, code: 'X' }],
    [
      'with nothing that can be told',
      { code: [7], message: { a: 1 }, status: '402' },
      /"stage"\.$/,
      { name: 'TokenRefusal' },
    ],
    ['that is a text', 'Open at nine.', /"stage" \(Open at nine\.\)\.$/, { name: 'TokenRefusal' }],
    ['that is only true', true, /"stage"\.$/, { name: 'TokenRefusal' }],
    [
      'with a number for a code',
      { code: 40301, msg: '封禁' },
      /\(40301: 封禁\)\.$/,
      { name: 'TokenRefusal', code: 40301 },
    ],
    ['with 0 for a code', { code: 0 }, /"stage" \(0\)\.$/, { name: 'TokenRefusal', code: 0 }],
    ['with an empty code', { code: '', message: 'no' }, /"stage" \(no\)\.$/, { name: 'TokenRefusal', code: '' }],
    [
      'whose code holds a secret',
      { code: 'Bearer sesame' },
      /"stage" \(Bearer …\)\.$/,
      { name: 'TokenRefusal', code: 'Bearer …' },
    ],
  ])('being a refusal %s tells what is fit to be told', async (_name, error, message, cause) => {
    const verdict = await checkGrant({ error } as never, forStage);
    expect(verdict).toMatchObject({ ok: false, failure: { message: expect.stringMatching(message) } });
    expect(verdict).toHaveProperty('failure.cause', cause);
  });

  it('being a refusal is a denial', async () => {
    const verdict = await checkGrant(refusalOf('FORBIDDEN', 'no'), forStage);
    expect(verdict).toMatchObject({
      ok: false,
      failure: { code: 'TOKEN_DENIED', kind: 'denied', cause: { code: 'FORBIDDEN' } },
    });
  });
});
