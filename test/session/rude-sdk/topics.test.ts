import type { StreamChannelHandle } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn, names, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

const DAY_MS = 86_400_000;
const topicsOf = ({ emulator }: Setting, userId = 'alice'): readonly string[] =>
  emulator.inspect().users.find((user) => user.userId === userId)?.streamChannels[0]?.topics ?? [];
const heardBy = ({ emulator }: Setting): readonly string[] =>
  emulator
    .inspect()
    .users.find(({ userId }) => userId === 'alice')
    ?.streamChannels[0]?.subscribedTopics.flatMap(({ topicName, users }) =>
      users.map((user) => `${topicName}: ${user}`),
    ) ?? [];

/** Two users in a stream channel: whose events the other hears. */
async function stage(): Promise<Setting & { mine: StreamChannelHandle; theirs: StreamChannelHandle }> {
  const setting = await loggedIn({ world: { limits: { joinedTopicsPerChannel: 1_000 } } });
  const bob = setting.session('bob');
  await setting.login(bob);
  return { ...setting, mine: await setting.join(), theirs: await setting.join('stage', bob) };
}

describe('users who are not there yet', () => {
  it('are not asked for with every event of strangers, and are heard when they come', async () => {
    const setting = await stage();
    const { clock, mine, theirs, within, alice } = setting;
    const topics = names(5, 'empty');
    const hearing = Promise.all(topics.map((topic) => mine.subscribeTopic(topic)));
    expect(await within(3_000, hearing)).toBe('done');
    setting.calls();
    for (let second = 0; second < 60; second += 1) {
      for (let nth = 0; nth < 5; nth += 1) void theirs.joinTopic(`other${second * 5 + nth}`);
      await clock.advance(1_000);
    }
    expect(setting.calls('subscribeTopic')).toBe(0);
    expect(await within(500, alice.session.renewTokens())).toBe('done');
    await within(2_000, theirs.joinTopic('empty3'));
    await clock.advance(5_000);
    expect(setting.calls('subscribeTopic')).toBe(1);
    expect(heardBy(setting)).toEqual(['empty3: bob']);
  });

  it('are not asked for when somebody else of their topic comes and goes', async () => {
    const setting = await stage();
    const { clock, mine, theirs, within } = setting;
    // An SDK that answers for absent users as older ones do.
    const { subscribeTopic } = mine.channel;
    mine.channel.subscribeTopic = async (topic, options) => {
      const answer = await subscribeTopic.call(mine.channel, topic, options);
      return { ...answer, succeedUsers: [], failedUsers: [...(options?.users ?? [])] };
    };
    expect(await within(2_000, mine.subscribeTopic('talk', { users: ['carol'] }))).toBe('done');
    setting.calls();
    for (let nth = 0; nth < 60; nth += 1) {
      void theirs.joinTopic('talk');
      await clock.advance(500);
      void theirs.leaveTopic('talk');
      await clock.advance(500);
    }
    // Bob's own calls are not watched.
    expect(setting.calls('subscribeTopic')).toBe(0);
  });
});

describe('a user of a topic who is no longer to be heard', () => {
  it('is not heard again when one who was asked for besides is refused', async () => {
    const setting = await stage();
    const { clock, mine, theirs, emulator, within } = setting;
    await clock.during(theirs.joinTopic('talk'));
    await clock.during(mine.subscribeTopic('talk', { users: ['bob'] }));
    emulator.order('subscribeTopic', { kind: 'refuse', code: -11038 });
    const more = outcome(mine.subscribeTopic('talk', { users: ['carol'] }));
    expect(await within(10_000, mine.unsubscribeTopic('talk', { users: ['bob'] }))).toBe('done');
    expect(await more).toMatchObject({ code: 'CHANNEL_FAILED' });
    expect(heardBy(setting)).toEqual([]);
  });

  it('is not told as heard to who had asked for them before', async () => {
    const { clock, mine, emulator } = await stage();
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const bob = outcome(mine.subscribeTopic('talk', { users: ['bob'] }));
    const both = mine.subscribeTopic('talk', { users: ['bob', 'carol'] });
    await clock.during(mine.unsubscribeTopic('talk', { users: ['bob'] }));
    emulator.setNetwork('alice', true);
    expect(await clock.during(both)).toMatchObject({ succeedUsers: ['carol'] });
    expect(await bob).toMatchObject({ code: 'ABORTED' });
  });
});

describe('leaveTopic() during a recovery', () => {
  it('resolves, and the topic is not restored', async () => {
    const setting = await stage();
    const { clock, emulator, mine, within } = setting;
    await within(1_000, mine.joinTopic('talk'));
    emulator.order('login', { kind: 'slow', ms: 3_000 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(100);
    expect(setting.alice.session.state.status).toBe('recovering');
    expect(await within(0, mine.leaveTopic('talk'))).toBe('done');
    await clock.advance(60_000);
    expect(mine.state).toEqual({ status: 'joined' });
    expect(topicsOf(setting)).toEqual([]);
  });
});

describe('a topic that is refused for good', () => {
  it('is told to its caller, and not asked for again', async () => {
    const setting = await stage();
    const { clock, emulator, mine, within } = setting;
    emulator.order('joinTopic', { kind: 'refuse', code: -11014 }, { times: Number.POSITIVE_INFINITY });
    expect(await within(3_000, mine.joinTopic('talk'))).toMatchObject({ cause: { code: -11014 } });
    setting.calls();
    await clock.advance(DAY_MS);
    expect(setting.calls('joinTopic')).toBe(0);
  });

  it('when it is restored is not asked for all day, and comes back at the next recovery', async () => {
    const setting = await stage();
    const { clock, emulator, mine, within } = setting;
    await within(1_000, mine.joinTopic('talk'));
    emulator.order('joinTopic', { kind: 'refuse', code: -11014 }, { times: Number.POSITIVE_INFINITY });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(60_000);
    setting.calls();
    await clock.advance(DAY_MS);
    expect(setting.calls('joinTopic')).toBe(0);
    emulator.clearFaults();
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(60_000);
    expect(topicsOf(setting)).toEqual(['talk']);
  });
});

describe('other options than before', () => {
  it('join a topic anew', async () => {
    const setting = await stage();
    const { mine, within } = setting;
    await within(1_000, mine.joinTopic('talk', { meta: 'one' }));
    setting.calls();
    expect(await within(2_000, mine.joinTopic('talk', { meta: 'two' }))).toBe('done');
    expect(setting.calls('leaveTopic', 'joinTopic')).toBe(2);
    expect(topicsOf(setting)).toEqual(['talk']);
  });

  it('of a stream channel are not taken for joined by a join that does not end, nor are topics from before', async () => {
    const setting = await stage();
    const { mine, alice, emulator, clock, within } = setting;
    await within(1_000, mine.joinTopic('talk'));
    emulator.order('join', { kind: 'hang' }, { times: Number.POSITIVE_INFINITY });
    emulator.setNetwork('alice', false);
    await clock.until(() => alice.session.state.status !== 'connected', 100_000);
    const joining = outcome(alice.session.joinStreamChannel('stage', { withPresence: false }));
    const leaving = outcome(mine.leaveTopic('talk'));
    emulator.setNetwork('alice', true);
    await clock.advance(30_000);
    expect(setting.has().channels).toEqual([]);
    emulator.clearFaults();
    await clock.advance(120_000);
    expect(await leaving).toBe('done');
    expect(await joining).toBe('done');
    expect(setting.has().channels).toEqual(['stage']);
    expect(topicsOf(setting)).toEqual([]);
  });

  it('are not those that only stand in another order', async () => {
    const { mine, calls, within } = await stage();
    await within(1_000, mine.joinTopic('talk', { meta: 'one', priority: 'HIGH' } as object));
    calls();
    expect(await within(2_000, mine.joinTopic('talk', { priority: 'HIGH', meta: 'one' } as object))).toBe('done');
    expect(calls('leaveTopic', 'joinTopic')).toBe(0);
  });

  it('join a stream channel anew, and the same ones do not', async () => {
    const setting = await stage();
    const { alice, within } = setting;
    setting.calls();
    expect(await within(2_000, alice.session.joinStreamChannel('stage', { withPresence: true }))).toBe('done');
    expect(setting.calls('join', 'leave')).toBe(0);
    expect(await within(2_000, alice.session.joinStreamChannel('stage', { withPresence: false }))).toBe('done');
    expect(setting.calls('join', 'leave')).toBe(2);
    expect(setting.has().channels).toEqual(['stage']);
  });
});
