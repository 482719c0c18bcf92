import { SessionManager } from 'agora-session';
import 'agora-session/devtools';

declare global {
  interface Window {
    /** Makes a session on the SDK that it loads by itself, and logs in with one token after the other; tells how that ended. */
    logIn(login: { appId: string; userId: string; tokens: string[]; timeoutMs: number }): Promise<Ended>;
  }
}

/** How a login ended: the error's code, the states that were passed, and whether there is a client. */
export interface Ended {
  readonly code: string;
  readonly states: string[];
  readonly links: string[];
  readonly hasClient: boolean;
}

window.logIn = async ({ appId, userId, tokens, timeoutMs }) => {
  const session = new SessionManager({
    appId,
    userId,
    tokens: async () => ({ signaling: { token: tokens.shift() ?? '' } }),
  });
  const panel = document.createElement('agora-session-devtools');
  panel.session = session;
  document.body.replaceChildren(panel);
  const states: string[] = [];
  const links: string[] = [];
  session.on('state', ({ status }) => states.push(status));
  session.on('linkState', ({ currentState, reasonCode }) => links.push(`${currentState} ${reasonCode}`));
  const code = await session.login({ timeoutMs }).then(
    () => 'in',
    (error: { code: string }) => error.code,
  );
  await session.logout();
  return { code, states, links, hasClient: hasClient(session) };
};
function hasClient(session: SessionManager): boolean {
  try {
    return typeof session.rtm.login === 'function';
  } catch {
    return false;
  }
}

document.body.dataset.ready = 'true';
