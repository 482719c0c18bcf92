import type { SessionState, SignalingClient, StreamChannelHandle } from 'agora-session';
import { expect } from 'vitest';
import { type ReactedEvent, SERVER_MODES, type Step } from './session-story.js';
import { issuer } from './tokens.js';
import { createWorld, expectNoSecrets, type Observed, type World } from './world.js';

const LEGAL: Readonly<Record<SessionState['status'], readonly SessionState['status'][]>> = {
  idle: ['connecting'],
  connecting: ['connected', 'failed', 'idle', 'waiting'],
  waiting: ['connecting', 'failed', 'idle'],
  connected: ['reconnecting', 'recovering', 'failed', 'idle'],
  reconnecting: ['connected', 'recovering', 'failed', 'idle', 'reconnecting'],
  recovering: ['connected', 'recovering', 'failed', 'idle'],
  failed: ['connecting', 'idle'],
};

/** Lives a story and checks after every step what must always hold, and at the end what must hold when all is well again. */
export async function live({ lifeSeconds, steps }: { lifeSeconds: number; steps: readonly Step[] }): Promise<void> {
  const life = new SessionLife(lifeSeconds);
  for (const step of steps) await life.take(step);
  await life.heal();
  life.checkQuiet();
  await life.end();
}

/** One session on the emulator, and everything that happens to it. */
class SessionLife {
  readonly #world: World = createWorld();
  readonly #alice: Observed = this.#world.session('alice');
  readonly #handles = new Map<string, StreamChannelHandle>();
  readonly #rivals: SignalingClient[] = [];
  /** Calls that have not settled. */
  readonly #pending = new Set<string>();
  #calls = 0;
  #checked = 0;

  constructor(lifeSeconds: number) {
    this.#world.server.lifeSeconds = lifeSeconds;
  }

  async take(step: Step): Promise<void> {
    const call = this.#call(step);
    if (call) this.#follow(step.do, call);
    else if (step.do === 'react') this.#react(step.to, step.with);
    else this.#disturb(step);
    await this.#world.clock.advance(step.do === 'advance' ? step.ms : 0);
    this.#checkAlways();
  }

  /** All is well again, and there is time enough for every backoff. */
  async heal(): Promise<void> {
    this.#world.server.fault = null;
    this.#world.emulator.setNetwork('alice', true);
    await this.#world.clock.advance(300_000);
    this.#checkAlways();
  }

  /** When connected and quiet, everything wanted is so, and every token has a future. */
  checkQuiet(): void {
    const { state, tokens, channels, subscriptions } = this.#alice.session.snapshot;
    expect(['connected', 'failed', 'idle']).toContain(state.status);
    if (state.status !== 'connected') return;
    const now = this.#world.clock.now();
    for (const token of tokens.filter(({ status }) => status === 'valid')) {
      expect(token.expiresAt).toBeGreaterThan(now);
      expect(token.renewsAt).toBeGreaterThanOrEqual(now);
    }
    const user = this.#world.emulator.inspect().users.find(({ userId }) => userId === 'alice');
    const wanted = channels.filter((channel) => channel.state.status !== 'failed');
    expect(wanted.map((channel) => channel.state.status)).toEqual(wanted.map(() => 'joined'));
    const stays = user?.streamChannels.map(({ channelName }) => channelName) ?? [];
    expect(stays.toSorted()).toEqual(wanted.map(({ channelName }) => channelName).toSorted());
    expect(user?.subscriptions.toSorted()).toEqual(subscriptions.toSorted());
  }

  /** After the logout no timer, request or login is left. */
  async end(): Promise<void> {
    const { clock, server, emulator } = this.#world;
    expectNoSecrets(this.#alice);
    // Reactions that have not come by now do not: one would log in again.
    this.#alice.session.removeAllListeners();
    const logouts = [this.#alice.session.logout(), ...this.#rivals.map((rival) => rival.logout())];
    for (const logout of logouts) logout.catch(() => {});
    await clock.advance(6_000);
    expect(this.#alice.session.state.status).toBe('idle');
    expect(server.inFlight).toBe(0);
    expect(clock.pending).toBe(0);
    expect(emulator.inspect().users).toEqual([]);
    // Nothing hangs: whatever was called has settled.
    expect([...this.#pending]).toEqual([]);
  }

  /** Remembers a call until it settles; how is its caller's affair. */
  #follow(what: string, call: Promise<unknown>): void {
    const name = `${what} (call ${this.#calls++})`;
    this.#pending.add(name);
    const settle = (): void => void this.#pending.delete(name);
    call.then(settle, settle);
  }

  /** The app calls the session from within a listener, once. */
  #react(event: ReactedEvent, call: 'login' | 'logout' | 'leave' | 'renew'): void {
    const { session } = this.#alice;
    session.once(event, () => {
      const calls = {
        login: () => session.login({ timeoutMs: 5_000 }),
        logout: () => session.logout(),
        leave: () => this.#handles.get('stage')?.leave() ?? Promise.resolve(),
        renew: () => session.renewTokens(),
      };
      this.#follow(`${call} in a listener of ${event}`, calls[call]());
    });
  }

  /** A call of the app's, whose outcome is its own affair. */
  #call(step: Step): Promise<unknown> | null {
    const { session } = this.#alice;
    switch (step.do) {
      case 'login': {
        const controller = new AbortController();
        if (step.abort) this.#world.clock.setTimeout(() => controller.abort(), 20);
        return session.login({ timeoutMs: step.timeoutMs, signal: controller.signal });
      }
      case 'logout':
        return session.logout();
      case 'renew':
        return session.renewTokens();
      case 'join':
        return session.joinStreamChannel(step.name).then((handle) => this.#handles.set(step.name, handle));
      case 'leave':
        return this.#handles.get(step.name)?.leave() ?? Promise.resolve();
      case 'joinTopic':
        return this.#handles.get(step.name)?.joinTopic('talk') ?? Promise.resolve();
      case 'hearTopic':
        return this.#handles.get(step.name)?.subscribeTopic('talk') ?? Promise.resolve();
      case 'subscribe':
        return session.subscribe(step.name);
      case 'unsubscribe':
        return session.unsubscribe(step.name);
      case 'rival':
        return this.#rival();
      default:
        return null;
    }
  }

  /** Something that happens to the session from outside. */
  #disturb(step: Step): void {
    const { emulator, clock, server } = this.#world;
    if (step.do === 'cut' || step.do === 'restore') emulator.setNetwork('alice', step.do === 'restore');
    if (step.do === 'expire') emulator.expireToken('alice');
    if (step.do === 'expireChannel') emulator.expireToken('alice', step.name);
    if (step.do === 'kick') emulator.kick('alice', step.reasonCode);
    if (step.do === 'failNext') emulator.failNext(step.operation, step.code);
    if (step.do === 'server') server.fault = SERVER_MODES[step.mode];
    if (step.do === 'sleep') {
      clock.sleep(step.ms);
      this.#alice.wake();
    }
  }

  #rival(): Promise<unknown> {
    const { emulator, clock } = this.#world;
    const rival = new (emulator.openPage().RTM)(this.#alice.session.appId, 'alice');
    this.#rivals.push(rival);
    return rival.login({ token: issuer(clock).login('alice') });
  }

  #checkAlways(): void {
    expect(this.#world.server.mostInFlight).toBeLessThanOrEqual(1);
    const logins = this.#world.emulator.inspect().users.filter(({ userId }) => userId === 'alice');
    expect(logins.length).toBeLessThanOrEqual(1);
    const statuses = ['idle' as const, ...this.#alice.states.map(({ status }) => status)];
    for (; this.#checked + 1 < statuses.length; this.#checked += 1) {
      const [from = 'idle', to = 'idle'] = statuses.slice(this.#checked, this.#checked + 2);
      expect(LEGAL[from], `${from} -> ${to}`).toContain(to);
    }
  }
}
