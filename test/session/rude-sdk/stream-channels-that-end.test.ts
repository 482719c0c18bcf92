import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(async () => {
  world = createWorld({ latencyMs: 100 });
  alice = world.session();
  await world.login(alice);
});

const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const join = () => during(2_000, alice.session.joinStreamChannel('stage'));
const stays = () => world.emulator.inspect().users[0]?.streamChannels ?? [];

describe('a stream channel that the app leaves by its own call of the SDK', () => {
  it('is left, and its token is renewed no more', async () => {
    const stage = await join();
    await during(2_000, stage.channel.leave());
    expect(stage.state).toEqual({ status: 'left' });
    expect(alice.session.snapshot.channels).toEqual([]);
    world.server.requests.length = 0;
    await world.clock.advance(86_400_000);
    expect(world.server.requests.length).toBeGreaterThan(10);
    expect(world.server.requests.filter(({ channels }) => channels.length > 0)).toEqual([]);
    expect(alice.told.tokenError ?? []).toEqual([]);
    expect(stays()).toEqual([]);
  }, 60_000);

  it('can be joined again', async () => {
    const stage = await join();
    await during(2_000, stage.channel.leave());
    const again = await join();
    expect(again.state).toEqual({ status: 'joined' });
    expect(stays()).toHaveLength(1);
  });

  it('ends what waited for one of its topics', async () => {
    const stage = await join();
    world.emulator.order('joinTopic', { kind: 'hang' });
    const topic = outcome(stage.joinTopic('talk'));
    await world.clock.advance(500);
    await during(30_000, stage.channel.leave());
    expect(await Promise.race([topic, 'pending'])).toMatchObject({ name: 'SessionError' });
    expect(stays()).toEqual([]);
  });
});

describe('a stream channel that the SDK gives up', () => {
  it('after its link was lost for long is joined again, with its topics', async () => {
    const stage = await join();
    await during(1_000, stage.joinTopic('talk'));
    world.emulator.loseStream('alice', 'stage');
    await world.clock.advance(60_000);
    expect(stage.state).toEqual({ status: 'rejoining' });
    world.emulator.restoreStream('alice', 'stage', 'left');
    await world.clock.advance(30_000);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(stays()).toMatchObject([{ channelName: 'stage', topics: ['talk'] }]);
  });
});

describe('a stream channel that is told as kicked out', () => {
  it('is joined again, since nearly every disconnect is told so', async () => {
    const stage = await join();
    world.emulator.failStream('alice', 'stage');
    await world.clock.advance(10_000);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(stays()).toHaveLength(1);
  });

  it('three times in a row is joined again, and failed at the fourth', async () => {
    const stage = await join();
    for (let kicks = 0; kicks < 3; kicks += 1) {
      world.emulator.failStream('alice', 'stage');
      await world.clock.advance(15_000);
      expect(stage.state).toEqual({ status: 'joined' });
    }
    world.emulator.failStream('alice', 'stage');
    await world.clock.advance(15_000);
    expect(stage.state).toMatchObject({ status: 'failed', error: { code: 'CHANNEL_FAILED' } });
    expect(stays()).toEqual([]);
  });

  it('once a quarter of an hour is joined again all day', async () => {
    const stage = await join();
    for (let quarter = 0; quarter < 96; quarter += 1) {
      world.emulator.failStream('alice', 'stage');
      await world.clock.advance(900_000);
    }
    expect(stage.state).toEqual({ status: 'joined' });
    expect(alice.told.channel?.filter(({ state }) => state.status === 'failed')).toEqual([]);
  }, 60_000);

  it('after it failed so is joined again when the app asks', async () => {
    await join();
    for (let kicks = 0; kicks < 4; kicks += 1) {
      world.emulator.failStream('alice', 'stage');
      await world.clock.advance(15_000);
    }
    const again = await join();
    expect(again.state).toEqual({ status: 'joined' });
    expect(stays()).toHaveLength(1);
  });
});
