import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type LinkLoss,
  type LoginDecision,
  loginDecision,
  Recoveries,
  recoveryCause,
  standing,
} from '../../src/session/login/login-decision.js';
import { REMEDIES } from '../../src/session/sdk/remedies.js';
import type { ReasonClass } from '../../src/session/state/reason-class.js';
import type { SessionError } from '../../src/session/state/session-error.js';
import { DEFAULT_RETRY, type RetryPolicy, retryDelayMs } from '../../src/token/retry-schedule.js';

const reasons = Object.keys(REMEDIES) as ReasonClass[];
const stopping: readonly ReasonClass[] = ['displaced', 'kicked', 'configuration'];
const goingOn = reasons.filter((reason) => !stopping.includes(reason));
const fresh = { refusals: 0, relogins: 1, maxRelogins: Number.POSITIVE_INFINITY, withTokens: true };
const source = { getTokens: () => Promise.reject(new Error('not asked here')) };

interface Count {
  readonly refusals: number;
  readonly relogins: number;
  readonly maxRelogins: number;
  readonly withTokens: boolean;
}

function decide(loss: LinkLoss, count: Count, draw = 0.5, retry: RetryPolicy = DEFAULT_RETRY): LoginDecision {
  const { maxRelogins, withTokens } = count;
  return loginDecision(loss, count, { maxRelogins, source: withTokens ? source : null, random: () => draw, retry });
}

function hopelessError(loss: LinkLoss, count: Count): SessionError | null {
  const decision = decide(loss, count);
  return decision.does === 'stop' ? decision.error : null;
}

function keepsTurn(loss: LinkLoss): boolean {
  const decision = decide(loss, fresh);
  return decision.does === 'stop' && decision.keepsTurn;
}

function reloginDelayMs(loss: LinkLoss, relogins: number, draw: number, retry: RetryPolicy): number {
  return decide(loss, { ...fresh, relogins }, draw, retry).delayMs ?? Number.NaN;
}

const noted = { longestMs: Number.POSITIVE_INFINITY, firstMs: 1_000, timeoutMs: 10_000 };

describe('the table of remedies, for every class', () => {
  it('says why, in a sentence that no other class has', () => {
    expect(new Set(reasons.map((reason) => REMEDIES[reason].why)).size).toBe(reasons.length);
    for (const reason of reasons) expect(REMEDIES[reason].why).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('tells an app in a sentence why a login stops, with a code that no other class stops with', () => {
    const stops = reasons.flatMap((reason) => {
      const { login } = REMEDIES[reason];
      return login.do === 'stop' ? [login] : [];
    });
    expect(stops.map(({ code }) => code).toSorted()).toEqual(['CONFIGURATION', 'DISPLACED', 'KICKED']);
    for (const { message } of stops) expect(message).toMatch(/^[A-Z].{10,}\.$/);
  });

  it('ends a login for good only where a person has to act', () => {
    for (const reason of reasons) {
      expect(REMEDIES[reason].login.do, reason).toBe(stopping.includes(reason) ? 'stop' : 'relogin');
    }
  });

  it('gives a login up as LOGIN_FAILED, and as TOKEN_REJECTED for its token, where nobody has to act', () => {
    for (const reason of goingOn) {
      expect(REMEDIES[reason].login.code, reason).toBe(reason === 'token' ? 'TOKEN_REJECTED' : 'LOGIN_FAILED');
    }
  });

  it('repeats a call for anything else, or stops it', () => {
    for (const reason of reasons) expect(['retry', 'stop'], reason).toContain(REMEDIES[reason].other);
  });

  it('replaces a token that was refused, as such or with all else, and waits where there was too much of everything', () => {
    for (const reason of reasons) {
      const isRefused = reason === 'token' || REMEDIES[reason].other === 'stop';
      const expected = isRefused ? 'refused' : reason === 'throttled' ? 'later' : 'failed';
      expect(REMEDIES[reason].renewal, reason).toBe(expected);
    }
  });

  it('stops what is wanted besides only where no repetition can help', () => {
    const stop = reasons.filter((reason) => REMEDIES[reason].other === 'stop');
    expect(stop).toEqual(['configuration']);
    for (const reason of stop)
      expect([REMEDIES[reason].login.do, REMEDIES[reason].channel.do]).toEqual(['stop', 'stop']);
  });

  it('gives a channel up as CHANNEL_FAILED, and as TOKEN_REJECTED for its token', () => {
    for (const reason of reasons) {
      expect(REMEDIES[reason].channel.code, reason).toBe(reason === 'token' ? 'TOKEN_REJECTED' : 'CHANNEL_FAILED');
    }
  });

  it('counts refused tokens and removals, and joins again without end for anything else', () => {
    const counted = reasons.flatMap((reason) => {
      const { channel } = REMEDIES[reason];
      return channel.do === 'rejoin' && channel.rejoins < 99 ? [[reason, channel.rejoins, channel.refusals]] : [];
    });
    expect(counted).toEqual([
      ['token', 2, 2],
      ['kicked', 3, Number.POSITIVE_INFINITY],
    ]);
    for (const { channel } of Object.values(REMEDIES)) {
      if (channel.do === 'rejoin') expect(channel.rejoins).toBeGreaterThanOrEqual(2);
      if (channel.do === 'rejoin') expect(channel.refusals).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('a login that failed', () => {
  it.each(stopping)('stops for %s, with the code of the SDK', (reason) => {
    const { login } = REMEDIES[reason];
    expect(hopelessError({ reason, code: -1 }, fresh)).toMatchObject({
      code: login.code,
      message: login.do === 'stop' ? login.message : '',
      cause: { name: 'LinkState', code: -1 },
    });
  });

  it.each(goingOn)('goes on for %s, until the app said that it is enough', (reason) => {
    const loss = { reason, code: 'SOME_CODE' };
    expect(hopelessError(loss, fresh)).toBeNull();
    expect(hopelessError(loss, { ...fresh, relogins: 3, maxRelogins: 3 })).toBeNull();
    expect(hopelessError(loss, { ...fresh, relogins: 4, maxRelogins: 3 })).toMatchObject({
      code: 'LOGIN_FAILED',
      message: 'The login failed 4 times in a row (`maxRelogins`).',
      cause: { name: 'LinkState', code: 'SOME_CODE' },
    });
  });

  it('stops at the second refused token in a row', () => {
    const loss = { reason: 'token', code: 'INVALID_TOKEN' } as const;
    expect(hopelessError(loss, { ...fresh, refusals: 1 })).toBeNull();
    const error = hopelessError(loss, { ...fresh, refusals: 2 });
    expect(error).toMatchObject({ code: 'TOKEN_REJECTED', cause: { name: 'LinkState', code: 'INVALID_TOKEN' } });
    expect(error?.message).toMatch(/^Signaling refused a fresh login token twice in a row; .+ those of the project\?$/);
  });

  it('is not counted as a refused token for any other reason', () => {
    for (const reason of goingOn.filter((other) => other !== 'token')) {
      expect(hopelessError({ reason, code: 0 }, { ...fresh, refusals: 100 }), reason).toBeNull();
    }
  });

  it('says in a browser without DecompressionStream that nobody looked at the token', () => {
    const had = globalThis.DecompressionStream;
    Reflect.deleteProperty(globalThis, 'DecompressionStream');
    try {
      const error = hopelessError({ reason: 'token', code: -10005 }, { ...fresh, refusals: 2 });
      expect(error?.message).toMatch(/project\? \(This browser has no `DecompressionStream`, so nobody looked .+\)$/);
    } finally {
      globalThis.DecompressionStream = had;
    }
  });

  it('is a matter of configuration where the session has no tokens and the project wants them', () => {
    const without = { ...fresh, withTokens: false };
    expect(hopelessError({ reason: 'token', code: -10005 }, without)).toMatchObject({
      code: 'CONFIGURATION',
      message: 'The project demands tokens, but the session was made with `tokens: null`.',
      cause: { name: 'LinkState', code: -10005 },
    });
    expect(hopelessError({ reason: 'network', code: -10011 }, without)).toBeNull();
  });
});

describe('how a login stood', () => {
  it.each([
    [null, undefined, 'never'],
    [null, 1_000, 'never'],
    [0, undefined, 'briefly'],
    [59_999, undefined, 'briefly'],
    [60_000, undefined, 'stably'],
    [60_000, 3_600_000, 'stably'],
    [29_999, 60_000, 'briefly'],
    [30_000, 60_000, 'stably'],
  ] as const)('%j ms with a token of %j ms: %s', (stoodMs, lifeMs, expected) => {
    expect(standing(stoodMs, lifeMs)).toBe(expected);
  });
});

describe('losses in a row', () => {
  const lapsed: LinkLoss = { reason: 'token', code: 'TOKEN_EXPIRED' };
  const dropped: LinkLoss = { reason: 'network', code: 'TIMEOUT' };
  const counting = (): Recoveries =>
    new Recoveries({ maxRelogins: 10, source, random: () => 0.5, retry: DEFAULT_RETRY });

  it('are waited for longer and longer, until a login has stood for a while', () => {
    const recoveries = counting();
    expect(recoveries.attempt).toBe(0);
    const waits = (['never', 'briefly', 'never', 'stably', 'never'] as const).map(
      (stood) => recoveries.decide(dropped, stood).delayMs,
    );
    expect(waits).toEqual([500, 1_000, 2_000, 500, 1_000]);
    expect(recoveries.attempt).toBe(2);
  });

  it('are logged in again at once where a token that was good has lapsed, however often', () => {
    const recoveries = counting();
    for (let day = 0; day < 5; day += 1) {
      expect(recoveries.decide(lapsed, 'stably')).toEqual({ does: 'relogin', delayMs: 0 });
    }
  });

  it('end with the second token in a row that no login has stood with', () => {
    const recoveries = counting();
    expect(recoveries.decide(lapsed, 'never')).toMatchObject({ does: 'relogin' });
    expect(recoveries.decide(lapsed, 'never')).toMatchObject({ does: 'stop', error: { code: 'TOKEN_REJECTED' } });
  });

  it('do not end for tokens that a login has stood with, or where a stable one lies between', () => {
    const recoveries = counting();
    const stood = ['never', 'briefly', 'briefly', 'stably', 'never'] as const;
    for (const one of stood) expect(recoveries.decide(lapsed, one), one).toMatchObject({ does: 'relogin' });
  });

  it('do not count as refused tokens where the network was the matter', () => {
    const recoveries = counting();
    for (let count = 0; count < 5; count += 1) {
      expect(recoveries.decide(dropped, 'never')).toMatchObject({ does: 'relogin' });
    }
    expect(recoveries.decide(lapsed, 'never')).toMatchObject({ does: 'relogin' });
  });

  it('end at `maxRelogins`, without a turn that is kept', () => {
    const recoveries = counting();
    for (let count = 0; count < 10; count += 1) recoveries.decide(dropped, 'briefly');
    expect(recoveries.decide(dropped, 'briefly')).toMatchObject({
      does: 'stop',
      error: { code: 'LOGIN_FAILED' },
      keepsTurn: false,
      delayMs: null,
    });
  });
});

describe('what an app is told of a recovery', () => {
  it.each([
    ['token', 'INVALID_TOKEN', 'rejected'],
    ['token', -10005, 'rejected'],
    ['token', 'TOKEN_EXPIRED', 'expired'],
    ['token', -10009, 'expired'],
    ['network', 'INVALID_TOKEN', 'link-failed'],
    ['unknown', 'UNKNOWN', 'link-failed'],
  ] as const)('for %s %s is %s', (reason, code, cause) => {
    expect(recoveryCause({ reason, code })).toBe(cause);
  });
});

describe('the turn among the tabs', () => {
  it('is kept by whom another device or the server stopped, and by nobody else', () => {
    expect(reasons.filter((reason) => keepsTurn({ reason, code: 0 }))).toEqual(['displaced', 'kicked']);
  });
});

describe('the wait before a login again', () => {
  const draws = fc.double({ min: 0, max: 1, noNaN: true });
  const relogins = fc.integer({ min: 1, max: 40 });

  it('throttled: is eight times that of any other reason', () => {
    fc.assert(
      fc.property(relogins, draws, (count, draw) => {
        const plain = reloginDelayMs({ reason: 'network', code: 0 }, count, draw, noted);
        expect(plain).toBe(retryDelayMs(count, draw, noted));
        expect(reloginDelayMs({ reason: 'throttled', code: 0 }, count, draw, noted)).toBe(8 * plain);
      }),
    );
  });

  it('is the same for every reason but throttled and the first trouble with a token', () => {
    for (const reason of goingOn.filter((other) => other !== 'throttled')) {
      expect(reloginDelayMs({ reason, code: 0 }, 2, 0.5, DEFAULT_RETRY), reason).toBe(1_000);
    }
  });

  it('is none for a token that lapsed or was refused for once, and for no other reason', () => {
    const atOnce = reasons.filter((reason) => reloginDelayMs({ reason, code: 0 }, 1, 0.5, DEFAULT_RETRY) === 0);
    expect(atOnce).toEqual(['token']);
  });

  it('is never longer than the longest', () => {
    fc.assert(
      fc.property(fc.constantFrom(...goingOn), relogins, draws, (reason, count, draw) => {
        expect(reloginDelayMs({ reason, code: 0 }, count, draw, DEFAULT_RETRY)).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});
