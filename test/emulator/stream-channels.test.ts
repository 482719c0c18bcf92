import { describe, expect, it } from 'vitest';
import type { RTMStreamChannel } from '../../src/session/sdk/signaling-client.js';
import { codeOf, type Recorded, World } from './world.js';

interface OnStage extends Recorded {
  readonly stage: RTMStreamChannel;
}

async function onStage(world: World, userId: string): Promise<OnStage> {
  const recorded = await world.loggedIn(userId);
  const stage = recorded.client.createStreamChannel('stage');
  await stage.join({ token: world.rtcToken(userId, 'stage') });
  return { ...recorded, stage };
}

describe('joining a stream channel', () => {
  it('goes from IDLE over CONNECTING to CONNECTED, and back by leaving', async () => {
    const world = new World();
    const { stage, links } = await onStage(world, 'alice');
    await stage.leave();
    expect(links).toEqual([
      'STREAM stage IDLE>CONNECTING JOIN/JOIN',
      'STREAM stage CONNECTING>CONNECTED JOIN/JOIN_SUCCESS',
      'STREAM stage CONNECTED>IDLE LEAVE/LEAVE',
    ]);
    expect(world.user('alice')?.streamChannels).toEqual([]);
    expect(world.clock.pending).toBe(1);
  });

  it('needs a login', async () => {
    const world = new World();
    const { client, links } = world.client('alice');
    const stage = client.createStreamChannel('stage');
    expect(await codeOf(stage.join())).toBe(-10025);
    expect(links).toEqual([
      'STREAM stage IDLE>CONNECTING JOIN/JOIN',
      'STREAM stage CONNECTING>FAILED JOIN/CHANNEL_IN_ERROR_STATE',
    ]);
    expect(world.clock.pending).toBe(0);
  });

  it('waits 15 s for a login that is under way', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const { client, links } = world.client('alice');
    const login = codeOf(client.login({ token: world.rtmToken('alice') }));
    const late = codeOf(client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage') }));
    await world.clock.advance(15_000);
    expect(await late).toBe(-11007);
    expect(links.at(-1)).toBe('STREAM stage CONNECTING>FAILED JOIN/JOIN_FAILED');
    const timely = codeOf(client.createStreamChannel('hall').join({ token: world.rtcToken('alice', 'hall') }));
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(2000);
    expect(await timely).toBe('resolved');
    expect(await login).toBe('resolved');
  });

  it('is cancelled by leaving; the next one in line goes on', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const { client, links } = world.client('alice');
    void codeOf(client.login({ token: world.rtmToken('alice') }));
    const stage = client.createStreamChannel('stage');
    const first = codeOf(stage.join({ token: world.rtcToken('alice', 'stage') }));
    const second = codeOf(stage.join({ token: world.rtcToken('alice', 'stage') }));
    await world.clock.advance(1000);
    await stage.leave();
    expect(await first).toBe(-11034);
    await world.clock.advance(15_000);
    expect(await second).toBe(-11007);
    expect(links.filter((link) => link.startsWith('STREAM'))).toEqual([
      'STREAM stage IDLE>CONNECTING JOIN/JOIN',
      'STREAM stage CONNECTING>IDLE LEAVE/LEAVE',
      'STREAM stage IDLE>CONNECTING JOIN/JOIN',
      'STREAM stage CONNECTING>FAILED JOIN/JOIN_FAILED',
    ]);
  });

  it('applies the options again where the channel is joined', async () => {
    const world = new World();
    const { stage, client } = await onStage(world, 'alice');
    const count = async (): Promise<number> => (await client.presence.whoNow('stage', 'STREAM')).totalOccupancy;
    expect(await count()).toBe(1);
    expect(await codeOf(stage.join({ beQuiet: true }))).toBe('resolved');
    expect(await count()).toBe(0);
  });

  it('is refused while the channel’s link is being restored', async () => {
    const world = new World();
    const { stage } = await onStage(world, 'alice');
    world.emulator.loseStream('alice', 'stage');
    await world.clock.advance(0);
    expect(await codeOf(stage.join({ token: world.rtcToken('alice', 'stage') }))).toBe(-10017);
  });

  it('is refused when ordered so', async () => {
    const world = new World();
    const { client, links } = await onStage(world, 'alice');
    world.emulator.failNext('join', -11007);
    const hall = client.createStreamChannel('hall');
    expect(await codeOf(hall.join({ token: world.rtcToken('alice', 'hall') }))).toBe(-11007);
    expect(links.at(-1)).toBe('STREAM hall CONNECTING>FAILED JOIN/JOIN_FAILED');
    await hall.join({ token: world.rtcToken('alice', 'hall') });
  });

  it('gives the same object for the same name, also after a logout', async () => {
    const world = new World();
    const { client, stage, links } = await onStage(world, 'alice');
    await client.logout();
    expect(links.slice(2)).toEqual([
      'MESSAGE CONNECTED>IDLE LOGOUT/LOGOUT',
      'STREAM stage CONNECTED>IDLE LOGOUT/LOGOUT',
    ]);
    expect(client.createStreamChannel('stage')).toBe(stage);
    expect(() => client.createStreamChannel('*')).toThrow('-10008');
  });

  it('ends with the login', async () => {
    const world = new World();
    const { links } = await onStage(world, 'alice');
    world.emulator.kick('alice', 'SAME_UID_LOGIN');
    await world.clock.advance(0);
    expect(links.slice(2)).toEqual([
      'MESSAGE CONNECTED>FAILED SERVER_REJECT/SAME_UID_LOGIN',
      'STREAM stage CONNECTED>FAILED SERVER_REJECT/RTM_SERVICE_NOT_CONNECTED',
    ]);
  });

  it('is left by the SDK itself after 20 minutes without a link', async () => {
    const world = new World();
    const { links } = await onStage(world, 'alice');
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(1_230_000);
    expect(links).toContain('STREAM stage CONNECTING>IDLE LEAVE/LEAVE');
  });
});

describe('topics', () => {
  it('carry messages from those who joined them to those who subscribed to these users', async () => {
    const world = new World();
    const alice = await onStage(world, 'alice');
    const bob = await onStage(world, 'bob');
    await alice.stage.joinTopic('chat', { meta: 'host' });
    expect(await bob.stage.subscribeTopic('chat', { users: ['alice'] })).toMatchObject({
      topicName: 'chat',
      succeedUsers: ['alice'],
      failedUsers: [],
    });
    expect(bob.stage.getSubscribedUserList('chat')).toMatchObject({ topicName: 'chat', subscribed: ['alice'] });
    await alice.stage.publishTopicMessage('chat', 'hello', { customType: 'greeting' });
    await world.clock.advance(0);
    expect(bob.events('message')).toMatchObject([
      { channelType: 'STREAM', channelName: 'stage', topicName: 'chat', message: 'hello', publisher: 'alice' },
    ]);
    expect(alice.events('message')).toEqual([]);
  });

  it('tell who publishes in them', async () => {
    const world = new World();
    const alice = await onStage(world, 'alice');
    await alice.stage.joinTopic('chat', { meta: 'host' });
    const bob = await onStage(world, 'bob');
    await bob.stage.joinTopic('chat');
    await bob.stage.leave();
    await world.clock.advance(0);
    expect(bob.events('topic')).toMatchObject([
      {
        eventType: 'SNAPSHOT',
        channelName: 'stage',
        topicInfos: [
          { topicName: 'chat', publishers: [{ publisherUserId: 'alice', publisherMeta: 'host' }], totalPublisher: 1 },
        ],
        totalTopics: 1,
      },
    ]);
    expect(alice.events('topic').map(({ eventType, publisher }) => `${eventType} ${publisher}`)).toEqual([
      'SNAPSHOT ',
      'REMOTE_JOIN bob',
      'REMOTE_LEAVE bob',
    ]);
    expect(alice.events('presence').map(({ eventType }) => eventType)).toEqual([
      'SNAPSHOT',
      'REMOTE_JOIN',
      'REMOTE_LEAVE',
    ]);
  });

  it('are subscribed to for the users who publish at that moment', async () => {
    const world = new World();
    const alice = await onStage(world, 'alice');
    const bob = await onStage(world, 'bob');
    expect(await codeOf(bob.stage.subscribeTopic('chat'))).toBe(-11017);
    await alice.stage.joinTopic('chat');
    await alice.stage.publishTopicMessage('chat', 'too early');
    expect(await bob.stage.subscribeTopic('chat')).toMatchObject({ succeedUsers: ['alice'] });
    await alice.stage.publishTopicMessage('chat', 'heard');
    await alice.stage.leaveTopic('chat');
    await world.clock.advance(0);
    expect(bob.events('message').map(({ message }) => message)).toEqual(['heard']);
    await bob.stage.unsubscribeTopic('chat');
    expect(() => bob.stage.getSubscribedUserList('chat')).toThrow('-11013');
  });

  it('are subscribed to for users who are not there yet; who is heard already is in neither list', async () => {
    const world = new World();
    const bob = await onStage(world, 'bob');
    const hear = (...users: string[]) => bob.stage.subscribeTopic('chat', { users });
    expect(await hear('alice')).toMatchObject({ succeedUsers: ['alice'], failedUsers: [] });
    expect(await hear('alice', 'carol')).toMatchObject({ succeedUsers: ['carol'], failedUsers: [] });
    const alice = await onStage(world, 'alice');
    await alice.stage.joinTopic('chat');
    await alice.stage.publishTopicMessage('chat', 'hello');
    await world.clock.advance(0);
    expect(bob.events('message').map(({ message }) => message)).toEqual(['hello']);
    const many = Array.from({ length: 70 }, (_, index) => `user ${index}`);
    expect((await hear(...many)).failedDetails.map(({ errorCode }) => errorCode)).toEqual(Array(8).fill(20_003));
  });

  it('have Agora’s limits', async () => {
    const world = new World();
    const { stage } = await onStage(world, 'alice');
    for (let index = 0; index < 8; index += 1) await stage.joinTopic(`topic ${index}`);
    const codes = [
      stage.joinTopic('topic 8'),
      stage.joinTopic('topic 0'),
      stage.joinTopic('x'.repeat(17)),
      stage.leaveTopic('elsewhere'),
      stage.publishTopicMessage('elsewhere', 'x'),
      stage.publishTopicMessage('topic 0', 'x'.repeat(1025)),
      stage.unsubscribeTopic('elsewhere'),
    ].map(codeOf);
    expect(await Promise.all(codes)).toEqual([-11014, 'resolved', -11008, -11016, -11016, -11010, -11013]);
  });

  it('are nobody’s before the channel is joined', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    const stage = client.createStreamChannel('stage');
    const calls = [
      stage.leave(),
      stage.joinTopic('chat'),
      stage.publishTopicMessage('chat', 'x'),
      stage.subscribeTopic('chat'),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual([-11001, -11001, -11001, -11001]);
    expect(() => stage.getSubscribedUserList('chat')).toThrow('-11001');
  });
});
