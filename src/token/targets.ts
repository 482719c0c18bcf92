import type { AccessTokenService } from './access-token-content.js';
import type { RequestCause } from './token-lease.js';
import type { TokenRequest, TokenResponse, TokenTarget } from './token-source.js';

type Kind = TokenTarget['kind'];
type TargetOf<K extends Kind> = Extract<TokenTarget, { readonly kind: K }>;

/** What a token source is asked for, while it is put together. */
export interface Asked {
  signaling: boolean;
  channels: string[];
}

/** What a token source has given, while it is put together. */
export interface Given {
  signaling?: NonNullable<TokenResponse['signaling']>;
  readonly channels: Record<string, NonNullable<TokenResponse['signaling']>>;
}

/** All that is particular to one kind of token but how the SDK takes it, which is for those to know who know the SDK. */
export interface TargetRow<Target extends TokenTarget> {
  /** The key under which its lease is kept. */
  key(target: Target): string;
  /** Its name in a sentence. */
  words(target: Target): string;
  /** What the first token is for. Logins come first, and say by themselves when they need one; what is to be joined needs one at once. */
  readonly cause: Extract<RequestCause, 'login' | 'join'>;
  /** The field of requests and answers that is this kind's. */
  readonly field: keyof Asked & keyof Given;
  /** Asks for it. */
  ask(asked: Asked, target: Target): void;
  /** What is asked for of this kind. */
  asked(request: Pick<TokenRequest, keyof Asked>): readonly Target[];
  /** Puts a token for it where {@link find} finds it. */
  give(given: Given, target: Target, grant: NonNullable<TokenResponse['signaling']>): void;
  /** What an answer has for it. */
  find(response: TokenResponse, target: Target): TokenResponse['signaling'];
  /** The services that make a token one of this kind; the first right of one of them is needed. */
  readonly services: readonly AccessTokenService['name'][];
  /** Says of a token without such a service what it lacks, and what it may be instead. */
  readonly lacks: string;
  /** The users whose token is good for this one. */
  users(userId: string): readonly string[];
  /** The channels whose token is good for it; null where a token names none. */
  channels(target: Target): readonly string[] | null;
}

/** A kind of token is one row. */
export const TARGETS: { readonly [K in Kind]: TargetRow<TargetOf<K>> } = {
  signaling: {
    key: () => 'signaling',
    words: () => 'the login',
    cause: 'login',
    field: 'signaling',
    ask(asked) {
      asked.signaling = true;
    },
    asked: ({ signaling }) => (signaling ? [SIGNALING] : []),
    give(given, _, grant) {
      given.signaling = grant;
    },
    find: ({ signaling }) => signaling,
    services: ['rtm', 'rtm2'],
    lacks: 'no Signaling (RTM) service; it may be an RTC token',
    users: (userId) => [userId],
    channels: () => null,
  },
  stream: {
    key: ({ channelName }) => `stream ${channelName}`,
    words: ({ channelName }) => `the stream channel "${channelName}"`,
    cause: 'join',
    field: 'channels',
    ask({ channels }, { channelName }) {
      channels.push(channelName);
    },
    asked: ({ channels }) => channels.map((channelName) => ({ kind: 'stream', channelName })),
    give({ channels }, { channelName }, grant) {
      channels[channelName] = grant;
    },
    find: ({ channels }, { channelName }) =>
      channels && Object.hasOwn(channels, channelName) ? channels[channelName] : undefined,
    services: ['rtc'],
    lacks: 'no RTC service with the right to join; it may be a login (RTM) token',
    // An RTC token without a user is for any user.
    users: (userId) => [userId, ''],
    channels: ({ channelName }) => [channelName, '*'],
  },
};

/** The login's target. */
export const SIGNALING: TargetOf<'signaling'> = { kind: 'signaling' };

/** What there is to know of a target's kind. */
export function rowOf({ kind }: TokenTarget): TargetRow<TokenTarget> {
  return TARGETS[kind];
}

/** The key under which a target's lease is kept. */
export function keyOf(target: TokenTarget): string {
  return rowOf(target).key(target);
}

/** A target's name in a sentence. */
export function wordsOf(target: TokenTarget): string {
  return rowOf(target).words(target);
}

/** What is different for each kind of target; a kind that has no case does not compile. */
export function byKind<Result>(
  target: TokenTarget,
  cases: { readonly [K in Kind]: (target: TargetOf<K>) => Result },
): Result {
  const take: (target: never) => Result = cases[target.kind];
  return take(target as never);
}

/** What to ask a token source for. */
export function askFor(targets: readonly TokenTarget[]): Asked {
  const asked: Asked = { signaling: false, channels: [] };
  for (const target of targets) rowOf(target).ask(asked, target);
  return asked;
}

/** What a token source is asked for. */
export function targetsOf(request: Pick<TokenRequest, keyof Asked>): TokenTarget[] {
  return Object.values(TARGETS).flatMap((row): readonly TokenTarget[] => row.asked(request));
}
