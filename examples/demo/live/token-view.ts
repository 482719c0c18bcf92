import type { SessionSnapshot, TokenSnapshot } from 'agora-session';
import { countdown, timeOf } from '../durations.js';
import { find, setText } from '../page.js';
import { describeCause, describeTarget } from './plain-words.js';
import type { Session } from './start-session.js';

const TICK_MS = 250;

/** Shows each token as a bar that runs down, with a mark where it will be renewed. */
export class TokenView {
  readonly #list = find('#tokens ul', HTMLElement);
  readonly #none = find('#no-tokens', HTMLElement);
  readonly #rows = new Map<string, TokenRow>();
  #snapshot: SessionSnapshot | null = null;
  #timer = 0;

  constructor() {
    // A hidden page draws nothing.
    document.addEventListener('visibilitychange', () => this.#run());
  }

  follow(session: Session): void {
    this.#show(session.snapshot);
    session.on('snapshot', (snapshot) => this.#show(snapshot));
  }

  #show(snapshot: SessionSnapshot): void {
    const { tokens } = snapshot;
    this.#snapshot = snapshot;
    this.#none.hidden = tokens.length > 0;
    const names = new Set(tokens.map(({ target }) => describeTarget(target)));
    for (const [name, row] of this.#rows) {
      if (names.has(name)) continue;
      row.element.remove();
      this.#rows.delete(name);
    }
    this.#draw();
    this.#run();
  }

  /** Ticks as long as there is something to see. */
  #run(): void {
    window.clearInterval(this.#timer);
    if ((this.#snapshot?.tokens.length ?? 0) > 0 && !document.hidden)
      this.#timer = window.setInterval(() => this.#draw(), TICK_MS);
  }

  #draw(): void {
    const now = Date.now();
    for (const token of this.#snapshot?.tokens ?? [])
      this.#row(describeTarget(token.target)).draw(token, now, isInUse(token, this.#snapshot));
  }

  #row(name: string): TokenRow {
    const known = this.#rows.get(name);
    if (known) return known;
    const row = new TokenRow(name);
    this.#rows.set(name, row);
    this.#list.append(row.element);
    return row;
  }
}

/** Whether Signaling accepts what the token is for at the moment: it may have let it lapse long before its time. */
function isInUse({ target }: TokenSnapshot, snapshot: SessionSnapshot | null): boolean {
  if (target.kind === 'signaling') return snapshot?.state.status !== 'recovering';
  const channel = snapshot?.channels.find(({ channelName }) => channelName === target.channelName);
  return channel?.state.status !== 'rejoining';
}

class TokenRow {
  readonly element: HTMLElement;
  readonly #left: HTMLElement;
  readonly #meter: HTMLMeterElement;
  readonly #bar: HTMLElement;
  readonly #next: HTMLElement;
  readonly #cause: HTMLElement;

  constructor(name: string) {
    const template = find('#token-row', HTMLTemplateElement);
    this.element = find('li', HTMLLIElement, template.content.cloneNode(true) as DocumentFragment);
    const part = (className: string): HTMLElement => find(`.${className}`, HTMLElement, this.element);
    this.#left = part('token-left');
    this.#meter = find('meter', HTMLMeterElement, this.element);
    this.#bar = part('bar');
    this.#next = part('token-next');
    this.#cause = part('token-cause');
    setText(part('token-name'), name);
    this.#meter.ariaLabel = `Life left of the ${name}`;
  }

  draw(token: TokenSnapshot, now: number, inUse: boolean): void {
    const { lifetimeMs, expiresAt, renewsAt, obtainedAt, status, cause } = token;
    const leftMs = Math.min(lifetimeMs, Math.max(0, expiresAt - now));
    const share = (ms: number): string => String(ms / lifetimeMs);
    this.element.dataset.status = leftMs === 0 ? 'lapsed' : status;
    this.#bar.style.setProperty('--left', share(leftMs));
    // The fill reaches the mark when as much is left as will be at the renewal.
    this.#bar.style.setProperty('--mark', renewsAt === null ? '-1' : share(expiresAt - renewsAt));
    // What the bar says to the eye, for those who cannot see it.
    this.#meter.max = Math.round(lifetimeMs / 1000);
    this.#meter.value = Math.ceil(leftMs / 1000);
    this.#meter.ariaValueText = `${countdown(leftMs)} of ${countdown(lifetimeMs)}`;
    setText(this.#left, leftMs === 0 ? 'lapsed' : inUse ? `${countdown(leftMs)} left` : 'not in use');
    setText(this.#next, next(token, now));
    setText(this.#cause, `Fetched ${describeCause(cause)} at ${timeOf(obtainedAt)}`);
  }
}

function next({ status, renewsAt, retriesAt, failures }: TokenSnapshot, now: number): string {
  if (status === 'denied') return 'Denied, no renewal';
  if (retriesAt !== null && retriesAt > now && failures > 0)
    return `${failures} failed, next try in ${countdown(retriesAt - now)}`;
  if (status === 'requesting') return 'Renewing now';
  return renewsAt === null ? 'No renewal planned' : `Renewal in ${countdown(renewsAt - now)}`;
}
