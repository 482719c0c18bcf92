import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { type Observed, outcome } from '../../support/world.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

const DAY_MS = 86_400_000;
let setting: Setting;
beforeEach(async () => {
  setting = await loggedIn();
});

const states = (): string[] => setting.alice.told.channel?.map(({ state }) => state.status) ?? [];
const settled = (promise: Promise<unknown>): Promise<unknown> => setting.within(0, promise);

interface LinkInHand {
  readonly session: Observed;
  /** Says what the emulator does not. */
  say(event: unknown): void;
  /** From now on the session is told of no link. */
  silence(): void;
  /** The stream channels that the server has of the user. */
  channels(): string[];
}

/** A session whose client's `linkState` is in hand. */
async function withClient(userId: string): Promise<LinkInHand> {
  const { emulator } = setting;
  const { RTM } = emulator.openPage();
  const client = new RTM(setting.alice.session.appId, userId);
  let say: (event: unknown) => void = () => {};
  let silent = false;
  const { addEventListener } = client;
  client.addEventListener = (name, listener) => {
    const tell = listener as typeof say;
    if (name !== 'linkState') return addEventListener.call(client, name, listener);
    say = tell;
    addEventListener.call(client, name, ((event: unknown) => silent || tell(event)) as typeof listener);
  };
  const session = setting.session(userId, { client });
  await setting.login(session);
  return {
    session,
    say: (event) => say(event),
    silence: () => {
      silent = true;
    },
    channels: () => {
      const user = emulator.inspect().users.find((one) => one.userId === userId);
      return user?.streamChannels.map(({ channelName }) => channelName) ?? [];
    },
  };
}

const STREAM_FAILED = {
  currentState: 'FAILED',
  previousState: 'CONNECTED',
  serviceType: 'STREAM',
  operation: 'SERVER_REJECT',
  reason: 'KICKED_OUT_BY_SERVER',
  reasonCode: 'KICKED_OUT_BY_SERVER',
  affectedChannels: ['stage'],
  unrestoredChannels: [],
  isResumed: false,
  timestamp: 0,
};

describe('-10017', () => {
  it.each(['stands', 'is being made', 'is being restored'])(
    'of a channel that the app joined through the SDK and whose link %s ends joined',
    async (how) => {
      const { alice, clock, emulator, watch } = setting;
      const fetched = await setting.server.fetch('https://app.test/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userId: 'alice', signaling: false, channels: ['stage'] }),
      });
      const { token } = (await fetched.json()).channels.stage;
      if (how === 'is being made') emulator.order('join', { kind: 'slow', ms: 6_000 });
      watch.unwatched(() => void alice.session.rtm.createStreamChannel('stage').join({ token }));
      await clock.advance(100);
      if (how === 'is being restored') emulator.loseStream('alice', 'stage');
      const join = alice.session.joinStreamChannel('stage');
      await clock.advance(45_000);
      if (how === 'is being restored') emulator.restoreStream('alice', 'stage', 'resumed');
      await clock.advance(20_000);
      expect(await settled(join)).toBe('done');
      expect(setting.has().channels).toEqual(['stage']);
      expect(setting.calls('join')).toBeLessThanOrEqual(4);
    },
  );

  it.each([
    ['was refused', { kind: 'refuse', code: -10025 }],
    ['hung', { kind: 'hang' }],
  ] as const)('to a join after a leave that %s is not taken for ever', async (_how, fault) => {
    const { alice, clock, emulator } = setting;
    const stage = await setting.join();
    emulator.order('leave', fault);
    void stage.leave();
    await clock.advance(100);
    emulator.order('join', { kind: 'refuse', code: -10017 }, { times: 2 });
    const join = alice.session.joinStreamChannel('stage');
    await clock.advance(90_000);
    expect(await settled(join)).toBe('done');
    expect(setting.has().channels).toEqual(['stage']);
    expect(setting.calls('join', 'leave')).toBeLessThan(12);
  });

  it.each(['subscribe', 'join'] as const)('to every %s is told to the caller within minutes', async (operation) => {
    const { alice, clock, emulator } = setting;
    emulator.order(operation, { kind: 'refuse', code: -10017 }, { times: Number.POSITIVE_INFINITY });
    const call = operation === 'join' ? alice.session.joinStreamChannel('stage') : alice.session.subscribe('stage');
    const end = outcome(call);
    await clock.advance(300_000);
    expect(await settled(end)).toBe('done');
    expect(await end).toMatchObject({ code: 'CHANNEL_FAILED', cause: { code: -10017 } });
    setting.calls();
    await clock.advance(DAY_MS);
    expect(setting.calls(operation)).toBe(0);
  });
});

describe('a join that the SDK never ends', () => {
  it('and whose cancelling fails is ended by a leave before the next one, in the login after it too', async () => {
    const { alice, clock, emulator } = setting;
    const stage = await setting.join();
    emulator.order('join', { kind: 'hang' });
    emulator.order('leave', { kind: 'throw', code: -10005 });
    emulator.expireToken('alice', 'stage');
    await clock.advance(1);
    emulator.expireToken('alice');
    await clock.advance(1);
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    emulator.setNetwork('alice', true);
    await clock.advance(60_000);
    expect(alice.session.state.status).toBe('connected');
    expect(stage.state.status).toBe('joined');
    expect(setting.has().channels).toEqual(['stage']);
  });
});

describe('the late end of a join that was cancelled', () => {
  it('does not pass for the app’s leaving of the channel that is joined since', async () => {
    const { clock } = setting;
    const { session, say, channels } = await withClient('bob');
    const stage = await setting.join('stage', session);
    await clock.advance(10_000);
    const ended = { currentState: 'IDLE', previousState: 'CONNECTING', operation: 'LEAVE' };
    say({ ...STREAM_FAILED, ...ended, reason: 'LEAVE', reasonCode: 'LEAVE' });
    expect(stage.state.status).toBe('rejoining');
    await clock.advance(30_000);
    expect(stage.state.status).toBe('joined');
    expect(channels()).toEqual(['stage']);
  });
});

describe('a channel that is thought to be joined and is not', () => {
  it('is joined again when a renewal for it is refused as not joined', async () => {
    const { clock } = setting;
    const { session, silence, channels } = await withClient('bob');
    const stage = await setting.join('stage', session);
    silence();
    await clock.during(stage.channel.leave());
    expect([stage.state.status, channels()]).toEqual(['joined', []]);
    await clock.advance(3_600_000);
    expect([stage.state.status, channels()]).toEqual(['joined', ['stage']]);
    expect(session.session.snapshot.tokens.map(({ status }) => status)).toEqual(['valid', 'valid']);
  });

  it('is joined again when a message in a topic of it is refused as not joined, and the topic with it', async () => {
    const { clock } = setting;
    const { session, silence, channels } = await withClient('bob');
    const stage = await setting.join('stage', session);
    await clock.during(stage.joinTopic('chat'), 5_000);
    silence();
    await clock.during(stage.channel.leave());
    const message = outcome(stage.publishTopicMessage('chat', 'hello'));
    await clock.advance(10_000);
    expect(await message).toMatchObject({ code: 'CALL_FAILED', cause: { code: -11001 } });
    expect(channels()).toEqual(['stage']);
    expect(await clock.during(outcome(stage.publishTopicMessage('chat', 'again')), 1_000)).toBe('done');
  });
});

describe('a topic that is thought to be joined and is not', () => {
  it('is joined again when a message is refused for that', async () => {
    const { clock } = setting;
    const stage = await setting.join();
    await clock.during(stage.joinTopic('chat'), 5_000);
    await clock.during(stage.channel.leaveTopic('chat'));
    const message = outcome(stage.publishTopicMessage('chat', 'hello'));
    await clock.advance(10_000);
    expect(await message).toMatchObject({ code: 'CALL_FAILED' });
    expect(await clock.during(outcome(stage.publishTopicMessage('chat', 'again')), 1_000)).toBe('done');
  });
});

describe('a login’s link that is thought to stand and does not', () => {
  it('is made anew when messages are refused for that, again and again', async () => {
    const { alice, clock, emulator } = setting;
    emulator.order('publish', { kind: 'refuse', code: -10025 }, { times: 3 });
    setting.calls();
    for (let nth = 0; nth < 3; nth += 1) {
      void outcome(alice.session.publish('lobby', 'hello'));
      await clock.advance(1_000);
    }
    await clock.advance(30_000);
    expect(setting.calls('login')).toBe(1);
    expect(alice.session.state.status).toBe('connected');
  });

  it('is left alone while renewals are only refused for their pace', async () => {
    const { alice, clock, emulator } = setting;
    emulator.order('renewToken', { kind: 'refuse', code: -10021 }, { times: 5 });
    setting.calls();
    const renewed = alice.session.renewTokens();
    await clock.advance(20_000);
    expect(await settled(renewed)).toBe('done');
    expect(setting.calls('login')).toBe(0);
  });
});

describe("a stream channel's failure", () => {
  it('that was not told before the login had its link back is made good', async () => {
    const { alice, clock, emulator } = setting;
    const stage = await setting.join();
    emulator.setNetwork('alice', false);
    await clock.advance(40_000);
    expect(alice.session.state.status).toBe('reconnecting');
    emulator.expireToken('alice', 'stage');
    emulator.setNetwork('alice', true, { returns: 'resumed' });
    await clock.advance(60_000);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(setting.has().channels).toEqual(['stage']);
  });

  it('that is told while the login has no link is not dropped, though the link is then resumed', async () => {
    const { clock, emulator } = setting;
    const { session, say } = await withClient('bob');
    const stage = await setting.join('stage', session);
    emulator.setNetwork('bob', false);
    await clock.advance(40_000);
    expect(session.session.state.status).toBe('reconnecting');
    say(STREAM_FAILED);
    await clock.advance(1_000);
    expect(stage.state).toEqual({ status: 'rejoining' });
    emulator.setNetwork('bob', true, { returns: 'resumed' });
    await clock.advance(60_000);
    const states = session.told.channel?.map(({ state }) => state.status);
    expect(states).toEqual(['joining', 'joined', 'rejoining', 'joined']);
  });

  it('KICKED_OUT_BY_SERVER, which stands for any disconnect, is joined again', async () => {
    const { clock, emulator } = setting;
    const stage = await setting.join();
    for (let nth = 0; nth < 5; nth += 1) {
      await clock.advance(70_000);
      emulator.failStream('alice', 'stage', 'KICKED_OUT_BY_SERVER');
      await clock.advance(10_000);
      expect(stage.state).toEqual({ status: 'joined' });
    }
    expect(setting.alice.session.state.status).toBe('connected');
  });

  it('KICKED_OUT_BY_SERVER four times in a row ends the channel, and nothing is asked of it any more', async () => {
    const { clock, emulator } = setting;
    const stage = await setting.join();
    for (let nth = 0; nth < 4; nth += 1) {
      emulator.failStream('alice', 'stage', 'KICKED_OUT_BY_SERVER');
      await clock.advance(15_000);
    }
    expect(stage.state).toMatchObject({ status: 'failed', error: { code: 'CHANNEL_FAILED' } });
    setting.calls();
    await clock.advance(DAY_MS);
    expect(setting.calls('join')).toBe(0);
    expect(setting.server.requests.filter(({ channels }) => channels.length > 0).length).toBeLessThan(6);
  });
});

describe('a channel that the app leaves with a call of its own', () => {
  it('is left: no renewal is made for it, and nobody joins it again', async () => {
    const { clock, watch } = setting;
    const stage = await setting.join();
    const { channel } = stage;
    watch.unwatched(() => void channel.leave());
    await clock.advance(1_000);
    expect(stage.state).toEqual({ status: 'left' });
    setting.server.requests.length = 0;
    setting.calls();
    await clock.advance(DAY_MS / 4);
    expect(setting.calls('join')).toBe(0);
    expect(setting.server.requests.every(({ channels }) => channels.length === 0)).toBe(true);
    expect(setting.alice.told.tokenError).toEqual([]);
  });

  it('may be joined again at once', async () => {
    const { alice, clock, watch, within } = setting;
    const stage = await setting.join();
    watch.unwatched(() => void stage.channel.leave());
    await clock.advance(100);
    expect(await within(5_000, alice.session.joinStreamChannel('stage'))).toBe('done');
    expect(setting.has().channels).toEqual(['stage']);
  });
});

describe('a channel that the SDK gives up after 20 minutes', () => {
  it.each(['by itself', 'when it says so'])('%s is joined again', async (how) => {
    const { clock, emulator } = setting;
    const stage = await setting.join();
    emulator.loseStream('alice', 'stage');
    await clock.advance(how === 'by itself' ? 1_200_000 : 60_000);
    if (how === 'when it says so') emulator.restoreStream('alice', 'stage', 'left');
    await clock.advance(30_000);
    expect(states()).toEqual(['joining', 'joined', 'rejoining', 'joined']);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(setting.has().channels).toEqual(['stage']);
  });
});
