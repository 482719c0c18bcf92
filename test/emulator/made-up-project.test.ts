import { SessionManager, type SignalingClient } from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';
import { seededRandom, VirtualClock } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';
import { codeOf, World } from './world.js';

describe('an emulator that is told of no project', () => {
  it('makes one up, which is another each time', () => {
    const [one, other] = [new SignalingEmulator(), new SignalingEmulator()];
    expect(one.appId).toMatch(/^[0-9a-f]{32}$/);
    expect(other.appId).not.toBe(one.appId);
    const seeded = () => new SignalingEmulator({ random: seededRandom(7) }).appId;
    expect(seeded()).toBe(seeded());
  });

  it('takes its own tokens and no other’s', async () => {
    const world = new World();
    const stranger = new World({ clock: world.clock });
    const { client } = world.client('alice');
    expect(await codeOf(client.login({ token: stranger.rtmToken('alice') }))).toBe(-10016);
    await client.login({ token: world.rtmToken('alice') });
    expect(world.user('alice')?.tokenExpiresAt).toBe(world.clock.now() + 3_600_000);
    expect(await codeOf(client.renewToken(world.rtmToken('bob')))).toBe(-10005);
  });

  it('makes tokens of one second that all differ', () => {
    const world = new World();
    expect(new Set(Array.from({ length: 50 }, () => world.rtmToken('alice'))).size).toBe(50);
  });

  it('keeps a session logged in and joined with its token source', async () => {
    const clock = new VirtualClock();
    const emulator = new SignalingEmulator({ clock });
    emulator.tokens.lifeSeconds = 600;
    const session = new SessionManager<SignalingClient>({
      appId: emulator.appId,
      userId: 'alice',
      tokens: emulator.tokens,
      loadSdk: async () => emulator.sdk,
      clock,
      logger: { warn: () => {} },
    });
    await clock.during(session.login());
    await clock.during(session.joinStreamChannel('stage'));
    await clock.advance(1_000_000);
    expect(session.state).toEqual({ status: 'connected' });
    const [user] = emulator.inspect().users;
    expect(user?.tokenExpiresAt).toBeGreaterThan(clock.now());
    expect(user?.streamChannels).toMatchObject([{ channelName: 'stage' }]);
    await clock.during(session.logout());
    expect(clock.pending).toBe(0);
  });
});
