import { describe, expect, it } from 'vitest';
import { createClientClock } from '../../bench/simulation/client-clock.js';
import { Scheduler } from '../../bench/simulation/scheduler.js';

describe('simulated time', () => {
  it('fires timers in the order of time, and of equals the first set first', async () => {
    const scheduler = new Scheduler(0);
    const fired: string[] = [];
    for (const [due, name] of [
      [30, 'c'],
      [10, 'a'],
      [30, 'd'],
      [20, 'b'],
      [40, 'never'],
    ] as const) {
      scheduler.at(due, () => fired.push(`${name} ${scheduler.elapsed}`));
    }
    scheduler.cancel(scheduler.at(15, () => fired.push('cancelled')));
    await scheduler.runUntil(39);
    expect(fired).toEqual(['a 10', 'b 20', 'c 30', 'd 30']);
    expect(scheduler.elapsed).toBe(39);
  });

  it('stands still while real work is done', async () => {
    const scheduler = new Scheduler(0);
    let finished = -1;
    scheduler.at(5, () => {
      const work = new Promise<void>((resolve) => setTimeout(resolve, 20));
      void scheduler.hold(work).then(() => {
        finished = scheduler.elapsed;
      });
    });
    await scheduler.runUntil(1_000);
    expect(finished).toBe(5);
  });

  it('of a machine that sleeps only the wall clock moves', async () => {
    const scheduler = new Scheduler(0);
    const sleeps = [
      { from: 100, to: 200 },
      { from: 300, to: 1_000 },
    ];
    const clock = createClientClock(scheduler, { sleeps, throttled: false });
    const fired: number[] = [];
    for (const delay of [50, 150, 250]) clock.setTimeout(() => fired.push(clock.now()), delay);
    await scheduler.runUntil(150);
    expect(clock.monotonic()).toBe(100);
    await scheduler.runUntil(2_000);
    expect(fired).toEqual([50, 250, 1_050]);
    expect(clock.monotonic()).toBe(1_200);
  });

  it('tells what each timer costs of real time, with what its promises do', async () => {
    const tasks: number[] = [];
    const scheduler = new Scheduler(0, (tookMs) => tasks.push(tookMs));
    scheduler.at(10, () => {});
    scheduler.at(20, async () => {
      await null;
      const start = performance.now();
      while (performance.now() - start < 5);
    });
    await scheduler.runUntil(100);
    expect(tasks).toHaveLength(2);
    expect(tasks[1]).toBeGreaterThanOrEqual(5);
  });

  it('of a hidden page timers fire on the minute', async () => {
    const scheduler = new Scheduler(0);
    const clock = createClientClock(scheduler, { sleeps: [], throttled: true });
    await scheduler.runUntil(1_000);
    const fired: number[] = [];
    for (const delay of [0, 59_000, 60_000]) clock.setTimeout(() => fired.push(scheduler.elapsed), delay);
    await scheduler.runUntil(300_000);
    expect(fired).toEqual([60_000, 60_000, 120_000]);
  });
});
