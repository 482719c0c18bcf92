import type { StreamChannelHandle } from 'agora-session';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { outcome } from '../../support/world.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

let setting: Setting;
let stage: StreamChannelHandle;

beforeEach(async () => {
  setting = await loggedIn();
  stage = await setting.join();
});

const told = (): string[] => setting.alice.told.channel?.map(({ state }) => state.status) ?? [];

/** Holds the SDK's next call of this name, for a channel where it is a renewal; returns what refuses it as not joined. */
function hold<Name extends string>(sdk: { [Key in Name]: (...args: never[]) => unknown }, name: Name): () => void {
  const real = sdk[name].bind(sdk);
  let refuse: (() => void) | null = null;
  const held = (...args: never[]): unknown => {
    if (refuse || (name === 'renewToken' && args[1] === undefined)) return real(...args);
    return new Promise((_resolve, reject) => {
      refuse = () => reject(Object.assign(new Error('Not joined.'), { code: -11001 }));
    });
  };
  Object.assign(sdk, { [name]: held });
  return () => {
    expect(refuse).not.toBeNull();
    refuse?.();
  };
}

/** Renews the channel's token with a call that is not answered before what is returned is called. */
async function renewing(): Promise<() => void> {
  const { alice, clock } = setting;
  const refuse = hold(alice.session.rtm, 'renewToken');
  void outcome(alice.session.renewTokens());
  await clock.advance(100);
  return refuse;
}

describe('a renewal that is refused as not joined, late', () => {
  it('says nothing of the channel when that was left and joined meanwhile', async () => {
    const { alice, clock } = setting;
    const refuse = await renewing();
    await clock.during(stage.leave(), 1_000);
    await clock.during(alice.session.joinStreamChannel('stage'), 1_000);
    refuse();
    await clock.advance(5_000);
    expect(told()).toEqual(['joining', 'joined', 'left', 'joining', 'joined']);
  });

  it('says nothing of the channel in the next login', async () => {
    const { alice, clock } = setting;
    const refuse = await renewing();
    await clock.during(alice.session.logout(), 500);
    await setting.login(alice);
    await clock.during(alice.session.joinStreamChannel('stage'), 500);
    const before = told();
    refuse();
    await clock.advance(5_000);
    expect(told()).toEqual(before);
  });

  it('while the channel is left for other options costs it no second leave', async () => {
    const { alice, clock, emulator } = setting;
    const refuse = await renewing();
    emulator.order('leave', { kind: 'slow', ms: 1_000 });
    setting.calls();
    const joined = alice.session.joinStreamChannel('stage', { withPresence: false });
    await clock.advance(100);
    refuse();
    expect(await setting.within(20_000, joined)).toBe('done');
    expect(setting.calls('leave')).toBe(1);
  });
});

describe('a message that is refused as not joined, late', () => {
  it('says nothing of the channel when that was left and joined meanwhile', async () => {
    const { alice, clock } = setting;
    await clock.during(stage.joinTopic('chat'), 1_000);
    const refuse = hold(stage.channel, 'publishTopicMessage');
    const message = stage.publishTopicMessage('chat', 'hello');
    await clock.during(stage.leave(), 1_000);
    await clock.during(alice.session.joinStreamChannel('stage'), 1_000);
    refuse();
    expect(await setting.within(5_000, message)).toMatchObject({ code: 'CALL_FAILED' });
    expect(told()).toEqual(['joining', 'joined', 'left', 'joining', 'joined']);
  });
});
