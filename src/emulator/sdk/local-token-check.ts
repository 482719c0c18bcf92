/** Reads the app ID out of an AccessToken2; null where the string is none. */
export type AppIdReader = (token: string) => string | null | Promise<string | null>;

/**
 * What agora-rtm-sdk 2.3.0 checks of a token before it asks the service: whether it is a readable AccessToken2 and for this app ID.
 * An empty one, the app ID itself and tokens of the version "006" go to the service. Returns the SDK's error code, or 0.
 */
export function checkTokenLocally(token: string, appId: string, readAppId: AppIdReader): number | Promise<number> {
  if (token === '' || token === appId || token.startsWith('006')) return 0;
  if (!token.startsWith('007')) return -10005;
  const written = readAppId(token);
  return written instanceof Promise ? written.then((read) => verdict(read, appId)) : verdict(written, appId);
}

function verdict(written: string | null, appId: string): number {
  if (written === null) return -10005;
  return written === appId ? 0 : -10016;
}
