import type { SessionState, SignalingClient, StreamChannelHandle } from 'agora-session';
import { createRecorder, type Recording, type SessionRecorder } from 'agora-session/devtools';
import type { StruckFaults } from 'agora-session/emulator';
import { expect } from 'vitest';
import { seededRandom } from '../../src/emulator/faults/seeded-random.js';
import { CallWatch } from './call-watch.js';
import { type AppCall, type ChannelName, SERVER_MODES, type Step, type Story, TOPIC } from './session-story.js';
import { issuer } from './tokens.js';
import { type WantedKind, WantedLedger } from './wanted-ledger.js';
import { createWorld, expectProper, type Observed, type World } from './world.js';

const ACTIVE: readonly SessionState['status'][] = ['connecting', 'waiting', 'connected', 'reconnecting', 'recovering'];
const NAMES: readonly ChannelName[] = ['stage', 'vault', 'constructor'];
const DAY_SECONDS = 86_400;

/** Lives a story and checks after every step what must always hold, and at the end what must hold when all is well again. */
export async function live(story: Story): Promise<StruckFaults> {
  const life = new SessionLife(story);
  try {
    await life.live();
  } catch (error) {
    throw new StoryError(String((error as Error).message), life.told, { cause: error });
  }
  return life.struck;
}

/** Lives a story, however it ends, and gives what its session told. */
export async function recordLife(story: Story): Promise<Recording> {
  const life = new SessionLife(story, { isRecorded: true });
  await life.live().catch(() => {});
  return life.recorder.recording();
}

/** A story ended badly; `told` is what happened, line by line. */
class StoryError extends Error {
  readonly told: readonly string[];

  constructor(message: string, told: readonly string[], options: ErrorOptions) {
    super(message, options);
    this.told = told;
  }
}

/** One session on the emulator, and everything that happens to it. */
class SessionLife {
  readonly recorder: SessionRecorder;
  readonly #story: Story;
  readonly #world: World;
  readonly #watch: CallWatch;
  readonly #alice: Observed;
  readonly #ledger = new WantedLedger();
  readonly #handles = new Map<string, StreamChannelHandle>();
  readonly #rivals: SignalingClient[] = [];
  /** Who publishes in the topics that are heard. */
  #bob: SignalingClient | null = null;
  /** Channels that the app left behind the session's back: whether that came through is the SDK's affair. */
  readonly #leftByApp = new Set<string>();
  readonly #lostStreams = new Set<string>();
  /** Calls that have not settled. */
  readonly #pending = new Set<string>();
  /** A connection was lost, and the app was not told yet that it is restored. */
  #isLost = false;
  #calls = 0;
  #healing = false;

  constructor(story: Story, { isRecorded = false }: { readonly isRecorded?: boolean } = {}) {
    this.#story = story;
    const world = createWorld({ latencyMs: story.latencyMs, random: seededRandom(story.chance) });
    this.#world = world;
    world.server.lifeSeconds = story.lifeSeconds;
    this.#watch = new CallWatch(world.clock);
    const sdk = this.#watch.watch(world.emulator.openPage());
    this.recorder = createRecorder({ now: () => world.clock.now() });
    const options = isRecorded ? { inspect: this.recorder.inspect } : {};
    this.#alice = world.session('alice', { loadSdk: async () => sdk, ...options });
    if (isRecorded) this.recorder.follow(this.#alice.session);
    this.#alice.session.on('state', (state) => {
      if (state.status !== 'connected') this.#watch.newPeriod();
      if (state.status === 'reconnecting' || state.status === 'recovering') this.#isLost = true;
      else if (state.status === 'idle' || state.status === 'failed') this.#isLost = false;
      this.#watch.trace(`state ${JSON.stringify(state)}`);
    });
    this.#alice.session.on('restored', ({ cause }) => {
      this.#isLost = false;
      this.#watch.trace(`restored ${cause}`);
    });
    this.#alice.session.on('channel', (event) => this.#watch.trace(`channel ${JSON.stringify(event)}`));
    this.#alice.session.on('subscription', (event) => this.#watch.trace(`subscription ${JSON.stringify(event)}`));
    this.#alice.session.on('linkState', (event) => {
      const { serviceType, affectedChannels, previousState, currentState, reasonCode, isResumed } = event;
      if (serviceType === 'MESSAGE' && currentState !== 'CONNECTED') this.#watch.newPeriod();
      this.#watch.trace(
        `event ${serviceType} ${affectedChannels} ${previousState} -> ${currentState} ${reasonCode} ${isResumed}`,
      );
    });
  }

  get told(): readonly string[] {
    return this.#watch.story;
  }

  /** All of it, from the first step to the end. */
  async live(): Promise<void> {
    for (const step of this.#story.steps) await this.take(step);
    await this.heal();
    this.checkQuiet();
    await this.end();
  }

  get struck(): StruckFaults {
    return this.#world.emulator.struck;
  }

  async take(step: Step): Promise<void> {
    this.#watch.trace(`---- ${JSON.stringify(step)}`);
    if (isAppCall(step)) this.#call(step);
    else if (step.do === 'react') this.#alice.session.once(step.to, () => !this.#healing && this.#call(step.with));
    else await this.#disturb(step);
    await this.#world.clock.advance(step.do === 'advance' ? step.ms : 0);
    this.#checkAlways();
  }

  /** All is well again, and there is time enough for every backoff. */
  async heal(): Promise<void> {
    const { emulator, server, clock } = this.#world;
    const { session } = this.#alice;
    this.#healing = true;
    this.#watch.trace('==== HEAL');
    emulator.clearFaults();
    emulator.setEventFaults(null, { userId: 'alice' });
    server.fault = null;
    server.lifeSeconds = 600;
    for (const rival of this.#rivals) rival.logout().catch(() => {});
    await this.#healLink();
    await this.#publisher(NAMES, true);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (!ACTIVE.includes(session.state.status)) this.#follow('login', session.login({ timeoutMs: 60_000 }));
      await clock.advance(100_000);
    }
    // The app's word, after which what was denied is asked for again.
    this.#follow('renew', session.renewTokens());
    await clock.advance(60_000);
    // A login that was denied its token may have lapsed right before that word.
    if (!ACTIVE.includes(session.state.status)) {
      this.#follow('login', session.login());
      await clock.advance(60_000);
    }
    this.#checkAlways();
    this.#watch.takeCounts();
    await clock.advance(120_000);
    this.#checkAlways();
  }

  /** Events that were lost cannot be known of: an evil SDK's link breaks once more, for all to see. */
  async #healLink(): Promise<void> {
    const { emulator, clock } = this.#world;
    if (this.#story.manners === 'evil') {
      emulator.setNetwork('alice', false);
      await clock.advance(40_000);
    }
    emulator.setNetwork('alice', true, { returns: 'emptied' });
    await clock.advance(1_000);
    for (const name of this.#lostStreams) emulator.restoreStream('alice', name, 'resumed');
  }

  /** When all is quiet, everything wanted is so, nothing else is, and every token has a future. */
  checkQuiet(): void {
    const { clock, emulator } = this.#world;
    const { state, tokens, channels, subscriptions } = this.#alice.session.snapshot;
    expect(state.status).toBe('connected');
    expect(this.#isLost).toBe(false);
    const now = clock.now();
    const targets = tokens.map(({ target }) => (target.kind === 'stream' ? target.channelName : ''));
    for (const token of tokens) {
      expect(token.expiresAt).toBeGreaterThan(now);
      expect(token.renewsAt ?? token.retriesAt ?? now).toBeGreaterThanOrEqual(now);
    }
    const failed = channels
      .filter((channel) => channel.state.status === 'failed')
      .map(({ channelName }) => channelName);
    const alive = channels.filter(({ channelName }) => !failed.includes(channelName));
    const certain = alive.filter(({ channelName }) => !this.#leftByApp.has(channelName));
    expect(certain.map((channel) => channel.state.status)).toEqual(certain.map(() => 'joined'));
    expect(targets.toSorted()).toEqual(['', ...alive.map(({ channelName }) => channelName)].toSorted());
    const silent = subscriptions
      .filter((subscription) => subscription.state === 'failed')
      .map(({ channelName }) => channelName);
    const user = emulator.inspect().users.find(({ userId }) => userId === 'alice');
    for (const name of NAMES) {
      const stay = user?.streamChannels.find(({ channelName }) => channelName === name);
      if (!silent.includes(name)) this.#expectSame('subscription', name, user?.subscriptions.includes(name) ?? false);
      // What became of a leave behind the session's back is the SDK's affair, and a late one can end unseen.
      if (!this.#leftByApp.has(name) && !failed.includes(name)) {
        this.#expectSame('channel', name, stay !== undefined);
        this.#expectSame('topic', name, stay?.topics.includes(TOPIC) ?? false);
        this.#expectSame('hearing', name, stay?.subscribedTopics.some(({ users }) => users.includes('bob')) ?? false);
      }
    }
    const busy = [...this.#watch.takeCounts()].filter(([operation]) => operation !== 'renewToken');
    expect(busy).toEqual([]);
  }

  /** After the logout no timer, request or login is left. */
  async end(): Promise<void> {
    const { clock, server, emulator } = this.#world;
    expectProper(this.#alice);
    // Reactions that have not come by now do not: one would log in again.
    this.#alice.session.removeAllListeners();
    const logouts = [
      this.#alice.session.logout(),
      ...[...this.#rivals, ...(this.#bob ? [this.#bob] : [])].map((one) => one.logout()),
    ];
    for (const logout of logouts) logout.catch(() => {});
    await clock.advance(6_000);
    expect(this.#alice.session.state.status).toBe('idle');
    expect(server.inFlight).toBe(0);
    // What an order has delayed may still be on its way to a client that is gone.
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
    expect(emulator.inspect().users).toEqual([]);
    // Nothing hangs: whatever was called has settled.
    expect([...this.#pending]).toEqual([]);
    expect(this.#watch.violations).toEqual([]);
  }

  #expectSame(kind: WantedKind, name: string, is: boolean): void {
    expect(`${kind} ${name}: ${is}`).toBe(`${kind} ${name}: ${this.#ledger.has(kind, name)}`);
  }

  /** Remembers a call until it settles; how is its caller's affair. */
  #follow(what: string, call: Promise<unknown>): void {
    const name = `${what} (call ${this.#calls++})`;
    call.then(
      () => this.#watch.trace(`    done ${name}`),
      (error: unknown) => this.#watch.trace(`    rejected ${name} ${(error as { code?: string }).code}`),
    );
    this.#pending.add(name);
    const settle = (): void => void this.#pending.delete(name);
    call.then(settle, (error: unknown) => {
      settle();
      if (!isSessionError(error)) this.#watch.violate(`${what} rejects with ${String(error)}`);
    });
  }

  /** A call of the app's. */
  #call(call: AppCall): void {
    const { session } = this.#alice;
    const active = ACTIVE.includes(session.state.status);
    if (call.do === 'login') {
      this.#follow('login', session.login({ timeoutMs: call.timeoutMs, signal: this.#signal(call.abort) }));
    } else if (call.do === 'logout') {
      this.#ledger.clear();
      this.#follow('logout', mustResolve(session.logout()));
    } else if (call.do === 'renew') this.#follow('renew', session.renewTokens());
    else if (call.do === 'publish') this.#follow('publish', session.publish(call.name, 'hello'));
    else if (call.do === 'subscribe') {
      const options = { withPresence: call.options === 0, signal: this.#signal(call.abort) };
      this.#want(active, 'subscription', call, () => session.subscribe(call.name, options));
    } else if (call.do === 'unsubscribe') this.#unwant('subscription', call.name, () => session.unsubscribe(call.name));
    else if (call.do === 'join') this.#join(active, call);
    else if ('name' in call) this.#callHandle(call, active);
  }

  #join(active: boolean, call: AppCall & { do: 'join' | 'subscribe' }): void {
    const options = { withPresence: call.options === 0, signal: this.#signal(call.abort) };
    this.#want(active, 'channel', call, async () => {
      const handle = await this.#alice.session.joinStreamChannel(call.name, options);
      this.#handles.set(call.name, handle);
    });
  }

  #callHandle(call: AppCall & { name: ChannelName }, active: boolean): void {
    const handle = this.#handles.get(call.name);
    if (!handle) return;
    const live = active && ['joining', 'joined', 'rejoining'].includes(handle.state.status);
    const topic = { name: call.name, options: 0 };
    const users = { users: ['bob'] };
    const ended = handle.state.status === 'left';
    // An old handle acts on nothing, also where the channel is being joined anew.
    if (call.do === 'leave' && ended) this.#follow('leave', handle.leave());
    else if (call.do === 'leave') this.#unwant('channel', call.name, () => handle.leave());
    else if (call.do === 'joinTopic') this.#want(live, 'topic', topic, () => handle.joinTopic(TOPIC));
    else if (call.do === 'hear') this.#want(live, 'hearing', topic, () => handle.subscribeTopic(TOPIC, users));
    else if (call.do === 'publishTopic') this.#follow('publishTopic', handle.publishTopicMessage(TOPIC, 'hello'));
    else if (live && call.do === 'leaveTopic') this.#unwant('topic', call.name, () => handle.leaveTopic(TOPIC));
    else if (live && call.do === 'unhear') this.#unwant('hearing', call.name, () => handle.unsubscribeTopic(TOPIC));
  }

  #want(
    active: boolean,
    kind: WantedKind,
    { name, options }: { name: string; options: number },
    call: () => Promise<unknown>,
  ): void {
    const follow = active ? this.#ledger.want(kind, name, options) : () => {};
    const promise = call();
    follow(promise);
    this.#follow(`want ${kind} ${name}`, promise);
  }

  #unwant(kind: WantedKind, name: string, call: () => Promise<unknown>): void {
    this.#ledger.unwant(kind, name);
    this.#follow(`unwant ${kind} ${name}`, mustResolve(call()));
  }

  #signal(aborts: boolean): AbortSignal {
    const controller = new AbortController();
    if (aborts) this.#world.clock.setTimeout(() => controller.abort(), 20);
    return controller.signal;
  }

  /** Something that happens to the session from outside. */
  async #disturb(step: Step): Promise<void> {
    const { emulator, clock, server } = this.#world;
    if (step.do === 'cut') emulator.setNetwork('alice', false);
    if (step.do === 'restore') emulator.setNetwork('alice', true, { returns: step.returns });
    if (step.do === 'expire') emulator.expireToken('alice');
    if (step.do === 'expireChannel' && this.#isJoined(step.name)) emulator.expireToken('alice', step.name);
    if (step.do === 'loseStream' && this.#isJoined(step.name)) emulator.loseStream('alice', step.name);
    if (step.do === 'loseStream' && this.#isJoined(step.name)) this.#lostStreams.add(step.name);
    // What no event tells of cannot be known: only a lost link comes back or ends so.
    if (step.do === 'restoreStream' && !this.#isJoined(step.name) && this.#lostStreams.delete(step.name)) {
      this.#restoreStream(step);
    }
    if (step.do === 'failStream' && this.#isJoined(step.name)) emulator.failStream('alice', step.name, step.reasonCode);
    if (step.do === 'kick') emulator.kick('alice', step.reasonCode);
    if (step.do === 'order') emulator.order(step.operation, step.fault, { userId: 'alice' });
    if (step.do === 'events') emulator.setEventFaults(step.faults, { userId: 'alice' });
    if (step.do === 'server') server.fault = SERVER_MODES[step.mode];
    if (step.do === 'appLeaves') this.#appLeaves(step.name);
    if (step.do === 'rival') this.#rival();
    if (step.do === 'publisher') await this.#publisher([step.name], step.there);
    if (step.do === 'sleep') {
      clock.sleep(step.ms);
      this.#alice.wake();
    }
  }

  #restoreStream({ name, how }: Step & { do: 'restoreStream' }): void {
    // Where the loss was not told of, its end looks like a leave of the app's.
    if (how === 'left' && this.#story.manners === 'evil') this.#leftByApp.add(name);
    this.#world.emulator.restoreStream('alice', name, how);
  }

  #isJoined(name: string): boolean {
    const { channels } = this.#alice.session.snapshot;
    return channels.some(({ channelName, state }) => channelName === name && state.status === 'joined');
  }

  #appLeaves(name: string): void {
    const handle = this.#handles.get(name);
    if (!handle || !ACTIVE.includes(this.#alice.session.state.status)) return;
    this.#leftByApp.add(name);
    this.#watch.trace('the app leaves by itself');
    this.#watch.unwatched(() => {
      try {
        handle.channel.leave()?.catch(() => {});
      } catch {
        // An order to throw has struck the app's own call.
      }
    });
  }

  #rival(): void {
    const { emulator, clock } = this.#world;
    const rival = new (emulator.openPage().RTM)(this.#alice.session.appId, 'alice');
    this.#rivals.push(rival);
    Promise.resolve()
      .then(() => rival.login({ token: issuer(clock, DAY_SECONDS).login('alice') }))
      .catch(() => {});
  }

  /** Bob comes to the topics of these channels, or goes. */
  async #publisher(names: readonly ChannelName[], there: boolean): Promise<void> {
    const { emulator, clock } = this.#world;
    const tokens = issuer(clock, DAY_SECONDS);
    const quietly = async (work: () => Promise<unknown>): Promise<void> => void (await work().catch(() => {}));
    const steps = async (): Promise<void> => {
      const bob = this.#bob ?? new (emulator.openPage().RTM)(this.#alice.session.appId, 'bob');
      if (!this.#bob) await quietly(() => bob.login({ token: tokens.login('bob') }));
      this.#bob = bob;
      for (const name of names) {
        const channel = bob.createStreamChannel(name);
        if (there) await quietly(() => channel.join({ token: tokens.channel('bob', name) }));
        await quietly(() => (there ? channel.joinTopic(TOPIC) : channel.leaveTopic(TOPIC)));
      }
    };
    await Promise.all([steps(), clock.advance(1_000 * names.length * 3)]);
  }

  #checkAlways(): void {
    const { server, emulator } = this.#world;
    const { session } = this.#alice;
    expect(server.mostInFlight).toBeLessThanOrEqual(1);
    const logins = emulator.inspect().users.filter(({ userId }) => userId === 'alice');
    expect(logins.length).toBeLessThanOrEqual(1);
    const { tokens, channels } = session.snapshot;
    const kept = channels.map(({ channelName }) => channelName);
    for (const { target } of tokens) if (target.kind === 'stream') expect(kept).toContain(target.channelName);
    expect(this.#alice.inspected.filter(({ type }) => type === 'illegal')).toEqual([]);
  }
}

function isAppCall(step: Step): step is AppCall {
  return 'name' in step || step.do === 'login' || step.do === 'logout' || step.do === 'renew'
    ? !['expireChannel', 'loseStream', 'appLeaves', 'restoreStream', 'failStream', 'publisher'].includes(step.do)
    : false;
}

function isSessionError(error: unknown): boolean {
  return error instanceof Error && error.name === 'SessionError';
}

/** Undoing and logging out never reject. */
function mustResolve(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => {
    throw new TypeError(`It must not reject, but did with ${String(error)}`);
  });
}
