import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretOfSecond, signAccessToken } from '../../src/server/access-token/sign-access-token.js';
import {
  AccessTokenError,
  buildRtmToken,
  parseAccessToken,
  SERVICE_TYPES,
  verifyAccessToken,
} from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

const issuedAt = 1_767_225_600;
const project = { appId, appCertificate };
const options = { ...project, now: issuedAt };
const token = buildRtmToken({ ...project, userId: 'alice', expiresInSeconds: 600, issuedAt, salt: 1 });
const content = inflateSync(Buffer.from(token.slice(3), 'base64'));

const pack = (bytes: Uint8Array): string => `007${deflateSync(bytes).toString('base64')}`;
const refusalCode = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
  return 'accepted';
};

/** The content of the token above, altered and then signed again by someone who has the certificate. */
function resigned(change: (signed: Buffer) => Buffer): string {
  const signed = change(Buffer.from(content.subarray(34)));
  const signature = signAccessToken(signed, secretOfSecond(appCertificate, issuedAt), 1);
  return pack(Buffer.concat([Buffer.from([32, 0]), signature, signed]));
}

describe('a token is malformed when', () => {
  test.each<[string, unknown]>([
    ['it is empty', ''],
    ['it is no string', undefined],
    ['it is another version', `006${token.slice(3)}`],
    ['it is the app ID', appId],
    ['it has only a version', '007'],
    ['it is not base64', '007!!!!'],
    ['it is in the URL variant of base64', '007ab-_'],
    ['it is base64 of something else', `007${Buffer.from('something else').toString('base64')}`],
    ['it contains nothing', pack(Buffer.alloc(0))],
    ['its compressed part is cut off', `007${deflateSync(content).subarray(0, -30).toString('base64')}`],
    [
      'something follows its compressed part',
      `007${Buffer.concat([deflateSync(content), content]).toString('base64')}`,
    ],
    ['something follows its content', pack(Buffer.concat([content, Buffer.from([0])]))],
    ['something signed follows its content', resigned((signed) => Buffer.concat([signed, Buffer.from([0])]))],
    ['its content is cut off', pack(content.subarray(0, -1))],
    ['its signature has another length', pack(Buffer.concat([Buffer.from([31, 0]), content.subarray(2)]))],
    ['it is a decompression bomb', pack(Buffer.alloc(50_000_000))],
  ])('%s', (_, malformed) => {
    expect(refusalCode(() => parseAccessToken(malformed as string))).toBe('MALFORMED');
    expect(refusalCode(() => verifyAccessToken(malformed as string, options))).toBe('MALFORMED');
  });
});

test('text that is no token is malformed, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `007${text}`),
        fc.base64String().map((text) => `007${text}`),
      ),
      (text) => {
        expect(refusalCode(() => parseAccessToken(text))).toBe('MALFORMED');
      },
    ),
    { numRuns: 2_000 },
  );
});

test('any bytes at all either read as a token or are malformed, and never pass', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((tail) => Buffer.concat([content.subarray(0, 34), tail])),
  );
  fc.assert(
    fc.property(bytes, (random) => {
      expect(['MALFORMED', 'WRONG_APP', 'BAD_SIGNATURE']).toContain(
        refusalCode(() => verifyAccessToken(pack(random), options)),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a token in which any one bit of the content is flipped does not pass', () => {
  fc.assert(
    fc.property(fc.nat(content.length * 8 - 1), (bit) => {
      const altered = Buffer.from(content);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusalCode(() => verifyAccessToken(pack(altered), options))).not.toBe('accepted');
    }),
    { numRuns: content.length * 8 },
  );
});

test('a token for another app is told apart, before its signature is looked at', () => {
  const appIdOfOthers = 'f'.repeat(32);
  expect(refusalCode(() => verifyAccessToken(token, { ...options, appId: appIdOfOthers }))).toBe('WRONG_APP');
});

test('a token passes up to its last second and has expired after it', () => {
  expect(verifyAccessToken(token, { ...options, now: issuedAt + 599 }).expiresAt).toBe(issuedAt + 600);
  expect(refusalCode(() => verifyAccessToken(token, { ...options, now: issuedAt + 600 }))).toBe('EXPIRED');
});

test('a token that claims 56 years has expired after the 24 hours that Agora honours', () => {
  const boastful = resigned((signed) => {
    signed.writeUInt32LE(issuedAt + 3600, 38);
    return signed;
  });
  expect(parseAccessToken(boastful)).toMatchObject({ expiresInSeconds: issuedAt + 3600, expiresAt: issuedAt + 86_400 });
  expect(refusalCode(() => verifyAccessToken(boastful, { ...options, now: issuedAt + 86_400 }))).toBe('EXPIRED');
});

test('a service of an unknown type is kept as bytes, and the token passes', () => {
  const future = Math.max(...Object.values(SERVICE_TYPES)) + 1;
  const unknown = Buffer.from([future, 0, 0, 0, 1, 2, 3]);
  const extended = resigned((signed) => {
    signed.writeUInt16LE(2, 46);
    return Buffer.concat([signed, unknown]);
  });
  const verified = verifyAccessToken(extended, options);
  expect(verified.services).toEqual([expect.objectContaining({ name: 'rtm', userId: 'alice' })]);
  expect(Buffer.from(verified.unknownServices)).toEqual(unknown);
});

test('no error repeats the token or the certificate', () => {
  for (const bad of [`${token}=`, `${token.slice(0, -4)}AAAA`, `006${token.slice(3)}`]) {
    try {
      verifyAccessToken(bad, options);
    } catch (error) {
      expect(String(error)).not.toContain(bad.slice(3, 20));
      expect(String(error)).not.toContain(appCertificate);
    }
  }
  expect.assertions(6);
});
