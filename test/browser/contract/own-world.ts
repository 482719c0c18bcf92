import { install } from '@sinonjs/fake-timers';

/**
 * What Playwright does for a page in Chromium is done here by the page itself, so that it can be done in any browser: no network, and a
 * clock that stands still until it is advanced. It is the first thing that the page imports.
 */

class NoSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly url: string;
  readonly readyState: number = NoSocket.CLOSED;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    queueMicrotask(() => {
      const [error, close] = [new Event('error'), new CloseEvent('close', { code: 1006 })];
      this.onerror?.(error);
      this.dispatchEvent(error);
      this.onclose?.(close);
      this.dispatchEvent(close);
    });
  }

  send(): void {}

  close(): void {}
}

const isHere = (url: unknown): boolean => new URL(String(url), location.href).origin === location.origin;

const { fetch: fetchHere } = window;
window.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : input;
  if (!isHere(url)) throw new TypeError('Failed to fetch');
  return fetchHere(input, init);
};
const { open } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, method: string, url: string | URL) {
  // A port on which nobody listens and that no browser asks.
  open.call(this, method, isHere(url) ? url : 'http://127.0.0.1:9/', true);
};
Object.assign(window, { WebSocket: NoSocket });

const clock = install({ now: Date.now(), shouldClearNativeTimers: true });
window.advance = async (ms) => {
  await clock.tickAsync(ms);
};
