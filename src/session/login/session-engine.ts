import { platformLocks, platformPage, TabTurn } from '../../environment/tab-turn.js';
import { WatchedClock } from '../../environment/watched-clock.js';
import { NO_TOKENS } from '../../token/target-tokens.js';
import type { ForwardedEvent } from '../sdk/client-events.js';
import { Lane } from '../sdk/lane.js';
import { LinkEvidence } from '../sdk/link-evidence.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import type { Report } from '../state/inspection-event.js';
import type { EngineFigures } from '../state/session-diagnostics.js';
import { SessionError } from '../state/session-error.js';
import type { SessionSnapshot } from '../state/session-state.js';
import { WantedState } from '../wanted/wanted-state.js';
import { KeptLogin, type StartOptions } from './kept-login.js';
import type { ResolvedOptions } from './resolved-options.js';
import { Tally } from './tally.js';

/** To whom an engine says what happens. */
export interface EngineOptions<Client extends SignalingClient> {
  readonly options: ResolvedOptions<Client>;
  readonly report: Report;
  /** Passes an event of the SDK's on to the app. */
  forward(event: ForwardedEvent): void;
}

/** Calls of a session, below those that the SDK bears (20 a second, F 2.6), since the app makes calls of its own. */
const CALLS_PER_SECOND = 15;
/** Logins and renewals may use a reserve. */
const URGENT_CALLS_PER_SECOND = 18;

/**
 * Everything that a session does between `login()` and `logout()`. It is loaded with the first login, beside the SDK, so that a page
 * which only might log in does not pay for it. It outlives logins that fail, and with it what the app wants to be joined in.
 */
export class SessionEngine<Client extends SignalingClient> {
  /** This tab's turn to be logged in. */
  readonly turn: TabTurn;
  readonly #engine: EngineOptions<Client>;
  readonly #options: ResolvedOptions<Client>;
  readonly #clock: WatchedClock;
  readonly #tally: Tally = new Tally();
  readonly #lane: Lane;
  readonly #link: LinkEvidence;
  /** What the app wants, and its messages. */
  readonly wanted: WantedState;
  #client: Client | null = null;
  #sdkVersion: string | null = null;
  #login: KeptLogin<Client> | null = null;
  #started: StartOptions<Client> | null = null;
  /** When the login was lost that the next one brings back. */
  #lostAt: number | null = null;
  #serial = 0;
  #loggedOut: Promise<void> = Promise.resolve();

  constructor(engine: EngineOptions<Client>) {
    this.#engine = engine;
    this.#clock = new WatchedClock(engine.options.clock);
    this.#options = { ...engine.options, clock: this.#clock };
    const { appId, userId } = engine.options;
    this.turn = new TabTurn({
      name: `agora-session ${appId} ${userId}`,
      locks: platformLocks(),
      page: platformPage(),
    });
    this.#lane = new Lane({
      clock: this.#clock,
      perSecond: CALLS_PER_SECOND,
      urgentPerSecond: URGENT_CALLS_PER_SECOND,
    });
    this.#link = new LinkEvidence({ clock: this.#clock, onDoubt: () => this.#login?.doubt() });
    this.wanted = new WantedState({
      ...this.#options,
      lane: this.#lane,
      link: this.#link,
      report: (event) => this.#report(event),
      client: () => this.#assertClient(),
      tokens: {
        of: (channelName) => this.#login?.tokens.of(channelName) ?? NO_TOKENS,
        keep: (channelNames) => this.#login?.tokens.keep(channelNames),
        look: () => this.#login?.tokens.look(),
      },
      onRestored: (results) => this.#login?.restored(results),
    });
  }

  /** Whether there has been a connection since `login()`. */
  get everConnected(): boolean {
    return this.#login?.everConnected ?? false;
  }

  /** The SDK's client; null before the first login has made it. */
  get client(): Client | null {
    return this.#client;
  }

  get snapshot(): Pick<SessionSnapshot, 'tokens' | 'channels' | 'subscriptions'> {
    return {
      tokens: this.#login?.tokens.snapshots ?? [],
      channels: this.wanted.channelSnapshots,
      subscriptions: this.wanted.subscriptionSnapshots,
    };
  }

  get figures(): EngineFigures {
    const { calls, oldestMs } = this.#lane.waiting;
    return {
      sdkVersion: this.#sdkVersion,
      counters: this.#tally.counters,
      queues: { calls, ...this.wanted.messages.waiting, oldestCallMs: oldestMs },
      lateTimerMs: this.#clock.latestMs,
    };
  }

  /** Logs in and stays logged in. */
  start(start: StartOptions<Client>): void {
    const login: KeptLogin<Client> = new KeptLogin<Client>({
      options: this.#options,
      wanted: this.wanted,
      lane: this.#lane,
      link: this.#link,
      report: (event) => this.#reported(login, event),
      nextSerial: () => ++this.#serial,
      onClient: (client, sdkVersion) => {
        this.#client = client;
        this.#sdkVersion = sdkVersion;
      },
      forward: (event) => {
        if (this.#login === login) this.#engine.forward(event);
      },
    });
    this.#login = login;
    this.#started = start;
    this.wanted.begin();
    void login.start({ ...start, lostAt: this.#lostAt });
  }

  /** Logs out and begins again, with everything that is wanted: when it was this tab's turn no longer. */
  restart(): void {
    const login = this.#login;
    const start = this.#started;
    if (!login || !start) return;
    this.wanted.loginGone();
    // A listener that was told of it may have logged out.
    if (this.#login !== login) return;
    this.#retire(login, new SessionError('ABORTED', 'The login was given to another tab.'));
    if (this.#login === login) this.start(start);
  }

  /** Logs out and forgets what was wanted; resolves when the SDK has, after 5 s at most. */
  stop(error: SessionError): Promise<void> {
    this.wanted.clear(error);
    this.#end(error);
    this.#lostAt = null;
    return this.#loggedOut;
  }

  /** Stops trying and logs out. What was met before is wanted still, and the next login brings it back. */
  giveUp(error: SessionError): Promise<void> {
    this.wanted.giveUp(error);
    this.#end(error);
    return this.#loggedOut;
  }

  async renewTokens(): Promise<void> {
    const login = this.#login;
    if (!login) throw new SessionError('LOGGED_OUT', 'The session was logged out.');
    this.wanted.retryFailed();
    await login.renewTokens();
  }

  /** What a login says counts as long as it is the current one. */
  #reported(login: KeptLogin<Client>, event: Parameters<Report>[0]): void {
    if (this.#login === login) this.#report(event);
  }

  #report(event: Parameters<Report>[0]): void {
    this.#tally.hear(event);
    this.#engine.report(event);
  }

  #end(error: SessionError): void {
    const login = this.#login;
    if (login) this.#retire(login, error);
    if (this.#login === login) this.#login = null;
  }

  /** The login is over, and what is wanted waits for the next. */
  #retire(login: KeptLogin<Client>, error: SessionError): void {
    this.#loggedOut = login.stop(error);
    this.#lostAt = login.lostAt;
  }

  #assertClient(): Client {
    if (!this.#client) throw new SessionError('NOT_LOGGED_IN', 'There is no client before the first login.');
    return this.#client;
  }
}
