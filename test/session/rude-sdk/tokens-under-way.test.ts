import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { loggedIn, loggedOut, type Setting } from './setting.js';

beforeAll(inflateAtOnce);

const HOUR_MS = 3_600_000;
const statuses = ({ alice }: Setting): string[] => alice.states.map(({ status }) => status);

describe('a token that is replaced while a call has it', () => {
  it('of a join that takes 8 s: renewTokens() settles, and the channel is renewed from then on', async () => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    emulator.order('join', { kind: 'slow', ms: 8_000 });
    const join = alice.session.joinStreamChannel('stage');
    await clock.advance(1_000);
    const renewed = within(15_000, alice.session.renewTokens());
    expect(await renewed).toBe('done');
    expect((await join).state).toEqual({ status: 'joined' });
    setting.calls();
    setting.server.requests.length = 0;
    await clock.advance(2 * HOUR_MS);
    expect(setting.calls('renewToken')).toBeGreaterThanOrEqual(4);
    expect(setting.server.requests.length).toBeLessThan(6);
    expect(alice.told.channel?.map(({ state }) => state.status)).toEqual(['joining', 'joined']);
    const [stay] = emulator.inspect().users[0]?.streamChannels ?? [];
    expect(stay?.tokenExpiresAt).toBeGreaterThan(clock.now());
  });

  it('of a login over which the machine slept: it does not lapse', async () => {
    const setting = loggedOut({ lifeSeconds: 600 });
    const { alice, emulator, clock } = setting;
    emulator.order('login', { kind: 'slow', ms: 4_000 });
    const login = alice.session.login();
    await clock.advance(1_000);
    clock.sleep(400_000);
    alice.wake();
    await clock.advance(10_000);
    await login;
    await clock.advance(1_800_000);
    expect(statuses(setting)).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenRenewed?.length).toBeGreaterThanOrEqual(3);
    expect(setting.server.requests.length).toBeLessThan(9);
  });

  it('of a rejoin, twice: the newest one is what the channel has in the end', async () => {
    const setting = await loggedIn();
    const { alice, emulator, clock, within } = setting;
    await setting.join();
    emulator.order('join', { kind: 'slow', ms: 10_000 });
    emulator.failStream('alice', 'stage');
    await clock.advance(2_000);
    const first = await within(4_000, alice.session.renewTokens());
    const second = await within(20_000, alice.session.renewTokens());
    expect([first, second]).toEqual(['done', 'done']);
    const newest = alice.session.snapshot.tokens.find(({ target }) => target.kind === 'stream');
    const [stay] = emulator.inspect().users[0]?.streamChannels ?? [];
    expect(Math.abs((stay?.tokenExpiresAt ?? 0) - (newest?.expiresAt ?? 0))).toBeLessThanOrEqual(1_000);
  });
});

describe('a renewal', () => {
  it.each([
    ['hangs', { kind: 'hang' }],
    ['is carried out and never answered', { kind: 'lost' }],
    ['is answered a minute late', { kind: 'late', ms: 60_000 }],
    ['throws', { kind: 'throw' }],
    ['gives no promise', { kind: 'odd', value: 'noPromise' }],
    ['rejects with nothing', { kind: 'odd', value: 'rejectsUndefined' }],
  ] as const)('that %s once is followed by one that counts', async (_how, fault) => {
    const setting = await loggedIn({ lifeSeconds: 600 });
    const { alice, emulator, clock, within } = setting;
    emulator.order('renewToken', fault);
    const first = await within(30_000, alice.session.renewTokens());
    expect(first).not.toBe('pending');
    await clock.advance(HOUR_MS);
    expect(statuses(setting)).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenRenewed?.length).toBeGreaterThanOrEqual(6);
    expect(emulator.inspect().users[0]?.tokenExpiresAt).toBeGreaterThan(clock.now());
  });

  it('that hangs for as long as its token lives ends in a login, and not in silence', async () => {
    const setting = await loggedIn({ lifeSeconds: 600 });
    const { alice, emulator, clock } = setting;
    emulator.order('renewToken', { kind: 'hang' }, { times: Number.POSITIVE_INFINITY });
    await clock.advance(700_000);
    expect(statuses(setting)).toContain('recovering');
    emulator.clearFaults();
    await clock.advance(HOUR_MS);
    expect(alice.session.state.status).toBe('connected');
    expect(emulator.inspect().users[0]?.tokenExpiresAt).toBeGreaterThan(clock.now());
  });
});
