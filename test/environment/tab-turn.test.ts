import { describe, expect, it } from 'vitest';
import { type TabLocks, TabTurn } from '../../src/environment/tab-turn.js';
import { settle } from '../support/virtual-clock.js';

type Holder = (lock: Lock | null) => unknown;

/** Web Locks of one origin, exclusive ones only, as the specification has them. */
class Locks {
  readonly #queue: { grant(): void; signal: AbortSignal | undefined }[] = [];
  #held = false;

  readonly request = ((_name: string, options: LockOptions, holder: Holder): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const grant = (): void => {
        this.#held = true;
        Promise.resolve(holder({ name: 'x', mode: 'exclusive' })).then((value) => {
          this.#held = false;
          this.#queue.shift()?.grant();
          resolve(value);
        }, reject);
      };
      if (!this.#held) grant();
      else if (options.ifAvailable) resolve(holder(null));
      else {
        const waiting = { grant, signal: options.signal };
        this.#queue.push(waiting);
        options.signal?.addEventListener('abort', () => {
          this.#queue.splice(this.#queue.indexOf(waiting), 1);
          reject(options.signal?.reason);
        });
      }
    })) as TabLocks['request'];
}

function tab(locks: Locks) {
  const page = new EventTarget();
  const told: string[] = [];
  const turn = new TabTurn({ name: 'alice', locks, page });
  const controller = new AbortController();
  const listener = {
    onWaiting: () => told.push('waiting'),
    onLost: () => told.push('lost'),
    onUnavailable: () => told.push('none'),
  };
  const take = (): void => {
    turn.take(controller.signal, listener).then(
      () => told.push('taken'),
      (reason: unknown) => told.push(String(reason)),
    );
  };
  return { page, told, turn, controller, take };
}

describe('the turn of a tab', () => {
  it("is the first one's, and passes on when it is released", async () => {
    const locks = new Locks();
    const [first, second] = [tab(locks), tab(locks)];
    first.take();
    await settle();
    second.take();
    await settle();
    expect([first.told, second.told]).toEqual([['taken'], ['waiting']]);
    first.turn.release();
    await settle();
    expect(second.told).toEqual(['waiting', 'taken']);
  });

  it('is kept by whoever takes it again', async () => {
    const locks = new Locks();
    const first = tab(locks);
    first.take();
    await settle();
    first.take();
    await settle();
    expect(first.told).toEqual(['taken', 'taken']);
  });

  it('is given up by a page that freezes, and asked for again only when it is resumed', async () => {
    const locks = new Locks();
    const [first, second] = [tab(locks), tab(locks)];
    first.take();
    await settle();
    second.take();
    await settle();
    first.page.dispatchEvent(new Event('freeze'));
    first.take();
    await settle();
    expect([first.told, second.told]).toEqual([
      ['taken', 'lost', 'waiting'],
      ['waiting', 'taken'],
    ]);
    second.turn.release();
    await settle();
    expect(first.told).toEqual(['taken', 'lost', 'waiting']);
    first.page.dispatchEvent(new Event('resume'));
    await settle();
    expect(first.told).toEqual(['taken', 'lost', 'waiting', 'taken']);
  });

  it('passes by a tab that froze while it waited, which asks again when it is resumed', async () => {
    const locks = new Locks();
    const [first, frozen, third] = [tab(locks), tab(locks), tab(locks)];
    for (const one of [first, frozen, third]) {
      one.take();
      await settle();
    }
    frozen.page.dispatchEvent(new Event('freeze'));
    first.turn.release();
    await settle();
    expect([frozen.told.at(-1), third.told]).toEqual(['waiting', ['waiting', 'taken']]);
    frozen.page.dispatchEvent(new Event('resume'));
    await settle();
    expect(frozen.told.at(-1)).toBe('waiting');
    third.turn.release();
    await settle();
    expect(frozen.told.at(-1)).toBe('taken');
    expect(frozen.told).not.toContain('lost');
  });

  it.each([0, 1, 2, 3])('is not kept by a tab that froze %i turns after it asked', async (turns) => {
    const locks = new Locks();
    const [first, second] = [tab(locks), tab(locks)];
    first.take();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    first.page.dispatchEvent(new Event('freeze'));
    await settle();
    second.take();
    await settle();
    expect(second.told).toEqual(['taken']);
    first.page.dispatchEvent(new Event('resume'));
    second.turn.release();
    await settle();
    if (!first.told.includes('lost')) expect(first.told.at(-1)).toBe('taken');
  });

  it('is not waited for by a tab that froze while it waited, and gave up before it was resumed', async () => {
    const locks = new Locks();
    const [first, second, third] = [tab(locks), tab(locks), tab(locks)];
    for (const one of [first, second]) {
      one.take();
      await settle();
    }
    second.page.dispatchEvent(new Event('freeze'));
    await settle();
    second.controller.abort('gone');
    await settle();
    second.page.dispatchEvent(new Event('resume'));
    first.turn.release();
    await settle();
    third.take();
    await settle();
    expect([second.told.at(-1), third.told]).toEqual(['gone', ['taken']]);
  });

  it.each([0, 1, 2, 5])('is not kept by a tab that gave up %i turns after it asked', async (turns) => {
    const locks = new Locks();
    const [first, second] = [tab(locks), tab(locks)];
    first.take();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    first.controller.abort('gone');
    first.turn.release();
    await settle();
    second.take();
    await settle();
    expect(second.told).toEqual(['taken']);
  });

  it('is not taken by a tab that gave up before it asked', async () => {
    const locks = new Locks();
    const [first, second] = [tab(locks), tab(locks)];
    first.controller.abort('gone');
    first.take();
    await settle();
    second.take();
    await settle();
    expect([first.told, second.told]).toEqual([['gone'], ['taken']]);
  });

  it('is not waited for by a tab that gave up while it waited', async () => {
    const locks = new Locks();
    const [first, second, third] = [tab(locks), tab(locks), tab(locks)];
    for (const one of [first, second, third]) {
      one.take();
      await settle();
    }
    second.controller.abort('gone');
    first.turn.release();
    await settle();
    expect([second.told, third.told]).toEqual([
      ['waiting', 'gone'],
      ['waiting', 'taken'],
    ]);
  });

  it("is everybody's where the platform has no locks", async () => {
    const told: string[] = [];
    const turn = new TabTurn({ name: 'alice', locks: null, page: null });
    const listener = { onWaiting: () => {}, onLost: () => {}, onUnavailable: (message: string) => told.push(message) };
    await turn.take(new AbortController().signal, listener);
    turn.release();
    expect(told).toEqual([expect.stringContaining('Web Locks')]);
  });
});
