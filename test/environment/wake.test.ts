import { afterEach, expect, it, vi } from 'vitest';
import { pageWake } from '../../src/environment/wake.js';

afterEach(() => vi.unstubAllGlobals());

it('tells of a page that becomes visible, is shown, resumed or online again, and stops', () => {
  const [page, view] = [Object.assign(new EventTarget(), { visibilityState: 'hidden' }), new EventTarget()];
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', view);
  let woken = 0;
  const stop = pageWake(() => {
    woken += 1;
  });
  page.dispatchEvent(new Event('visibilitychange'));
  expect(woken).toBe(0);
  page.visibilityState = 'visible';
  for (const [target, name] of [
    [page, 'visibilitychange'],
    [page, 'resume'],
    [view, 'pageshow'],
    [view, 'online'],
  ] as const) {
    target.dispatchEvent(new Event(name));
  }
  expect(woken).toBe(4);
  stop();
  view.dispatchEvent(new Event('online'));
  expect(woken).toBe(4);
});

it('has nothing to tell where a server renderer has put empty objects for page and window', () => {
  vi.stubGlobal('document', {});
  vi.stubGlobal('window', {});
  pageWake(() => {})();
});
