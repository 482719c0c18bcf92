import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

/**
 * The signature of an AccessToken2, 32 bytes. The issue time and the salt, both public, are the keys of two chained HMACs over the
 * certificate; what comes out is the key for the content.
 */
export function signAccessToken(signedBytes: Uint8Array, secretOfSecond: Uint8Array, salt: number): Buffer {
  return hmac(hmac(littleEndian(salt), secretOfSecond), signedBytes);
}

/** The first of the HMACs, which all tokens that a project issues in one second share. The certificate enters as text, not as bytes. */
export function secretOfSecond(appCertificate: string, issuedAt: number): Buffer {
  return hmac(littleEndian(issuedAt), appCertificate);
}

let latest: { appCertificate: string; issuedAt: number; secret: Buffer } | null = null;

/**
 * The same for a token that is issued now: nearly always the second of the token before. It is kept until one of another second or
 * project is issued, in memory where the certificate is, too.
 */
export function secretOfThisSecond(appCertificate: string, issuedAt: number): Buffer {
  if (latest?.issuedAt !== issuedAt || latest.appCertificate !== appCertificate) {
    latest = { appCertificate, issuedAt, secret: secretOfSecond(appCertificate, issuedAt) };
  }
  return latest.secret;
}

function hmac(key: Uint8Array, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
