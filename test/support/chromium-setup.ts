import { ensureChromium } from './chromium.js';

/** Finds or installs Chromium once, before any test file runs, so that two of them never install it at the same time. */
export default function setup(): void {
  ensureChromium();
}
