import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

/**
 * The signature of an AccessToken2, 32 bytes. The issue time and the salt, both public, are the keys of two chained HMACs over the
 * certificate; what comes out is the key for the content. The certificate enters as text, not as the bytes that its digits stand for.
 */
export function signAccessToken(
  signedBytes: Uint8Array,
  appCertificate: string,
  issuedAt: number,
  salt: number,
): Buffer {
  return hmac(hmac(littleEndian(salt), hmac(littleEndian(issuedAt), appCertificate)), signedBytes);
}

function hmac(key: Uint8Array, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
