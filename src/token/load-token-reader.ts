import type { AccessTokenInfo } from './access-token-content.js';

/**
 * Reads what an AccessToken2 ("007") says of itself: project, issue time, life, services. It verifies nothing and holds no secret,
 * so it is safe and useful in a browser, where it tells when a token lapses and for whom it is. The reader comes in a chunk of its
 * own, which the first login loads as well.
 *
 * @throws TokenFormatError when the string is not such a token, or the platform has no `DecompressionStream`. The message never
 * contains the token.
 */
export async function readAccessToken(token: string): Promise<AccessTokenInfo> {
  const reader = await import('./read-access-token.js');
  return reader.readAccessToken(token);
}
