import { bareToken } from '../token/bare-token.js';
import { readAccessToken } from '../token/read-access-token.js';

/** A token as a session gives it to the SDK, or what is wrong with what came in its place, as the end of a sentence. */
export type Undressed = { readonly token: string } | { readonly problem: string; readonly damaged: boolean };

/** Takes off a token what a session takes off; what it takes for cut off is a problem here, too. */
export async function undress(sent: unknown): Promise<Undressed> {
  const bare = bareToken(sent);
  if ('problem' in bare) return { ...bare, damaged: false };
  if (!bare.padded) return bare;
  // Its padding was missing: that, or more.
  return readAccessToken(bare.token, true).then(
    () => bare,
    () => ({ problem: 'is cut off, or something was added to it', damaged: true }),
  );
}
