import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacSha256, sha256 } from '../../../src/emulator/project/sha256.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('SHA-256 of every length up to four blocks is that of OpenSSL', () => {
  for (let length = 0; length <= 256; length += 1) {
    const message = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 0xff);
    expect(hex(sha256(message)), String(length)).toBe(createHash('sha256').update(message).digest('hex'));
  }
});

it('SHA-256 of the standard’s own example', () => {
  expect(hex(sha256(Buffer.from('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it('HMAC with a key of any length is that of OpenSSL', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 400 }), (key, message) => {
      expect(hex(hmacSha256(key, message))).toBe(createHmac('sha256', key).update(message).digest('hex'));
    }),
    { numRuns: 1000 },
  );
});
