import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signToken } from '../../../src/emulator/project/sign-token.js';
import { verifyToken } from '../../../src/emulator/project/verify-token.js';
import {
  AccessTokenError,
  buildAccessToken,
  buildRtcToken,
  buildRtmToken,
  verifyAccessToken,
} from '../../../src/server/index.js';
import { tokenOptions } from '../../server/arbitrary-grants.js';
import { appCertificate, appId, officialTokens } from '../../server/official-tokens.js';

const project = { appId, appCertificate };
const issuedAt = 1_767_225_600;
const token = buildRtmToken({ ...project, userId: 'alice', expiresInSeconds: 600, issuedAt, salt: 1 });
const content = inflateSync(Buffer.from(token.slice(3), 'base64'));
const pack = (bytes: Uint8Array): string => `007${deflateSync(bytes).toString('base64')}`;

/** A token whose bytes begin as a zlib stream does: the flags are the `nth` that fit the method. */
function streamOf(method: number, nth: number, tail: Uint8Array): string {
  const flags = (31 - ((method * 256) % 31)) % 31;
  return `007${Buffer.from([method, flags + 31 * nth, ...tail].filter((byte) => byte < 256)).toString('base64')}`;
}

/** What a token says, or why it is refused and in which words. */
function verdict(verify: () => unknown): unknown {
  try {
    return verify();
  } catch (error) {
    if (error instanceof AccessTokenError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Both verdicts on a token, the server's and the emulator's. */
function verdicts(candidate: string, now = issuedAt, { appId, appCertificate } = project): [unknown, unknown] {
  const options = { appId, appCertificate, now, issuedAtToleranceSeconds: 0xffff_ffff };
  return [
    verdict(() => verifyAccessToken(candidate, options)),
    verdict(() => verifyToken(candidate, { appId, appCertificate }, now)),
  ];
}

/** The emulator's verdict, which has to be the server's too. */
function verdictOn(...args: Parameters<typeof verdicts>): unknown {
  const [server, emulator] = verdicts(...args);
  expect(emulator).toEqual(server);
  return emulator;
}

describe('the emulator’s verdict on a token is the server’s', () => {
  it.each<[string, unknown]>([
    ['is empty', ''],
    ['is no string', undefined],
    ['is another version', `006${token.slice(3)}`],
    ['is the app ID', appId],
    ['has only a version', '007'],
    ['is not base64', '007!!!!'],
    ['is in the URL variant of base64', '007ab-_'],
    ['is base64 of something else', `007${Buffer.from('something else').toString('base64')}`],
    ['names no dictionary, and needs one', `007${Buffer.from([0x78, 0x20]).toString('base64')}`],
    ['needs a dictionary', `007${Buffer.from([0x78, 0x20, 1, 2, 3, 4]).toString('base64')}`],
    ['contains nothing', pack(Buffer.alloc(0))],
    ['is cut off in its compressed part', `007${deflateSync(content).subarray(0, -30).toString('base64')}`],
    ['goes on after that', `007${Buffer.concat([deflateSync(content), content]).toString('base64')}`],
    ['goes on after its content', pack(Buffer.concat([content, Buffer.from([0])]))],
    ['is cut off in its content', pack(content.subarray(0, -1))],
    ['has a signature of another length', pack(Buffer.concat([Buffer.from([31, 0]), content.subarray(2)]))],
    ['is a decompression bomb', pack(Buffer.alloc(50_000_000))],
  ])('that %s', (_, malformed) => {
    expect(verdictOn(malformed as string)).toMatch(/^MALFORMED: /);
  });

  it('of another app, with another certificate, that has lapsed, and that is from the future', () => {
    expect(verdictOn(token, issuedAt, { ...project, appId: 'f'.repeat(32) })).toMatch(/^WRONG_APP/);
    expect(verdictOn(token, issuedAt, { ...project, appCertificate: 'f'.repeat(32) })).toMatch(/^BAD_SIGNATURE/);
    expect(verdictOn(token, issuedAt + 600)).toMatch(/^EXPIRED/);
    expect(verdictOn(token, issuedAt + 599)).toMatchObject({ expiresAt: issuedAt + 600 });
    expect(verdictOn(token, issuedAt - 86_400)).toMatchObject({ issuedAt });
  });

  it.each(officialTokens)('of Agora’s own builders: $name', ({ token: official, issuedAt: made = 1_111_111 }) => {
    expect(verdictOn(official, made)).toMatchObject({ appId });
    expect(verdictOn(official, made, { ...project, appCertificate: 'a'.repeat(32) })).toMatch(/^BAD_SIGNATURE/);
  });

  it('with any mix of services, and with any bit of it flipped', () => {
    fc.assert(
      fc.property(tokenOptions, fc.nat(), (options, bit) => {
        const built = buildAccessToken({ ...options, ...project });
        const now = options.issuedAt ?? issuedAt;
        expect(verdictOn(built, now)).toMatchObject({ appId });
        const altered = inflateSync(Buffer.from(built.slice(3), 'base64'));
        const at = bit % (altered.length * 8);
        altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(typeof verdictOn(pack(altered), now)).toBe('string');
      }),
      { numRuns: 400 },
    );
  });

  it('made of any text or bytes at all', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `007${text}`),
      fc.uint8Array({ maxLength: 300 }).map(pack),
      // Short ones, that begin as zlib may.
      fc
        .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 7 }), fc.uint8Array({ maxLength: 12 }))
        .map(([checks, bits, tail]) => streamOf(0x08 | (bits << 4), checks, tail)),
      fc.uint8Array({ maxLength: 300 }).map((tail) => pack(Buffer.concat([content.subarray(0, 34), tail]))),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(typeof verdictOn(text)).toBe('string');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a token that the emulator signs', () => {
  const common = { expiresInSeconds: 86_400, issuedAt, salt: 99_999_999 };

  it('for a login is the server’s, byte for byte', () => {
    for (const userId of ['alice', 'x'.repeat(64), ' !#$%&()+,-09:;<=>?@AZ[]^az{|}~']) {
      const signed = signToken(project, { ...common, userId, channelName: null });
      expect(signed).toBe(buildRtmToken({ ...project, ...common, userId }));
    }
  });

  it('for a stream channel is the server’s, byte for byte', () => {
    const privileges = ['joinChannel', 'publishDataStream'] as const;
    for (const channelName of ['stage', 'y'.repeat(64)]) {
      const signed = signToken(project, { ...common, userId: 'z'.repeat(255), channelName });
      expect(signed).toBe(buildRtcToken({ ...project, ...common, userId: 'z'.repeat(255), channelName, privileges }));
    }
  });

  it('is refused for a name that the server refuses', () => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: 'userId' });
    expect(() => signToken(project, { ...common, userId: 'a"b', channelName: null })).toThrow(refused);
  });
});
