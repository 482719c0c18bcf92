import type { TokenFailure } from '../../token/token-failure.js';
import type { TokenTarget } from '../../token/token-source.js';
import { NOT_CONNECTED, NOT_JOINED } from '../sdk/reasons.js';

/** Who waits for tokens besides the SDK. */
export interface TokenUsers {
  /** A fresh login token is here. */
  loginAgain(): void;
  /** A channel has a fresh token, or will have none for this reason. */
  onToken(channelName: string, failure: TokenFailure | null): void;
}

/** How the SDK is given tokens of one kind, and who is told of them. */
export interface Delivery<Target extends TokenTarget> {
  /** Whether the SDK can take a renewed one, where the login stands. */
  isLive(target: Target, channels: { isJoined(channelName: string): boolean }): boolean;
  /** What `renewToken` is told besides the token. */
  options(target: Target): { readonly channelName: string } | undefined;
  /** The SDK's words for: not now. */
  readonly notNow: readonly number[];
  /** Whether such words say something of the login's link. */
  readonly showsLink: boolean;
  /** A fresh one is here, or none will come for this reason. */
  settled(target: Target, failure: TokenFailure | null, users: TokenUsers): void;
}

type Kind = TokenTarget['kind'];

/** The counterpart of `TARGETS`: what a kind of token is to the SDK. */
const DELIVERIES: { readonly [K in Kind]: Delivery<Extract<TokenTarget, { readonly kind: K }>> } = {
  signaling: {
    isLive: () => true,
    options: () => undefined,
    notNow: [NOT_CONNECTED],
    showsLink: true,
    settled(_, failure, users) {
      if (!failure) users.loginAgain();
    },
  },
  stream: {
    isLive: ({ channelName }, channels) => channels.isJoined(channelName),
    options: ({ channelName }) => ({ channelName }),
    notNow: [NOT_CONNECTED, NOT_JOINED],
    showsLink: false,
    settled: ({ channelName }, failure, users) => users.onToken(channelName, failure),
  },
};

/** How the SDK is given tokens of a target. */
export function deliveryOf({ kind }: TokenTarget): Delivery<TokenTarget> {
  return DELIVERIES[kind];
}
