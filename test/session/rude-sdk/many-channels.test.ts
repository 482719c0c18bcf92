import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn, names, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

const MANY = {
  joinedStreamChannels: 1_000,
  callsPerSecond: 10_000,
  subscribedChannels: 1_000,
};

/** A session in many stream channels. */
async function joined(count: number): Promise<Setting> {
  const setting = await loggedIn({ world: { limits: MANY } });
  const all = names(count).map((name) => setting.alice.session.joinStreamChannel(name));
  await setting.clock.during(Promise.all(all), 120_000);
  return setting;
}

describe('101 joins at once', () => {
  it('are two requests, and all of them are joined', async () => {
    const setting = await loggedIn({ world: { limits: MANY } });
    setting.server.requests.length = 0;
    const joins = Promise.all(names(101).map((name) => setting.alice.session.joinStreamChannel(name)));
    expect(await setting.within(15_000, joins)).toBe('done');
    expect(setting.server.requests.map(({ channels }) => channels.length)).toEqual([100, 1]);
  });

  it.each([
    ['refused', 403],
    ['bad', 400],
  ])('of which one makes the request a %s one: that one alone rejects', async (_how, status) => {
    const setting = await loggedIn({ world: { limits: MANY } });
    const { server, within, alice } = setting;
    server.fault = ({ channels }) => (channels.includes('c7') ? new Response(null, { status }) : null);
    const joins = Promise.all(names(101).map((name) => outcome(alice.session.joinStreamChannel(name))));
    await within(60_000, joins);
    const rejected = (await joins).map((end, nth) => ({ end, nth })).filter(({ end }) => end !== 'done');
    expect(rejected).toMatchObject([{ nth: 7, end: { name: 'SessionError' } }]);
    expect(setting.has().channels).toHaveLength(100);
  });
});

describe('100 channels with 8 topics each', () => {
  it('are all back after a loss, and none is told as failed for having waited', async () => {
    const setting = await joined(100);
    const { alice, clock, emulator } = setting;
    const handles = await Promise.all(names(100).map((name) => alice.session.joinStreamChannel(name)));
    const topics = handles.flatMap((handle) => names(8, 't').map((topic) => handle.joinTopic(topic)));
    await clock.during(Promise.all(topics), 120_000);
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(70_000);
    const [restored] = alice.told.restored ?? [];
    expect(restored?.results).toHaveLength(900);
    expect(restored?.results.filter(({ ok }) => !ok)).toEqual([]);
    const stays = emulator.inspect().users[0]?.streamChannels ?? [];
    expect(stays.map((stay) => stay.topics.length)).toEqual(names(100).map(() => 8));
  }, 60_000);

  it('one that does not answer costs the others nothing, and is told after 30 s of its own', async () => {
    const setting = await joined(100);
    const { alice, clock, emulator } = setting;
    emulator.order('join', { kind: 'hang' }, { channelName: 'c99', times: 3 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(45_000);
    const [restored] = alice.told.restored ?? [];
    expect(restored?.results.filter(({ ok }) => !ok).map(({ channelName }) => channelName)).toEqual(['c99']);
    expect(setting.has().channels).toHaveLength(99);
  }, 60_000);
});

describe('an event of one channel among many', () => {
  it('makes one snapshot for all that is lost in one turn, in which the others stand as they stood', async () => {
    const setting = await joined(100);
    const { alice, clock, emulator } = setting;
    const before = alice.session.snapshot;
    alice.told.snapshot?.splice(0);
    for (const name of names(50)) emulator.failStream('alice', name);
    await clock.advance(0);
    expect(alice.told.snapshot?.length).toBeLessThanOrEqual(3);
    const after = alice.session.snapshot;
    expect(after.channels.filter(({ state }) => state.status === 'rejoining')).toHaveLength(50);
    expect(after.channels.slice(50).every((channel, nth) => channel === before.channels[50 + nth])).toBe(true);
  });
});
