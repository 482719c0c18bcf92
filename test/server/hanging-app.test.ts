import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask, endpoint, refusalOf } from './ask.js';

// A function of the app that never answers holds no request for ever.

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});

describe.each(['authorize', 'limit', 'appCertificate', 'onIssued'])('%s that hangs', (name) => {
  test('has its request answered with 503 after ten seconds, and the server’s log learns which it was', async () => {
    const onError = vi.fn();
    const answered = endpoint({ [name]: never, onError })(ask({ signaling: true }));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(onError).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    const response = await answered;
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refusalOf(response)).toEqual([503, 'DECISION_TIMEOUT']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringContaining(name) }),
    );
  });

  test('is waited for as long as decisionTimeoutMs says', async () => {
    const answered = endpoint({ [name]: never, onError: () => {}, decisionTimeoutMs: 50 })(ask({ signaling: true }));
    await vi.advanceTimersByTimeAsync(50);
    expect((await answered).status).toBe(503);
  });
});

test('functions that are slow share one time', async () => {
  const slow =
    <T>(answer: T) =>
    () =>
      new Promise<T>((resolve) => setTimeout(resolve, 6_000, answer));
  const onError = vi.fn();
  const handler = endpoint({ authorize: slow({ userId: 'alice' }), limit: slow(null), onError });
  const answered = handler(ask({ signaling: true }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await answered).status).toBe(503);
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ message: expect.stringContaining('limit') }),
  );
});

test('what comes too late is dropped: no token is made of it, and its failure is nobody’s', async () => {
  const onIssued = vi.fn();
  const onError = vi.fn();
  const authorize = () => new Promise<never>((_resolve, reject) => setTimeout(reject, 20_000, new Error('late')));
  const answered = endpoint({ authorize, onIssued, onError })(ask({ signaling: true }));
  await vi.advanceTimersByTimeAsync(30_000);
  expect((await answered).status).toBe(503);
  expect(onIssued).not.toHaveBeenCalled();
  expect(onError).toHaveBeenCalledOnce();
});

test('an answer that is in time leaves no timer behind', async () => {
  const handler = endpoint({ authorize: async () => ({ userId: 'alice' }) });
  expect((await handler(ask({ signaling: true }))).status).toBe(200);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([0, 1.5, '1', 600_001])('decisionTimeoutMs cannot be %j', (decisionTimeoutMs) => {
  expect(() => endpoint({ decisionTimeoutMs } as object)).toThrow(
    expect.objectContaining({ argument: 'decisionTimeoutMs' }),
  );
});
