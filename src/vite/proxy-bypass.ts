import type { ProxyOptions } from 'vite';

/** The proxies of a Vite server by the paths that they are for. */
export type Proxies = Record<string, string | ProxyOptions>;

/**
 * Keeps Vite's proxies from a WebSocket that is served here: they hear of every upgrade, too, and would end the socket or answer a second
 * time.
 *
 * @param isServedHere whether this path is.
 */
export function bypassProxies(proxies: Proxies | undefined, isServedHere: (pathname: string) => boolean): void {
  for (const [context, proxy] of Object.entries(proxies ?? {})) {
    const options = typeof proxy === 'string' ? { target: proxy, changeOrigin: true } : proxy;
    const bypass: ProxyOptions['bypass'] = (request, response, given) => {
      const url = request.url ?? '';
      // A request without a response is an upgrade; the same address again means "leave it alone".
      if (response === undefined && isServedHere(url.split('?', 1)[0] ?? '')) return url;
      return options.bypass?.(request, response, given);
    };
    Object.assign(proxies ?? {}, { [context]: { ...options, bypass } });
  }
}
