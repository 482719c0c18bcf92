import { type Clock, systemClock } from '../environment/clock.js';
import type { SignalingSdk } from '../session/sdk/signaling-client.js';
import { checkLatency, type SignalingEmulatorOptions } from './emulator-options.js';
import { type CallFault, checkCallFault, checkErrorCode, type FaultOperation } from './faults/call-fault.js';
import { checkEventFaults, type EventFaults } from './faults/event-faults.js';
import { FaultBoard, type StruckFaults } from './faults/fault-board.js';
import type { FaultNews } from './faults/fault-mirror.js';
import { FaultReporter } from './faults/fault-reporter.js';
import { InProcessTransport } from './in-process-transport.js';
import { type EmulatorState, inspectSessions } from './inspect.js';
import { type Limits, limitsWith } from './limits.js';
import { EmulatorTokens, type IssueTokenOptions, type TokenIssuer } from './project/emulator-tokens.js';
import { projectOf, type SignedProject } from './project/project.js';
import { signToken } from './project/sign-token.js';
import { isOperationName, type LinkReasonCode, type ServerEvent } from './protocol.js';
import { createSdk } from './sdk/create-sdk.js';
import { LINK_REASONS } from './sdk/link-reasons.js';
import { Door } from './service/door.js';
import { Latency } from './service/latency.js';
import { type LinkReturn, Network } from './service/network.js';
import { SignalingService } from './service/signaling-service.js';

/** Which calls an order is for, and how many. */
export interface FaultOrderOptions {
  /** How many calls; `Infinity` for all until {@link SignalingEmulator.clearFaults}. Default: 1. */
  readonly times?: number;
  /** Only calls of this user. Default: anybody's. */
  readonly userId?: string;
  /** Only calls about this channel, or user where `publish` is to one. Default: any. */
  readonly channelName?: string;
}

/** How a lost link of a stream channel ends. */
export type StreamReturn = 'resumed' | 'emptied' | 'failed' | 'left';

const RENEW_TOKEN_TIMEOUT = -10026;
const DEFAULT_LIFE_SECONDS = 3600;
const MAX_SALT = 99_999_999;
/** In a project without a certificate nobody looks at what a token was signed with. */
const ANY_CERTIFICATE = '0'.repeat(32);

/**
 * A local Signaling: the service, its token server, and clients with the SDK's shape that reach it in the same process, be it Node, a page
 * or a test runner's DOM. Serve it with {@link serveEmulator} for pages that are to meet.
 *
 * ```ts
 * const emulator = new SignalingEmulator();
 * const session = new SessionManager({
 *   appId: emulator.appId,
 *   userId: 'alice',
 *   tokens: emulator.tokens,
 *   loadSdk: async () => emulator.sdk,
 * });
 * ```
 */
export class SignalingEmulator implements TokenIssuer {
  /** The app ID that it stands for. */
  readonly appId: string;
  /** What a page would get by importing the SDK. Two clients of one user need two pages: see {@link openPage}. */
  readonly sdk: SignalingSdk;
  /** Where sessions get the tokens of its project from: pass it as their option `tokens`. */
  readonly tokens: EmulatorTokens;
  /** What users may have and do. */
  readonly limits: Limits;
  readonly #project: SignedProject;
  readonly #options: SignalingEmulatorOptions;
  readonly #clock: Clock;
  readonly #service: SignalingService;
  readonly #network = new Network();
  readonly #faults: FaultBoard;
  #issued = 0;

  /**
   * @throws TypeError when the app ID or the certificate is not 32 hexadecimal digits, or another option makes no sense.
   * @throws an error with the code `INVALID_ARGUMENT` for a certificate in a page.
   */
  constructor(options: SignalingEmulatorOptions = {}) {
    const { clock = systemClock, random = Math.random } = options;
    checkLatency(options.latencyMs);
    this.limits = limitsWith(options.limits);
    const project = projectOf(options, random);
    this.appId = project.appId;
    this.#project = { appId: project.appId, appCertificate: project.appCertificate ?? ANY_CERTIFICATE };
    this.tokens = new EmulatorTokens(this, () => clock.now());
    this.#options = options;
    this.#clock = clock;
    this.#faults = new FaultBoard(random);
    this.#service = new SignalingService({
      project,
      clock,
      faults: this.#faults,
      returns: this.#network.returns,
      limits: this.limits,
      latency: new Latency(options.latencyMs ?? 0, random, clock),
    });
    this.sdk = this.openPage();
  }

  /**
   * The SDK of one more page or device. Each allows one client for each user (-10027); users are the same everywhere.
   *
   * @param options.clock the time and timers of that page's machine; default: `clientClock`
   */
  openPage(options: { readonly clock?: Clock } = {}): SignalingSdk {
    const clock = options.clock ?? this.#options.clientClock ?? this.#clock;
    return createSdk({
      clock,
      transport: () => this.#transport(clock),
      restoresSuspended: this.#options.restoresSuspended ?? false,
    });
  }

  #transport(clock: Clock): InProcessTransport {
    const [service, network, faults, limits] = [this.#service, this.#network, this.#faults, this.limits];
    return new InProcessTransport({ service, network, clock, faults, limits });
  }

  /**
   * Makes one token of the emulator's project, as its token server would. No two are the same.
   *
   * @throws an error with the code `INVALID_ARGUMENT` that names what cannot be right.
   */
  issueToken(options: IssueTokenOptions): string {
    const { userId, channelName = null, expiresInSeconds = DEFAULT_LIFE_SECONDS } = options;
    const issuedAt = options.issuedAt ?? Math.floor(this.#clock.now() / 1000);
    this.#issued = (this.#issued % MAX_SALT) + 1;
    return signToken(this.#project, { userId, channelName, expiresInSeconds, issuedAt, salt: this.#issued });
  }

  /**
   * Cuts or restores one user's network: nothing gets through in either direction, and nobody is told.
   *
   * @param options.returns how the client's next reconnection finds its login; default: as the service kept it
   */
  setNetwork(userId: string, up: boolean, options: { readonly returns?: LinkReturn } = {}): void {
    if (options.returns !== undefined) this.#network.returns.set(userId, options.returns);
    this.#network.set(userId, up);
  }

  /** Whether a user's network is whole. */
  isNetworkUp(userId: string): boolean {
    return this.#network.isUp(userId);
  }

  /**
   * Ends a user's login: its client goes to FAILED with this reason code, at once or when it is next reached. Without effect where the
   * user is not logged in.
   *
   * @throws TypeError when the SDK has no such reason code.
   */
  kick(userId: string, reasonCode: string = 'KICKED_OUT_BY_SERVER'): void {
    this.#service.kick(userId, checkedReason(reasonCode));
  }

  /** Makes the token of a user's login lapse now, or with `channelName` that of one stream channel. That token stays lapsed. */
  expireToken(userId: string, channelName?: string): void {
    this.#service.expire(userId, channelName);
  }

  /**
   * Makes the next calls go wrong. Orders for the same calls are carried out one after the other; a call that ends before anything is
   * sent, for lack of a link or by a bad argument, uses up none, but for `throw` and `odd`.
   *
   * A served page knows of orders from its first login on; a first login itself cannot throw or be odd there.
   *
   * @throws TypeError that names what is wrong with an argument.
   */
  order(operation: FaultOperation, fault: CallFault, options: FaultOrderOptions = {}): void {
    const { times = 1, userId = null, channelName = null } = options;
    if (!isOperationName(operation)) throw new TypeError(`operation must be a call of the SDK, not "${operation}".`);
    checkCallFault(fault);
    if (times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && times > 0)) {
      throw new TypeError('times must be a whole number above 0, or Infinity.');
    }
    const left = times === Number.POSITIVE_INFINITY ? null : times;
    this.#faults.order({ operation, fault: { ...fault }, userId, channelName, left });
  }

  /** Withdraws all orders and event faults. What has struck already runs its course, and {@link struck} goes on counting. */
  clearFaults(): void {
    this.#faults.clear();
  }

  /**
   * How often each kind of fault has really struck since the emulator was made, so that a test can demand that it did. A copy of this
   * moment.
   */
  get struck(): StruckFaults {
    return this.#faults.struck;
  }

  /**
   * Makes the next calls fail with one of the SDK's error codes. The same as an {@link order} of `refuse`, but for the time-out of
   * `renewToken` (-10026), which is ordered as `lost`: the service takes the token, only its answer is missing.
   */
  failNext(operation: FaultOperation, code: number, times: number = 1): void {
    checkErrorCode('code', code);
    const kind = operation === 'renewToken' && code === RENEW_TOKEN_TIMEOUT ? 'lost' : 'refuse';
    this.order(operation, { kind, code }, { times });
  }

  /**
   * Lets events come late, twice or not at all, for one user's clients or with no `userId` for all that have none of their own. Null
   * ends that; events that are under way still come.
   *
   * @throws TypeError that names what is wrong.
   */
  setEventFaults(faults: EventFaults | null, options: { readonly userId?: string } = {}): void {
    if (faults) checkEventFaults(faults);
    this.#faults.setEventFaults(faults && { ...faults }, options.userId ?? null);
  }

  /** The link of a user's stream channel is lost: STREAM goes CONNECTING. The service still has the user and the topics. */
  loseStream(userId: string, channelName: string): void {
    this.#service.changeStream(userId, channelName, 'lost');
  }

  /**
   * How a lost link of a stream channel ends: `resumed` with all as it was, `emptied` without the user's topics, `failed` with STREAM
   * FAILED and this reason code, or `left` with IDLE / LEAVE, as the SDK ends it by itself after 20 minutes.
   */
  restoreStream(
    userId: string,
    channelName: string,
    how: StreamReturn,
    reasonCode: string = 'KICKED_OUT_BY_SERVER',
  ): void {
    if (how === 'failed') this.failStream(userId, channelName, reasonCode);
    else this.#service.changeStream(userId, channelName, how);
  }

  /**
   * Ends a user's stay in a stream channel: STREAM goes to FAILED with this reason code, by default that of nearly every disconnect.
   *
   * @throws TypeError when the SDK has no such reason code.
   */
  failStream(userId: string, channelName: string, reasonCode: string = 'KICKED_OUT_BY_SERVER'): void {
    this.#service.endStay(userId, channelName, checkedReason(reasonCode));
  }

  /**
   * Removes everybody, without a word to their clients, and with them the timers of the service: those of a user whose network was cut
   * keep a Node process alive for minutes. A new login is served as before.
   */
  close(): void {
    this.#service.close();
  }

  /** Who is logged in, where, and with which token's expiry: plain data. */
  inspect(): EmulatorState {
    return inspectSessions(this.#service.sessions());
  }

  /** Opens the service's end of a link; for transports. */
  openDoor(userId: string, deliver: (event: ServerEvent) => void): Door {
    return new Door(userId, this.#service, this.#network, deliver);
  }

  /** Keeps a page informed of its user's faults; for transports. */
  reportFaults(userId: string, tell: (news: FaultNews) => void, heard: number): FaultReporter {
    return new FaultReporter(this.#faults, userId, tell, heard);
  }

  /** Calls back when a user's network comes back; for transports. */
  watchNetwork(userId: string, onBack: () => void): () => void {
    return this.#network.watch(userId, (up) => up && onBack());
  }
}

function checkedReason(reasonCode: string): LinkReasonCode {
  if (isReasonCode(reasonCode)) return reasonCode;
  throw new TypeError(`reasonCode must be one of the SDK's, not "${reasonCode}".`);
}

function isReasonCode(value: string): value is LinkReasonCode {
  return Object.hasOwn(LINK_REASONS, value);
}
