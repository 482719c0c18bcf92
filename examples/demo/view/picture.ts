import { find, make, setText } from '../page.js';
import type { Losses } from '../world/tally.js';
import type { Parcel, Place } from '../world/traffic.js';
import { BY_HAND_USER, STAGE, type World } from '../world/world.js';
import type { Stage } from './stage.js';
import type { TroublePanel } from './trouble-panel.js';
import { byHandWords, heldTokenWords, seconds, sessionWords, tokenWords, type Words } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
/** A parcel can be followed with the eye for this long, milliseconds of the visitor's. */
const SEEN_MS = 800;

/** The boxes by the places of the world. The network lies on the way to Signaling. */
const BOXES: Readonly<Record<Place | 'network', string>> = {
  alice: '#alice',
  byHand: '#carol',
  bob: '#bob',
  tokenServer: '#token-server',
  network: '#network',
  signaling: '#signaling',
};

const LINKS: readonly (readonly [Place | 'network', Place | 'network'])[] = [
  ['alice', 'tokenServer'],
  ['byHand', 'tokenServer'],
  ['alice', 'network'],
  ['byHand', 'network'],
  ['network', 'signaling'],
  ['bob', 'signaling'],
];

/** The trouble that stops a box, and the button that does. */
const STOPS: Readonly<Partial<Record<Place | 'network', { readonly trouble: string; readonly button: string }>>> = {
  tokenServer: { trouble: 'tokens-down', button: '#token-server' },
  network: { trouble: 'cut-network', button: '#network' },
  signaling: { trouble: 'signaling-down', button: '#stop-signaling' },
};

/** A letter of a label is about so wide. */
const LETTER_PX = 7;
const SAME_PX = 90;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Travelling {
  readonly parcel: Parcel;
  readonly takesMs: number;
  readonly group: SVGGElement;
  readonly label: SVGTextElement;
}

/** The live picture: who is there, how they are, and what travels between them. */
export class Picture {
  readonly #stage: Stage;
  readonly #troubles: TroublePanel;
  readonly #world: HTMLElement = find('#picture .world', HTMLElement);
  readonly #lines: SVGGElement = find('#picture .lines', SVGGElement);
  readonly #parcels: SVGGElement = find('#picture .parcels', SVGGElement);
  readonly #still: MediaQueryList = matchMedia('(prefers-reduced-motion: reduce)');
  #boxes: readonly DOMRect[] = [];
  #centres: Readonly<Partial<Record<Place | 'network', Point>>> = {};
  #travelling: Travelling[] = [];

  constructor(stage: Stage, troubles: TroublePanel) {
    this.#stage = stage;
    this.#troubles = troubles;
    for (const { trouble, button } of Object.values(STOPS)) {
      find(button, HTMLButtonElement).addEventListener('click', () => troubles.toggle(trouble));
    }
    find('#alice .restart', HTMLButtonElement).addEventListener('click', () => stage.world.aliceLogsIn());
    find('#carol .restart', HTMLButtonElement).addEventListener('click', () => stage.world.reloadByHand());
    new ResizeObserver(() => this.#measure()).observe(this.#world);
    stage.onWorld((world) => this.#follow(world));
    stage.onShow(() => this.#show());
    this.#measure();
  }

  #follow(world: World): void {
    for (const { group } of this.#travelling) group.remove();
    this.#travelling = [];
    for (const id of ['#alice', '#carol', '#bob']) setText(find(`${id} .heard`, HTMLElement), '');
    world.traffic.watch((parcel) => this.#send(parcel));
    world.watch((happening) => {
      if (happening.is !== 'message') return;
      const box = happening.at === 'alice' ? '#alice' : '#carol';
      const late = happening.late ? ' (fetched from history)' : '';
      setText(find(`${box} .heard`, HTMLElement), `bob: ${happening.text}${late}`);
    });
  }

  // ---- Where things are

  #measure(): void {
    const own = this.#world.getBoundingClientRect();
    const centre = (selector: string): Point => {
      const box = find(selector, HTMLElement).getBoundingClientRect();
      return { x: box.x - own.x + box.width / 2, y: box.y - own.y + box.height / 2 };
    };
    this.#centres = Object.fromEntries(Object.entries(BOXES).map(([place, selector]) => [place, centre(selector)]));
    this.#boxes = Object.values(BOXES).map((selector) => {
      const { x, y, width, height } = find(selector, HTMLElement).getBoundingClientRect();
      return new DOMRect(x - own.x, y - own.y, width, height);
    });
    this.#lines.replaceChildren(...LINKS.flatMap(([from, to]) => this.#link(from, to)));
  }

  /** What is seen of a link and, wider, what a pointer finds of it. With the keyboard there are the boxes. */
  #link(from: Place | 'network', to: Place | 'network'): SVGLineElement[] {
    // The network is what lies between the pages and Signaling.
    const stops = to === 'signaling' ? STOPS[from] : STOPS[to];
    if (stops === undefined) return [this.#line(from, to)];
    const hit = this.#line(from, to);
    hit.setAttribute('class', 'hit');
    hit.addEventListener('click', () => this.#troubles.toggle(stops.trouble));
    return [this.#line(from, to), hit];
  }

  #line(from: Place | 'network', to: Place | 'network'): SVGLineElement {
    const line = document.createElementNS(SVG, 'line');
    const [a, b] = [this.#at(from), this.#at(to)];
    line.setAttribute('x1', String(a.x));
    line.setAttribute('y1', String(a.y));
    line.setAttribute('x2', String(b.x));
    line.setAttribute('y2', String(b.y));
    line.dataset.link = `${from} ${to}`;
    return line;
  }

  #at(place: Place | 'network'): Point {
    return this.#centres[place] ?? { x: 0, y: 0 };
  }

  // ---- What travels

  #send(parcel: Parcel): void {
    if (this.#still.matches) return;
    const group = document.createElementNS(SVG, 'g');
    group.setAttribute('class', `parcel ${parcel.kind}`);
    const dot = document.createElementNS(SVG, 'circle');
    dot.setAttribute('r', '6');
    const label = document.createElementNS(SVG, 'text');
    label.setAttribute('y', '-11');
    label.textContent = parcel.label;
    group.append(dot, label);
    this.#parcels.append(group);
    const takesMs = Math.max(parcel.tookMs, SEEN_MS * this.#stage.player.rate);
    this.#travelling.push({ parcel, takesMs, group, label });
  }

  #move(): void {
    const now = this.#stage.world.clock.monotonic();
    const said = new Map<string, Point>();
    this.#travelling = this.#travelling.filter(({ parcel, takesMs, group, label }) => {
      const done = (now - parcel.leftAt) / takesMs;
      if (done >= 1) {
        group.remove();
        return false;
      }
      const { x, y } = along(this.#way(parcel), done);
      group.setAttribute('transform', `translate(${x} ${y})`);
      // Two that say the same and travel side by side say it once.
      const beside = said.get(parcel.label);
      const isSaid = beside !== undefined && Math.hypot(beside.x - x, beside.y - y) < SAME_PX;
      said.set(parcel.label, { x, y });
      label.classList.toggle('unsaid', isSaid || this.#isCovered(parcel.label, { x, y }));
      return true;
    });
  }

  /** Whether a label would run under a box. */
  #isCovered(label: string, { x, y }: Point): boolean {
    const half = (label.length * LETTER_PX) / 2;
    return this.#boxes.some(
      (box) => x + half > box.left && x - half < box.right && y - 10 > box.top - 4 && y - 26 < box.bottom,
    );
  }

  #way({ from, to }: Parcel): Point[] {
    const isPage = (place: Place): boolean => place === 'alice' || place === 'byHand';
    const byNetwork = (isPage(from) && to === 'signaling') || (from === 'signaling' && isPage(to));
    return (byNetwork ? ([from, 'network', to] as const) : [from, to]).map((place) => this.#at(place));
  }

  // ---- How they are

  #show(): void {
    const { world } = this.#stage;
    this.#move();
    this.#showAlice(world);
    this.#showCarol(world);
    this.#showServer(world);
    const network = find(BOXES.network, HTMLElement);
    network.dataset.mood = world.isNetworkUp ? 'good' : 'bad';
    setText(find('.text', HTMLElement, network), world.isNetworkUp ? 'up: click to cut it' : 'cut: click to mend it');
    this.#lines.classList.toggle('cut', !world.isNetworkUp);
    const signaling = find(BOXES.signaling, HTMLElement);
    const isUp = world.isSignalingUp;
    signaling.dataset.mood = isUp ? 'good' : 'bad';
    setText(find('.text', HTMLElement, signaling), isUp ? 'up: click to stop it' : 'stopped: click to start it');
    const logins = isUp ? world.logins.map(({ userId, is }) => `${userId}: ${is}`) : ['nobody is reached'];
    showList(find('.logins', HTMLElement, signaling), logins);
    setText(find('#bob .heard', HTMLElement), world.bobSays);
  }

  #showAlice(world: World): void {
    const { state, tokens, channels } = world.alice.snapshot;
    const box = find('#alice', HTMLElement);
    showWords(box, world.aliceIsAsleep ? { mood: 'off', text: 'asleep' } : sessionWords(state));
    const stage = channels.find(({ channelName }) => channelName === STAGE);
    const lines = tokens.map((token) => tokenWords(token, world.clock.now()));
    showList(find('.place-tokens', HTMLElement, box), stage ? [...lines, `stage: ${stage.state.status}`] : lines);
    showLosses(box, world.ours.losses);
    find('.restart', HTMLButtonElement, box).hidden = state.status !== 'failed' && state.status !== 'idle';
  }

  #showCarol(world: World): void {
    const box = find('#carol', HTMLElement);
    showWords(box, world.aliceIsAsleep ? { mood: 'off', text: 'asleep' } : byHandWords(world.byHandState));
    const expiresAt = world.expiryOf(BY_HAND_USER);
    showList(find('.place-tokens', HTMLElement, box), [heldTokenWords(expiresAt, world.clock.now())]);
    showLosses(box, world.theirs.losses);
    find('.restart', HTMLButtonElement, box).hidden = world.byHandState !== 'logged out';
  }

  #showServer(world: World): void {
    const box = find(BOXES.tokenServer, HTMLElement);
    const { state } = world.server;
    box.dataset.mood = state === 'up' ? 'good' : 'bad';
    const words = {
      up: 'up: click to stop it',
      down: 'answers 503: click to repair it',
      denying: 'answers 403 to both: click to stop it',
    };
    setText(find('.text', HTMLElement, box), words[state]);
  }
}

function showWords(box: HTMLElement, { mood, text }: Words): void {
  box.dataset.mood = mood;
  setText(find('.place-state .text', HTMLElement, box), text);
}

function showLosses(box: HTMLElement, { offlineMs, avoidableMs, missed, fetched }: Losses): void {
  setText(find('.offline', HTMLElement, box), wholeSeconds(offlineMs));
  setText(find('.avoidable', HTMLElement, box), wholeSeconds(avoidableMs));
  find('.avoidable', HTMLElement, box).classList.toggle('bad', avoidableMs >= 1000);
  find('.missed', HTMLElement, box).classList.toggle('bad', missed > 0 && avoidableMs >= 1000);
  setText(find('.missed', HTMLElement, box), String(missed));
  setText(find('.fetched', HTMLElement, box), String(fetched));
}

/** Seconds that are over. */
function wholeSeconds(ms: number): string {
  return seconds(Math.floor(ms / 1000) * 1000);
}

/** Lines of a list, whose elements stay as long as their number does. */
function showList(list: HTMLElement, lines: readonly string[]): void {
  while (list.children.length > lines.length) list.lastElementChild?.remove();
  while (list.children.length < lines.length) list.append(make('li', ''));
  lines.forEach((line, index) => {
    const item = list.children[index];
    if (item) setText(item, line);
  });
}

/** The point at this part (0 to 1) of a way. */
function along(way: readonly Point[], part: number): Point {
  const legs = way.slice(1).map((to, index) => ({ from: way[index] ?? to, to }));
  const lengths = legs.map(({ from, to }) => Math.hypot(to.x - from.x, to.y - from.y));
  let left = part * lengths.reduce((sum, length) => sum + length, 0);
  for (const [index, { from, to }] of legs.entries()) {
    const length = lengths[index] ?? 0;
    if (left <= length && length > 0) {
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    }
    left -= length;
  }
  return way.at(-1) ?? { x: 0, y: 0 };
}
