import { seededRandom } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from './every-call.js';
import { World } from './world.js';

describe('latency', () => {
  it('delays every call, half of it each way', async () => {
    const world = new World({ latencyMs: 200 });
    const { client } = world.client('alice');
    const login = outcomeOf(client.login({ token: world.rtmToken('alice') }));
    await world.clock.advance(99);
    expect(world.user('alice')).toBeUndefined();
    await world.clock.advance(1);
    expect([world.user('alice')?.userId, login()]).toEqual(['alice', 'pending']);
    await world.clock.advance(100);
    expect(login()).toBe('resolved');
    const publish = outcomeOf(client.publish('lobby', 'hello'));
    await world.clock.advance(199);
    expect(publish()).toBe('pending');
    await world.clock.advance(1);
    expect(publish()).toBe('resolved');
  });

  it('that is drawn keeps what a client sends in order', async () => {
    const world = new World({ latencyMs: [10, 900], random: seededRandom(5) });
    const logins = ['alice', 'bob'].map(async (name) => {
      const recorded = world.client(name);
      await recorded.client.login({ token: world.rtmToken(name) });
      return recorded;
    });
    await world.clock.advance(1000);
    const [alice, bob] = await Promise.all(logins);
    const subscribed = bob?.client.subscribe('lobby');
    await world.clock.advance(1000);
    await subscribed;
    const texts = Array.from({ length: 30 }, (_, index) => String(index));
    const published = texts.map((text) => alice?.client.publish('lobby', text));
    await world.clock.advance(5000);
    await Promise.all(published);
    expect(bob?.events('message').map(({ message }) => message)).toEqual(texts);
  });

  it('that is no number of milliseconds is refused', () => {
    expect(() => new World({ latencyMs: -1 })).toThrow('latencyMs');
    expect(() => new World({ latencyMs: [5, 1] })).toThrow('latencyMs');
  });
});
