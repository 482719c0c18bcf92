import type { Clock, SignalingSdk, WakeSource } from 'agora-session';

/** What an app finds in the page that it runs in. */
export interface Page {
  readonly appId: string;
  readonly userId: string;
  /** The stream channels to be in. */
  readonly channels: readonly string[];
  /** Where the token server is: our endpoint, and below it the routes of the guide's server. */
  readonly tokenUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly sdk: SignalingSdk;
  readonly clock: Clock;
  readonly random: () => number;
  /** The page's own sign that the network is back, `online`. */
  readonly wake: WakeSource;
}

/** One way to stay logged in. */
export interface Contender {
  readonly name: string;
  /** Logs in and joins the channels; from then on the app is on its own. */
  readonly start: (page: Page) => Promise<void>;
}
