import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(async () => {
  world = createWorld({ latencyMs: 200 });
  alice = world.session();
  await world.login(alice);
});

const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const onServer = () => world.emulator.inspect().users[0];

/** The options of each call that the SDK gets, without tokens. */
function optionsOf<Name extends string>(
  target: { [Key in Name]: (...args: never[]) => unknown },
  name: Name,
): unknown[] {
  const seen: unknown[] = [];
  const original = target[name] as (...args: unknown[]) => unknown;
  Object.assign(target, {
    [name]: (...args: unknown[]) => {
      const { token, ...options } = (args.at(-1) ?? {}) as { token?: string };
      seen.push(options);
      return original.apply(target, args);
    },
  });
  return seen;
}

describe('the same options in other words', () => {
  it.each<[string, object | undefined, object | undefined]>([
    ['none and an empty object', undefined, {}],
    ['none and the default spelled out', undefined, { withMessage: true }],
    ['another order', { withMessage: true, withPresence: true }, { withPresence: true, withMessage: true }],
    ['one that is undefined', {}, { withPresence: undefined }],
  ])('(%s) share one call of subscribe', async (_what, first, second) => {
    const calls = optionsOf(alice.session.rtm, 'subscribe');
    const both = Promise.all([
      outcome(alice.session.subscribe('lobby', first)),
      outcome(alice.session.subscribe('lobby', second)),
    ]);
    expect(await during(2_000, both)).toEqual(['done', 'done']);
    expect(calls).toHaveLength(1);
  });
});

describe('new options that the SDK refuses', () => {
  it('leave the subscription that stood as it was, also after a recovery', async () => {
    await during(1_000, alice.session.subscribe('lobby', { withPresence: true }));
    world.emulator.order('subscribe', { kind: 'refuse', code: -11038 });
    const changed = await during(2_000, outcome(alice.session.subscribe('lobby', { withMetadata: true })));
    expect(changed).toMatchObject({ code: 'CHANNEL_FAILED' });
    await world.clock.advance(10_000);
    expect(alice.session.snapshot.subscriptions).toMatchObject([{ state: 'subscribed' }]);
    const calls = optionsOf(alice.session.rtm, 'subscribe');
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(30_000);
    expect(onServer()?.subscriptions).toEqual(['lobby']);
    expect(calls).toMatchObject([{ withPresence: true }]);
  });
});

describe('other options', () => {
  it('of joinStreamChannel() reach the SDK, and the handle stays', async () => {
    const stage = await during(2_000, alice.session.joinStreamChannel('stage', { withPresence: true }));
    const calls = optionsOf(stage.channel, 'join');
    const again = await during(10_000, alice.session.joinStreamChannel('stage', { withPresence: false }));
    expect(calls).toMatchObject([{ withPresence: false }]);
    expect(again).toBe(stage);
    expect(stage.state).toEqual({ status: 'joined' });
  });

  it('of joinTopic() reach the SDK', async () => {
    const stage = await during(2_000, alice.session.joinStreamChannel('stage'));
    await during(2_000, stage.joinTopic('talk', { meta: 'one' }));
    const calls = optionsOf(stage.channel, 'joinTopic');
    await during(10_000, stage.joinTopic('talk', { meta: 'two' }));
    expect(calls).toMatchObject([{ meta: 'two' }]);
    expect(onServer()?.streamChannels).toMatchObject([{ topics: ['talk'] }]);
  });

  it('that are the same make no call', async () => {
    const stage = await during(2_000, alice.session.joinStreamChannel('stage', { withPresence: true }));
    const calls = optionsOf(stage.channel, 'join');
    await during(10_000, alice.session.joinStreamChannel('stage', { withPresence: true }));
    expect(calls).toEqual([]);
  });
});
