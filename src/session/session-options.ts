import type { RTMClient } from 'agora-rtm-sdk';
import { type Clock, systemClock } from '../environment/clock.js';
import { consoleLogger, type Logger } from '../environment/logger.js';
import { pageWake, type WakeSource } from '../environment/wake.js';
import { isUrl } from '../token/http-options.js';
import { httpTokenSource } from '../token/http-token-source.js';
import { isHex32, isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import { DEFAULT_REFRESH, type RefreshPolicy } from '../token/refresh-schedule.js';
import { DEFAULT_RETRY, type RetryPolicy } from '../token/retry-schedule.js';
import type { TokenSource } from '../token/token-source.js';
import type { ResolvedOptions } from './login/resolved-options.js';
import { type LoadingPace, loadPatiently } from './sdk/load-patiently.js';
import type { SdkModule } from './sdk/load-sdk.js';
import type { RTMConfig, SignalingClient } from './sdk/signaling-client.js';
import { checkOptions, checkTimeoutMs } from './state/check-arguments.js';
import type { InspectionEvent } from './state/inspection-event.js';
import { invalid, SessionError } from './state/session-error.js';

/** How a {@link SessionManager} is set up. */
export interface SessionManagerOptions<Client extends SignalingClient = RTMClient> {
  /** The Agora project: 32 hexadecimal digits. */
  appId: string;
  /** Who logs in: 1 to 64 of the characters that the SDK accepts. */
  userId: string;
  /**
   * Where tokens come from: the address of a token endpoint, a {@link TokenSource}, a function, or null for a project without a
   * certificate, which logs in without a token.
   */
  tokens: string | URL | TokenSource | TokenSource['getTokens'] | null;
  /** Loads the SDK at the first login. Default `() => import('agora-rtm-sdk')`. */
  loadSdk?: () => Promise<SdkModule<Client>>;
  /** A client that the app made itself with the same `appId` and `userId`; the SDK is then not loaded. */
  client?: Client;
  /** Passed to the SDK's constructor. `logLevel` defaults to `none`: with any other, the SDK prints whole tokens when a login fails. */
  rtmConfig?: RTMConfig;
  /**
   * What happens when the user opens a second tab. `takeover` (default): the newest tab wins and the others are displaced, as
   * Signaling itself does it. `wait`: one tab is logged in, the others wait for their turn.
   */
  tabs?: 'takeover' | 'wait';
  /** When tokens are renewed. */
  refresh?: Partial<RefreshPolicy>;
  /** How failures are repeated. */
  retry?: Partial<RetryPolicy>;
  /** Logins in a row without a stable connection between them before the session gives up. Default: no limit. */
  maxRelogins?: number;
  /** Time and timers. Default: the platform's. */
  clock?: Clock;
  /** Random numbers from 0 to 1. Default `Math.random`. */
  random?: () => number;
  /** Where warnings go. Default: the console. */
  logger?: Logger;
  /** Signs that time has passed unnoticed or the network is back. Default: the page's own events. */
  wake?: WakeSource;
  /**
   * Told of everything that happens: states, events of the SDK's, what is decided and why, requests, renewals, what is restored. The
   * events are frozen and hold no token. One that throws breaks nothing; its error is uncaught.
   */
  inspect?: (event: InspectionEvent) => void;
}

/** @throws SessionError INVALID_ARGUMENT that names the option and what was expected */
export function resolveOptions<Client extends SignalingClient>(
  options: SessionManagerOptions<Client>,
): ResolvedOptions<Client> {
  checkOptions(options);
  const {
    appId,
    userId,
    tabs = 'takeover',
    maxRelogins = Number.POSITIVE_INFINITY,
    rtmConfig = {},
    client = null,
  } = options;
  const given = options as unknown as Readonly<Record<string, unknown>>;
  const check = (name: keyof typeof options, isRight: boolean, expected: string): void => {
    if (!isRight) throw invalid(name, expected, given[name]);
  };
  check('appId', isHex32(appId), 'the 32 hexadecimal digits from the Agora Console');
  check('userId', isSignalingName(userId), SIGNALING_NAME_RULE);
  check('tabs', tabs === 'takeover' || tabs === 'wait', '"takeover" or "wait"');
  check('maxRelogins', typeof maxRelogins === 'number' && maxRelogins >= 0, 'a number from 0');
  checkOptions(rtmConfig, 'rtmConfig');
  for (const name of ['loadSdk', 'random', 'wake', 'inspect'] as const) {
    check(name, given[name] === undefined || typeof given[name] === 'function', 'a function');
  }
  check('logger', typeof (options.logger ?? consoleLogger).warn === 'function', 'an object with `warn`');
  check('client', client === null || typeof Object(client).login === 'function', "an object of the SDK's class RTM");
  const clock = checkedClock(options.clock ?? systemClock);
  const random = options.random ?? Math.random;
  const logger = steadyLogger(options.logger ?? consoleLogger);
  if ((rtmConfig.logLevel ?? 'none') !== 'none') {
    logger.warn(`rtmConfig.logLevel is "${rtmConfig.logLevel}": the SDK then prints whole tokens when a login fails.`);
  }
  return {
    appId,
    userId,
    source: resolveSource(options.tokens),
    loadSdk: patient<Client>(options.loadSdk ?? importSdk, { clock, random }),
    client,
    rtmConfig: { ...rtmConfig, logLevel: rtmConfig.logLevel ?? 'none' },
    tabs,
    refresh: resolveRefresh(options.refresh),
    retry: resolveRetry(options.retry),
    maxRelogins,
    clock,
    random,
    logger,
    wake: options.wake ?? pageWake,
    inspect: options.inspect,
  };
}

/** The SDK is huge and touches `window` when it is imported, so it is loaded at the first login only. */
async function importSdk<Client extends SignalingClient>(): Promise<SdkModule<Client>> {
  // What this gives is the SDK's own client; that `Client` stands for another one is possible with `loadSdk` or `client` only.
  return (await import('agora-rtm-sdk')) as unknown as SdkModule<Client>;
}

/** A first fetch of the SDK that fails is repeated, as long as the login that needs it may take. */
function patient<Client extends SignalingClient>(
  load: () => Promise<SdkModule<Client>>,
  pace: LoadingPace,
): (signal?: AbortSignal) => Promise<SdkModule<Client>> {
  return (signal) => loadPatiently(load, { ...pace, signal });
}

/** The platform's own functions work only on their own objects; a clock that is made of them is found out here, not at the first timer. */
function checkedClock(clock: Clock): Clock {
  try {
    clock.clearTimeout(clock.setTimeout(() => {}, 0));
    if (Number.isFinite(clock.now()) && Number.isFinite(clock.monotonic())) return clock;
  } catch {
    // What it throws says nothing of which option is meant.
  }
  throw invalid('clock', 'an object whose now, monotonic, setTimeout and clearTimeout work as its methods');
}

function resolveSource(tokens: SessionManagerOptions['tokens']): TokenSource | null {
  if (tokens === null) return null;
  if (typeof tokens === 'function') return { getTokens: tokens };
  if (typeof tokens === 'string' && /^[^/]*00[67][\w+/=-]{30}/.test(tokens)) {
    throw invalid(
      'tokens',
      'where tokens come from, and this looks like one: it would lapse, and nobody could renew it',
    );
  }
  if (isUrl(tokens) || (typeof tokens === 'string' && tokens !== '')) return endpointSource(tokens);
  if (typeof tokens === 'object' && typeof tokens.getTokens === 'function') {
    checkTimeoutMs(tokens.timeoutMs, 'tokens.timeoutMs');
    return tokens;
  }
  throw invalid('tokens', 'a URL, a token source, a function, or null for a project without a certificate', tokens);
}

function endpointSource(url: string | URL): TokenSource {
  try {
    return httpTokenSource({ url });
  } catch (error) {
    throw new SessionError('INVALID_ARGUMENT', (error as Error).message.replace(/^.*?`url`/, '`tokens`'));
  }
}

function resolveRefresh(refresh: Partial<RefreshPolicy> = {}): RefreshPolicy {
  checkOptions(refresh, 'refresh');
  const resolved = { first: refresh.first ?? DEFAULT_REFRESH.first, later: refresh.later ?? DEFAULT_REFRESH.later };
  for (const name of ['first', 'later'] as const) {
    const pair: readonly unknown[] = Array.isArray(resolved[name]) ? resolved[name] : [];
    const [earliest, latest] = pair.map((fraction) => (typeof fraction === 'number' ? fraction : Number.NaN));
    if (earliest === undefined || latest === undefined || !(earliest > 0 && earliest <= latest && latest < 1)) {
      throw invalid(`refresh.${name}`, 'two fractions between 0 and 1 in ascending order');
    }
  }
  return resolved;
}

function resolveRetry(retry: Partial<RetryPolicy> = {}): RetryPolicy {
  checkOptions(retry, 'retry');
  const resolved: { -readonly [Name in keyof RetryPolicy]: RetryPolicy[Name] } = { ...DEFAULT_RETRY };
  for (const name of ['firstMs', 'longestMs', 'timeoutMs'] as const) {
    resolved[name] = retry[name] ?? resolved[name];
    if (typeof resolved[name] !== 'number' || !(resolved[name] > 0 && resolved[name] < 2 ** 31))
      throw invalid(`retry.${name}`, 'a number of milliseconds above 0', resolved[name]);
  }
  return resolved;
}

/**
 * Says each thing once a session, whatever numbers and names are in it, since a renewal comes again and again; and a logger of the app's
 * that throws must not stop the session.
 */
function steadyLogger(logger: Logger): Logger {
  const said = new Set<string>();
  return {
    warn(message) {
      const cause = message.replace(/\d+|"[^"]*"/g, '');
      if (said.has(cause)) return;
      said.add(cause);
      try {
        logger.warn(message);
      } catch {
        // Nobody is left to tell.
      }
    },
  };
}

/** @throws SessionError INVALID_ARGUMENT */
export function checkChannelName(channelName: unknown): void {
  if (!isSignalingName(channelName)) throw invalid('channelName', SIGNALING_NAME_RULE, channelName);
}
