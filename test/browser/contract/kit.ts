import type { LinkStateEvent, SignalingClient, SignalingSdk } from '../../../src/session/sdk/signaling-client.js';

/** What a page gets from the test that drives it. */
export interface ContractSetting {
  readonly appId: string;
  /** Valid tokens by what they are. */
  readonly tokens: Readonly<Record<TokenName, string>>;
}

/** Tokens that the contract needs. All are well made; the network decides nothing, for there is none. */
export type TokenName = 'alice' | 'alice again' | 'bob' | 'lapsed' | 'rtc' | 'other app';

/** One sentence of the contract: what is done in a page, and what must be observed there. */
export interface ContractCase<Kit extends PageKit = ContractKit> {
  readonly title: string;
  observe(kit: Kit): unknown;
  readonly expected: unknown;
}

type Advance = (ms: number) => Promise<void>;

/** What cases in a page work with: an SDK, a fresh user for each client, and time that moves when told to. */
export class PageKit {
  readonly sdk: SignalingSdk;
  readonly appId: string;
  readonly #userPrefix: string;
  readonly #advance: Advance;
  readonly #clients: SignalingClient[] = [];
  #users = 0;

  constructor(sdk: SignalingSdk, appId: string, userPrefix: string, advance: Advance) {
    this.sdk = sdk;
    this.appId = appId;
    this.#userPrefix = userPrefix;
    this.#advance = advance;
  }

  /** A user whom no other client has. */
  newUser(): string {
    this.#users += 1;
    return `${this.#userPrefix} ${this.#users}`;
  }

  /** A client with everything that its links do. */
  client(): Observed {
    const userId = this.newUser();
    const client = new this.sdk.RTM(this.appId, userId, { logLevel: 'none' });
    this.#clients.push(client);
    return new Observed(client, userId, this);
  }

  /** Lets time pass. */
  async wait(seconds: number): Promise<void> {
    // Not in one go: what the SDK does between two timers takes turns of the event loop, which only real time gives.
    const step = seconds > 20 ? 5000 : 500;
    for (let left = seconds * 1000; left > 0; left -= step) await this.#advance(Math.min(step, left));
  }

  /** How a call ends within a second: its value, its error in short, or `pending`. */
  async outcome(call: () => unknown): Promise<unknown> {
    const end = this.begin(call);
    // Most calls need no time, only turns of the event loop, which cost less than moving the clock.
    for (let turn = 0; turn < 10 && end() === 'pending'; turn += 1) await nextTurn();
    for (let turn = 0; turn < 10 && end() === 'pending'; turn += 1) await this.#advance(100);
    return end();
  }

  /** How several calls end, one after the other. */
  async outcomes(calls: readonly (() => unknown)[]): Promise<unknown[]> {
    const outcomes: unknown[] = [];
    for (const call of calls) outcomes.push(await this.outcome(call));
    return outcomes;
  }

  /** Makes a call without waiting for its end; what has come of it is the returned function's answer. */
  begin(call: () => unknown): () => unknown {
    let end: unknown = 'pending';
    void settle(call).then(({ value }) => {
      end = value;
    });
    return () => end;
  }

  /** Ends what a case has begun, so that the next one finds silence. */
  async cleanUp(): Promise<void> {
    for (const client of this.#clients.splice(0)) await this.outcome(() => client.logout());
  }
}

/** What the contract without a network works with besides. */
export class ContractKit extends PageKit {
  readonly tokens: ContractSetting['tokens'];

  constructor(sdk: SignalingSdk, setting: ContractSetting, advance: Advance) {
    super(sdk, setting.appId, 'user', advance);
    this.tokens = setting.tokens;
  }
}

/** A client under observation. */
export class Observed {
  readonly client: SignalingClient;
  readonly userId: string;
  readonly #kit: PageKit;
  readonly #events: LinkStateEvent[] = [];
  #start: number | null = null;

  constructor(client: SignalingClient, userId: string, kit: PageKit) {
    this.client = client;
    this.userId = userId;
    this.#kit = kit;
    client.addEventListener('linkState', (event) => {
      this.#start ??= Date.now();
      this.#events.push(Object.assign(event, { at: Math.round((Date.now() - this.#start) / 1000) }));
    });
  }

  /** Logs in without waiting for the end; what has come of it is the returned function's answer. */
  login(token?: string): () => unknown {
    return this.#kit.begin(() => this.client.login(token === undefined ? {} : { token }));
  }

  /** The link states as sentences: `MESSAGE IDLE>CONNECTING LOGIN/LOGIN`. */
  links(): string[] {
    return this.#events.map(sentence);
  }

  /** The same with the whole seconds since the first one in front. */
  timeline(): string[] {
    return this.#events.map((event) => `${(event as LinkStateEvent & { at: number }).at} ${sentence(event)}`);
  }

  /** The latest event. */
  lastEvent(): LinkStateEvent {
    const event = this.#events.at(-1);
    if (!event) throw new Error('No link state was heard of yet.');
    return event;
  }

  /** The first event as it came, but for its time, of which only the type is told. */
  firstEvent(): unknown {
    const { timestamp, ...event } = this.#events[0] as LinkStateEvent & { at?: number };
    delete event.at;
    return { ...event, timestamp: typeof timestamp };
  }
}

function sentence({ serviceType, previousState, currentState, operation, reasonCode }: LinkStateEvent): string {
  return `${serviceType} ${previousState}>${currentState} ${operation}/${reasonCode}`;
}

function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}

async function settle(call: () => unknown): Promise<{ value: unknown }> {
  try {
    return { value: describeValue(await call()) };
  } catch (error) {
    return { value: describeError(error) };
  }
}

/** Values of calls are plain; objects with behaviour are not compared. */
function describeValue(value: unknown): unknown {
  if (value === undefined || value === null || typeof value !== 'object') return value;
  return Object.getPrototypeOf(value) === Object.prototype ? value : 'an object';
}

/** `RtmInvalidArgumentError: Error Code -10005 - Invalid token. (login)`; other errors by their class alone. */
function describeError(error: unknown): string {
  const { name, message, operation } = error as { name?: string; message?: string; operation?: string };
  return operation === undefined ? String(name) : `${name}: ${message} (${operation})`;
}
