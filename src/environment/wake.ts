/** Tells a session that time may have passed unnoticed or that the network is back. Returns how to stop listening. */
export type WakeSource = (listener: () => void) => () => void;

/**
 * The platform's own signs: the page becomes visible, is shown from the back-forward cache, is resumed, or is online again. Outside a
 * page there are none.
 */
export const pageWake: WakeSource = (listener) => {
  const page = globalThis.document;
  const view = globalThis.window;
  if (!page || !view) return () => {};
  const visible = (): void => {
    if (page.visibilityState === 'visible') listener();
  };
  const stops = [
    listen(page, 'visibilitychange', visible),
    listen(page, 'resume', listener),
    listen(view, 'pageshow', listener),
    listen(view, 'online', listener),
  ];
  return () => {
    for (const stop of stops) stop();
  };
};

function listen(target: EventTarget, name: string, listener: () => void): () => void {
  // Server renderers put objects in the place of document and window that have next to nothing of theirs.
  if (typeof target.addEventListener !== 'function') return () => {};
  target.addEventListener(name, listener);
  return () => target.removeEventListener(name, listener);
}
