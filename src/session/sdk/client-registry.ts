import { SessionError } from '../state/session-error.js';
import { textOf } from '../state/text-of.js';
import type { RTMConfig, SignalingClient, SignalingSdk } from './signaling-client.js';

/** What is known of a client that nobody uses. */
export type ClientCondition =
  /** It has nothing of a login. */
  | 'clean'
  /** Its last logout was not answered. */
  | 'unclean'
  /** The app has made it, and may have used it. */
  | 'foreign';

/**
 * One client and who uses it. agora-rtm-sdk 2.3.0 refuses a second client for the same app and user in a page (error -10027), and a
 * hot reload or a second manager would make one; so clients are kept for the page's life and used again.
 */
interface ClientEntry<Client> {
  readonly client: Client;
  readonly logouts: OpenLogouts;
  readonly config: string;
  owner: object | null;
  /** Settles when the last owner has logged out. */
  idle: Promise<ClientCondition>;
}

/** How long a logout's IDLE may take, milliseconds: from its call where it is not answered, and from its answer. */
const LATE_LOGOUT_MS = 60_000;
const ANSWERED_LOGOUT_MS = 5_000;

/** Logouts of a client whose IDLE has not come: one of an earlier login may come during a later one. */
export class OpenLogouts {
  readonly #open = new Set<{ untilMs: number }>();

  /** A logout is called; returns what is to be called at its answer. */
  begin(nowMs: number): (answeredMs: number) => void {
    const logout = { untilMs: nowMs + LATE_LOGOUT_MS };
    this.#open.add(logout);
    return (answeredMs) => {
      logout.untilMs = answeredMs + ANSWERED_LOGOUT_MS;
    };
  }

  /** Whether an IDLE may be the end of one of these; an event may come twice. */
  explainIdle(nowMs: number): boolean {
    for (const logout of this.#open) if (logout.untilMs <= nowMs) this.#open.delete(logout);
    return this.#open.size > 0;
  }
}

/** A client that is this session's alone until it is given back. */
export interface ClaimedClient<Client> {
  readonly client: Client;
  readonly logouts: OpenLogouts;
  /** Settles when an earlier session of this client has logged out. */
  readonly idle: Promise<ClientCondition>;
  /** Gives the client back; whoever claims it next waits until `loggedOut` settles, and is told what it says; null: as it was. */
  release(loggedOut: Promise<ClientCondition | null>): void;
}

type Registry = WeakMap<object, Map<string, ClientEntry<SignalingClient>>>;

/** Registered, so that a second copy of this module (hot reload, two bundles) finds the same clients. */
const REGISTRY = Symbol.for('agora-session.clients');

function registry(): Registry {
  const holder = globalThis as typeof globalThis & { [REGISTRY]?: Registry };
  holder[REGISTRY] ??= new WeakMap();
  return holder[REGISTRY];
}

/**
 * Makes or finds the client of this app and user and claims it.
 *
 * @throws SessionError ALREADY_ACTIVE while another session uses it; INVALID_ARGUMENT when it exists with another `rtmConfig`;
 * CONFIGURATION when the SDK refuses to make it
 */
export function claimClient<Client extends SignalingClient>(
  sdk: SignalingSdk<Client>,
  identity: { appId: string; userId: string },
  config: RTMConfig,
  owner: object,
): ClaimedClient<Client> {
  const clients = clientsOf<Client>(sdk.RTM);
  const key = `${identity.appId} ${identity.userId}`;
  const described = textOf(config, 'rtmConfig');
  const entry = clients.get(key) ?? newEntry(construct(sdk, identity, config), described, 'clean');
  if (entry.config !== described) {
    const message =
      '`rtmConfig` differs from that of the client which this page already has for the user; the SDK allows one client per user.';
    throw new SessionError('INVALID_ARGUMENT', message);
  }
  clients.set(key, entry);
  clientsOf<Client>(entry.client).set('adopted', entry);
  return claim(entry, identity.userId, owner);
}

/** Claims a client that the app made itself. */
export function adoptClient<Client extends SignalingClient>(
  client: Client,
  userId: string,
  owner: object,
): ClaimedClient<Client> {
  const clients = clientsOf<Client>(client);
  const entry = clients.get('adopted') ?? newEntry(client, '', 'foreign');
  clients.set('adopted', entry);
  return claim(entry, userId, owner);
}

function clientsOf<Client extends SignalingClient>(key: object): Map<string, ClientEntry<Client>> {
  const all = registry();
  const clients = all.get(key) ?? new Map();
  all.set(key, clients);
  // A constructor's entries hold what that constructor made, and a client's entry that client.
  return clients as Map<string, ClientEntry<Client>>;
}

function newEntry<Client>(client: Client, config: string, condition: ClientCondition): ClientEntry<Client> {
  return { client, logouts: new OpenLogouts(), config, owner: null, idle: Promise.resolve(condition) };
}

function claim<Client>(entry: ClientEntry<Client>, userId: string, owner: object): ClaimedClient<Client> {
  if (entry.owner !== null && entry.owner !== owner) {
    const message = `Another session of this page is logged in as "${userId}"; log that one out first, or use it.`;
    throw new SessionError('ALREADY_ACTIVE', message);
  }
  entry.owner = owner;
  return {
    client: entry.client,
    logouts: entry.logouts,
    idle: entry.idle,
    release(loggedOut) {
      if (entry.owner !== owner) return;
      entry.owner = null;
      entry.idle = Promise.all([entry.idle, loggedOut]).then(([before, after]) => after ?? before);
    },
  };
}

function construct<Client extends SignalingClient>(
  sdk: SignalingSdk<Client>,
  { appId, userId }: { appId: string; userId: string },
  config: RTMConfig,
): Client {
  try {
    return new sdk.RTM(appId, userId, config);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const message =
      code === -10027
        ? `This page has a client for "${userId}" already; pass it as \`client\`, the SDK allows only one.`
        : 'The SDK refused to make a client with this app ID, user ID and `rtmConfig`.';
    throw new SessionError('CONFIGURATION', message, {
      name: 'RTMError',
      ...(typeof code === 'number' ? { code } : {}),
    });
  }
}
