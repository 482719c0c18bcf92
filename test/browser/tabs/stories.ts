import { fileURLToPath } from 'node:url';
import { agoraSession } from 'agora-session/vite';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAliases } from '../../../vite.config.js';
import { becomesTrue, type DrivenBrowser, type Tab } from '../drive/driven-browser.js';

/** Serves the page of the tabs, beside a token endpoint and a local Signaling. */
async function serveTabs(): Promise<ViteDevServer> {
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('.', import.meta.url)),
    cacheDir: fileURLToPath(new URL('../../../node_modules/.vite-tabs', import.meta.url)),
    resolve: { alias: browserAliases },
    plugins: [agoraSession()],
    optimizeDeps: { exclude: ['agora-rtm-sdk'], include: ['eventemitter3'] },
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
  });
  return server.listen();
}

const logIn = (tab: Tab): Promise<void> =>
  tab.run(() => void window.session.login({ timeoutMs: 8_000 }).catch(() => {}));
const status = (tab: Tab): Promise<string> => tab.run(() => window.session.state.status);
const becomes = (tab: Tab, expected: string, withinMs?: number): Promise<void> =>
  becomesTrue(tab, (wanted) => window.session.state.status === wanted, expected, withinMs);

/** How a page is opened. */
interface PageLook {
  readonly tabs?: 'wait' | 'takeover';
  /** What its browser is made to lack. */
  readonly lacks?: readonly ('locks' | 'DecompressionStream')[];
}

/** What several tabs of one user do, in whichever browser. */
export function tabStories(launch: () => Promise<DrivenBrowser>): void {
  let browser: DrivenBrowser;
  let server: ViteDevServer;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launch(), serveTabs()]);
    await (await open('warmup')).close();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(user: string, { tabs = 'wait', lacks = [] }: PageLook = {}): Promise<Tab> {
    const query = new URLSearchParams([['user', user], ['tabs', tabs], ...lacks.map((what) => ['lacks', what])]);
    const tab = await browser.open(`${server.resolvedUrls?.local[0]}?${query}`);
    await becomesTrue(tab, () => document.body?.dataset.ready === 'true', null, 30_000);
    return tab;
  }

  /** Two tabs of one user: the first logged in, the second waiting. */
  async function twoTabs(user: string): Promise<[Tab, Tab]> {
    const first = await open(user);
    const second = await open(user);
    await logIn(first);
    await becomes(first, 'connected');
    await logIn(second);
    await becomes(second, 'waiting');
    return [first, second];
  }

  describe('of two tabs with `tabs: "wait"`', () => {
    it('one is connected and one waiting, however long its time-out', async () => {
      const [first, second] = await twoTabs('patient');
      const login = await second.run(async () => {
        const started = performance.now();
        const outcome = window.session.login({ timeoutMs: 200 }).then(
          () => 'in',
          (error: { code: string }) => error.code,
        );
        const early = await Promise.race([
          outcome,
          new Promise((resolve) => setTimeout(() => resolve('waiting'), 600)),
        ]);
        return [early, performance.now() - started > 500];
      });
      expect(login).toEqual(['waiting', true]);
      expect([await status(first), await status(second)]).toEqual(['connected', 'waiting']);
      await Promise.all([first.close(), second.close()]);
    });

    it('the second takes over within a second when the first is closed', async () => {
      const [first, second] = await twoTabs('closing');
      await first.close();
      await becomes(second, 'connected', 1_000);
      await second.close();
    });

    it('the second takes over within a second when the first logs out', async () => {
      const [first, second] = await twoTabs('leaving');
      await first.run(() => window.session.logout());
      await becomes(second, 'connected', 1_000);
      expect(await status(first)).toBe('idle');
      await Promise.all([first.close(), second.close()]);
    });

    it('the second takes over within a second when the first is frozen, which waits for its turn when it is resumed', async () => {
      const [first, second] = await twoTabs('frozen');
      // What the browser tells a hidden page before it freezes it; a headless one is never hidden, and so never frozen.
      await first.run(() => document.dispatchEvent(new Event('freeze')));
      expect(await status(first)).toBe('waiting');
      await becomes(second, 'connected', 1_000);
      await first.run(() => document.dispatchEvent(new Event('resume')));
      expect(await status(first)).toBe('waiting');
      await second.close();
      await becomes(first, 'connected', 1_000);
      await first.close();
    });

    it('a displaced one keeps its turn: the next tab does not fight the other device', async () => {
      const [first, second] = await twoTabs('displaced');
      await first.run(() =>
        fetch('/api/agora/controls', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ action: 'login-elsewhere', userId: 'displaced' }),
        }),
      );
      await becomes(first, 'failed');
      expect(await first.run(() => window.session.ready().catch((error: { code: string }) => error.code))).toBe(
        'DISPLACED',
      );
      await second.run(() => new Promise((resolve) => setTimeout(resolve, 1_000)));
      expect(await status(second)).toBe('waiting');
      await logIn(first);
      await becomes(first, 'connected');
      await Promise.all([first.close(), second.close()]);
    });
  });

  describe('two tabs with `tabs: "takeover"`', () => {
    it('displace each other once, and no more', async () => {
      const first = await open('newest', { tabs: 'takeover' });
      const second = await open('newest', { tabs: 'takeover' });
      await logIn(first);
      await becomes(first, 'connected');
      await logIn(second);
      await becomes(second, 'connected');
      await becomes(first, 'failed');
      expect(await status(second)).toBe('connected');
      await Promise.all([first.close(), second.close()]);
    });
  });

  describe('without Web Locks', () => {
    it('`tabs: "wait"` warns, and the newest tab takes over', async () => {
      const first = await open('insecure', { lacks: ['locks'] });
      const second = await open('insecure', { lacks: ['locks'] });
      for (const page of [first, second]) {
        await logIn(page);
        await becomes(page, 'connected');
      }
      await becomes(first, 'failed');
      expect(await second.run(() => window.warnings)).toEqual([expect.stringContaining('Web Locks')]);
      await Promise.all([first.close(), second.close()]);
    });
  });

  describe('in a browser that lacks something', () => {
    it('the login succeeds, and each lack is told in one sentence', async () => {
      const tab = await open('old', { lacks: ['locks', 'DecompressionStream'] });
      expect(await tab.run(() => [typeof DecompressionStream, typeof navigator.locks])).toEqual([
        'undefined',
        'undefined',
      ]);
      await logIn(tab);
      await becomes(tab, 'connected');
      await tab.run(() => window.session.renewTokens());
      const warnings = await tab.run(() => window.warnings);
      expect(warnings).toHaveLength(2);
      expect(warnings).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/needs the Web Locks API \(a secure origin\); the newest tab takes over\.$/),
          expect.stringMatching(/^Without DecompressionStream tokens are passed on unchecked; [^.]+\.$/),
        ]),
      );
      await tab.close();
    });
  });
}
