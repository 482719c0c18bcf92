import { nameOf } from './bad-sign-in.js';
import { withoutSecrets } from './log-error.js';

/** What libraries say of a forged sign-in, and of a good one where the server has been given the wrong key, audience or issuer. */
const AS_WITH_A_WRONG_KEY =
  /signature|algorithm|audience|recipient|issuer|decrypt|signing.?key|jwks|\b(?:aud|iss|kid)\b/i;
const OF_TIME = /expired|too (?:late|early)/i;
const LONGEST = 300;

/**
 * Makes the one who tells the console, once, why a sign-in was refused that may be a good one: a server with the wrong key answers
 * everybody with 401, and who set it up would learn nothing.
 */
export function doubtTeller(): (thrown: unknown) => void {
  let told = false;
  return (thrown) => {
    const said = told ? null : doubtIn(thrown);
    if (said === null) return;
    told = true;
    console.warn(
      `agora-session: a sign-in was refused (401), since \`authorize\` threw ${said} If every sign-in ends so, the key, audience or issuer that \`authorize\` checks with is not theirs. This is said once; \`onDecision\` is told of each.`,
    );
  };
}

/** What it says, in one line and without secrets; null where it says nothing that a wrong key would. */
function doubtIn(thrown: unknown): string | null {
  try {
    const { code, reason, message } = thrown as Error & Readonly<Record<string, unknown>>;
    const said = withoutSecrets([nameOf(thrown as Error), code ?? reason, message].filter(Boolean).join(': '));
    if (OF_TIME.test(said) || !AS_WITH_A_WRONG_KEY.test(said)) return null;
    return `${said.replace(/\s+/g, ' ').slice(0, LONGEST).replace(/\.$/, '')}.`;
  } catch {
    return null; // not even a look at it is possible
  }
}
