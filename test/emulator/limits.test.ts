import { describe, expect, it } from 'vitest';
import { codeOf, type Recorded, World } from './world.js';

/** How many of `count` calls, all made at once, the SDK lets through; the others end with -10021. */
async function letThrough(count: number, call: (index: number) => Promise<unknown>): Promise<number> {
  const codes = await Promise.all(Array.from({ length: count }, (_, index) => codeOf(call(index))));
  return count - codes.filter((code) => code === -10021).length;
}

describe('calls in one second', () => {
  it.each([
    ['publish', 60, ({ client }: Recorded) => client.publish('lobby', 'hello')],
    ['subscribe', 20, ({ client }: Recorded, index: number) => client.subscribe(`channel ${index % 40}`)],
    ['unsubscribe', 100, ({ client }: Recorded) => client.unsubscribe('lobby')],
    [
      'renewToken',
      20,
      ({ client }: Recorded, _: number, world: World) => client.renewToken(world.rtmToken('alice', 900)),
    ],
    ['setState', 20, ({ client }: Recorded) => client.presence.setState('lobby', 'MESSAGE', { mood: 'well' })],
    ['login', 20, ({ client }: Recorded) => client.login()],
  ] as const)('%s: %i go through', async (_, limit, call) => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    await world.clock.advance(1000);
    expect(await letThrough(100, (index) => call(alice, index, world))).toBe(limit);
    await world.clock.advance(999);
    expect(await codeOf(call(alice, 0, world))).toBe(limit < 100 ? -10021 : 'resolved');
    await world.clock.advance(1);
    expect(await codeOf(call(alice, 0, world))).toBe('resolved');
  });

  it('publishTopicMessage: 200 go through, joinTopic and subscribeTopic: 20', async () => {
    const world = new World({ limits: { joinedTopicsPerChannel: 1000 } });
    const { client } = await world.loggedIn('alice');
    const stage = client.createStreamChannel('stage');
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    expect(await letThrough(100, (index) => stage.joinTopic(`topic ${index}`))).toBe(20);
    expect(await letThrough(100, () => stage.subscribeTopic('topic 1', { users: ['bob'] }))).toBe(20);
    expect(await letThrough(300, () => stage.publishTopicMessage('topic 1', 'hello'))).toBe(200);
    expect(await letThrough(100, () => stage.leaveTopic('topic 1'))).toBe(100);
  });

  it('a join that is one too many also says FAILED, but for a channel that is joined', async () => {
    const world = new World({ limits: { callsPerSecond: 1 } });
    const { client, links } = await world.loggedIn('alice');
    const token = world.rtcToken('alice', 'stage');
    const stage = client.createStreamChannel('stage');
    await stage.join({ token });
    expect(await codeOf(client.createStreamChannel('hall').join())).toBe(-10021);
    expect(links.at(-1)).toBe('STREAM hall CONNECTING>FAILED JOIN/OPERATION_RATE_EXCEED_LIMITATION');
    expect(await codeOf(stage.join())).toBe(-10021);
    expect(links).toHaveLength(4);
  });
});

describe('channels at a time', () => {
  it('are 10 stream channels', async () => {
    const world = new World();
    const { client, links } = await world.loggedIn('alice');
    const join = (name: string) => client.createStreamChannel(name).join({ token: world.rtcToken('alice', name) });
    for (let index = 0; index < 10; index += 1) await join(`channel ${index}`);
    expect(await codeOf(join('one more'))).toBe(-11005);
    expect(links.at(-1)).toBe('STREAM one more CONNECTING>FAILED JOIN/CHANNEL_INSTANCE_EXCEED_LIMITATION');
    await client.createStreamChannel('channel 0').leave();
    expect(await codeOf(join('one more'))).toBe('resolved');
  });

  it('can be more or fewer', async () => {
    const world = new World({ limits: { subscribedChannels: 2, callsPerSecond: Number.POSITIVE_INFINITY } });
    const { client } = await world.loggedIn('alice');
    await client.subscribe('one');
    await client.subscribe('two');
    expect(await codeOf(client.subscribe('three'))).toBe(-11005);
  });

  it('are not changed by what is no limit', () => {
    expect(() => new World({ limits: { patience: 1 } as never })).toThrow('limits.patience');
    expect(() => new World({ limits: { usersPerTopic: -1 } })).toThrow('limits.usersPerTopic');
  });
});
