import {
  type AccessTokenInfo,
  accessTokenBase64,
  decodeAccessTokenContent,
  MAX_CONTENT_BYTES,
} from './access-token-content.js';
import { TokenFormatError } from './token-format-error.js';

/** Whether this platform can inflate a token; browsers can since 2023, every supported Node can. */
export function canReadAccessTokens(): boolean {
  return typeof DecompressionStream === 'function';
}

/**
 * Reads a token, as the function of that name does which apps call.
 *
 * @param strict whether its end must be there
 */
export async function readAccessToken(token: string, strict = false): Promise<AccessTokenInfo> {
  const base64 = accessTokenBase64(token);
  if (!canReadAccessTokens())
    throw new TokenFormatError('This platform has no DecompressionStream to read a token with.');
  const deflated = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return decodeAccessTokenContent(await inflate(deflated, strict)).info;
}

/**
 * Tokens made by Agora's Go library end in a flush instead of the end mark of zlib, which a `DecompressionStream` reports as an error
 * after it has given out every byte. So an error ends the reading; whether enough has come is for the decoder to say.
 */
async function inflate(deflated: Uint8Array<ArrayBuffer>, strict: boolean): Promise<Uint8Array> {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  writer.write(deflated).catch(() => {});
  writer.close().catch(() => {});
  const content = new Uint8Array(MAX_CONTENT_BYTES);
  let length = 0;
  const reader = stream.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (length + next.value.length > MAX_CONTENT_BYTES) break;
      content.set(next.value, length);
      length += next.value.length;
    }
  } catch {
    if (strict) throw new TokenFormatError('The token is cut off, or something was added to it.');
    // The decoder judges what has arrived.
  }
  reader.cancel().catch(() => {});
  if (length === 0) throw new TokenFormatError('The token does not inflate.');
  return content.subarray(0, length);
}
