import type { RTMEvents } from 'agora-rtm-sdk';
import { type Deferred, deferred } from '../../environment/waiting.js';
import type { LinkReasonCode, LoginReply, OperationName, Operations, Outcome, ServerEvent } from '../protocol.js';
import type { Link } from '../transport.js';
import type { Call } from './call.js';
import { Credentials } from './credentials.js';
import { Goodbye } from './goodbye.js';
import type { LinkOwner, WantedLogin } from './link-owner.js';
import { reasonOfError } from './link-reasons.js';
import { type LinkChange, linkStateEvent } from './link-state-event.js';
import { checkTokenLocally } from './local-token-check.js';
import { ReconnectSchedule } from './reconnect-schedule.js';
import { type Answer, type CallNames, Requests } from './requests.js';
import { SignalingError } from './signaling-error.js';

const ATTEMPT_MS = 5000;

/**
 * The login's link: the states of agora-rtm-sdk 2.3.0 with its times, as observed without a network. A login stays pending through
 * all reconnecting until it succeeds, is refused, or is cancelled by a logout or a later login.
 */
export class MessageLink {
  readonly #owner: LinkOwner;
  readonly #requests: Requests;
  readonly #goodbye: Goodbye;
  readonly #schedule = new ReconnectSchedule();
  readonly #credentials = new Credentials();
  readonly #waiting = new Set<() => void>();
  #state: RTMEvents.LinkState = 'IDLE';
  #link: Link | null = null;
  /** Whether the link has ever stood. */
  #hasStood = false;
  /** The running attempt's end, or the next attempt's begin. */
  #timer: unknown = null;
  #login: Deferred<void> | null = null;
  /** The login whose first attempt is running. */
  #firstAttempt: Deferred<void> | null = null;
  /** That login, while listeners hear that the attempt has failed. */
  #mistaken: Deferred<void> | null = null;
  #logout: Promise<number> | null = null;
  #stopWatching: (() => void) | null = null;

  constructor(owner: LinkOwner) {
    this.#owner = owner;
    this.#requests = new Requests(owner.clock);
    this.#goodbye = new Goodbye(owner.clock);
  }

  get state(): RTMEvents.LinkState {
    return this.#state;
  }

  /** Whether the link is down for now and is being brought up, after it has stood once. */
  get comesBack(): boolean {
    return this.#hasStood && ['CONNECTING', 'DISCONNECTED', 'SUSPENDED'].includes(this.#state);
  }

  /** Logs in. The first change of state comes before this returns. */
  login(token: unknown, call: Call): Promise<void> {
    if (this.#state === 'CONNECTING' || this.#logout) return Promise.reject(new SignalingError('login', -10017));
    if (this.#state === 'CONNECTED') return Promise.resolve();
    const earlier = this.#login;
    const login = deferred<void>();
    this.#login = login;
    this.#drop();
    if (this.#state === 'IDLE') this.#change('CONNECTING', 'LOGIN', 'LOGIN');
    if (this.#state === 'FAILED') this.#change('CONNECTING', 'LOGIN', 'RELOGIN');
    // Logged out by a listener before this has returned: the SDK then leaves the login pending for ever.
    if (this.#logout) this.#login = null;
    else if (typeof token === 'string') void this.#checkAndAttempt({ login, earlier, token, call });
    else this.#refuseLogin(login, new TypeError('The token is not a string.'), 'LOGIN_REJECTED');
    return login.promise;
  }

  /** Logs out; resolves to the service's time, or 0 where the service was not reached. */
  logout(): Promise<number> {
    if (this.#state === 'IDLE') return Promise.resolve(0);
    this.#logout ??= this.#leave().finally(() => {
      this.#logout = null;
    });
    return this.#logout;
  }

  /** Sends a request over a connected link. */
  async request<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    names: CallNames,
  ): Promise<Answer<Name>> {
    if (this.#state !== 'CONNECTED' || !this.#link) throw new SignalingError(names.operation, -10025);
    return this.#requests.send(this.#link, name, request, names);
  }

  /** Calls back at once when connected, else when that comes about; returns what ends the waiting. */
  whenConnected(callback: () => void): () => void {
    if (this.#state === 'CONNECTED') callback();
    else this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  /** Renews the login's token; for the one that is already in use the SDK says yes and does nothing. */
  async renew(token: string, call: Call): Promise<void> {
    if (this.#state !== 'CONNECTED') throw new SignalingError('renewToken', -10025);
    return this.#credentials.renew(token, async () => {
      const names = { operation: 'renewToken', timeoutCode: -10026, call };
      await this.request('renewToken', { token, channelName: null }, names);
    });
  }

  async #checkAndAttempt(wanted: WantedLogin): Promise<void> {
    const { login, token } = wanted;
    const { appId, transport } = this.#owner;
    const checked = checkTokenLocally(token, appId, (text) => transport.readAppId(text));
    const code = typeof checked === 'number' ? checked : await checked;
    if (this.#login !== login) login.reject(new SignalingError('login', -10023));
    // A refusal here leaves the earlier login pending for ever, as the SDK does.
    else if (code !== 0) this.#refuseLogin(login, new SignalingError('login', code), reasonOfError(code));
    else this.#begin(wanted);
  }

  #begin({ token, earlier, call }: WantedLogin): void {
    if (this.#state !== 'CONNECTING') this.#change('CONNECTING', 'LOGIN', 'RELOGIN');
    if (earlier !== this.#mistaken) earlier?.reject(new SignalingError('login', -10023));
    this.#credentials.token = token;
    this.#schedule.reset();
    const { transport, userId } = this.#owner;
    this.#stopWatching ??= transport.watchNetwork(userId, () => this.#networkBack());
    this.#attempt('login', call);
  }

  #refuseLogin(login: Deferred<void>, error: Error, reasonCode: LinkReasonCode): void {
    this.#login = null;
    this.#fail('LOGIN', reasonCode);
    login.reject(error);
  }

  #attempt(cause: 'login' | 'reconnect', call?: Call): void {
    const { userId, transport, clock } = this.#owner;
    const link = transport.open(userId, {
      event: (event) => this.#link === link && this.#received(event),
      lost: (how) => this.#link === link && this.#lost(how),
    });
    this.#link = link;
    if (cause === 'login') this.#firstAttempt = this.#login;
    this.#timer = clock.setTimeout(() => this.#attemptFailed(), ATTEMPT_MS);
    call?.timedBy({ stop: () => this.#link === link && this.#stopTimer() });
    const request = this.#credentials.loginRequest(this.#owner, cause, this.#schedule.suspended);
    void (call ? call.send(link, 'login', request) : link.request('login', request)).then((outcome) => {
      if (this.#link === link) this.#answered(cause, outcome);
    });
  }

  #answered(cause: 'login' | 'reconnect', outcome: Outcome<LoginReply>): void {
    this.#stopTimer();
    const login = this.#login;
    this.#login = null;
    this.#firstAttempt = null;
    if (!outcome.ok) {
      this.#fail('SERVER_REJECT', outcome.reasonCode);
      login?.reject(new SignalingError('login', outcome.code));
      return;
    }
    const isResumed = outcome.reply.resumed && !this.#schedule.suspended;
    this.#schedule.reset();
    this.#hasStood = true;
    this.#credentials.sessionId = outcome.reply.sessionId;
    this.#owner.accepted('before', outcome.reply);
    if (cause === 'login') this.#change('CONNECTED', 'LOGIN', 'LOGIN_SUCCESS');
    else this.#change('CONNECTED', 'RECONNECTED', 'RECONNECT_SUCCESS', isResumed);
    login?.resolve();
    this.#owner.accepted('after', outcome.reply);
    for (const callback of [...this.#waiting]) callback();
    this.#waiting.clear();
  }

  #attemptFailed(): void {
    this.#mistaken = this.#firstAttempt;
    this.#drop();
    const state = this.#schedule.failed(this.#owner.clock.monotonic());
    if (state === 'SUSPENDED') this.#change(state, 'AUTO_RECONNECT', 'RECONNECT_TIMEOUT');
    else this.#change(state, 'SERVER_TIMEOUT', 'LOGIN_TIMEOUT');
    this.#mistakeForSuccess();
    this.#waitAndReconnect();
  }

  #lost(how: 'keep-alive' | 'closed'): void {
    // While an attempt runs, the SDK waits for its end however clear it is that nothing will come.
    if (this.#state !== 'CONNECTED' || this.#timer !== null) return;
    if (how === 'keep-alive') this.#disconnected('HEARTBEAT_TIMEOUT', 'KEEP_ALIVE_TIMEOUT');
    else this.#disconnected('SERVER_TIMEOUT', 'CONNECTION_ERROR');
  }

  #networkBack(): void {
    const isAttempt = this.#state === 'CONNECTING' && this.#link !== null && !this.#schedule.suspended;
    const waits = (this.#state === 'DISCONNECTED' || this.#state === 'SUSPENDED') && this.#timer !== null;
    if (this.#state === 'CONNECTED' || isAttempt) this.#disconnected('NETWORK_CHANGE', 'NETWORK_CHANGE');
    else if (waits) this.#reconnect();
  }

  #disconnected(operation: RTMEvents.LinkOperation, reasonCode: LinkReasonCode): void {
    const wasConnected = this.#state === 'CONNECTED';
    this.#mistaken = this.#firstAttempt;
    this.#drop();
    this.#schedule.failed(this.#owner.clock.monotonic());
    this.#schedule.hasten();
    this.#change('DISCONNECTED', operation, reasonCode);
    if (wasConnected) this.#owner.lost();
    this.#mistakeForSuccess();
    this.#waitAndReconnect();
  }

  /**
   * A listener that logs in or out right when the first attempt of a login has failed makes agora-rtm-sdk 2.3.0 take that attempt for
   * a success: it says CONNECTED and resolves the login. A microtask later all would be well.
   */
  #mistakeForSuccess(): void {
    const login = this.#mistaken;
    this.#mistaken = null;
    if (!login || (this.#login === login && !this.#logout)) return;
    if (this.#login === login) this.#login = null;
    this.#change('CONNECTED', 'LOGIN', 'LOGIN_SUCCESS');
    login.resolve();
  }

  #waitAndReconnect(): void {
    // A listener may have logged in or out while it heard of the loss.
    if (this.#timer !== null || (this.#state !== 'DISCONNECTED' && this.#state !== 'SUSPENDED')) return;
    this.#timer = this.#owner.clock.setTimeout(() => this.#reconnect(), this.#schedule.nextDelayMs());
  }

  #reconnect(): void {
    this.#drop();
    this.#change('CONNECTING', 'AUTO_RECONNECT', 'AUTO_RECONNECT');
    if (this.#state === 'CONNECTING' && !this.#link) this.#attempt('reconnect');
  }

  #received(event: ServerEvent): void {
    if (event.kind === 'ended' && event.channelName === null) this.#fail('SERVER_REJECT', event.reasonCode);
    else this.#owner.received(event);
  }

  #fail(operation: RTMEvents.LinkOperation, reasonCode: LinkReasonCode): void {
    this.#drop();
    this.#unwatch();
    this.#credentials.sessionId = null;
    this.#change('FAILED', operation, reasonCode);
    this.#owner.ended();
  }

  async #leave(): Promise<number> {
    await null;
    const timestamp = this.#state === 'CONNECTED' && this.#link ? await this.#goodbye.say(this.#link) : 0;
    this.#login?.reject(new SignalingError('login', -10023));
    this.#login = null;
    this.#drop();
    this.#unwatch();
    this.#credentials.forget();
    this.#schedule.reset();
    this.#change('IDLE', 'LOGOUT', 'LOGOUT');
    this.#owner.loggedOut(timestamp > 0);
    return timestamp;
  }

  #change(
    to: RTMEvents.LinkState,
    operation: RTMEvents.LinkOperation,
    reasonCode: LinkReasonCode,
    isResumed = false,
  ): void {
    const change: LinkChange = { from: this.#state, to, operation, reasonCode, channelName: null, isResumed };
    this.#state = to;
    this.#owner.emit(linkStateEvent(change, this.#owner.clock.now()));
  }

  #drop(): void {
    this.#stopTimer();
    this.#link?.close();
    this.#link = null;
    this.#firstAttempt = null;
    this.#requests.abandon();
    this.#goodbye.giveUp();
  }

  #stopTimer(): void {
    this.#owner.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #unwatch(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }
}
