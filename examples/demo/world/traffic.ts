/** A place in the picture. */
export type Place = 'alice' | 'bob' | 'byHand' | 'tokenServer' | 'signaling';

/** Something that goes from one place to another. */
export interface Parcel {
  readonly from: Place;
  readonly to: Place;
  readonly kind: 'request' | 'tokens' | 'refusal' | 'message' | 'call';
  readonly label: string;
  /** When it left, milliseconds of the world. */
  readonly leftAt: number;
  /** How long it travels. */
  readonly tookMs: number;
}

type Listener = (parcel: Parcel) => void;

/** What travels in the world; the picture draws it. */
export class Traffic {
  readonly #listeners = new Set<Listener>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  watch(listener: Listener): void {
    this.#listeners.add(listener);
  }

  send(parcel: Omit<Parcel, 'leftAt'>): void {
    const whole = { ...parcel, leftAt: this.#now() };
    for (const listener of this.#listeners) listener(whole);
  }
}
