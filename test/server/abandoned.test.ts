import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { type Authorize, toNodeListener } from '../../src/server/index.js';
import { ask, endpoint } from './ask.js';
import { serve } from './serve.js';

// A caller who has gone costs no more than was spent until then: nothing is counted, signed or audited for nobody.

const body = '{"signaling":true}';
const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A function of the app that is held up until told to go on. */
function heldUp<T>(answer: T): { call: () => Promise<T>; calls: () => number; goOn: () => void } {
  const waiting: (() => void)[] = [];
  const call = vi.fn(() => new Promise<T>((resolve) => waiting.push(() => resolve(answer))));
  return {
    call,
    calls: () => call.mock.calls.length,
    goOn: () => waiting.splice(0).forEach((resolve) => void resolve()),
  };
}

describe('a request whose caller has gone', () => {
  const told = () => ({ limit: vi.fn(() => null), onIssued: vi.fn(), onError: vi.fn(), certificate: vi.fn(() => '') });

  test.each([1, 20])('is not counted, signed or audited: %d on one connection', async (count) => {
    const authorize = heldUp({ userId: 'alice' });
    const { certificate: appCertificate, ...rest } = told();
    const port = await serve(toNodeListener(endpoint({ authorize: authorize.call, appCertificate, ...rest })));
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(post.repeat(count));
    await vi.waitFor(() => expect(authorize.calls()).toBe(count), 5_000);
    socket.resetAndDestroy();
    await once(socket, 'close');
    await gone(port);
    authorize.goOn();
    await gone(port);
    for (const not of [rest.limit, appCertificate, rest.onIssued, rest.onError]) expect(not).not.toHaveBeenCalled();
  });

  test('costs nothing more in a flood of them, and others are served meanwhile', async () => {
    const authorize = heldUp({ userId: 'alice' });
    const onIssued = vi.fn();
    const port = await serve(toNodeListener(endpoint({ authorize: authorize.call, onIssued, onError: onIssued })));
    const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    for (const socket of sockets) socket.write(post);
    await vi.waitFor(() => expect(authorize.calls()).toBe(200), 10_000);
    for (const socket of sockets) socket.resetAndDestroy();
    const waiting = connect(port, '127.0.0.1').on('error', () => {});
    waiting.write(post);
    await vi.waitFor(() => expect(authorize.calls()).toBe(201), 5_000);
    authorize.goOn();
    expect(String((await once(waiting, 'data'))[0])).toMatch(/^HTTP\/1\.1 200/);
    waiting.destroy();
    expect(onIssued).toHaveBeenCalledOnce();
  });

  test.each(['limit', 'appCertificate'] as const)('is let go while %s is asked, and not audited', async (name) => {
    const held = heldUp(null);
    const { onIssued, onError } = told();
    const left = new AbortController();
    const handler = endpoint({ onIssued, onError, [name]: held.call });
    const answered = handler(ask({ signaling: true }, { signal: left.signal }));
    await vi.waitFor(() => expect(held.calls()).toBe(1));
    left.abort();
    held.goOn();
    await answered;
    expect(onIssued).not.toHaveBeenCalled();
    expect(onError).not.toHaveBeenCalled();
  });

  test('is not even authorized when it was gone before', async () => {
    const authorize = vi.fn<Authorize>();
    await endpoint({ authorize })(ask({ signaling: true }, { signal: AbortSignal.abort() }));
    expect(authorize).not.toHaveBeenCalled();
  });

  test('aborts the signal that authorize has, on a connection with others', async () => {
    const aborted = vi.fn();
    const authorize: Authorize = ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted();
          resolve(null);
        });
      });
    const seen = vi.fn(authorize);
    const port = await serve(toNodeListener(endpoint({ authorize: seen })));
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(post.repeat(5));
    await vi.waitFor(() => expect(seen).toHaveBeenCalledTimes(5), 5_000);
    socket.destroy();
    await vi.waitFor(() => expect(aborted).toHaveBeenCalledTimes(5), 5_000);
  });
});

/** Waits until the server has seen what came before: it answers one more request. */
async function gone(port: number): Promise<void> {
  await fetch(`http://127.0.0.1:${port}/`);
}
