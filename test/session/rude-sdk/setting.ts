import type { StreamChannelHandle } from 'agora-session';
import { CallWatch } from '../../support/call-watch.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

/** A session that is connected, on a page whose calls of the SDK are counted. */
export interface Setting extends World {
  readonly alice: Observed;
  readonly watch: CallWatch;
  /** What a promise comes to within `ms` of virtual time: 'done', its error, or 'pending'. */
  within(ms: number, promise: Promise<unknown>): Promise<unknown>;
  /** Joins a stream channel with time enough for it. */
  join(name?: string, observed?: Observed): Promise<StreamChannelHandle>;
  /** How often these calls of the SDK were made since anybody last asked. */
  calls(...operations: string[]): number;
  /** What the server has of a user. */
  has(userId?: string): { subscriptions: readonly string[]; channels: readonly string[] };
}

/** What differs from a session that is fair and plain. */
export interface SettingOptions {
  readonly world?: Parameters<typeof createWorld>[0];
  readonly session?: Parameters<World['session']>[1];
  readonly lifeSeconds?: number;
}

/** Makes a setting whose session is not logged in yet. */
export function loggedOut({ world: options, session, lifeSeconds = 3_600 }: SettingOptions = {}): Setting {
  const world = createWorld(options);
  const { clock, emulator } = world;
  world.server.lifeSeconds = lifeSeconds;
  const watch = new CallWatch(clock);
  const sdk = watch.watch(emulator.openPage());
  const alice = world.session('alice', { loadSdk: async () => sdk, ...session });
  return {
    ...world,
    alice,
    watch,
    within: async (ms, promise) => {
      let seen: unknown = 'pending';
      void outcome(promise).then((end) => {
        seen = end;
      });
      await clock.advance(ms);
      return seen;
    },
    join: (name = 'stage', observed = alice) => clock.during(observed.session.joinStreamChannel(name), 60_000),
    calls: (...operations) => {
      const counts = watch.takeCounts();
      return operations.reduce((sum, operation) => sum + (counts.get(operation) ?? 0), 0);
    },
    has: (userId = 'alice') => {
      const user = emulator.inspect().users.find((one) => one.userId === userId);
      const channels = user?.streamChannels.map(({ channelName }) => channelName) ?? [];
      return { subscriptions: user?.subscriptions ?? [], channels };
    },
  };
}

/** Makes a setting whose session is connected. */
export async function loggedIn(options: SettingOptions = {}): Promise<Setting> {
  const setting = loggedOut(options);
  await setting.login(setting.alice);
  return setting;
}

/** Names that differ in their number. */
export function names(count: number, prefix = 'c'): string[] {
  return Array.from({ length: count }, (_, nth) => `${prefix}${nth}`);
}
