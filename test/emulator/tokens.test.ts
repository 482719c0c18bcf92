import agoraToken from 'agora-token';
import { describe, expect, it } from 'vitest';
import { SignalingEmulator, type SignalingEmulatorOptions } from '../../src/emulator/index.js';
import { buildRtcToken, buildRtmToken } from '../../src/server/index.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { appCertificate, appId, codeOf, project, World } from './world.js';

const { RtcRole, RtcTokenBuilder } = agoraToken;

describe('the login’s token', () => {
  it('is warned about once, 30 s ahead, by both events, and ends in FAILED', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice', 60);
    await world.clock.advance(29_999);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual([]);
    await world.clock.advance(1);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual(['']);
    expect(alice.events('token')).toMatchObject([
      { eventType: 'WILL_EXPIRE', affectedResources: { messageChannels: [] } },
    ]);
    await world.clock.advance(29_999);
    expect(alice.links).toEqual([]);
    await world.clock.advance(1);
    expect(alice.links).toEqual(['MESSAGE CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED']);
    expect(alice.events('tokenPrivilegeWillExpire')).toHaveLength(1);
    expect(world.emulator.inspect().users).toEqual([]);
    expect(world.clock.pending).toBe(0);
  });

  it('is warned about at once when it has less than 30 s', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice', 20);
    await world.clock.advance(0);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual(['']);
  });

  it('lives on when it is renewed', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice', 60);
    await world.clock.advance(40_000);
    const renewed = await alice.client.renewToken(world.rtmToken('alice', 60));
    expect(renewed).toEqual({ timestamp: 0 });
    await world.clock.advance(59_000);
    expect(alice.links).toEqual([]);
    expect(alice.events('tokenPrivilegeWillExpire')).toHaveLength(2);
    await world.clock.advance(1000);
    expect(alice.links).toEqual(['MESSAGE CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED']);
  });

  it('is not renewed by itself: that resolves with the time 0 and changes nothing', async () => {
    const world = new World(project);
    const alice = world.client('alice');
    const token = world.rtmToken('alice', 60);
    await alice.client.login({ token });
    await world.clock.advance(40_000);
    expect(await alice.client.renewToken(token)).toEqual({ timestamp: 0 });
    await world.clock.advance(20_000);
    expect(alice.links.at(-1)).toBe('MESSAGE CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED');
  });

  it('is kept when the new one is refused, which can be renewed again', async () => {
    const world = new World(project);
    const { client } = await world.loggedIn('alice', 60);
    const wrong = world.rtmToken('bob');
    expect(await codeOf(client.renewToken(wrong))).toBe(-10005);
    expect(await codeOf(client.renewToken(wrong))).toBe(-10005);
    expect(await codeOf(client.renewToken('garbage'))).toBe(-10005);
    expect(await codeOf(client.renewToken(''))).toBe(-10005);
    world.emulator.failNext('renewToken', -10012);
    const good = world.rtmToken('alice', 900);
    expect(await codeOf(client.renewToken(good))).toBe(-10012);
    expect(world.user('alice')?.tokenExpiresAt).toBe(world.clock.now() + 60_000);
    world.emulator.failNext('renewToken', -10026);
    expect(await codeOf(client.renewToken(good))).toBe(-10026);
    expect(world.user('alice')?.tokenExpiresAt).toBe(world.clock.now() + 900_000);
    expect(await codeOf(client.renewToken(good))).toBe('resolved');
    expect(world.user('alice')?.tokenExpiresAt).toBe(world.clock.now() + 900_000);
  });

  it('is sent again when the answer was lost', async () => {
    const world = new World(project);
    const { client } = await world.loggedIn('alice', 3600);
    const token = world.rtmToken('alice', 900);
    const renewal = codeOf(client.renewToken(token));
    const renewedUntil = world.clock.now() + 900_000;
    while (world.user('alice')?.tokenExpiresAt !== renewedUntil) await null;
    // The request has arrived, its answer does not get through.
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(10_000);
    expect(await renewal).toBe(-10026);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(2000);
    world.emulator.order('renewToken', { kind: 'refuse', code: -10012 });
    expect(await codeOf(client.renewToken(token))).toBe(-10012);
  });

  it('that lapses while the user is offline is refused on the return', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice', 40);
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(60_000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(5000);
    expect(alice.links.at(-1)).toBe('MESSAGE CONNECTING>FAILED SERVER_REJECT/TOKEN_EXPIRED');
    await alice.client.login({ token: world.rtmToken('alice') });
    expect(world.user('alice')?.attached).toBe(true);
  });

  it('is warned about on the return when the warning was missed', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice', 60);
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(40_000);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual([]);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(2000);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual(['']);
  });

  it('can be made to lapse, and stays lapsed', async () => {
    const world = new World(project);
    const alice = world.client('alice');
    const token = world.rtmToken('alice');
    await alice.client.login({ token });
    world.emulator.expireToken('alice');
    await world.clock.advance(0);
    expect(alice.links.at(-1)).toBe('MESSAGE CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED');
    expect(await codeOf(alice.client.login({ token }))).toBe(-10009);
    await world.clock.advance(1000);
    expect(await codeOf(alice.client.login({ token: world.rtmToken('alice') }))).toBe('resolved');
  });

  it('lives 24 h at most, as long as its privilege, and as long as the service’s clock says', async () => {
    const clock = new VirtualClock();
    const ahead = { ...view(clock), now: () => clock.now() + 86_400_000 };
    const emulator = new SignalingEmulator({ appId, appCertificate, clock, clientClock: ahead });
    const issuedAt = Math.floor(clock.now() / 1000);
    const client = new emulator.sdk.RTM(appId, 'alice');
    await client.login({
      token: buildRtmToken({ appId, appCertificate, userId: 'alice', expiresInSeconds: 86_400, issuedAt }),
    });
    expect(emulator.inspect().users[0]?.tokenExpiresAt).toBe(clock.now() + 86_400_000);
  });
});

describe('a stream channel’s token', () => {
  it('is warned about under the channel’s name and ends only the stay there', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice');
    const stage = alice.client.createStreamChannel('stage');
    const hall = alice.client.createStreamChannel('hall');
    await stage.join({ token: world.rtcToken('alice', 'stage', 60) });
    await hall.join({ token: world.rtcToken('alice', 'hall', 3600) });
    alice.links.length = 0;
    await world.clock.advance(30_000);
    expect(alice.events('tokenPrivilegeWillExpire')).toEqual(['stage']);
    expect(alice.events('token')).toEqual([]);
    await world.clock.advance(30_000);
    expect(alice.links).toEqual(['STREAM stage CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED']);
    expect(alice.linkEvents.at(-1)?.affectedChannels).toEqual(['stage']);
    expect(world.user('alice')?.streamChannels.map(({ channelName }) => channelName)).toEqual(['hall']);
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    expect(alice.links.slice(1)).toEqual([
      'STREAM stage FAILED>CONNECTING JOIN/REJOIN',
      'STREAM stage CONNECTING>CONNECTED JOIN/JOIN_SUCCESS',
    ]);
  });

  it('is renewed by the channel’s name, and the same rules hold', async () => {
    const world = new World(project);
    const { client } = await world.loggedIn('alice');
    const token = world.rtcToken('alice', 'stage', 60);
    expect(await codeOf(client.renewToken(token, { channelName: 'stage' }))).toBe(-10008);
    const stage = client.createStreamChannel('stage');
    expect(await codeOf(client.renewToken(token, { channelName: 'stage' }))).toBe(-11001);
    await stage.join({ token });
    expect(await client.renewToken(token, { channelName: 'stage' })).toEqual({ timestamp: 0 });
    expect(await codeOf(client.renewToken(world.rtcToken('alice', 'hall'), { channelName: 'stage' }))).toBe(-10005);
    await client.renewToken(world.rtcToken('alice', 'stage', 900), { channelName: 'stage' });
    expect(world.user('alice')?.streamChannels[0]?.tokenExpiresAt).toBe(world.clock.now() + 900_000);
  });

  it('that lapses while the user is offline ends the stay on the return', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice');
    await alice.client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage', 40) });
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(60_000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(5000);
    expect(alice.links.slice(-2)).toEqual([
      'MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
      'STREAM stage CONNECTING>FAILED SERVER_REJECT/TOKEN_EXPIRED',
    ]);
  });

  it('may be for any user or any channel, but not for another one of them', async () => {
    const world = new World(project);
    const { client } = await world.loggedIn('alice');
    const stage = client.createStreamChannel('stage');
    for (const token of [world.rtcToken('bob', 'stage'), world.rtcToken('alice', 'hall'), world.rtmToken('alice')]) {
      expect(await codeOf(stage.join({ token }))).toBe(-10005);
    }
    await stage.join({
      token: buildRtcToken({
        ...project,
        channelName: 'stage',
        userId: 0,
        expiresInSeconds: 3600,
        issuedAt: world.unixSeconds(),
      }),
    });
    await client.createStreamChannel('hall').join({
      token: RtcTokenBuilder.buildTokenWithUserAccount(
        appId,
        appCertificate,
        '*',
        'alice',
        RtcRole.PUBLISHER,
        600,
        600,
      ),
    });
  });

  it('can be made to lapse alone', async () => {
    const world = new World(project);
    const alice = await world.loggedIn('alice');
    await alice.client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage') });
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(0);
    expect(alice.links.at(-1)).toBe('STREAM stage CONNECTED>FAILED SERVER_REJECT/TOKEN_EXPIRED');
  });
});

function view(clock: VirtualClock): NonNullable<SignalingEmulatorOptions['clock']> & object {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    clearTimeout: (handle) => clock.clearTimeout(handle),
  };
}
