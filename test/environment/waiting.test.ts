import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elapsedMs, instant, systemClock } from '../../src/environment/clock.js';
import { bounded, pause } from '../../src/environment/waiting.js';
import { VirtualClock } from '../support/virtual-clock.js';

const never = new Promise<never>(() => {});
const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('bounded', () => {
  it('settles as its promise does and leaves no timer', async () => {
    const clock = new VirtualClock();
    expect(await bounded(Promise.resolve(7), { clock, timeoutMs: 100 })).toBe(7);
    expect(await outcome(bounded(Promise.reject(new Error('x')), { clock, timeoutMs: 100 }))).toMatchObject({
      message: 'x',
    });
    expect(clock.pending).toBe(0);
  });

  it('rejects after its time, and with the reason of its signal', async () => {
    const clock = new VirtualClock();
    const late = outcome(bounded(never, { clock, timeoutMs: 100 }));
    await clock.advance(100);
    expect(await late).toMatchObject({ name: 'TimeoutError' });
    const controller = new AbortController();
    const aborted = outcome(bounded(never, { clock, timeoutMs: 100, signal: controller.signal }));
    controller.abort('enough');
    expect(await aborted).toBe('enough');
    expect(await outcome(bounded(never, { signal: AbortSignal.abort('before') }))).toBe('before');
    expect(clock.pending).toBe(0);
  });
});

describe('pause', () => {
  it('takes its time, or ends with its signal and leaves no timer', async () => {
    const clock = new VirtualClock();
    let done = false;
    void pause(clock, 50, new AbortController().signal).then(() => {
      done = true;
    });
    await clock.advance(49);
    expect(done).toBe(false);
    await clock.advance(1);
    expect(done).toBe(true);
    const controller = new AbortController();
    const ended = outcome(pause(clock, 50, controller.signal));
    controller.abort('enough');
    expect(await ended).toBe('enough');
    expect(await outcome(pause(clock, 50, AbortSignal.abort('before')))).toBe('before');
    expect(clock.pending).toBe(0);
  });
});

describe('elapsed time', () => {
  it.each([
    ['the clock is left alone', 0, 1_000],
    ['the machine slept', 5_000, 6_000],
    ['the clock was set back', -86_400_000, 1_000],
    ['the clock was set ahead', 86_400_000, 86_401_000],
  ])('is the larger difference where %s', async (_name, shift, expected) => {
    const clock = new VirtualClock();
    const start = instant(clock);
    await clock.advance(1_000);
    clock.setBy(shift);
    expect(elapsedMs(clock, start)).toBe(expected);
  });
});

describe('a wait without end', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([Number.POSITIVE_INFINITY, 2 ** 31, 1e12])(
    'of %d ms does not fire at once, as the platform would',
    async (ms) => {
      const fired = vi.fn();
      const timer = systemClock.setTimeout(fired, ms);
      await vi.advanceTimersByTimeAsync(20 * 24 * 3_600_000);
      expect(fired).not.toHaveBeenCalled();
      systemClock.clearTimeout(timer);
    },
  );
});
