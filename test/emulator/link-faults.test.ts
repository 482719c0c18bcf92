import type { CallFault } from 'agora-session/emulator';
import { describe, expect, it } from 'vitest';
import { outcomeOf } from './every-call.js';
import { codeOf, World } from './world.js';

const MESSAGE_CONNECTED = 'MESSAGE CONNECTING>CONNECTED LOGIN/LOGIN_SUCCESS';

async function login(fault: CallFault, ms: number): Promise<{ outcome: unknown; links: string[]; isThere: boolean }> {
  const world = new World();
  world.emulator.order('login', fault);
  const { client, links } = world.client('alice');
  const outcome = outcomeOf(client.login({ token: world.rtmToken('alice') }));
  await world.clock.advance(ms);
  return { outcome: outcome(), links: links.slice(1), isThere: world.user('alice')?.attached ?? false };
}

describe('a login', () => {
  it.each([
    [{ kind: 'hang' }, 300_000, 'pending', [], false],
    [{ kind: 'lost' }, 1000, 'pending', [MESSAGE_CONNECTED], true],
    [{ kind: 'late', ms: 20_000 }, 19_000, 'pending', [MESSAGE_CONNECTED], true],
    [{ kind: 'late', ms: 20_000 }, 21_000, 'resolved', [MESSAGE_CONNECTED], true],
    [{ kind: 'lateEffect', ms: 20_000, answers: true }, 19_000, 'pending', [], false],
    [{ kind: 'lateEffect', ms: 20_000, answers: true }, 21_000, 'resolved', [MESSAGE_CONNECTED], true],
    [{ kind: 'slow', ms: 4000 }, 4000, 'resolved', [MESSAGE_CONNECTED], true],
    [{ kind: 'lost', code: -10011 }, 0, -10011, ['MESSAGE CONNECTING>FAILED SERVER_REJECT/LOGIN_TIMEOUT'], false],
    [{ kind: 'refuse', code: -10012 }, 0, -10012, ['MESSAGE CONNECTING>FAILED SERVER_REJECT/LOGIN_REJECTED'], false],
  ] as const)('with %o is after %i ms %s', async (fault, ms, outcome, links, isThere) => {
    expect(await login(fault, ms)).toEqual({ outcome, links, isThere });
  });

  it('that is slower than the SDK waits is begun again by the SDK', async () => {
    const { outcome, links } = await login({ kind: 'slow', ms: 8000 }, 10_000);
    expect(outcome).toBe('resolved');
    expect(links).toEqual([
      'MESSAGE CONNECTING>DISCONNECTED SERVER_TIMEOUT/LOGIN_TIMEOUT',
      'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
      'MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
    ]);
  });
});

describe('a logout', () => {
  it.each([
    [{ kind: 'hang' }, 'pending', true],
    [{ kind: 'lost' }, 'pending', false],
    [{ kind: 'lost', code: -10025 }, -10025, false],
    [{ kind: 'refuse', code: -10025 }, -10025, true],
    [{ kind: 'late', ms: 9000 }, 'pending', false],
    [{ kind: 'lateEffect', ms: 9000, answers: true }, 'pending', true],
  ] as const)('with %o is %s after 5 s', async (fault, expected, isThere) => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.order('logout', fault);
    const outcome = outcomeOf(client.logout());
    await world.clock.advance(5000);
    expect([outcome(), world.user('alice') !== undefined]).toEqual([expected, isThere]);
    expect(await codeOf(client.logout())).toBe('resolved');
  });
});

const JOINED = 'STREAM stage CONNECTING>CONNECTED JOIN/JOIN_SUCCESS';

async function onJoin(fault: CallFault) {
  const world = new World();
  const { client, links } = await world.loggedIn('alice');
  world.emulator.order('join', fault);
  const stage = client.createStreamChannel('stage');
  const outcome = outcomeOf(stage.join({ token: world.rtcToken('alice', 'stage') }));
  await world.clock.advance(0);
  expect(links.shift()).toBe('STREAM stage IDLE>CONNECTING JOIN/JOIN');
  return { world, stage, links, outcome, isIn: () => world.user('alice')?.streamChannels.length === 1 };
}

describe('a join', () => {
  it.each([
    [{ kind: 'hang' }, 'pending', [], false],
    [{ kind: 'lost' }, 'pending', [JOINED], true],
    [{ kind: 'late', ms: 40_000 }, 'pending', [JOINED], true],
    [{ kind: 'lost', code: -11007 }, -11007, ['STREAM stage CONNECTING>FAILED JOIN/JOIN_FAILED'], true],
    [
      { kind: 'refuse', code: -11007, afterMs: 15_000 },
      -11007,
      ['STREAM stage CONNECTING>FAILED JOIN/JOIN_FAILED'],
      false,
    ],
    [
      { kind: 'refuse', code: -10021 },
      -10021,
      ['STREAM stage CONNECTING>FAILED JOIN/OPERATION_RATE_EXCEED_LIMITATION'],
      false,
    ],
    [{ kind: 'refuse', code: -10025 }, -10025, ['STREAM stage CONNECTING>FAILED JOIN/CHANNEL_IN_ERROR_STATE'], false],
    [{ kind: 'refuse', code: -10017 }, -10017, [], false],
    [{ kind: 'lateEffect', ms: 20_000, answers: true }, 'resolved', [JOINED], true],
  ] as const)('with %o is %s after 30 s', async (fault, expected, expectedLinks, isThere) => {
    const { world, links, outcome, isIn } = await onJoin(fault);
    await world.clock.advance(30_000);
    expect([outcome(), links, isIn()]).toEqual([expected, expectedLinks, isThere]);
  });

  it.each([{ kind: 'hang' }, { kind: 'refuse', code: -10017 }] as const)(
    'that stays CONNECTING with %o is ended by leaving',
    async (fault) => {
      const { world, stage, links, isIn } = await onJoin(fault);
      expect(await codeOf(stage.leave())).toBe('resolved');
      expect(links).toEqual(['STREAM stage CONNECTING>IDLE LEAVE/LEAVE']);
      await stage.join({ token: world.rtcToken('alice', 'stage') });
      expect(isIn()).toBe(true);
    },
  );

  it('that took effect unknown to the client makes way for the next one', async () => {
    const { world, stage, isIn } = await onJoin({ kind: 'lost', code: -11007 });
    expect(isIn()).toBe(true);
    const token = world.rtcToken('alice', 'stage', 900);
    await stage.join({ token });
    expect(world.user('alice')?.streamChannels).toMatchObject([{ tokenExpiresAt: world.clock.now() + 900_000 }]);
  });

  it('that comes in late does not throw out the one that took its place', async () => {
    const { world, stage, links, isIn } = await onJoin({ kind: 'lateEffect', ms: 5000, answers: true });
    await stage.leave();
    await stage.join({ token: world.rtcToken('alice', 'stage', 900) });
    await world.clock.advance(10_000);
    expect([isIn(), links.at(-1)]).toEqual([true, JOINED]);
  });
});

describe('the link of a stream channel', () => {
  async function lost() {
    const world = new World();
    const { client, links } = await world.loggedIn('alice');
    const stage = client.createStreamChannel('stage');
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    await stage.joinTopic('chat');
    world.emulator.loseStream('alice', 'stage');
    await world.clock.advance(0);
    return { world, client, stage, links: () => links.slice(2), stay: () => world.user('alice')?.streamChannels[0] };
  }

  it('can be lost while the login’s is whole, and the service keeps the user', async () => {
    const { stage, links, stay, client, world } = await lost();
    expect(links()).toEqual(['STREAM stage CONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT']);
    expect(stay()).toMatchObject({ topics: ['chat'] });
    expect(await codeOf(stage.publishTopicMessage('chat', 'hello'))).toBe(-11001);
    const renewal = client.renewToken(world.rtcToken('alice', 'stage', 900), { channelName: 'stage' });
    expect(await codeOf(renewal)).toBe(-11001);
  });

  it.each([
    ['resumed', 'STREAM stage CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS', ['chat']],
    ['emptied', 'STREAM stage CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS', []],
    ['failed', 'STREAM stage CONNECTING>FAILED SERVER_REJECT/KICKED_OUT_BY_SERVER', undefined],
    ['left', 'STREAM stage CONNECTING>IDLE LEAVE/LEAVE', undefined],
  ] as const)('comes back %s', async (how, link, topics) => {
    const { world, links, stay } = await lost();
    world.emulator.restoreStream('alice', 'stage', how);
    await world.clock.advance(0);
    expect([links().at(-1), stay()?.topics]).toEqual([link, topics]);
  });

  it('that does not come back within 20 minutes is left, and so is the channel at the service', async () => {
    const { world, links, stay } = await lost();
    await world.clock.advance(20 * 60_000);
    await world.clock.advance(0);
    expect([links().at(-1), stay()]).toEqual(['STREAM stage CONNECTING>IDLE LEAVE/LEAVE', undefined]);
  });

  it('can be ended with every reason of the SDK', async () => {
    const { world, links, stay } = await lost();
    world.emulator.failStream('alice', 'stage', 'TOKEN_EXPIRED');
    await world.clock.advance(0);
    expect([links().at(-1), stay()]).toEqual(['STREAM stage CONNECTING>FAILED SERVER_REJECT/TOKEN_EXPIRED', undefined]);
    expect(() => world.emulator.failStream('alice', 'stage', 'BOREDOM')).toThrow('reasonCode');
  });
});
