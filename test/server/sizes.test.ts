import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildAccessToken, parseAccessToken, type ServiceGrant, verifyAccessToken } from '../../src/server/index.js';
import { readAccessToken } from '../../src/token/read-access-token.js';
import { appCertificate, appId } from './official-tokens.js';

const common = { appId, appCertificate, expiresInSeconds: 600 };
const huge = `007${'A'.repeat(16_000_000)}`;
const readers: [string, (token: string) => unknown][] = [
  ['parseAccessToken', parseAccessToken],
  ['verifyAccessToken', (token) => verifyAccessToken(token, { appId, appCertificate })],
  ['readAccessToken', readAccessToken],
];

describe.each(readers)('%s', (_name, read) => {
  test('refuses a token of 16 MB before it looks into it', async () => {
    const began = performance.now();
    await expect((async () => read(huge))()).rejects.toThrow(/16000003 characters/);
    expect(performance.now() - began).toBeLessThan(20);
  });

  test('takes the longest that there can be', async () => {
    // Random text does not compress; whatever else is wrong with it, it is not its length.
    const longest = `007${deflateSync(randomBytes(65_536)).toString('base64')}`;
    const told = await (async () => read(longest))().then(String, String);
    expect(told).not.toContain('characters');
  });
});

test('a token for channels that RTC’s SDK could not take is not made, and one without channels is', () => {
  const names = Array.from({ length: 60 }, () => randomBytes(24).toString('hex'));
  const channels: ServiceGrant[] = names.map((channelName) => ({
    service: 'rtc',
    channelName,
    userId: 'alice',
    privileges: ['joinChannel'],
  }));
  expect(() => buildAccessToken({ ...common, services: channels })).toThrow(
    expect.objectContaining({ argument: 'services', message: expect.stringContaining('2047') }),
  );
  const permissions = { messageChannels: { read: names } };
  const login = buildAccessToken({ ...common, services: [{ service: 'rtm2', userId: 'alice', permissions }] });
  expect(Buffer.byteLength(login)).toBeGreaterThan(2047);
});
