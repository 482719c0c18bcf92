/** Says in one sentence why a string is no AccessToken2. It never contains the token. */
export class TokenFormatError extends Error {
  override readonly name = 'TokenFormatError';
}
