import { describe, expect, test } from 'vitest';
import {
  allowAnyone,
  buildAccessToken,
  buildRtcToken,
  buildRtmToken,
  createTokenHandler,
  type ServiceGrant,
  type TokenVerdict,
  verifyAccessToken,
} from '../../src/server/index.js';
import { ask, endpoint } from './ask.js';
import { appCertificate, appId } from './official-tokens.js';

// A secret is easily passed in the wrong place. No message repeats a text that was passed in; it says how the text is wrong.

const SECRETS = [appCertificate, `007${'eJxSYOhcOml6hF'.repeat(8)}`, `${'x'.repeat(70)}`, `a.${appCertificate}`];
const common = { appId, appCertificate, expiresInSeconds: 600 };
const services = (...list: unknown[]) => buildAccessToken({ ...common, services: list as ServiceGrant[] });
const handler = (options: object) => createTokenHandler({ appId, appCertificate, authorize: allowAnyone, ...options });

const PLACES: [string, (secret: string) => unknown][] = [
  ['appId', (secret) => buildRtmToken({ ...common, appId: `${secret}-`, userId: 'alice' })],
  ['appCertificate', (secret) => buildRtmToken({ ...common, appCertificate: `${secret}-`, userId: 'alice' })],
  ['userId', (secret) => buildRtmToken({ ...common, userId: `${secret}/` })],
  ['channelName', (secret) => buildRtcToken({ ...common, userId: 'alice', channelName: `${secret}/` })],
  ['role', (secret) => buildRtcToken({ ...common, userId: 'alice', channelName: 'a', role: secret as never })],
  [
    'privileges',
    (secret) => buildRtcToken({ ...common, userId: 'alice', channelName: 'a', privileges: [secret] as never }),
  ],
  ['privileges', (secret) => services({ service: 'rtm', userId: 'alice', privileges: { [secret]: 5 } })],
  ['services[0].service', (secret) => services({ service: secret })],
  ['expiresInSeconds', (secret) => buildRtmToken({ ...common, userId: 'a', expiresInSeconds: secret as never })],
  ['issuedAt', (secret) => buildRtmToken({ ...common, userId: 'a', issuedAt: secret as never })],
  ['salt', (secret) => buildRtmToken({ ...common, userId: 'a', salt: secret as never })],
  ['token', (secret) => verifyAccessToken(secret, { appId, appCertificate })],
  ['expected', (secret) => verifyAccessToken('', { appId, appCertificate, expected: { service: secret as never } })],
  ['cors.origins', (secret) => handler({ cors: { origins: [secret] } })],
  ['limit', (secret) => handler({ limit: secret })],
];

describe.each(SECRETS)('a secret of the form %s', (secret) => {
  test.each(PLACES)('in the place of %s is not repeated', (_name, call) => {
    const thrown = (() => {
      try {
        call(secret);
      } catch (error) {
        return error as Error;
      }
    })();
    expect(thrown?.message).toBeTruthy();
    expect(`${thrown?.message} ${JSON.stringify(thrown)}`).not.toContain(secret);
    expect(thrown?.message).not.toContain(secret.slice(0, 40));
  });

  test.each<[string, (secret: string) => unknown]>([
    ['userId', (text) => ({ userId: `${text}/` })],
    ['channels', (text) => ({ userId: 'alice', channels: [`${text}/`] })],
    ['a role', (text) => ({ userId: 'alice', channels: [{ channelName: 'stage', role: text }] })],
  ])('in the place of %s in a verdict is not repeated', async (_name, verdict) => {
    const told: unknown[] = [];
    const onError = (error: unknown) => void told.push(error);
    await endpoint({ authorize: () => verdict(secret) as TokenVerdict, onError })(ask({ channels: ['stage', 'a'] }));
    expect(told.map(String).join()).not.toContain(secret);
  });
});

test.each([
  ['', '0 characters'],
  ['a'.repeat(65), '65 characters'],
  ['alice@example.com', '17 characters, of which number 14 is not allowed'],
  ['_alice', '6 characters, of which number 1 is not allowed'],
  ['zoë', '3 characters, of which number 3 is not allowed'],
])('of the user ID "%s" it says: %s', (userId, text) => {
  expect(() => buildRtmToken({ ...common, userId })).toThrow(new RegExp(`got ${text}\\.$`));
});
