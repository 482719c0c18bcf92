import { hmacSha256 } from './sha256.js';

/** What a token's signature is made with, besides the bytes that it covers. */
export interface SigningKeys {
  readonly appCertificate: string;
  readonly issuedAt: number;
  readonly salt: number;
}

/** The signature of an AccessToken2: issue time and salt are the keys of two chained HMACs over the certificate as text. */
export function signatureOf(signedBytes: Uint8Array, { appCertificate, issuedAt, salt }: SigningKeys): Uint8Array {
  const certificate = Uint8Array.from(appCertificate, (digit) => digit.charCodeAt(0));
  return hmacSha256(hmacSha256(littleEndian(salt), hmacSha256(littleEndian(issuedAt), certificate)), signedBytes);
}

function littleEndian(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}
