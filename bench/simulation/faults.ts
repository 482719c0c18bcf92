import { merge, type Span, spanAt } from './spans.js';

/** A time without a network. */
export interface Cut extends Span {
  /**
   * `offline`: the system knows, so requests fail at once and the page hears `online` at the end. `silent`: packets vanish, so
   * requests hang until the end and then fail.
   */
  readonly kind: 'offline' | 'silent';
}

/** A time without token server: it answers 503, cannot be connected to, or takes requests and does not answer. */
export interface Outage extends Span {
  readonly kind: 'unavailable' | 'refused' | 'hanging';
}

/** Everything that goes wrong in one day. All contenders meet the same. */
export interface Faults {
  readonly cuts: readonly Cut[];
  readonly outages: readonly Outage[];
  /** The machine sleeps, and its network with it; it is back some seconds after the machine, which is a cut of its own. */
  readonly sleeps: readonly Span[];
  readonly throttled: boolean;
}

/** Faults, and what follows from them. */
export class FaultSchedule {
  readonly sleeps: readonly Span[];
  readonly throttled: boolean;
  /** When nothing gets through from or to the page: cuts and sleep. */
  readonly disconnected: readonly Span[];
  /** When no token can be had, whatever is the reason. */
  readonly unreachable: readonly Span[];
  readonly #cuts: readonly Cut[];
  readonly #outages: readonly Outage[];

  constructor({ cuts, outages, sleeps, throttled }: Faults) {
    this.sleeps = merge(sleeps);
    this.throttled = throttled;
    this.#cuts = cuts;
    this.#outages = outages;
    this.disconnected = merge([...cuts, ...sleeps]);
    this.unreachable = merge([...cuts, ...sleeps, ...outages]);
  }

  /** The network is gone: how requests fail, and until when. Null while it is there. */
  cutAt(moment: number): { readonly kind: Cut['kind']; readonly to: number } | null {
    const whole = spanAt(this.disconnected, moment);
    if (!whole) return null;
    // Requests that sleep caught fail when the network is back.
    return { kind: spanAt(this.#cuts, moment)?.kind ?? 'silent', to: whole.to };
  }

  /** Whether the page hears `online` at the end of a disconnection. */
  isNoticed({ to }: Span): boolean {
    return this.#cuts.some((cut) => cut.to === to && cut.kind === 'offline');
  }

  outageAt(moment: number): Outage | undefined {
    return spanAt(this.#outages, moment);
  }
}
