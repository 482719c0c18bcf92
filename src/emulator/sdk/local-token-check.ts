/** Reads the app ID out of an AccessToken2; null where the string is none. */
export type AppIdReader = (token: string) => string | null | Promise<string | null>;

const INVALID_TOKEN = -10005;
const OTHER_APP_ID = -10016;
const APP_ID_LENGTH = 32;

/**
 * What agora-rtm-sdk 2.3.0 checks of a token before it asks the service: whether it can be read and is for this app ID. No token at
 * all and the app ID in its place go to the service. Returns the SDK's error code, or 0.
 */
export function checkTokenLocally(token: string, appId: string, readAppId: AppIdReader): number | Promise<number> {
  if (token === '' || token === appId) return 0;
  // The version of 2017 has the app ID in plain text behind its number.
  if (token.startsWith('006')) return verdict(token.length < 3 + APP_ID_LENGTH ? null : token.slice(3, 35), appId);
  if (!token.startsWith('007')) return INVALID_TOKEN;
  const written = readAppId(token);
  return written instanceof Promise ? written.then((read) => verdict(read, appId)) : verdict(written, appId);
}

function verdict(written: string | null, appId: string): number {
  if (written === null) return INVALID_TOKEN;
  return written === appId ? 0 : OTHER_APP_ID;
}
