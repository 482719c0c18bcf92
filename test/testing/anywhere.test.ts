import { createTestSession } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';

const quiet = { session: { logger: { warn: () => {} } } };

describe('a test session, in Node as in a page', () => {
  it('is renewed for a day, and logs out', async () => {
    const { session, emulator, clock, tokens } = createTestSession(quiet);
    await clock.during(session.login());
    await clock.advance(86_400_000);
    expect(session.state).toEqual({ status: 'connected' });
    expect(tokens.requests.length).toBeGreaterThan(20);
    expect(emulator.inspect().users[0]?.tokenExpiresAt).toBeGreaterThan(clock.now());
    await clock.during(session.logout());
    expect(clock.pending).toBe(0);
  });

  it('comes back after the token server was down and its token lapsed', async () => {
    const alice = createTestSession(quiet);
    const bob = createTestSession({ ...quiet, userId: 'bob', beside: alice });
    const { session, clock, tokens } = alice;
    await clock.during(Promise.all([session.login(), bob.session.login()]));
    await clock.during(session.subscribe('lobby'));
    const heard: unknown[] = [];
    session.on('message', ({ message }) => heard.push(message));
    tokens.fault = { kind: 'down' };
    await clock.until(() => session.state.status === 'recovering', 4_000_000, 10_000);
    tokens.fault = null;
    await clock.until(() => session.state.status === 'connected');
    await clock.until(() => session.snapshot.subscriptions[0]?.state === 'subscribed');
    await bob.session.rtm.publish('lobby', 'hello again');
    await clock.advance(0);
    expect(heard).toEqual(['hello again']);
    await clock.during(Promise.all([session.logout(), bob.session.logout()]));
  });

  it('meets refusals and cut networks', async () => {
    const { session, emulator, clock, tokens } = createTestSession(quiet);
    tokens.fault = { kind: 'denying' };
    const refused = session.login().catch((error: unknown) => error);
    expect(await clock.during(refused)).toMatchObject({ code: 'TOKEN_DENIED' });
    tokens.fault = null;
    await clock.during(session.login());
    emulator.setNetwork('alice', false);
    await clock.until(() => session.state.status === 'reconnecting');
    emulator.setNetwork('alice', true);
    await clock.until(() => session.state.status === 'connected');
    emulator.kick('alice');
    await clock.advance(0);
    expect(session.state).toMatchObject({ status: 'failed', error: { code: 'KICKED' } });
    await clock.during(session.logout());
  });
});
