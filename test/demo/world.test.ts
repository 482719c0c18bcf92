import { VirtualClock } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';
import { TROUBLES } from '../../examples/demo/troubles.js';
import { Machine } from '../../examples/demo/world/machine.js';
import { COME_BACK_MS, Tally } from '../../examples/demo/world/tally.js';
import { STAGE, World } from '../../examples/demo/world/world.js';

describe('a computer of the demo', () => {
  it('stands still while it sleeps, but for its wall clock', async () => {
    const world = new VirtualClock();
    const machine = new Machine(world);
    const fired: number[] = [];
    let woken = 0;
    machine.wake(() => {
      woken += 1;
    });
    machine.setTimeout(() => fired.push(world.monotonic()), 10_000);
    await world.advance(4_000);
    const wall = machine.now();
    machine.fallAsleep();
    await world.advance(60_000);
    expect(fired).toEqual([]);
    expect(machine.monotonic()).toBe(4_000);
    expect(machine.now()).toBe(wall + 60_000);
    machine.wakeUp();
    expect(woken).toBe(1);
    await world.advance(6_000);
    expect(fired).toEqual([70_000]);
  });

  it('fires timers on the minute while its page is hidden', async () => {
    const world = new VirtualClock();
    const machine = new Machine(world);
    const fired: number[] = [];
    machine.setTimeout(() => fired.push(world.monotonic()), 10_000);
    machine.hide(true);
    machine.setTimeout(() => fired.push(world.monotonic()), 61_000);
    await world.advance(120_000);
    expect(fired).toEqual([60_000, 120_000]);
    machine.setTimeout(() => fired.push(world.monotonic()), 1_000);
    machine.hide(false);
    await world.advance(1_000);
    expect(fired).toEqual([60_000, 120_000, 121_000]);
  });

  it('forgets a timer that is cancelled, asleep or awake', async () => {
    const world = new VirtualClock();
    const machine = new Machine(world);
    const first = machine.setTimeout(() => expect.unreachable(), 1_000);
    const second = machine.setTimeout(() => expect.unreachable(), 1_000);
    machine.clearTimeout(first);
    machine.fallAsleep();
    machine.clearTimeout(second);
    machine.wakeUp();
    await world.advance(10_000);
    expect(world.pending).toBe(0);
  });
});

describe('what a page loses', () => {
  it('counts from the first login on, and what could have been avoided apart', async () => {
    const clock = new VirtualClock();
    const tally = new Tally(clock);
    await clock.advance(5_000);
    tally.online(true);
    await clock.advance(5_000);
    tally.whole(false);
    tally.online(false);
    await clock.advance(20_000);
    tally.whole(true);
    await clock.advance(COME_BACK_MS);
    expect(tally.losses).toMatchObject({ offlineMs: 20_000 + COME_BACK_MS, avoidableMs: 0 });
    await clock.advance(3_000);
    expect(tally.losses).toMatchObject({ avoidableMs: 3_000 });
    tally.online(true);
    await clock.advance(60_000);
    expect(tally.losses).toMatchObject({ offlineMs: 23_000 + COME_BACK_MS, avoidableMs: 3_000 });
  });

  it('counts messages once, whichever way they come', () => {
    const tally = new Tally(new VirtualClock());
    tally.sent('before the login');
    tally.online(true);
    for (const id of ['1', '2', '3']) tally.sent(id);
    tally.came('1');
    tally.fetched('1');
    tally.fetched('2');
    tally.fetched('2');
    expect(tally.losses).toMatchObject({ missed: 1, fetched: 1 });
  });
});

describe('the troubles of the demo', () => {
  async function world(): Promise<World> {
    const made = new World();
    made.begin();
    await made.clock.advance(2_000);
    void made.joinStage();
    await made.clock.advance(4_000);
    expect(made.alice.snapshot.channels[0]?.state.status).toBe('joined');
    return made;
  }

  it.each(TROUBLES)('$name: alice is where she was, or was told why not', async (trouble) => {
    const made = await world();
    trouble.begin(made);
    expect(trouble.lasts?.isOn(made) ?? true).toBe(true);
    await made.clock.advance(trouble.name === 'sleep' ? 600_000 : 30_000);
    trouble.lasts?.end(made);
    expect(trouble.lasts?.isOn(made) ?? false).toBe(false);
    await made.clock.advance(20_000);
    const { state, channels } = made.alice.snapshot;
    if (trouble.name === 'elsewhere') {
      expect(state).toMatchObject({ status: 'failed', error: { code: 'DISPLACED' } });
      made.aliceLogsIn();
      await made.clock.advance(2_000);
      expect(made.alice.state.status).toBe('connected');
    } else {
      expect(state.status).toBe('connected');
      expect(channels.find(({ channelName }) => channelName === STAGE)?.state.status).toBe('joined');
      const { avoidableMs, missed } = made.ours.losses;
      expect(avoidableMs).toBe(0);
      // A link that the SDK resumes by itself is no gap that the session tells of.
      if (trouble.name !== 'cut-network') expect(missed).toBe(0);
    }
  });

  it('lets carol come back by a reload alone', async () => {
    const made = await world();
    made.setServer('down');
    await made.clock.advance(120_000);
    expect(made.byHandState).toBe('logged out');
    made.setServer('up');
    await made.clock.advance(60_000);
    expect(made.byHandState).toBe('logged out');
    made.reloadByHand();
    await made.clock.advance(2_000);
    expect(made.byHandState).toBe('connected');
  });

  it('leaves nothing behind at the end', async () => {
    const made = await world();
    made.end();
    await made.clock.advance(120_000);
    expect(made.clock.pending).toBeLessThanOrEqual(1);
  });
});
