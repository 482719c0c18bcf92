import { describe, expect, it } from 'vitest';
import { codeOf, World } from './world.js';

/** Alice has published the numbers from 1 to `count` in the lobby, one each second, to be kept. */
async function published(count: number) {
  const world = new World();
  const { client } = await world.loggedIn('alice', 86_400);
  const start = world.clock.now();
  for (let index = 1; index <= count; index += 1) {
    await world.clock.advance(1000);
    await client.publish('lobby', String(index), { storeInHistory: true });
    await client.publish('lobby', 'not kept');
  }
  const read = async (options?: object) => {
    const { messageList, newStart } = await client.history.getMessages('lobby', 'MESSAGE', options);
    return { numbers: messageList.map(({ message }) => Number(message)), newStart };
  };
  return { world, client, read, second: (nth: number) => start + nth * 1000 };
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

describe('the history of a channel', () => {
  it('comes newest first, without what was not to be kept', async () => {
    const { read, client, second } = await published(3);
    expect(await read()).toEqual({ numbers: [3, 2, 1], newStart: 0 });
    const { messageList, count } = await client.history.getMessages('lobby', 'MESSAGE', { messageCount: 1 });
    expect([messageList, count]).toEqual([
      [{ message: '3', messageType: 'STRING', customType: '', publisher: 'alice', timestamp: second(3) }],
      1,
    ]);
    expect(await codeOf(client.history.getMessages('lobby', 'STREAM' as never))).toBe(-10019);
    expect(await codeOf(client.history.getMessages('lobby', 'MESSAGE', { start: Number.NaN }))).toBe(-15002);
  });

  it('goes from a newer bound, which is not included, to an older one, which is', async () => {
    const { read, second } = await published(9);
    expect((await read({ start: second(7), end: second(4) })).numbers).toEqual([6, 5, 4]);
    expect((await read({ start: second(7) + 1, end: second(6) })).numbers).toEqual([7, 6]);
  });

  it('comes in pages of 100 at most, each of which says where the next begins', async () => {
    const { read } = await published(230);
    const first = await read({ messageCount: 1000 });
    expect(first.numbers).toEqual(down(230, 131));
    const second = await read({ start: first.newStart });
    expect(second.numbers).toEqual(down(130, 31));
    expect(await read({ start: second.newStart })).toEqual({ numbers: down(30, 1), newStart: 0 });
  });

  it('is that of a user where one was written to, and outlives the logins', async () => {
    const { world, client } = await published(1);
    const bob = await world.loggedIn('bob');
    await client.publish('bob', 'psst', { channelType: 'USER', storeInHistory: true });
    await client.logout();
    expect(await bob.client.history.getMessages('bob', 'USER')).toMatchObject({ count: 1, newStart: 0 });
    expect(await bob.client.history.getMessages('lobby', 'MESSAGE')).toMatchObject({ count: 1 });
  });

  it('does not grow for ever', async () => {
    const world = new World({ limits: { publishesPerSecond: Number.POSITIVE_INFINITY } });
    const { client } = await world.loggedIn('alice');
    const text = 'x'.repeat(32_000);
    for (let index = 0; index < 1000; index += 1) {
      await client.publish(`channel ${index}`, text, { storeInHistory: true });
    }
    const count = async (name: string) => (await client.history.getMessages(name, 'MESSAGE')).count;
    expect([await count('channel 0'), await count('channel 999')]).toEqual([0, 1]);
  });
});

describe('a subscription to a user’s metadata', () => {
  it('is there until it is taken back or the user logs out', async () => {
    const world = new World({ limits: { metadataSubscriptions: 2 } });
    const { client } = await world.loggedIn('alice');
    expect(await client.storage.subscribeUserMetadata('bob')).toMatchObject({ userId: 'bob' });
    await client.storage.subscribeUserMetadata('carol');
    await client.storage.unsubscribeUserMetadata('bob');
    expect(world.user('alice')?.metadataOf).toEqual(['carol']);
    await client.storage.subscribeUserMetadata('dave');
    expect(await codeOf(client.storage.subscribeUserMetadata('erin'))).toBe(-12017);
    expect(await codeOf(client.storage.subscribeUserMetadata('*'))).toBe(-10006);
    await client.logout();
    await client.login({ token: world.rtmToken('alice') });
    expect(world.user('alice')?.metadataOf).toEqual([]);
  });
});
