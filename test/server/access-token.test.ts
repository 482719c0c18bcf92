import { inflateSync } from 'node:zlib';
import { AccessToken2 } from 'agora-token/src/AccessToken2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildAccessToken, parseAccessToken, type ServiceGrant, verifyAccessToken } from '../../src/server/index.js';
import { tokenOptions } from './arbitrary-grants.js';
import { buildOfficially } from './official-builder.js';
import { appCertificate, appId, officialTokens } from './official-tokens.js';

const TOKENS = 1_500;

/** The content of a token in hexadecimal; the packing around it differs between zlib implementations. */
function contentOf(token: string): string {
  return inflateSync(Buffer.from(token.slice(3), 'base64')).toString('hex');
}

describe.each(officialTokens)('the official token "$name"', (vector) => {
  const { token, services, issuedAt = 1_111_111, salt = 1, expiresInSeconds = 600 } = vector;

  test('is built with the same content', () => {
    const built = buildAccessToken({ appId, appCertificate, services, issuedAt, salt, expiresInSeconds });
    expect(contentOf(built)).toBe(contentOf(token));
  });

  test('is verified, and read as what it was made of', () => {
    const verified = verifyAccessToken(token, { appId, appCertificate, now: issuedAt });
    expect(verified).toMatchObject({ appId, issuedAt, salt, expiresInSeconds, expiresAt: issuedAt + expiresInSeconds });
    expect(verified.services.map(({ name }) => name)).toEqual(services.map(({ service }) => service));
    expect(verified.unknownServices).toHaveLength(0);
  });

  test('does not pass with another certificate', () => {
    const options = { appId, appCertificate: 'a'.repeat(32), now: issuedAt };
    expect(() => verifyAccessToken(token, options)).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
  });
});

test('the fields of a token are read under their names', () => {
  const token = officialTokens.find(({ name }) => name.includes('RTM2'))?.token ?? '';
  expect(parseAccessToken(token).services).toEqual([
    expect.objectContaining({ type: 3, channelName: '7d72365eb983485397e3e3f9d460bdda', userId: '2882341273' }),
    expect.objectContaining({
      type: 6,
      privileges: new Map([
        [1, 600],
        [2, 600],
      ]),
    }),
    {
      type: 8,
      name: 'rtm2',
      privileges: new Map([[1, 600]]),
      userId: 'test_user',
      permissions: [
        { resourceType: 0, permission: 0, resources: ['message-a', 'message-b'] },
        { resourceType: 1, permission: 1, resources: ['stream-a'] },
        { resourceType: 4, permission: 0, resources: ['user-a'] },
      ],
    },
  ]);
});

test(`${TOKENS} tokens of every mix of services have the content that agora-token gives them`, () => {
  const mixes = new Set<string>();
  fc.assert(
    fc.property(tokenOptions, (options) => {
      for (const { service } of options.services) mixes.add(service);
      expect(contentOf(buildAccessToken(options))).toBe(contentOf(buildOfficially(options)));
    }),
    { numRuns: TOKENS },
  );
  expect(mixes.size).toBe(10);
});

test(`agora-token reads and verifies ${TOKENS} of ours`, () => {
  fc.assert(
    fc.property(tokenOptions, (options) => {
      const official = new AccessToken2('', '', 0, 0);
      expect(official.from_string(buildAccessToken(options))).toBe(true);
      expect(official.verifySignature(options.appCertificate)).toBe(true);
      expect(official.services).toHaveLength(options.services.length);
      expect([official.issueTs, official.expire, official.salt]).toEqual([
        options.issuedAt,
        options.expiresInSeconds,
        options.salt,
      ]);
    }),
    { numRuns: TOKENS },
  );
});

test(`${TOKENS} tokens of agora-token pass with their certificate and with no other`, () => {
  fc.assert(
    fc.property(tokenOptions, (options) => {
      const token = buildOfficially(options);
      const { appCertificate: right, issuedAt: now } = options;
      const verified = verifyAccessToken(token, { appId: options.appId, appCertificate: right, now });
      expect(verified.services).toEqual(parseAccessToken(buildAccessToken(options)).services);
      const wrong = right.startsWith('0') ? `1${right.slice(1)}` : `0${right.slice(1)}`;
      expect(() => verifyAccessToken(token, { appId: options.appId, appCertificate: wrong, now })).toThrow(
        expect.objectContaining({ code: 'BAD_SIGNATURE' }),
      );
    }),
    { numRuns: TOKENS },
  );
});

test('projects and seconds in turn are each signed for with their own certificate', () => {
  const services: ServiceGrant[] = [{ service: 'rtm', userId: 'alice' }];
  const other = 'b'.repeat(32);
  for (const [certificate, issuedAt] of [
    [appCertificate, 1_111_111],
    [other, 1_111_111],
    [other, 1_111_112],
    [appCertificate, 1_111_112],
  ] as const) {
    const options = { appId, services, expiresInSeconds: 600, salt: 7, issuedAt };
    const token = buildAccessToken({ ...options, appCertificate: certificate });
    expect(contentOf(token)).toBe(contentOf(buildOfficially({ ...options, appCertificate: certificate })));
  }
});

test('services are put in the order of their types, and those of one type stay as given', () => {
  const services: ServiceGrant[] = [
    { service: 'rtm', userId: 'alice' },
    { service: 'rtc', channelName: 'second', userId: 'alice', privileges: ['joinChannel'] },
    { service: 'rtc', channelName: 'first', userId: 'alice', privileges: ['joinChannel'] },
  ];
  const read = parseAccessToken(buildAccessToken({ appId, appCertificate, services, expiresInSeconds: 60 })).services;
  expect(read.map((service) => ('channelName' in service ? service.channelName : service.name))).toEqual([
    'second',
    'first',
    'rtm',
  ]);
});
