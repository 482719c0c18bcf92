import { SessionManager, type SessionManagerOptions, type SignalingClient } from 'agora-session';
import { createRecorder, type SessionRecorder } from 'agora-session/devtools';
import { SignalingEmulator, seededRandom } from 'agora-session/emulator';
import { VirtualClock, type VirtualClockOptions } from 'agora-session/testing';
import { ByHandApp, type ByHandState } from './by-hand-app.js';
import { Machine } from './machine.js';
import { Tally } from './tally.js';
import { TokenServer } from './token-server.js';
import { Traffic } from './traffic.js';

type Inspect = NonNullable<SessionManagerOptions<SignalingClient>['inspect']>;
export type Session = SessionManager<SignalingClient>;

const LOBBY = 'lobby';
export const STAGE = 'stage';
export const BY_HAND_USER = 'carol';
/** The life of the tokens in question. Bob's live an hour, so that there is always somebody who talks. */
const LIFE_SECONDS = 60;
const BOBS_LIFE_SECONDS = 3600;
/** How often bob says something. */
const TALK_EVERY_MS = 4_000;
/** A frame's way to Signaling, or back. */
const WAY_MS = 90;

const LINES = [
  'Hello!',
  'Is the stage set?',
  'Two minutes.',
  'Who has the script?',
  'Lights on.',
  'Sound check.',
  'Ready.',
];

/** Something that happened in the world, for whoever draws it. */
export type Happening =
  | { readonly is: 'message'; readonly at: 'alice' | 'byHand'; readonly text: string; readonly late: boolean }
  | { readonly is: 'by-hand'; readonly state: ByHandState }
  | { readonly is: 'changed' };

/**
 * Everything that the page shows, in this page: a token server, Signaling (the emulator), alice and bob with a session each, and carol,
 * whose app was written by hand. Time is virtual, and whoever plays the world lets it pass.
 */
export class World {
  readonly clock: VirtualClock;
  readonly traffic: Traffic;
  readonly server: TokenServer;
  readonly emulator: SignalingEmulator;
  /** Alice's computer and carol's: they stand side by side, and share every trouble. */
  readonly machines: readonly Machine[];
  readonly alice: Session;
  readonly bob: Session;
  /** Writes down what alice's session does. */
  readonly recorder: SessionRecorder;
  readonly ours: Tally;
  readonly theirs: Tally;
  readonly #listeners = new Set<(happening: Happening) => void>();
  #byHand: ByHandApp;
  #byHandState: ByHandState = 'logging in';
  #bobSays = '';
  #aliceIsIn: Promise<void> = Promise.resolve();
  #sent = 0;
  #networkUp = true;
  #signalingUp = true;

  constructor(clockOptions: VirtualClockOptions = {}) {
    this.clock = new VirtualClock(clockOptions);
    const { clock } = this;
    this.traffic = new Traffic(() => clock.monotonic());
    this.emulator = new SignalingEmulator({ clock, random: seededRandom(7), latencyMs: 2 * WAY_MS });
    this.server = new TokenServer({ emulator: this.emulator, clock, traffic: this.traffic });
    const alices = new Machine(clock);
    this.machines = [alices, new Machine(clock)];
    this.ours = new Tally(clock);
    this.theirs = new Tally(clock);
    const isUp = (): boolean => this.#networkUp;
    this.recorder = createRecorder({ now: () => clock.now() });
    this.alice = this.#session('alice', alices, LIFE_SECONDS, isUp, this.recorder.inspect);
    this.bob = this.#session('bob', new Machine(clock), BOBS_LIFE_SECONDS, () => true);
    this.#byHand = this.#openByHand();
    this.#followAlice();
  }

  get byHandState(): ByHandState {
    return this.#byHandState;
  }

  /** What bob said last. */
  get bobSays(): string {
    return this.#bobSays;
  }

  get aliceIsAsleep(): boolean {
    return this.machines.some(({ isAsleep }) => isAsleep);
  }

  /** Who is logged in, as Signaling sees it. */
  get logins(): readonly { readonly userId: string; readonly is: string }[] {
    const { users } = this.emulator.inspect();
    return ['alice', BY_HAND_USER, 'bob'].map((userId) => {
      const user = users.find((one) => one.userId === userId);
      const onStage = user?.streamChannels.some(({ channelName }) => channelName === STAGE);
      return { userId, is: user ? `logged in${onStage ? ', on stage' : ''}` : 'not logged in' };
    });
  }

  /** When the token of a user's login lapses, as Signaling knows it; null where there is no login. */
  expiryOf(userId: string): number | null {
    return this.emulator.inspect().users.find((user) => user.userId === userId)?.tokenExpiresAt ?? null;
  }

  get isNetworkUp(): boolean {
    return this.#networkUp;
  }

  get isSignalingUp(): boolean {
    return this.#signalingUp;
  }

  watch(listener: (happening: Happening) => void): void {
    this.#listeners.add(listener);
  }

  /** Everybody logs in, alice on stage too, and bob begins to talk. */
  begin(): void {
    this.#aliceIsIn = this.alice.login();
    void this.#aliceIsIn.then(() => this.alice.subscribe(LOBBY)).catch(() => {});
    void this.#byHand.login().catch(() => {});
    void this.bob
      .login()
      .then(() => this.#talk())
      .catch(() => {});
  }

  /** Alice asks to be logged in again. */
  aliceLogsIn(): void {
    void this.alice.login().catch(() => {});
  }

  /** Carol reloads her page. */
  reloadByHand(): void {
    this.#byHand.close();
    this.#byHand = this.#openByHand();
    void this.#byHand.login().catch(() => {});
  }

  /** Everybody goes. */
  end(): void {
    this.#listeners.clear();
    for (const session of [this.alice, this.bob]) {
      session.removeAllListeners();
      void session.logout();
    }
    this.#byHand.close();
    this.emulator.close();
  }

  async joinStage(): Promise<void> {
    await this.#aliceIsIn;
    await this.alice.joinStreamChannel(STAGE);
  }

  setServer(state: TokenServer['state']): void {
    this.server.state = state;
    this.#changed();
  }

  setNetwork(up: boolean): void {
    this.#networkUp = up;
    this.#setLinks();
  }

  /** Signaling itself: without it nobody is reached, however good the network is. */
  setSignaling(up: boolean): void {
    this.#signalingUp = up;
    this.#setLinks();
  }

  expireLogins(): void {
    for (const userId of ['alice', BY_HAND_USER]) this.emulator.expireToken(userId);
  }

  expireStage(): void {
    this.emulator.expireToken('alice', STAGE);
  }

  /** Alice and carol log in on another device, which ends the login here. */
  loginElsewhere(): void {
    for (const userId of ['alice', BY_HAND_USER]) this.emulator.kick(userId, 'SAME_UID_LOGIN');
  }

  sleep(asleep: boolean): void {
    for (const machine of this.machines) {
      if (asleep) machine.fallAsleep();
      else machine.wakeUp();
    }
    this.#changed();
  }

  hide(hidden: boolean): void {
    for (const machine of this.machines) machine.hide(hidden);
    this.#changed();
  }

  #setLinks(): void {
    for (const userId of ['alice', BY_HAND_USER])
      this.emulator.setNetwork(userId, this.#networkUp && this.#signalingUp);
    this.emulator.setNetwork('bob', this.#signalingUp);
    this.#changed();
  }

  #session(
    userId: 'alice' | 'bob',
    machine: Machine,
    lifeSeconds: number,
    isUp: () => boolean,
    inspect?: Inspect,
  ): Session {
    const sdk = this.emulator.openPage({ clock: machine });
    return new SessionManager<SignalingClient>({
      appId: this.emulator.appId,
      userId,
      tokens: this.server.source(userId, lifeSeconds, isUp),
      loadSdk: async () => sdk,
      clock: machine,
      wake: machine.wake,
      random: seededRandom(3),
      // Tokens of a minute leave no time for the default of 60 s between two tries.
      retry: { longestMs: 4_000 },
      ...(inspect ? { inspect } : {}),
    });
  }

  #openByHand(): ByHandApp {
    const [, machine] = this.machines;
    return new ByHandApp({
      appId: this.emulator.appId,
      userId: BY_HAND_USER,
      sdk: this.emulator.openPage({ ...(machine ? { clock: machine } : {}) }),
      tokens: this.server.source('byHand', LIFE_SECONDS, () => this.#networkUp),
      channelName: LOBBY,
      onState: (state) => this.#byHandIs(state),
      onMessage: (text) => this.#heard('byHand', text),
    });
  }

  #followAlice(): void {
    const { alice, ours } = this;
    alice.on('state', ({ status }) => {
      ours.online(status === 'connected');
      this.#tell({ is: 'changed' });
    });
    alice.on('message', ({ message }) => this.#heard('alice', String(message)));
    alice.on('restored', ({ gap }) => void this.#fetchMissed(gap).catch(() => {}));
  }

  /** What an app does with the event `restored`: it fetches what it may have missed. The drawer shows these lines. */
  async #fetchMissed(gap: { from: number; to: number }): Promise<void> {
    const session = this.alice;
    const range = { start: gap.to, end: gap.from, messageCount: 100 };
    const { messageList } = await session.rtm.history.getMessages('lobby', 'MESSAGE', range);
    for (const { message } of [...messageList].reverse()) this.#heard('alice', String(message), true);
  }

  #talk(): void {
    this.clock.setTimeout(() => this.#talk(), TALK_EVERY_MS);
    // Nobody misses what bob could not say.
    if (!this.#signalingUp || this.bob.state.status !== 'connected') return;
    const line = LINES[this.#sent % LINES.length] ?? '';
    this.#sent += 1;
    const text = `${this.#sent}. ${line}`;
    this.#bobSays = text;
    this.traffic.send({ from: 'bob', to: 'signaling', kind: 'message', label: text, tookMs: WAY_MS * 2 });
    this.ours.sent(text);
    this.theirs.sent(text);
    this.bob.rtm.publish(LOBBY, text, { storeInHistory: true }).catch(() => {});
  }

  #heard(at: 'alice' | 'byHand', text: string, late = false): void {
    const tally = at === 'alice' ? this.ours : this.theirs;
    if (late) tally.fetched(text);
    else tally.came(text);
    this.traffic.send({ from: 'signaling', to: at, kind: 'message', label: text, tookMs: WAY_MS });
    this.#tell({ is: 'message', at, text, late });
  }

  #byHandIs(state: ByHandState): void {
    if (state === this.#byHandState) return;
    this.#byHandState = state;
    this.theirs.online(state === 'connected');
    this.#tell({ is: 'by-hand', state });
  }

  #changed(): void {
    const isReachable = this.#networkUp && this.#signalingUp;
    const isWhole = isReachable && this.server.state === 'up' && !this.machines.some(({ isAsleep }) => isAsleep);
    this.ours.whole(isWhole);
    this.theirs.whole(isWhole);
    this.#tell({ is: 'changed' });
  }

  #tell(happening: Happening): void {
    for (const listener of this.#listeners) listener(happening);
  }
}
