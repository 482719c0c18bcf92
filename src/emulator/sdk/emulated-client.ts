import type {
  LoginResponse,
  LogoutResponse,
  PublishOptions,
  PublishResponse,
  RenewTokenOptions,
  RenewTokenResponse,
  RTMConfig,
  RTMEvents,
  RTMHistory,
  RTMLock,
  RTMPresence,
  RTMStorage,
  RTMStreamChannel,
  SubscribeOptions,
  SubscribeResponse,
  UnsubscribeResponse,
} from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { SignalingClient } from '../../session/sdk/signaling-client.js';
import { isSignalingName } from '../../token/identifiers.js';
import { SIZES } from '../limits.js';
import type { LoginReply, ServerEvent, Subscription } from '../protocol.js';
import type { Transport } from '../transport.js';
import type { Call } from './call.js';
import { Calls } from './calls.js';
import { checkCustomType, checkMessage } from './check-message.js';
import { EmulatedHistory } from './emulated-history.js';
import { EmulatedPresence } from './emulated-presence.js';
import { emulatedStorage } from './emulated-storage.js';
import { EmulatedStreamChannel } from './emulated-stream-channel.js';
import { EventPipe } from './event-pipe.js';
import { Listeners } from './listeners.js';
import { checkTokenLocally } from './local-token-check.js';
import { MessageLink } from './message-link.js';
import { SignalingError } from './signaling-error.js';
import { refusal, unsupportedLock } from './unsupported.js';

type EventMap = RTMEvents.RTMClientEventMap;

/** What a client is made of besides its user. */
export interface ClientOptions {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly restoresSuspended: boolean;
  readonly config: RTMConfig;
  /** The client was logged in and has logged out: its ID is free again. */
  onReleased(): void;
}

/** What the SDK says of the time in its answers to login, renewToken, subscribe and publish: nothing. */
const UNTIMED = { timestamp: 0 };
const DEFAULT_PRESENCE_TIMEOUT_SECONDS = 300;

/** A Signaling client with the SDK's shape and, as far as that could be observed, its behaviour. */
export class EmulatedClient implements SignalingClient {
  readonly presence: RTMPresence;
  readonly storage: RTMStorage;
  readonly lock: RTMLock;
  readonly history: RTMHistory;
  readonly #appId: string;
  readonly #options: ClientOptions;
  readonly #listeners = new Listeners();
  readonly #events: EventPipe;
  readonly #link: MessageLink;
  readonly #calls: Calls;
  readonly #presence: EmulatedPresence;
  readonly #channels = new Map<string, EmulatedStreamChannel>();
  readonly #subscriptions = new Map<string, Subscription>();
  #logouts = 0;
  /** Subscriptions that were made without a link, by channel. */
  readonly #postponed = new Map<string, () => Promise<unknown>>();

  constructor(appId: string, userId: string, options: ClientOptions) {
    this.#appId = appId;
    this.#options = options;
    const { clock, transport } = options;
    this.#calls = new Calls(userId, transport, clock);
    this.#events = new EventPipe(userId, clock, transport.faults, this.#listeners);
    this.#link = new MessageLink({
      appId,
      userId,
      clock,
      transport,
      presenceTimeoutSeconds: options.config.presenceTimeout ?? DEFAULT_PRESENCE_TIMEOUT_SECONDS,
      restoresSuspended: options.restoresSuspended,
      emit: (event) => this.#events.emit('linkState', event),
      remembered: () => [...this.#subscriptions.values()],
      accepted: (moment, reply) => this.#accepted(moment, reply),
      lost: () => this.#eachChannel((channel) => channel.linkLost()),
      ended: () => this.#eachChannel((channel) => channel.end('SERVER_REJECT', 'RTM_SERVICE_NOT_CONNECTED')),
      loggedOut: (confirmed) => this.#loggedOut(confirmed),
      received: (event) => this.#received(event),
    });
    this.#presence = new EmulatedPresence({
      userId,
      link: this.#link,
      calls: this.#calls,
      limits: () => transport.limits,
    });
    this.presence = this.#presence;
    const refuse = refusal(() => this.#link.state === 'CONNECTED');
    this.storage = emulatedStorage(this.#link, this.#calls, refuse);
    this.lock = unsupportedLock(refuse);
    this.history = new EmulatedHistory(this.#link, this.#calls);
  }

  addEventListener<Name extends keyof EventMap>(eventName: Name, listener: EventMap[Name]): void {
    this.#listeners.add(eventName, listener);
  }

  removeEventListener<Name extends keyof EventMap>(eventName: Name, listener: EventMap[Name]): void {
    this.#listeners.remove(eventName, listener);
  }

  login(options: Parameters<SignalingClient['login']>[0] = {}): Promise<LoginResponse> {
    return this.#calls.make('login', null, async (call) => {
      await this.#link.login(options?.token ?? '', call);
      return { ...UNTIMED };
    });
  }

  logout(): Promise<LogoutResponse> {
    const logOut = async (): Promise<LogoutResponse> => ({ timestamp: await this.#link.logout() });
    return this.#link.state === 'IDLE' ? logOut() : this.#calls.makeWhole('logout', logOut);
  }

  renewToken(token: string, options: RenewTokenOptions = {}): Promise<RenewTokenResponse> {
    return this.#calls.make('renewToken', options.channelName ?? null, (call) => this.#renew(token, options, call));
  }

  subscribe(channelName: string, options: SubscribeOptions = {}): Promise<SubscribeResponse> {
    return this.#calls.make('subscribe', channelName, (call) => this.#subscribe(channelName, options, call));
  }

  unsubscribe(channelName: string): Promise<UnsubscribeResponse> {
    return this.#calls.make('unsubscribe', channelName, (call) => this.#unsubscribe(channelName, call));
  }

  publish(channelName: string, message: string | Uint8Array, options: PublishOptions = {}): Promise<PublishResponse> {
    return this.#calls.make('publish', channelName, (call) => this.#publish(channelName, message, options, call));
  }

  createStreamChannel(channelName: string): RTMStreamChannel {
    checkChannelName('createStreamChannel', channelName);
    const known = this.#channels.get(channelName);
    if (known) return known;
    const channel = new EmulatedStreamChannel(channelName, {
      clock: this.#options.clock,
      link: this.#link,
      calls: this.#calls,
      hasRoom: () => this.#joinedChannels() < this.#options.transport.limits.joinedStreamChannels,
      emit: (event) => this.#events.emit('linkState', event),
      checkToken: (token) => this.#checkToken(token),
    });
    this.#channels.set(channelName, channel);
    return channel;
  }

  async #renew(token: string, options: RenewTokenOptions, call: Call): Promise<RenewTokenResponse> {
    if (this.#link.state === 'IDLE') throw new SignalingError('renewToken', -10025);
    if (token !== undefined && typeof token !== 'string') throw new TypeError('The token is not a string.');
    const code = token ? await this.#checkToken(token) : -10005;
    if (code !== 0) throw new SignalingError('renewToken', code);
    const { channelName } = options;
    const target = channelName === undefined ? this.#link : this.#channels.get(channelName);
    if (!target) throw new SignalingError('renewToken', -10008);
    await target.renew(token, call);
    return { ...UNTIMED };
  }

  async #subscribe(channelName: string, options: SubscribeOptions, call: Call): Promise<SubscribeResponse> {
    if (!this.#link.comesBack) this.#checkConnected('subscribe');
    checkChannelName('subscribe', channelName);
    const isNew = !this.#subscriptions.has(channelName);
    if (isNew && this.#subscriptions.size >= this.#options.transport.limits.subscribedChannels) {
      throw new SignalingError('subscribe', -11005);
    }
    const { withMessage = true, withPresence = true, beQuiet = false } = options;
    const request = { channelName, withMessage, withPresence, beQuiet };
    if (this.#link.state === 'CONNECTED') await this.#sendSubscription(request, call);
    else this.#postponed.set(channelName, () => this.#sendSubscription(request, call));
    return { ...UNTIMED, channelName };
  }

  async #sendSubscription(request: Subscription, call: Call): Promise<void> {
    const names = { operation: 'subscribe', timeoutCode: -11019, call };
    const logouts = this.#logouts;
    await this.#link.request('subscribe', request, names);
    // An answer that a logout has overtaken is not remembered for the next login.
    if (logouts === this.#logouts) this.#subscriptions.set(request.channelName, request);
  }

  async #unsubscribe(channelName: string, call: Call): Promise<UnsubscribeResponse> {
    checkChannelName('unsubscribe', channelName);
    this.#postponed.delete(channelName);
    if (this.#link.state !== 'CONNECTED') {
      this.#subscriptions.delete(channelName);
      return { timestamp: 0, channelName };
    }
    const names = { operation: 'unsubscribe', timeoutCode: -11019, call };
    const { timestamp } = await this.#link.request('unsubscribe', { channelName }, names);
    this.#subscriptions.delete(channelName);
    return { timestamp, channelName };
  }

  async #publish(
    channelName: string,
    message: string | Uint8Array,
    options: PublishOptions,
    call: Call,
  ): Promise<PublishResponse> {
    const { channelType = 'MESSAGE' } = options;
    // A topic is the only way to publish in a stream channel.
    if (channelType !== 'MESSAGE' && channelType !== 'USER') throw new SignalingError('publish', -10019);
    this.#checkConnected('publish');
    checkChannelName('publish', channelName);
    checkMessage('publish', message, SIZES.messageBytes);
    const customType = checkCustomType('publish', options.customType);
    const storeInHistory = options.storeInHistory === true;
    const request = { channelName, channelType, message, customType, storeInHistory };
    const names = { operation: 'publish', timeoutCode: -11026, call };
    await this.#link.request('publish', request, names);
    return { ...UNTIMED, channelName };
  }

  #checkToken(token: string): number | Promise<number> {
    return checkTokenLocally(token, this.#appId, (text) => this.#options.transport.readAppId(text));
  }

  #checkConnected(operation: string): void {
    if (this.#link.state !== 'CONNECTED') throw new SignalingError(operation, -10025);
  }

  #accepted(moment: 'before' | 'after', reply: LoginReply): void {
    if (moment === 'after') this.#presence.flush();
    if (moment === 'after') this.#sendPostponed();
    for (const name of this.#subscriptions.keys())
      if (!reply.subscribed.includes(name)) this.#subscriptions.delete(name);
    this.#eachChannel((channel) => channel.linkBack(moment, reply));
  }

  /** What is refused now is nobody's error: the call has long been answered. */
  #sendPostponed(): void {
    for (const send of this.#postponed.values()) send().catch(() => {});
    this.#postponed.clear();
  }

  #loggedOut(confirmed: boolean): void {
    this.#logouts += 1;
    this.#postponed.clear();
    this.#subscriptions.clear();
    this.#presence.forget();
    this.#eachChannel((channel) => channel.loggedOut());
    if (confirmed) this.#options.onReleased();
  }

  #received(event: ServerEvent): void {
    switch (event.kind) {
      case 'message':
      case 'presence':
      case 'topic':
      case 'token':
        this.#events.emit(event.kind, event.event);
        break;
      case 'will-expire':
        this.#events.emit('tokenPrivilegeWillExpire', event.channelName);
        break;
      case 'stream':
        this.#channels.get(event.channelName)?.heard(event);
        break;
      case 'ended':
        this.#channels.get(event.channelName ?? '')?.end('SERVER_REJECT', event.reasonCode);
    }
  }

  #joinedChannels(): number {
    return [...this.#channels.values()].filter((channel) => channel.occupied).length;
  }

  #eachChannel(visit: (channel: EmulatedStreamChannel) => void): void {
    for (const channel of this.#channels.values()) visit(channel);
  }
}

function checkChannelName(operation: string, channelName: unknown): void {
  if (!isSignalingName(channelName)) throw new SignalingError(operation, -10008);
}
