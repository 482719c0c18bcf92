import type { TokenFailure } from '../../token/token-failure.js';
import type { TokenTarget } from '../../token/token-source.js';
import type { LinkEvidence } from '../sdk/link-evidence.js';
import { NOT_CONNECTED, NOT_JOINED } from '../sdk/reasons.js';

/** Who waits for tokens besides the SDK. */
export interface TokenUsers {
  /** A fresh login token is here. */
  loginAgain(): void;
  /** A channel has a fresh token, or will have none for this reason. */
  onToken(channelName: string, failure: TokenFailure | null): void;
}

/** What tokens are for. */
export interface TokenHolders {
  /** The login's link. */
  readonly link: LinkEvidence;
  /** Whether the SDK can be given a renewed token for this channel. */
  isJoined(channelName: string): boolean;
  /** A call for this channel leaves; returns what is to be called when the SDK says that it is not joined, whatever was thought. */
  calling(channelName: string): (code: number) => void;
}

/** How the SDK is given tokens of one kind, and who is told of them. */
export interface Delivery<Target extends TokenTarget> {
  /** Whether the SDK can take a renewed one, where the login stands. */
  isLive(target: Target, holders: TokenHolders): boolean;
  /** What `renewToken` is told besides the token. */
  options(target: Target): { readonly channelName: string } | undefined;
  /** The SDK's words for: not now. */
  readonly notNow: readonly number[];
  /** A renewed one is given; returns what is to be told with which code the SDK refused it, which says something of the link or channel. */
  given(target: Target, holders: TokenHolders): (code: number | null) => void;
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
    given:
      (_, { link }) =>
      (code) =>
        link.answered(code),
    settled(_, failure, users) {
      if (!failure) users.loginAgain();
    },
  },
  stream: {
    isLive: ({ channelName }, { isJoined }) => isJoined(channelName),
    options: ({ channelName }) => ({ channelName }),
    notNow: [NOT_CONNECTED, NOT_JOINED],
    given({ channelName }, { calling }) {
      const notJoined = calling(channelName);
      return (code) => {
        if (code === NOT_JOINED) notJoined(code);
      };
    },
    settled: ({ channelName }, failure, users) => users.onToken(channelName, failure),
  },
};

/** How the SDK is given tokens of a target. */
export function deliveryOf({ kind }: TokenTarget): Delivery<TokenTarget> {
  return DELIVERIES[kind];
}
