import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../src/environment/clock.js';

/** A worker of a browser, whose timers the test lets fire. */
class StandIn {
  static readonly made: StandIn[] = [];
  readonly asked: unknown[][] = [];
  ended = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    StandIn.made.push(this);
  }

  postMessage(message: unknown[]): void {
    this.asked.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  fireAll(): void {
    for (const [handle] of this.asked.splice(0)) this.onmessage?.({ data: handle });
  }
}

let clock: Required<Clock>;
const page = { visibilityState: 'hidden' };
const revoked: string[] = [];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  StandIn.made.length = 0;
  revoked.length = 0;
  page.visibilityState = 'hidden';
  vi.stubGlobal('document', page);
  vi.stubGlobal('Worker', StandIn);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:timers');
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void revoked.push(url));
  // A page has one worker; each test is a page of its own.
  vi.resetModules();
  clock = (await import('../../src/environment/clock.js')).systemClock as Required<Clock>;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function wait(delayMs: number): { fired: number; handle: unknown } {
  const timer = { fired: 0, handle: undefined as unknown };
  timer.handle = clock.setPromptTimeout(() => {
    timer.fired += 1;
  }, delayMs);
  return timer;
}

describe('in a hidden page', () => {
  it('waits of up to 5 s come from one worker, once each', () => {
    const timers = [wait(300), wait(5_000)];
    expect(StandIn.made).toHaveLength(1);
    expect(StandIn.made[0]?.asked.map(([, delayMs]) => delayMs)).toEqual([300, 5_000]);
    StandIn.made[0]?.fireAll();
    expect(timers.map(({ fired }) => fired)).toEqual([1, 1]);
    vi.advanceTimersByTime(60_000);
    expect(timers.map(({ fired }) => fired)).toEqual([1, 1]);
  });

  it('longer waits are the page’s own', () => {
    const timer = wait(5_001);
    expect(StandIn.made).toEqual([]);
    vi.advanceTimersByTime(5_001);
    expect(timer.fired).toBe(1);
  });

  it('a cancelled wait never fires, whichever timer is due', () => {
    const timer = wait(300);
    clock.clearTimeout(timer.handle);
    StandIn.made[0]?.fireAll();
    vi.advanceTimersByTime(60_000);
    expect(timer.fired).toBe(0);
  });

  it('a worker that dies makes a wait late, not endless', () => {
    const timer = wait(300);
    vi.advanceTimersByTime(300);
    expect(timer.fired).toBe(1);
    StandIn.made[0]?.fireAll();
    expect(timer.fired).toBe(1);
  });

  it('the worker ends 10 s after the last wait began, and comes again with the next', () => {
    wait(300);
    vi.advanceTimersByTime(9_000);
    wait(5_000);
    vi.advanceTimersByTime(9_999);
    expect(StandIn.made[0]?.ended).toBe(false);
    vi.advanceTimersByTime(1);
    expect(StandIn.made[0]?.ended).toBe(true);
    expect(revoked).toEqual(['blob:timers']);
    expect(vi.getTimerCount()).toBe(0);
    const timer = wait(300);
    StandIn.made[1]?.fireAll();
    expect(timer.fired).toBe(1);
  });
});

describe('the page’s own timers serve, and no worker is asked for again,', () => {
  const fires = (timer: { fired: number }): void => {
    vi.advanceTimersByTime(300);
    expect(timer.fired).toBe(1);
  };

  it('where a policy forbids the worker with an error event', () => {
    const timer = wait(300);
    StandIn.made[0]?.onerror?.();
    expect(StandIn.made[0]?.ended).toBe(true);
    fires(timer);
    fires(wait(300));
    expect(StandIn.made).toHaveLength(1);
  });

  it('where the constructor throws', () => {
    let attempts = 0;
    vi.stubGlobal(
      'Worker',
      class {
        constructor() {
          attempts += 1;
          throw new Error('SecurityError');
        }
      },
    );
    fires(wait(300));
    fires(wait(300));
    expect(attempts).toBe(1);
  });

  it.each(['Worker', 'Blob', 'URL'])('where there is no %s', (name) => {
    vi.stubGlobal(name, undefined);
    fires(wait(300));
    vi.stubGlobal(name, StandIn);
    fires(wait(300));
    expect(StandIn.made).toEqual([]);
  });
});

it('a visible page, and what is no page, need no worker', () => {
  page.visibilityState = 'visible';
  const inPage = wait(300);
  vi.stubGlobal('document', undefined);
  const inNode = wait(300);
  vi.advanceTimersByTime(300);
  expect([inPage.fired, inNode.fired]).toEqual([1, 1]);
  expect(StandIn.made).toEqual([]);
});

it('a plain timer is cancelled by the same call', () => {
  let fired = 0;
  clock.clearTimeout(
    clock.setTimeout(() => {
      fired += 1;
    }, 300),
  );
  vi.advanceTimersByTime(300);
  expect(fired).toBe(0);
});
