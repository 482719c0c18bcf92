import type { SignalingClient, SignalingSdk } from 'agora-session';
import type { VirtualClock } from './virtual-clock.js';

interface Watched {
  readonly operation: string;
  readonly queue: string;
  readonly atMs: number;
  readonly period: number;
  settled: boolean;
}

const CHANNEL_CALLS = ['join', 'leave', 'joinTopic', 'leaveTopic', 'subscribeTopic', 'unsubscribeTopic'] as const;
const CLIENT_CALLS = ['subscribe', 'unsubscribe', 'renewToken', 'login'] as const;
const TIMEOUT_MS = 10_000;
const JOIN_TIMEOUT_MS = 20_000;
const LEAVE_WAITS_MS = 2_000;
const MOST_PER_SECOND = 18;

/** Watches the calls that a session makes of the SDK, and says what it should not have done. */
export class CallWatch {
  readonly #violations: Set<string> = new Set();
  #suspects: { readonly what: string; readonly atMs: number }[] = [];
  readonly #clock: VirtualClock;
  #calls: Watched[] = [];
  #period = 0;
  #looksAway = false;
  readonly #lines: string[] = [];
  #counts = new Map<string, number>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Remembers a line of what happens, for {@link story}. */
  trace(line: string): void {
    this.#lines.push(`${(this.#clock.monotonic() / 1000).toFixed(3).padStart(10)} ${line}`);
  }

  /** What was done that must not be. */
  get violations(): string[] {
    return [...this.#violations, ...this.#suspects.map(({ what }) => what)];
  }

  violate(what: string): void {
    this.#violations.add(what);
  }

  /** What has happened, line by line. */
  get story(): readonly string[] {
    return this.#lines;
  }

  /** A call that the app makes of the SDK by itself. */
  unwatched(run: () => void): void {
    this.#looksAway = true;
    run();
    this.#looksAway = false;
  }

  /** The link was lost or the session logged out: calls from before are no longer waited for. */
  newPeriod(): void {
    this.#period += 1;
    this.#suspects = this.#suspects.filter(({ atMs }) => atMs !== this.#clock.monotonic());
  }

  /** How many calls of each kind were made since the last time that this was asked. */
  takeCounts(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }

  /** The same SDK, watched. */
  watch(sdk: SignalingSdk): SignalingSdk {
    const watchClient = (client: SignalingClient): SignalingClient => this.#client(client);
    return {
      RTM: class {
        constructor(...args: ConstructorParameters<SignalingSdk['RTM']>) {
          // biome-ignore lint/correctness/noConstructorReturn: stands in for the SDK's class
          return watchClient(new sdk.RTM(...args));
        }
      } as unknown as SignalingSdk['RTM'],
    };
  }

  #client(client: SignalingClient): SignalingClient {
    const channels = new Map<object, object>();
    return new Proxy(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (name === 'createStreamChannel') {
          return (channelName: string) => {
            const channel = target.createStreamChannel(channelName);
            const watched = channels.get(channel) ?? this.#channel(channel, channelName);
            channels.set(channel, watched);
            return watched;
          };
        }
        const watched = CLIENT_CALLS.find((call) => call === name);
        if (!watched) return member.bind(target);
        return (...args: unknown[]) => this.#call(watched, queueOf(watched, args), () => member.apply(target, args));
      },
    });
  }

  #channel(channel: object, channelName: string): object {
    return new Proxy(channel, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        const watched = CHANNEL_CALLS.find((call) => call === name);
        return (...args: unknown[]) =>
          watched
            ? this.#call(watched, `stream ${channelName}`, () => member.apply(target, args))
            : member.apply(target, args);
      },
      set: (target, name, value) => Reflect.set(target, name, value),
    });
  }

  #call(operation: string, queue: string, run: () => unknown): unknown {
    if (this.#looksAway) return run();
    const nowMs = this.#clock.monotonic();
    this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
    const call: Watched = { operation, queue, atMs: nowMs, period: this.#period, settled: false };
    if (operation !== 'renewToken' && operation !== 'login') this.#checkAlone(call);
    this.#calls = this.#calls.filter(({ settled, atMs }) => !settled || atMs > nowMs - 1_000);
    this.#calls.push(call);
    const recent = this.#calls.filter(({ atMs }) => atMs > nowMs - 1_000);
    if (recent.length > MOST_PER_SECOND) this.violate(`${recent.length} calls in a second`);
    this.trace(`call ${operation} ${queue}`);
    const settle = (how: string): void => {
      call.settled = true;
      this.trace(`  ${how} ${operation} ${queue}`);
    };
    try {
      const answer = run();
      if (answer === undefined) settle('no promise');
      Promise.resolve(answer).then(
        () => settle('ok'),
        (error: unknown) => settle(`refused ${(error as { code?: unknown } | undefined)?.code}`),
      );
      return answer;
    } catch (error) {
      settle('threw');
      throw error;
    }
  }

  /** What is called at the end of a login stands beside what is no longer waited for. */
  #suspect(what: string): void {
    this.#suspects.push({ what, atMs: this.#clock.monotonic() });
  }

  #checkAlone(call: Watched): void {
    for (const other of this.#calls) {
      if (other.queue !== call.queue || other.settled || other.period !== call.period) continue;
      const ageMs = call.atMs - other.atMs;
      const patienceMs = other.operation === 'join' ? JOIN_TIMEOUT_MS : TIMEOUT_MS;
      const limitMs = call.operation === 'leave' ? LEAVE_WAITS_MS : patienceMs;
      if (ageMs < Math.min(limitMs, patienceMs) - 1)
        this.#suspect(`${call.operation} beside ${other.operation} of ${call.queue}`);
      // What a leave goes ahead of is late, and waited for no more.
      if (call.operation === 'leave') other.settled = true;
    }
  }
}

function queueOf(call: (typeof CLIENT_CALLS)[number], [first, options]: unknown[]): string {
  if (call === 'login') return 'login';
  if (call === 'renewToken') return `token ${(options as { channelName?: string } | undefined)?.channelName ?? ''}`;
  return `message ${first}`;
}
