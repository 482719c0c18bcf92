import type { SignalingClient, SignalingSdk } from 'agora-session';
import type { Scheduler } from './scheduler.js';

/** A change of a link that the SDK reported. */
export interface LinkChange {
  /** Milliseconds since the start of the day. */
  readonly at: number;
  /** The stream channel whose link it is; null for the login's. */
  readonly channelName: string | null;
  readonly state: string;
}

/** Everything that the SDK says of its links, for whoever uses it. */
export class LinkRecord {
  readonly changes: LinkChange[] = [];
  /** How often the login was refused or ended by the service: FAILED. */
  failedLogins = 0;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The same SDK, with every client that it makes recorded. */
  watch(sdk: SignalingSdk): SignalingSdk {
    const listen = (client: SignalingClient): void => this.#listen(client);
    const { RTM } = sdk;
    return {
      RTM: class extends RTM {
        constructor(...parameters: ConstructorParameters<typeof RTM>) {
          super(...parameters);
          listen(this);
        }
      },
    };
  }

  #listen(client: SignalingClient): void {
    client.addEventListener('linkState', ({ serviceType, currentState, affectedChannels }) => {
      const isLogin = serviceType === 'MESSAGE';
      if (isLogin && currentState === 'FAILED') this.failedLogins += 1;
      const channelName = isLogin ? null : (affectedChannels[0] ?? '');
      this.changes.push({ at: this.#scheduler.elapsed, channelName, state: currentState });
    });
  }
}
