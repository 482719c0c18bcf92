import { agoraTokenServiceSource, guideTokenSource, httpTokenSource, SessionManager } from 'agora-session';
import { describe, expect, it } from 'vitest';

const good = { appId: 'a'.repeat(32), userId: 'alice', tokens: '/tokens' };

describe('new SessionManager', () => {
  it.each<[string, unknown]>([
    ['appId', { ...good, appId: 'abc' }],
    ['userId', { ...good, userId: 'a.b@example.com' }],
    ['tokens', { ...good, tokens: '' }],
    ['tokens', { ...good, tokens: undefined }],
    ['tabs', { ...good, tabs: 'both' }],
    ['maxRelogins', { ...good, maxRelogins: -1 }],
    ['rtmConfig', { ...good, rtmConfig: null }],
    ['loadSdk', { ...good, loadSdk: 'agora-rtm-sdk' }],
    ['random', { ...good, random: 0.5 }],
    ['wake', { ...good, wake: true }],
    ['refresh.first', { ...good, refresh: { first: [0.9, 0.2] } }],
    ['refresh.later', { ...good, refresh: { later: [0, 1] } }],
    ['retry.timeoutMs', { ...good, retry: { timeoutMs: 0 } }],
    ['retry.firstMs', { ...good, retry: { firstMs: '5' } }],
    ['retry', { ...good, retry: null }],
    ['refresh', { ...good, refresh: null }],
    ['refresh', { ...good, refresh: 0.5 }],
    ['refresh.first', { ...good, refresh: { first: 0.5 } }],
    ['refresh.later', { ...good, refresh: { later: ['0.5', '0.7'] } }],
    ['client', { ...good, client: {} }],
    ['client', { ...good, client: class {} }],
    ['tokens', { ...good, tokens: `007eJxTY${'a'.repeat(60)}` }],
    ['options', null],
  ])('refuses a bad `%s` at once, and names it', (name, options) => {
    expect(() => new SessionManager(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`\`${name}\``) }),
    );
  });

  it('takes an option that is undefined for one that is absent', () => {
    const absent = { refresh: { first: undefined }, retry: { firstMs: undefined }, rtmConfig: { logLevel: undefined } };
    expect(new SessionManager({ ...good, ...absent } as never).state).toEqual({ status: 'idle' });
  });
});

describe('token sources', () => {
  it.each([
    ['httpTokenSource', httpTokenSource],
    ['guideTokenSource', guideTokenSource],
    ['agoraTokenServiceSource', agoraTokenServiceSource],
  ])('%s refuses a bad `url` and `timeoutMs` at once', (name, source) => {
    expect(() => source({} as never)).toThrow(`${name}: \`url\``);
    expect(() => source({ url: '/x', timeoutMs: 0 })).toThrow(`${name}: \`timeoutMs\``);
  });

  it.each([7, 'authorization: Bearer a', true, Symbol('a')])(
    'refuse `headers` of the kind of %s at once',
    (headers) => {
      for (const source of [httpTokenSource, guideTokenSource, agoraTokenServiceSource]) {
        expect(() => source({ url: '/x', headers: headers as never })).toThrow(
          expect.objectContaining({
            code: 'INVALID_ARGUMENT',
            message: expect.stringMatching(`^${source.name}: \`headers\``),
          }),
        );
      }
    },
  );

  it.each([-1, 0, Number.NaN, Number.POSITIVE_INFINITY, '3600', null])(
    'of `agora-token-service` refuse `expiresInSeconds` of %s at once',
    (expiresInSeconds) => {
      expect(() => agoraTokenServiceSource({ url: '/x', expiresInSeconds: expiresInSeconds as never })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('`expiresInSeconds`') }),
      );
    },
  );

  it.each([1, 3600, undefined])('of `agora-token-service` take `expiresInSeconds` of %s', (expiresInSeconds) => {
    const options = { url: '/x', expiresInSeconds } as { url: string; expiresInSeconds: number };
    expect(agoraTokenServiceSource(options).getTokens).toBeTypeOf('function');
  });

  it.each([0, Number.NaN, '5000', null])("of the app's own are refused with a `timeoutMs` of %s", (timeoutMs) => {
    const tokens = { getTokens: async () => ({}), timeoutMs } as never;
    expect(() => new SessionManager({ ...good, tokens })).toThrow('`tokens.timeoutMs`');
  });
});
