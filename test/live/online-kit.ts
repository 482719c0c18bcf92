import type { SignalingSdk } from '../../src/session/sdk/signaling-client.js';
import { PageKit } from '../browser/contract/kit.js';

/** What a page is told about the service that it runs against. */
export interface OnlineSetting {
  readonly appId: string;
  /** In front of user IDs and channel names, so that two runs do not meet. */
  readonly prefix: string;
}

/** Makes a token, outside the page: with `channelName` a stream channel's. */
export type MintToken = (userId: string, lifeSeconds: number, channelName?: string) => Promise<string>;

/** What the cases with a network work with. */
export class OnlineKit extends PageKit {
  readonly prefix: string;
  readonly mint: MintToken;

  constructor(sdk: SignalingSdk, setting: OnlineSetting, mint: MintToken, advance: (ms: number) => Promise<void>) {
    super(sdk, setting.appId, `${setting.prefix} user`, advance);
    this.prefix = setting.prefix;
    this.mint = mint;
  }

  /** Waits in steps of half a second until something is so; whether it came to that. */
  async until(condition: () => boolean, limitSeconds: number): Promise<boolean> {
    for (let waited = 0; waited < limitSeconds && !condition(); waited += 0.5) await this.wait(0.5);
    return condition();
  }
}

/** `about 30 s` for a number that is nearly that; the number itself for any other. */
export function about(expected: number, seconds: number, tolerance = 4): string {
  return Math.abs(seconds - expected) <= tolerance ? `about ${expected} s` : `${seconds} s`;
}
