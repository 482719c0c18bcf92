import { SessionError } from 'agora-session';
import { keepFocus } from '../focus-keeper.js';
import { find, setText } from '../page.js';
import { fetchConfig } from './backend.js';
import { Controls } from './controls.js';
import { EventLog } from './event-log.js';
import { Lobby } from './lobby.js';
import { LoginForm } from './login-form.js';
import { describeError } from './plain-words.js';
import { Stage } from './stage.js';
import { type Session, sessionMaker } from './start-session.js';
import { StateView } from './state-view.js';
import { TokenView } from './token-view.js';

declare global {
  interface Window {
    /** The running session, to play with in the console. */
    session: Session;
  }
}

/** A part of the page. Each listens to what it needs. */
interface View {
  follow(session: Session): void;
}

const USERS = ['alice', 'bob', 'carol', 'dave', 'erin'];

keepFocus();
const config = await fetchConfig().catch((error: unknown) => {
  setText(find('#state-title', HTMLElement), 'The development server does not answer');
  setText(find('#state-detail', HTMLElement), describeError(error));
  throw error;
});
const form = new LoginForm(config, { logIn, logOut: () => void session.logout(), renew });
const log = new EventLog(find('#log ol', HTMLElement));
const lobby = new Lobby();
const views: View[] = [form, new StateView(), new TokenView(), lobby, new Stage(log), log];
if (config.emulator) views.push(new Controls(log));
const makeSession = sessionMaker(config, () => form.lifeSeconds);

let session = firstSession(new URLSearchParams(location.search).get('user'));
follow(session);
setText(
  find('#service', HTMLElement),
  config.emulator ? 'Local Signaling: no account, no network' : `Agora Signaling, project ${config.appId.slice(0, 6)}…`,
);

/** Lets the whole page show this session. */
function follow(next: Session): void {
  session = next;
  window.session = next;
  for (const view of views) view.follow(next);
  const other = USERS[(USERS.indexOf(next.userId) + 1) % USERS.length] ?? 'bob';
  const link = find('#second-tab', HTMLAnchorElement);
  link.href = `?user=${encodeURIComponent(other)}`;
  setText(link, `Open a second tab as ${other}`);
}

async function logIn(userName: string): Promise<void> {
  try {
    if (userName !== session.userId) changeUser(userName);
    await session.login();
    await lobby.enter();
  } catch (error) {
    if (error instanceof SessionError && error.code === 'INVALID_ARGUMENT') form.refuse(error.message);
    // How a session fails is told by its state, and a logout while it was logging in is what the user wanted.
    else if (session.state.status !== 'failed' && !isLogout(error)) log.add('bad', describeError(error));
  }
}

/** A session belongs to one user, so another user is another session. */
function changeUser(userName: string): void {
  const next = makeSession(userName);
  session.removeAllListeners();
  void session.logout();
  follow(next);
  history.replaceState(null, '', `?user=${encodeURIComponent(userName)}`);
}

function renew(): void {
  // What fails is told by the event `tokenError`, with the time of the next try.
  session.renewTokens().catch(() => {});
}

function firstSession(userName: string | null): Session {
  try {
    return makeSession(userName ?? 'alice');
  } catch {
    return makeSession('alice');
  }
}

function isLogout(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'LOGGED_OUT';
}
