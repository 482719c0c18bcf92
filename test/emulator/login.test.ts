import { describe, expect, it } from 'vitest';
import { SignalingEmulator } from '../../src/emulator/index.js';
import { buildAccessToken, buildRtcToken, buildRtmToken, type ServiceGrant } from '../../src/server/index.js';
import { appCertificate, appId, codeOf, project, World } from './world.js';

describe('a login', () => {
  it('goes from IDLE over CONNECTING to CONNECTED and resolves without telling the time', async () => {
    const world = new World(project);
    const { client, links } = world.client('alice');
    const login = client.login({ token: world.rtmToken('alice') });
    expect(links).toEqual(['MESSAGE IDLE>CONNECTING LOGIN/LOGIN']);
    expect(await login).toEqual({ timestamp: 0 });
    expect(links[1]).toBe('MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS');
    expect(world.user('alice')).toMatchObject({ attached: true, tokenExpiresAt: world.clock.now() + 3_600_000 });
  });

  it('leaves nothing behind after the logout', async () => {
    const world = new World(project);
    const { client, links } = await world.loggedIn('alice');
    await client.subscribe('lobby');
    expect(await client.logout()).toEqual({ timestamp: world.clock.now() });
    expect(links).toEqual(['MESSAGE CONNECTED>IDLE LOGOUT/LOGOUT']);
    expect(world.emulator.inspect()).toEqual({ users: [] });
    expect(world.clock.pending).toBe(0);
  });

  it('takes any token, and none, in a project without a certificate', async () => {
    const world = new World(project);
    const emulator = new SignalingEmulator({ appId, clock: world.clock });
    const client = new emulator.sdk.RTM(appId, 'alice');
    await client.login();
    expect(emulator.inspect().users[0]).toMatchObject({ userId: 'alice', tokenExpiresAt: null });
  });

  it.each([
    ['another user’s token', (world: World) => world.rtmToken('bob'), -10005, 'INVALID_TOKEN'],
    ['an RTC token', (world: World) => world.rtcToken('alice', 'stage'), -10005, 'INVALID_TOKEN'],
    ['no token', () => '', -10005, 'INVALID_TOKEN'],
    ['the app ID as a token', () => appId, -10005, 'INVALID_TOKEN'],
    ['a token of another certificate', () => forged(), -10005, 'INVALID_TOKEN'],
    ['a lapsed token', () => lapsed(), -10009, 'TOKEN_EXPIRED'],
  ])('is refused by the service with %s', async (_, token, code, reasonCode) => {
    const world = new World(project);
    const { client, links } = world.client('alice');
    expect(await codeOf(client.login({ token: token(world) }))).toBe(code);
    expect(links.at(-1)).toBe(`MESSAGE CONNECTING>FAILED SERVER_REJECT/${reasonCode}`);
    expect(world.clock.pending).toBe(0);
    await client.login({ token: world.rtmToken('alice') });
    expect(links.slice(2)).toEqual([
      'MESSAGE FAILED>CONNECTING LOGIN/RELOGIN',
      'MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS',
    ]);
  });

  it.each([
    ['garbage', () => 'garbage', -10005, 'INVALID_TOKEN'],
    ['a broken token', () => '007@@@@', -10005, 'INVALID_TOKEN'],
    ['a token for another app', () => otherApp(), -10016, 'INCONSISTENT_APP_ID'],
  ])('is refused by the client itself with %s', async (_, token, code, reasonCode) => {
    const { client, links } = new World(project).client('alice');
    expect(await codeOf(client.login({ token: token() }))).toBe(code);
    expect(links).toEqual(['MESSAGE IDLE>CONNECTING LOGIN/LOGIN', `MESSAGE CONNECTING>FAILED LOGIN/${reasonCode}`]);
  });

  it('accepts a token for several services and one of the type RTM2', async () => {
    const world = new World(project);
    const services: ServiceGrant[] = [
      { service: 'rtc', channelName: 'stage', userId: 'alice', privileges: { joinChannel: 60 } },
      { service: 'rtm2', userId: 'alice', permissions: {}, privileges: { login: 50 } },
    ];
    const token = buildAccessToken({
      appId,
      appCertificate,
      services,
      expiresInSeconds: 60,
      issuedAt: world.unixSeconds(),
    });
    await world.client('alice').client.login({ token });
    expect(world.user('alice')?.tokenExpiresAt).toBe(world.clock.now() + 50_000);
  });

  it('is refused again on the spot while one is under way', async () => {
    const world = new World(project);
    const { client } = world.client('alice');
    const first = client.login({ token: world.rtmToken('alice') });
    expect(await codeOf(client.login({ token: world.rtmToken('alice') }))).toBe(-10017);
    await first;
  });

  it('ends the earlier one of the same user and takes it out of its channels', async () => {
    const world = new World(project);
    const first = await world.loggedIn('alice');
    const bob = await world.loggedIn('bob');
    await first.client.subscribe('lobby');
    await bob.client.subscribe('lobby');
    await world.loggedIn('alice', 3600, world.page());
    await world.clock.advance(0);
    expect(first.links).toEqual(['MESSAGE CONNECTED>FAILED SERVER_REJECT/SAME_UID_LOGIN']);
    expect(world.user('alice')?.subscriptions).toEqual([]);
    expect(bob.events('presence').at(-1)).toMatchObject({ eventType: 'REMOTE_LEAVE', publisher: 'alice' });
    expect(world.emulator.inspect().users.filter(({ userId }) => userId === 'alice')).toHaveLength(1);
  });

  it('can be made to fail', async () => {
    const world = new World(project);
    world.emulator.failNext('login', -10012, 2);
    const { client, links } = world.client('alice');
    const token = world.rtmToken('alice');
    expect(await codeOf(client.login({ token }))).toBe(-10012);
    expect(links.at(-1)).toBe('MESSAGE CONNECTING>FAILED SERVER_REJECT/LOGIN_REJECTED');
    expect(await codeOf(client.login({ token }))).toBe(-10012);
    expect(await codeOf(client.login({ token }))).toBe('resolved');
  });

  it('can be ended with every reason code of the SDK', async () => {
    const world = new World(project);
    const { client, links } = await world.loggedIn('alice');
    world.emulator.kick('alice', 'LOGIN_TOO_FREQUENT');
    await world.clock.advance(0);
    expect(links).toEqual(['MESSAGE CONNECTED>FAILED SERVER_REJECT/LOGIN_TOO_FREQUENT']);
    expect(() => world.emulator.kick('alice', 'NO_SUCH_REASON')).toThrow(TypeError);
    expect(await codeOf(client.subscribe('lobby'))).toBe(-10025);
  });
});

function forged(): string {
  return buildRtmToken({ appId, appCertificate: 'f'.repeat(32), userId: 'alice', expiresInSeconds: 3600 });
}

function lapsed(): string {
  return buildRtmToken({ appId, appCertificate, userId: 'alice', expiresInSeconds: 60, issuedAt: 1_700_000_000 });
}

function otherApp(): string {
  return buildRtcToken({
    appId: 'a'.repeat(32),
    appCertificate,
    channelName: 'x',
    userId: 'alice',
    expiresInSeconds: 60,
  });
}
