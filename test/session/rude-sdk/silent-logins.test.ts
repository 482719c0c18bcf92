import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { loggedIn, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

const statuses = ({ alice }: Setting): string[] => alice.states.map(({ status }) => status);

/** A session that was subscribed and joined, and has failed. */
async function failed(): Promise<Setting> {
  const setting = await loggedIn();
  const { alice, clock, emulator, within } = setting;
  await within(1_000, alice.session.subscribe('lobby'));
  await setting.join();
  emulator.kick('alice');
  await clock.advance(1_000);
  expect(alice.session.state.status).toBe('failed');
  return setting;
}

describe('what was wanted before a session failed', () => {
  it('is restored by the next login after one that timed out', async () => {
    const setting = await failed();
    const { alice, emulator, within } = setting;
    emulator.order('login', { kind: 'hang' });
    expect(await within(2_000, alice.session.login({ timeoutMs: 1_000 }))).toMatchObject({ code: 'LOGIN_TIMEOUT' });
    await setting.login(alice);
    await setting.clock.advance(5_000);
    expect(setting.has()).toEqual({ subscriptions: ['lobby'], channels: ['stage'] });
  });

  it('is restored by the next login after one that was aborted', async () => {
    const setting = await failed();
    const { alice, clock, within } = setting;
    const controller = new AbortController();
    const login = alice.session.login({ signal: controller.signal });
    controller.abort();
    expect(await within(0, login)).toMatchObject({ code: 'ABORTED' });
    expect(alice.session.state).toEqual({ status: 'idle' });
    await clock.advance(10_000);
    await setting.login(alice);
    await clock.advance(5_000);
    expect(setting.has()).toEqual({ subscriptions: ['lobby'], channels: ['stage'] });
  });

  it('is forgotten by a logout alone', async () => {
    const setting = await failed();
    const { alice, clock, within } = setting;
    await within(6_000, alice.session.logout());
    await setting.login(alice);
    await clock.advance(60_000);
    expect(setting.has()).toEqual({ subscriptions: [], channels: [] });
  });
});

describe("an SDK's login", () => {
  it('that says nothing at all in a recovery is ended and begun again', async () => {
    const setting = await loggedIn();
    const { emulator, clock } = setting;
    emulator.order('login', { kind: 'hang' });
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(60_000);
    expect(statuses(setting).at(-1)).toBe('recovering');
    await clock.advance(60_000);
    expect(emulator.struck.calls.login?.hang).toBe(1);
    expect(statuses(setting).at(-1)).toBe('connected');
  });

  it.each([
    ['throws', { kind: 'throw' }],
    ['gives no promise', { kind: 'odd', value: 'noPromise' }],
    ['resolves and does nothing', { kind: 'odd', value: 'resolvesUndefined' }],
    ['rejects with a string', { kind: 'odd', value: 'rejectsString' }],
  ] as const)('that %s in a recovery is not the end of it', async (_how, fault) => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('login', fault);
    emulator.kick('alice', 'CONNECTION_ERROR');
    await clock.advance(180_000);
    expect(emulator.struck.calls.login).toMatchObject({ [fault.kind]: 1 });
    expect(alice.session.state.status).toBe('connected');
    expect(setting.has().subscriptions).toEqual(['lobby']);
  });
});

describe("an SDK's logout", () => {
  it('that hung once does not make a later session deaf to the end of its login', async () => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    emulator.order('logout', { kind: 'hang' });
    expect(await within(5_100, alice.session.logout())).toBe('done');
    await setting.login(alice);
    await clock.advance(70_000);
    expect(alice.session.state.status).toBe('connected');
    void alice.session.rtm.logout();
    await clock.advance(1_000);
    expect(alice.session.state).toEqual({ status: 'idle' });
  });

  it('that was never carried out is made up for before the next login', async () => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    await within(1_000, alice.session.subscribe('lobby'));
    emulator.order('logout', { kind: 'hang' });
    await within(5_100, alice.session.logout());
    const left = emulator.inspect().users[0]?.sessionId;
    await setting.login(alice);
    await clock.advance(5_000);
    expect(emulator.inspect().users).toMatchObject([{ subscriptions: [] }]);
    expect(emulator.inspect().users[0]?.sessionId).not.toBe(left);
  });
});
