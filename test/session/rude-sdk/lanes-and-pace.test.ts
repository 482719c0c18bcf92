import type { Clock, StreamChannelHandle } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import type { VirtualClock } from '../../support/virtual-clock.js';
import { outcome } from '../../support/world.js';
import { loggedIn, loggedOut, names, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

type Talking = Setting & { readonly stage: StreamChannelHandle };

/** Publishes in a topic, evenly, for a while; gives what became of each message and how long the slowest took. */
async function chat({ stage, clock }: Talking, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const ends: unknown[] = [];
  let slowestMs = 0;
  for (let tick = 0; tick < seconds * 10; tick += 1) {
    for (let nth = 0; nth < perSecond / 10; nth += 1) {
      const sentMs = clock.monotonic();
      void outcome(stage.publishTopicMessage('talk', 'hello')).then((end) => {
        ends.push(end);
        slowestMs = Math.max(slowestMs, clock.monotonic() - sentMs);
      });
    }
    await clock.advance(100);
  }
  return { ends, done: ends.filter((end) => end === 'done').length, slowestMs };
}

async function talking(options: Parameters<typeof loggedIn>[0] = {}): Promise<Talking> {
  const setting = await loggedIn(options);
  const stage = await setting.join();
  await setting.within(1_000, stage.joinTopic('talk'));
  return { ...setting, stage };
}

/** Alice, whose next message is refused since it came too fast, and bob, who hears what arrives in the lobby. */
async function tooFast() {
  const setting = await loggedIn();
  const bob = setting.session('bob');
  await setting.login(bob);
  await setting.clock.during(bob.session.subscribe('lobby'));
  setting.emulator.order('publish', { kind: 'refuse', code: -10021 });
  return { ...setting, bob };
}

/** A tab in the background, whose timers fire once a minute, but for those that a worker keeps. */
function hiddenTab(clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    setTimeout: (callback, delayMs) => {
      const due = clock.monotonic() + delayMs;
      return clock.setTimeout(callback, Math.ceil(due / 60_000) * 60_000 - clock.monotonic());
    },
    setPromptTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    clearTimeout: (handle) => clock.clearTimeout(handle),
  };
}

describe('topic messages, 60 in a second for 20 seconds,', () => {
  it('are all sent within a moment, and a renewal beside them is too', async () => {
    const setting = await talking();
    const renewal = setting.clock.monotonic() + 10_000;
    let renewedMs = Number.POSITIVE_INFINITY;
    setting.clock.setTimeout(() => {
      void setting.alice.session.renewTokens().then(() => {
        renewedMs = setting.clock.monotonic() - renewal;
      });
    }, 10_000);
    const { done, slowestMs } = await chat(setting, { perSecond: 60, seconds: 20 });
    expect(done).toBe(1_200);
    expect(slowestMs).toBeLessThan(500);
    expect(renewedMs).toBeLessThan(500);
  });

  it('cost no token its renewal', async () => {
    const setting = await talking({ lifeSeconds: 60 });
    await chat(setting, { perSecond: 30, seconds: 120 });
    expect(setting.alice.states.map(({ status }) => status)).toEqual(['connecting', 'connected']);
    expect(setting.alice.told.tokenRenewed?.length).toBeGreaterThanOrEqual(4);
  });
});

describe('while the link is down', () => {
  it('topic messages reject at once, and none is sent when it is back', async () => {
    const setting = await talking();
    const { clock, emulator } = setting;
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const { ends } = await chat(setting, { perSecond: 30, seconds: 10 });
    expect(ends).toHaveLength(300);
    for (const end of ends) expect(end).toMatchObject({ code: 'CALL_FAILED' });
    emulator.order('publishTopicMessage', { kind: 'slow', ms: 0 }, { times: Number.POSITIVE_INFINITY });
    emulator.setNetwork('alice', true);
    await clock.advance(120_000);
    expect(setting.alice.session.state.status).toBe('connected');
    expect(emulator.struck.calls.publishTopicMessage).toBeUndefined();
  });

  it('no more than a hundred messages wait, and none for longer than 10 s', async () => {
    const setting = await loggedIn();
    const { alice, clock, emulator } = setting;
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const ends = Promise.all(names(120).map((text) => outcome(alice.session.publish('lobby', text))));
    await clock.advance(11_000);
    const codes = (await ends).map((end) => (end as { code: string }).code);
    expect(codes.filter((code) => code === 'QUEUE_FULL')).toHaveLength(20);
    expect(codes.filter((code) => code === 'CALL_FAILED')).toHaveLength(100);
    emulator.order('publish', { kind: 'slow', ms: 0 }, { times: Number.POSITIVE_INFINITY });
    emulator.setNetwork('alice', true);
    await clock.advance(60_000);
    expect(emulator.struck.calls.publish).toBeUndefined();
  });

  it('a message that waited while the machine slept is late, and not sent when it wakes', async () => {
    const setting = await loggedIn();
    const { alice, clock, emulator } = setting;
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const ends = Promise.all(['good', 'night'].map((text) => outcome(alice.session.publish('lobby', text))));
    await clock.advance(1_000);
    clock.sleep(8 * 3_600_000);
    emulator.order('publish', { kind: 'slow', ms: 0 }, { times: Number.POSITIVE_INFINITY });
    emulator.setNetwork('alice', true);
    alice.wake();
    await clock.advance(60_000);
    const late = { code: 'CALL_FAILED', cause: { name: 'TimeoutError' } };
    expect(await ends).toMatchObject([late, late]);
    expect(emulator.struck.calls.publish).toBeUndefined();
  });

  it('a message that finds no room replaces none, and one that does takes the room of the one before', async () => {
    const { alice, clock, emulator, within } = await loggedIn();
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const say = (kilobytes: number, replaceKey?: string) =>
      within(1, alice.session.publish('lobby', '.'.repeat(kilobytes * 1024), { ...(replaceKey && { replaceKey }) }));
    expect(await say(250)).toBe('pending');
    const first = outcome(alice.session.publish('lobby', '.'.repeat(5 * 1024), { replaceKey: 'cursor' }));
    expect(await say(7, 'cursor')).toMatchObject({ code: 'QUEUE_FULL' });
    expect(alice.session.diagnostics().queues.messages).toBe(2);
    expect(await say(6, 'cursor')).toBe('pending');
    expect(await first).toMatchObject({ code: 'ABORTED' });
    expect(alice.session.diagnostics().queues.messages).toBe(2);
  });

  it('a message that came too fast is not sent after a later one of its key', async () => {
    const { alice, bob, clock } = await tooFast();
    const texts = ['before', 'after'];
    const ends = texts.map((text) => outcome(alice.session.publish('lobby', text, { replaceKey: 'cursor' })));
    await clock.advance(5_000);
    expect(await Promise.all(ends)).toMatchObject([{ code: 'ABORTED' }, 'done']);
    expect(bob.told.message?.map(({ message }) => message)).toEqual(['after']);
  });

  it('a message that replaces one which came too fast waits no less than that', async () => {
    const { alice, bob, clock } = await tooFast();
    const ends = [outcome(alice.session.publish('lobby', 'before', { replaceKey: 'cursor' }))];
    await clock.advance(100);
    ends.push(outcome(alice.session.publish('lobby', 'after', { replaceKey: 'cursor' })));
    await clock.advance(800);
    expect(bob.told.message ?? []).toEqual([]);
    await clock.advance(200);
    expect(bob.told.message?.map(({ message }) => message)).toEqual(['after']);
    expect(await Promise.all(ends)).toMatchObject([{ code: 'ABORTED' }, 'done']);
  });

  it('a message that follows one which came too fast and was given up waits no less either', async () => {
    const { alice, bob, clock } = await tooFast();
    const abort = new AbortController();
    const first = outcome(alice.session.publish('lobby', 'first', { signal: abort.signal }));
    await clock.advance(100);
    abort.abort();
    expect(await first).toMatchObject({ code: 'ABORTED' });
    const second = outcome(alice.session.publish('lobby', 'second'));
    await clock.advance(800);
    expect(bob.told.message ?? []).toEqual([]);
    await clock.advance(200);
    expect(bob.told.message?.map(({ message }) => message)).toEqual(['second']);
    expect(await second).toBe('done');
  });

  it('a message is sent as it was, whatever becomes of its bytes', async () => {
    const setting = await talking();
    const { alice, clock, emulator, stage } = setting;
    const bob = setting.session('bob');
    await setting.login(bob);
    await clock.during(bob.session.subscribe('lobby'));
    const theirs = await setting.join('stage', bob);
    await clock.during(theirs.subscribeTopic('talk', { users: ['alice'] }));
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    const bytes = new Uint8Array([1, 2, 3]);
    const options = { whenDown: 'wait', timeoutMs: 300_000 } as const;
    const sent = Promise.all([
      alice.session.publish('lobby', bytes, options),
      stage.publishTopicMessage('talk', bytes, options),
    ]);
    bytes.fill(0);
    emulator.setNetwork('alice', true);
    await clock.during(sent);
    await clock.advance(1_000);
    expect(bob.told.message?.map(({ message }) => message)).toEqual([
      new Uint8Array([1, 2, 3]),
      new Uint8Array([1, 2, 3]),
    ]);
  });
});

describe('while calls wait for their turn', () => {
  it('a channel that is left and joined again, and a subscription, stand at once', async () => {
    const setting = await loggedIn();
    const { alice, clock, within, calls } = setting;
    const stage = await setting.join();
    await clock.during(alice.session.subscribe('lobby'));
    await clock.advance(5_000);
    const others = Promise.all(names(20).map((name) => alice.session.subscribe(name)));
    calls();
    const undone = Promise.all([stage.leave(), alice.session.unsubscribe('lobby')]);
    const again = Promise.all([alice.session.joinStreamChannel('stage'), alice.session.subscribe('lobby')]);
    expect(await within(10, again)).toBe('done');
    expect(await within(5_000, Promise.all([undone, others]))).toBe('done');
    expect(calls('leave', 'unsubscribe')).toBe(0);
    const told = alice.told.channel?.map(({ state }) => state.status);
    expect(told).toEqual(['joining', 'joined', 'left', 'joined']);
  });
});

describe('after a recovery with 300 subscriptions', () => {
  it("the app's own call and a renewal do not wait for them", async () => {
    const setting = await loggedIn({ world: { limits: { subscribedChannels: 1_000 } } });
    const { alice, clock, emulator, within } = setting;
    expect(await within(25_000, Promise.all(names(300).map((name) => alice.session.subscribe(name))))).toBe('done');
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.until(() => alice.session.state.status === 'connected', 10_000, 50);
    const [own, renewal] = [within(2_000, alice.session.subscribe('lobby')), outcome(alice.session.renewTokens())];
    expect(await own).toBe('done');
    expect(await within(0, renewal)).toBe('done');
    expect(setting.has().subscriptions.length).toBeLessThan(100);
    await clock.advance(25_000);
    expect(setting.has().subscriptions).toHaveLength(301);
    expect(alice.told.restored).toMatchObject([{ cause: 'link-failed' }]);
  });
});

describe('in a hidden tab', () => {
  it.each([50, 200])('%i subscriptions need seconds, not minutes', async (count) => {
    const setting = loggedOut({ world: { limits: { subscribedChannels: 1_000 } } });
    const observed = setting.session('bob', { clock: hiddenTab(setting.clock) });
    await setting.login(observed);
    const all = Promise.all(names(count).map((name) => observed.session.subscribe(name)));
    expect(await setting.within((count / 15 + 1) * 1_010, all)).toBe('done');
  });
});

describe('subscribing and unsubscribing three times in a second', () => {
  it('is waited out, and is no failure', async () => {
    const setting = await loggedIn();
    const { alice, clock, within } = setting;
    for (let nth = 0; nth < 2; nth += 1) {
      expect(await within(150, alice.session.subscribe('lobby'))).toBe('done');
      expect(await within(150, alice.session.unsubscribe('lobby'))).toBe('done');
    }
    const third = alice.session.subscribe('lobby');
    expect(await within(150, third)).toBe('pending');
    expect(await within(10_000, third)).toBe('done');
    expect(setting.has().subscriptions).toEqual(['lobby']);
    expect(alice.session.snapshot.subscriptions).toEqual([{ channelName: 'lobby', state: 'subscribed' }]);
    await clock.advance(60_000);
    expect(setting.calls('subscribe')).toBeLessThanOrEqual(4);
  });

  it('is waited out for a want that stood before, too', async () => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('subscribe', { kind: 'refuse', code: -11020 }, { times: 2 });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(60_000);
    expect(setting.has().subscriptions).toEqual(['lobby']);
    expect(alice.told.restored).toMatchObject([{ results: [{ ok: true }] }]);
  });
});
