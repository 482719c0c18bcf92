import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LeaseKeeper } from '../../src/token/lease-keeper.js';
import { DEFAULT_REFRESH } from '../../src/token/refresh-schedule.js';
import { DEFAULT_RETRY } from '../../src/token/retry-schedule.js';
import type { ApplyOutcome } from '../../src/token/token-applier.js';
import type { TokenEvent } from '../../src/token/token-event.js';
import { TokenRequestError } from '../../src/token/token-failure.js';
import {
  TokenDeniedError,
  type TokenRequest,
  type TokenResponse,
  type TokenTarget,
} from '../../src/token/token-source.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { APP_ID, issuer } from '../support/tokens.js';
import { VirtualClock } from '../support/virtual-clock.js';

const LOGIN: TokenTarget = { kind: 'signaling' };
const STAGE: TokenTarget = { kind: 'stream', channelName: 'stage' };
const STAGE_OF_MANY: TokenTarget = { kind: 'stream', channelName: 'c500' };
const VAULT: TokenTarget = { kind: 'stream', channelName: 'vault' };

beforeAll(inflateAtOnce);

interface Setup {
  lifeSeconds?: number;
  draw?: number;
  timeoutMs?: number;
}

function setup({ lifeSeconds = 3600, draw = 0.5, timeoutMs = 10_000 }: Setup = {}) {
  const clock = new VirtualClock();
  const tokens = issuer(clock, lifeSeconds);
  let serial = 0;
  const it = {
    clock,
    tokens,
    requests: [] as TokenRequest[],
    aborted: 0,
    events: [] as TokenEvent[],
    get renewed() {
      return it.events.filter((event) => event.type === 'renewed');
    },
    get failed() {
      return it.events.filter((event) => event.type === 'tokenFailed');
    },
    applied: [] as { target: TokenTarget; token: string }[],
    linkUp: true,
    looks: 0,
    answer: async (request: TokenRequest): Promise<TokenResponse> => tokens.answer(request),
    apply: async (): Promise<ApplyOutcome> => ({ kind: 'applied' }),
  };
  const keeper = new LeaseKeeper({
    appId: APP_ID,
    userId: 'alice',
    clock,
    random: () => draw,
    refresh: DEFAULT_REFRESH,
    retry: { ...DEFAULT_RETRY, timeoutMs },
    source: {
      getTokens(request, { signal }) {
        it.requests.push(request);
        signal.addEventListener('abort', () => {
          it.aborted += 1;
        });
        return it.answer(request);
      },
    },
    nextSerial: () => {
      serial += 1;
      return serial;
    },
    isLive: () => {
      it.looks += 1;
      return it.linkUp;
    },
    apply: (target, { token }, done) => {
      it.applied.push({ target, token });
      void it.apply().then(done);
    },
    report: (event) => it.events.push(event),
  });
  /** Obtains and confirms, as a login and a join do. */
  const use = async (...targets: TokenTarget[]): Promise<void> => {
    const causes = targets.map((target) => (target.kind === 'signaling' ? ('login' as const) : ('join' as const)));
    const { linkUp } = it;
    it.linkUp = false;
    const waiting = targets.map((target, index) => keeper.obtain(target, causes[index] ?? 'join'));
    await clock.advance(0);
    for (const [index, obtained] of (await Promise.all(waiting)).entries()) {
      const target = targets[index];
      if (!obtained.ok || !target) throw new Error('No token.');
      keeper.of(target).settle(obtained.grant, 'accepted');
    }
    it.linkUp = linkUp;
    await clock.advance(0);
  };
  return Object.assign(it, { keeper, use });
}

let kept: ReturnType<typeof setup>;
beforeEach(() => {
  kept = setup();
});

describe('requests', () => {
  it('fetches what is wanted in the same moment with one request', async () => {
    await kept.use(LOGIN, STAGE, VAULT);
    expect(kept.requests).toEqual([
      { appId: APP_ID, userId: 'alice', signaling: true, channels: ['stage', 'vault'], cause: 'login' },
    ]);
  });

  it('gives a token that is still good without asking', async () => {
    await kept.use(LOGIN);
    const again = await kept.keeper.obtain(LOGIN, 'reconnected');
    expect(again.ok).toBe(true);
    expect(kept.requests).toHaveLength(1);
  });

  it('makes one request for everything that asks while it is on its way, and names the first cause', async () => {
    await kept.use(LOGIN, STAGE);
    await kept.clock.advance(3_000_000 - 1);
    kept.requests.length = 0;
    const manual = kept.keeper.renewAll();
    kept.keeper.willExpire(LOGIN);
    kept.keeper.check('wake');
    kept.keeper.look();
    await kept.clock.advance(0);
    expect((await manual).every((result) => result.ok)).toBe(true);
    expect(kept.requests.map(({ cause }) => cause)).toEqual(['manual']);
  });

  it('sends what is wanted meanwhile with the next request', async () => {
    let open: (() => void) | undefined;
    kept.answer = async (request) => {
      await new Promise<void>((resolve) => {
        open = resolve;
      });
      return kept.tokens.answer(request);
    };
    const login = kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(10);
    const join = kept.keeper.obtain(STAGE, 'join');
    await kept.clock.advance(10);
    expect(kept.requests).toHaveLength(1);
    open?.();
    await kept.clock.advance(10);
    expect((await login).ok).toBe(true);
    expect(kept.requests[1]).toMatchObject({ signaling: false, channels: ['stage'] });
    open?.();
    await kept.clock.advance(0);
    expect((await join).ok).toBe(true);
  });

  it('drops the late answer of a request that was given up', async () => {
    kept = setup({ timeoutMs: 5_000 });
    kept.answer = (request) =>
      new Promise((resolve) => {
        kept.clock.setTimeout(() => resolve(kept.tokens.answer(request)), 6_000);
      });
    const login = kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(5_000);
    expect(kept.failed[0]).toMatchObject({
      failure: { code: 'TOKEN_REQUEST_FAILED', cause: { name: 'TimeoutError' } },
      retryInMs: 500,
    });
    expect(kept.aborted).toBe(1);
    kept.answer = async (request) => kept.tokens.answer(request);
    await kept.clock.advance(2_000);
    expect((await login).ok).toBe(true);
    expect(kept.requests).toHaveLength(2);
  });

  it('cancels a request for a target that is released', async () => {
    kept.answer = () => new Promise(() => {});
    void kept.keeper.obtain(STAGE, 'join');
    await kept.clock.advance(1);
    kept.keeper.keep([]);
    await kept.clock.advance(1);
    expect(kept.aborted).toBe(1);
    expect(kept.clock.pending).toBe(0);
  });
});

describe('renewals', () => {
  it('come on schedule, all leases in one request, and are told with cause and life', async () => {
    await kept.use(LOGIN, STAGE);
    await kept.clock.advance(3_600_000 * 0.55 - 1);
    expect(kept.requests).toHaveLength(1);
    await kept.clock.advance(2);
    expect(kept.requests[1]).toMatchObject({ signaling: true, channels: ['stage'], cause: 'schedule' });
    expect(kept.renewed).toEqual([
      { type: 'renewed', target: LOGIN, cause: 'schedule', lifetimeMs: 3_600_000, tookMs: 0 },
      { type: 'renewed', target: STAGE, cause: 'schedule', lifetimeMs: 3_600_000, tookMs: 0 },
    ]);
    await kept.clock.advance(3_600_000 * 0.775);
    expect(kept.requests).toHaveLength(3);
  });

  it('take along every lease that is older than a third of its life, and no younger one', async () => {
    await kept.use(LOGIN);
    await kept.clock.advance(1_100_000);
    await kept.use(STAGE);
    await kept.clock.advance(3_600_000 * 0.55 - 1_100_000 + 1);
    expect(kept.requests[2]).toMatchObject({ signaling: true, channels: [] });
    await kept.clock.advance(1_100_000);
    expect(kept.requests[3]).toMatchObject({ signaling: false, channels: ['stage'] });
  });

  it('need about 31 requests a day for tokens of an hour, however many channels', async () => {
    await kept.use(LOGIN, ...Array.from({ length: 50 }, (_, n) => ({ kind: 'stream' as const, channelName: `c${n}` })));
    await kept.clock.advance(86_400_000);
    expect(kept.requests.length).toBeGreaterThan(28);
    expect(kept.requests.length).toBeLessThan(33);
  });

  it('wait for the link and are applied when it is back', async () => {
    await kept.use(LOGIN);
    kept.linkUp = false;
    await kept.clock.advance(2_000_000);
    expect(kept.requests).toHaveLength(2);
    expect(kept.applied).toHaveLength(0);
    kept.linkUp = true;
    kept.keeper.look();
    await kept.clock.advance(0);
    expect(kept.applied).toHaveLength(1);
    expect(kept.renewed).toHaveLength(1);
  });

  it('that time out are repeated with the same token', async () => {
    await kept.use(LOGIN);
    const failure = { code: 'RENEWAL_FAILED', kind: 'transient', message: 'x' } as const;
    kept.apply = async () => ({ kind: 'failed', failure });
    await kept.clock.advance(1_980_001);
    kept.apply = async () => ({ kind: 'applied' });
    await kept.clock.advance(1_000);
    expect(kept.requests).toHaveLength(2);
    expect(new Set(kept.applied.map(({ token }) => token)).size).toBe(1);
    expect(kept.applied).toHaveLength(2);
    expect(kept.failed).toMatchObject([{ failure, attempt: 1, retryInMs: 500 }]);
  });

  it('that the SDK refuses are repeated with another token', async () => {
    await kept.use(LOGIN);
    const failure = { code: 'TOKEN_REJECTED', kind: 'transient', message: 'x' } as const;
    kept.apply = async () => ({ kind: 'refused', failure });
    await kept.clock.advance(1_980_001);
    kept.apply = async () => ({ kind: 'applied' });
    await kept.clock.advance(1_000);
    expect(kept.requests.map(({ cause }) => cause)).toEqual(['login', 'schedule', 'rejected']);
    expect(new Set(kept.applied.map(({ token }) => token)).size).toBe(2);
  });

  it('are asked for by a warning only when more life was thought to be left', async () => {
    await kept.use(LOGIN);
    kept.keeper.willExpire(LOGIN);
    await kept.clock.advance(0);
    expect(kept.requests.map(({ cause }) => cause)).toEqual(['login', 'will-expire']);
    kept.keeper.willExpire(LOGIN);
    await kept.clock.advance(800_000);
    expect(kept.requests).toHaveLength(2);
  });

  it('of a short life keep their schedule when the SDK warns', async () => {
    kept = setup({ lifeSeconds: 30 });
    await kept.use(LOGIN);
    kept.keeper.willExpire(LOGIN);
    await kept.clock.advance(100);
    expect(kept.requests).toHaveLength(1);
    await kept.clock.advance(18_000);
    expect(kept.requests.map(({ cause }) => cause)).toEqual(['login', 'schedule']);
  });

  it('that fell due while the machine slept come within 5 s of waking', async () => {
    await kept.use(LOGIN);
    kept.clock.sleep(3_000_000);
    kept.keeper.check('wake');
    await kept.clock.advance(2_499);
    expect(kept.requests).toHaveLength(1);
    await kept.clock.advance(2);
    expect(kept.requests.map(({ cause }) => cause)).toEqual(['login', 'wake']);
  });

  it('of a token that lapsed during sleep come at once', async () => {
    await kept.use(LOGIN);
    kept.clock.sleep(7_200_000);
    kept.keeper.check('wake');
    await kept.clock.advance(0);
    expect(kept.requests).toHaveLength(2);
  });

  it('are not put off by a clock that is set back', async () => {
    await kept.use(LOGIN);
    kept.clock.setBy(-86_400_000);
    await kept.clock.advance(1_980_001);
    expect(kept.requests).toHaveLength(2);
  });
});

describe('failures', () => {
  it('are repeated with growing waits, and told', async () => {
    kept.answer = async () => Promise.reject(new TypeError('fetch failed'));
    const login = kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(7_000);
    expect(kept.failed.map(({ attempt, retryInMs }) => [attempt, retryInMs])).toEqual([
      [1, 500],
      [2, 1_000],
      [3, 2_000],
      [4, 4_000],
    ]);
    kept.answer = async (request) => kept.tokens.answer(request);
    await kept.clock.advance(4_000);
    expect((await login).ok).toBe(true);
  });

  it('that a repetition cannot change end a login at once', async () => {
    kept.answer = async () => Promise.reject(new TokenRequestError('x', { status: 404 }));
    const login = kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(0);
    expect(await login).toMatchObject({ ok: false, failure: { code: 'TOKEN_REQUEST_FAILED', cause: { status: 404 } } });
    expect(kept.clock.pending).toBe(0);
  });

  it('that a deploy may cure are repeated at a renewal', async () => {
    await kept.use(LOGIN);
    kept.answer = async () => Promise.reject(new TokenRequestError('x', { status: 404 }));
    await kept.clock.advance(1_980_001);
    kept.answer = async (request) => kept.tokens.answer(request);
    await kept.clock.advance(1_000);
    expect(kept.renewed).toHaveLength(1);
  });

  it('honour Retry-After', async () => {
    await kept.use(LOGIN);
    kept.answer = async () => Promise.reject(new TokenRequestError('x', { status: 429, retryAfterMs: 90_000 }));
    await kept.clock.advance(1_980_001);
    expect(kept.failed).toMatchObject([{ retryInMs: 90_000 }]);
  });

  it('of a wait in progress end when something new is wanted', async () => {
    kept.answer = async () => Promise.reject(new TokenRequestError('x', { status: 503, retryAfterMs: 50_000 }));
    const login = kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(1);
    kept.answer = async (request) => kept.tokens.answer(request);
    const join = kept.keeper.obtain(STAGE, 'join');
    await kept.clock.advance(0);
    expect(kept.requests[1]).toMatchObject({ signaling: true, channels: ['stage'] });
    expect([(await login).ok, (await join).ok]).toEqual([true, true]);
  });

  it('of an identical token are told as such and repeated', async () => {
    let first: TokenResponse | undefined;
    kept.answer = async (request) => {
      first ??= kept.tokens.answer(request);
      return first;
    };
    await kept.use(LOGIN);
    await kept.clock.advance(1_980_001);
    expect(kept.failed).toMatchObject([{ failure: { code: 'TOKEN_UNCHANGED' }, retryInMs: 500 }]);
  });
});

describe('denials', () => {
  it('end the asking until somebody asks by hand', async () => {
    await kept.use(LOGIN);
    kept.answer = async () => Promise.reject(new TokenDeniedError('no'));
    await kept.clock.advance(1_980_001);
    expect(kept.failed).toMatchObject([{ failure: { code: 'TOKEN_DENIED' }, retryInMs: null }]);
    kept.keeper.willExpire(LOGIN);
    kept.keeper.check('wake');
    await kept.clock.advance(3_600_000);
    expect(kept.requests).toHaveLength(2);
    kept.answer = async (request) => kept.tokens.answer(request);
    const [renewed] = await Promise.all([kept.keeper.renewAll(), kept.clock.advance(0)]);
    expect(renewed).toMatchObject([{ ok: true }]);
  });

  it('of a request for several are repeated singly before anybody is denied', async () => {
    kept.answer = async (request) => {
      if (request.channels.includes('vault')) throw new TokenDeniedError('no');
      return kept.tokens.answer(request);
    };
    const wanted = [
      kept.keeper.obtain(LOGIN, 'login'),
      kept.keeper.obtain(STAGE, 'join'),
      kept.keeper.obtain(VAULT, 'join'),
    ];
    await kept.clock.advance(0);
    expect((await Promise.all(wanted)).map(({ ok }) => ok)).toEqual([true, true, false]);
    expect(kept.requests.map(({ signaling, channels }) => [signaling, channels])).toEqual([
      [true, ['stage', 'vault']],
      [true, []],
      [false, ['stage']],
      [false, ['vault']],
    ]);
  });

  it('of one target leave the others alone', async () => {
    kept.answer = async (request) => {
      const response = kept.tokens.answer(request);
      return { ...response, channels: { ...response.channels, vault: { error: { code: 'FORBIDDEN', message: '' } } } };
    };
    const wanted = [kept.keeper.obtain(LOGIN, 'login'), kept.keeper.obtain(VAULT, 'join')];
    await kept.clock.advance(0);
    expect((await Promise.all(wanted)).map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('the end', () => {
  it('leaves no timer, no request and no callback', async () => {
    await kept.use(LOGIN, STAGE);
    kept.answer = () => new Promise(() => {});
    await kept.clock.advance(1_980_001);
    kept.keeper.close();
    await kept.clock.advance(10_000);
    expect(kept.aborted).toBe(1);
    expect(kept.clock.pending).toBe(0);
    expect(kept.failed).toHaveLength(0);
  });

  it('keeps one timer, however many leases there are, and none longer than a minute', async () => {
    await kept.use(LOGIN, STAGE, VAULT);
    const delays: number[] = [];
    const arm = kept.clock.setTimeout.bind(kept.clock);
    kept.clock.setTimeout = (callback, delayMs) => {
      delays.push(delayMs);
      return arm(callback, delayMs);
    };
    await kept.clock.advance(600_000);
    expect(kept.clock.pending).toBe(1);
    expect(Math.max(...delays)).toBe(60_000);
  });
});

describe('what is told', () => {
  it('of a request: for whom and why, and what came of it', async () => {
    kept.answer = async (request) => {
      await kept.clock.advance(250);
      return { ...kept.tokens.answer(request), channels: { stage: { error: { code: 'FORBIDDEN', message: 'no' } } } };
    };
    const login = kept.keeper.obtain(LOGIN, 'login');
    const join = kept.keeper.obtain(STAGE, 'join');
    await Promise.all([login, join, kept.clock.advance(0)]);
    const told = kept.events.filter(({ type }) => type === 'request' || type === 'answer');
    expect(told).toEqual([
      { type: 'request', targets: [LOGIN, STAGE], cause: 'login' },
      { type: 'answer', targets: [LOGIN, STAGE], tookMs: 250, tokens: 1, code: null },
    ]);
  });

  it('of a request that failed: why', async () => {
    kept.answer = async () => {
      throw new TokenRequestError('The server is down.', { status: 503 });
    };
    void kept.keeper.obtain(LOGIN, 'login');
    await kept.clock.advance(0);
    expect(kept.events.find(({ type }) => type === 'answer')).toMatchObject({
      tokens: 0,
      code: 'TOKEN_REQUEST_FAILED',
    });
  });

  it('holds no token', async () => {
    await kept.use(LOGIN, STAGE);
    await kept.clock.advance(3_600_000);
    expect(kept.applied.length).toBeGreaterThan(1);
    for (const { token } of kept.applied) expect(JSON.stringify(kept.events)).not.toContain(token);
  });
});

it('what happens to one of a thousand leases costs no look at the others', async () => {
  const channels = Array.from(
    { length: 1_000 },
    (_, index): TokenTarget => ({ kind: 'stream', channelName: `c${index}` }),
  );
  await kept.use(LOGIN, ...channels);
  const taken = kept.keeper.of(STAGE_OF_MANY).take('join');
  if (taken.is !== 'ready' || !taken.grant) throw new Error('No token.');
  kept.looks = 0;
  kept.keeper.of(STAGE_OF_MANY).give(taken.grant);
  kept.keeper.of(STAGE_OF_MANY).settle(taken.grant, 'accepted');
  await kept.clock.advance(0);
  expect(kept.looks).toBe(1);
});
