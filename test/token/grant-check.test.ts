import { buildAccessToken, buildRtcToken, buildRtmToken } from 'agora-session/server';
import { describe, expect, it } from 'vitest';
import { checkGrant, type GrantExpectation } from '../../src/token/grant-check.js';
import type { TokenGrant, TokenRefusal } from '../../src/token/token-source.js';
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

  it('may be an RTC token for any user', async () => {
    expect(await checkGrant({ token: stage({ userId: 0 }) }, forStage)).toMatchObject({ ok: true });
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
      /expiresIn/,
    ],
  ])('%s is refused', async (_name, grant, expected, code, message) => {
    const verdict = await checkGrant(grant, expected);
    expect(verdict).toMatchObject({
      ok: false,
      failure: { code, kind: 'unusable', message: expect.stringMatching(message) },
    });
  });

  it('being the identical token again renews nothing', async () => {
    const token = login();
    const verdict = await checkGrant({ token }, { ...forLogin, previous: [null, token] });
    expect(verdict).toMatchObject({ ok: false, failure: { code: 'TOKEN_UNCHANGED' } });
  });

  it('being a refusal is a denial', async () => {
    const verdict = await checkGrant({ error: { code: 'FORBIDDEN', message: 'no' } }, forStage);
    expect(verdict).toMatchObject({ ok: false, failure: { code: 'TOKEN_DENIED', kind: 'denied' } });
  });
});
