import { expect } from 'vitest';
import type { Tab } from './drive/driven-browser.js';
import { becomesTrue } from './drive/driven-browser.js';
import { MOMENTS, pauseWhenItSays } from './story-page.js';

const TOKEN = /007[A-Za-z0-9+/]{20}/;
const LANES = ['state', 'login token', 'stage token', 'requests', 'stage', 'lobby', 'carol, by hand', 'her requests'];
const OFFLINE = 'offline: its one try to log in failed';

/** Plays the story to its end in a page that shows it, and checks what is told of both sides, at each moment and then. */
export async function expectStory(tab: Tab, look: (moment: string) => Promise<void> = async () => {}): Promise<void> {
  await becomesTrue(tab, () => document.querySelector('#caption')?.textContent !== '', null, 30_000);
  await tab.run(() => {
    window.complaints = [];
    window.addEventListener('error', ({ message }) => window.complaints.push(message));
    window.addEventListener('unhandledrejection', ({ reason }) => window.complaints.push(String(reason)));
    window.addressWrites = 0;
    const write = history.replaceState;
    history.replaceState = (...args) => {
      window.addressWrites += 1;
      write.apply(history, args);
    };
  });
  const text = (selector: string): Promise<string> =>
    tab.run((wanted) => document.querySelector(wanted)?.textContent ?? '', selector);
  const number = async (selector: string): Promise<number> => Number.parseInt(await text(selector), 10);

  const told: Record<string, { alice: string; carol: string }> = {};
  for (const { name, sentence } of MOMENTS) {
    await tab.run(pauseWhenItSays, sentence);
    told[name] = {
      alice: await text('#alice .place-state .text'),
      carol: await text('#carol .place-state .text'),
    };
    expect(await lanes(tab), name).toEqual(expect.arrayContaining(LANES));
    await look(name);
  }
  expect(told).toEqual({
    begin: { alice: 'connected', carol: 'connected' },
    'server-down': { alice: 'connected', carol: 'connected' },
    lapsed: { alice: expect.stringMatching(/^recovering: the token lapsed/), carol: OFFLINE },
    recovered: { alice: 'connected', carol: OFFLINE },
    end: { alice: 'connected', carol: OFFLINE },
  });
  expect(await text('#alice .avoidable')).toBe('0 s');
  expect(await text('#alice .missed')).toBe('0');
  expect(await number('#alice .fetched')).toBeGreaterThan(1);
  expect(await text('#carol .fetched')).toBe('0');
  expect(await number('#carol .avoidable')).toBeGreaterThan(8);
  expect(await number('#carol .missed')).toBeGreaterThan(5);
  expect(await everything(tab)).not.toMatch(TOKEN);
  expect(await tab.run(() => window.complaints)).toEqual([]);
  // Some browsers allow a hundred in ten seconds.
  expect(await tab.run(() => window.addressWrites)).toBeLessThan(10);
}

declare global {
  interface Window {
    complaints: string[];
    addressWrites: number;
  }
}

function lanes(tab: Tab): Promise<(string | null)[]> {
  return tab.run(() => {
    const panel = document.querySelector('agora-session-devtools')?.shadowRoot;
    return [...(panel?.querySelectorAll('.name b') ?? [])].map((lane) => lane.textContent);
  });
}

/** Everything in the document, that of shadow roots too. */
function everything(tab: Tab): Promise<string> {
  return tab.run(() => {
    const shadows = [...document.querySelectorAll('*')].map(({ shadowRoot }) => shadowRoot?.innerHTML ?? '');
    return document.documentElement.outerHTML + shadows.join('');
  });
}
