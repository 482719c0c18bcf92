import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  give,
  loginStands,
  nextApply,
  settle,
  spend,
  spendHeld,
  unanswered,
  usableGrant,
} from '../../src/token/supersession.js';
import { type Grant, newLease, type TokenLease } from '../../src/token/token-lease.js';
import { VirtualClock } from '../support/virtual-clock.js';

const clock = new VirtualClock();

function grant(serial: number): Grant {
  const now = { wall: clock.now(), monotonic: clock.monotonic() };
  return { serial, token: `token ${serial}`, sentAt: now, lifeMs: 3_600_000, cause: 'schedule', wantedAt: now };
}

/** What can happen to a lease; `of` picks one of its tokens. */
type Step =
  | { readonly does: 'grant' | 'renew' | 'spendHeld' }
  | { readonly does: 'accepted' | 'refused' | 'unproven' | 'unanswered' | 'stands'; readonly of: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('grant' as const, 'renew' as const, 'spendHeld' as const) }),
  fc.record({
    does: fc.constantFrom(
      'accepted' as const,
      'refused' as const,
      'unproven' as const,
      'unanswered' as const,
      'stands' as const,
    ),
    of: fc.nat(),
  }),
);

/** One lease, and the calls that its tokens are with. */
class LeaseLife {
  readonly lease: TokenLease = newLease({ kind: 'signaling' });
  readonly open: Grant[] = [];
  #serial = 0;

  take(one: Step): void {
    const { lease } = this;
    if (one.does === 'grant') lease.newest = grant(++this.#serial);
    else if (one.does === 'spendHeld') spendHeld(lease);
    else if (one.does === 'renew') this.renew();
    else if ('of' in one) this.#end(one.does, one.of);
  }

  /** As the applier does it. */
  renew(): void {
    const next = nextApply(this.lease, true, clock);
    if (next.do !== 'renew') return;
    expect(this.open.map(({ serial }) => serial)).not.toContain(next.grant.serial);
    expect(next.grant.serial).toBeGreaterThan(this.lease.applied?.serial ?? 0);
    expect(next.grant.serial).toBeGreaterThan(this.lease.spent?.serial ?? 0);
    give(this.lease, next.grant);
    this.open.push(next.grant);
  }

  #end(how: 'accepted' | 'refused' | 'unproven' | 'unanswered' | 'stands', of: number): void {
    const one = this.open[of % Math.max(1, this.open.length)];
    if (!one) return;
    if (how === 'unanswered') {
      unanswered(this.lease, one);
      return;
    }
    this.open.splice(this.open.indexOf(one), 1);
    if (how === 'stands') loginStands(this.lease, one);
    else settle(this.lease, one, how);
  }
}

describe('supersession', () => {
  it('never gives a token twice while its call is open, nor a refused one, and what is applied only gets newer', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const life = new LeaseLife();
        let applied = 0;
        for (const one of steps) {
          life.take(one);
          expect(life.lease.applied?.serial ?? 0).toBeGreaterThanOrEqual(applied);
          applied = life.lease.applied?.serial ?? 0;
        }
      }),
    );
  });

  it('comes to rest with the newest token applied, whatever happened, once calls are answered', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const life = new LeaseLife();
        for (const one of [...steps, { does: 'grant' } as const]) life.take(one);
        for (let round = 0; round < 50; round += 1) {
          const next = nextApply(life.lease, true, clock);
          if (next.do === 'ask') life.take({ does: 'grant' });
          else if (next.do === 'renew') life.renew();
          else if (life.open.length > 0) life.take({ does: 'accepted', of: 0 });
          else break;
        }
        expect(life.lease.applied?.serial).toBe(life.lease.newest?.serial);
      }),
    );
  });

  it('waits for the call that has an earlier token, and not for one that never answered', () => {
    const lease = { ...newLease({ kind: 'signaling' }), newest: grant(2) };
    give(lease, grant(1));
    expect(nextApply(lease, true, clock)).toEqual({ do: 'nothing' });
    unanswered(lease, grant(1));
    expect(nextApply(lease, true, clock)).toMatchObject({ do: 'renew', grant: { serial: 2 } });
  });

  it('asks for another token where a silent call has the newest one, until that call ends', () => {
    const lease = { ...newLease({ kind: 'signaling' }), newest: grant(1) };
    give(lease, grant(1));
    unanswered(lease, grant(1));
    expect(nextApply(lease, true, clock)).toEqual({ do: 'ask' });
    expect(usableGrant(lease, clock)).toBeNull();
    expect(settle(lease, grant(1), 'accepted')).toBe(true);
    expect(nextApply(lease, true, clock)).toEqual({ do: 'nothing' });
  });

  it('uses no token whose life is over, to the millisecond', async () => {
    const lease = { ...newLease({ kind: 'signaling' }), newest: { ...grant(1), lifeMs: 1_000 } };
    await clock.advance(999);
    expect(usableGrant(lease, clock)).toMatchObject({ serial: 1 });
    await clock.advance(1);
    expect(usableGrant(lease, clock)).toBeNull();
  });

  it('applies the higher serial of two that were accepted, whichever answer comes first', () => {
    const lease = newLease({ kind: 'signaling' });
    for (const serial of [1, 2]) give(lease, grant(serial));
    expect(settle(lease, grant(2), 'accepted')).toBe(true);
    expect(settle(lease, grant(1), 'accepted')).toBe(false);
    expect(settle(lease, grant(2), 'accepted')).toBe(false);
    expect(lease.applied).toMatchObject({ serial: 2 });
  });

  it('waits for no other call once a login stands, and knows its token for applied', () => {
    const lease = newLease({ kind: 'signaling' });
    for (const serial of [1, 2, 3]) give(lease, grant(serial));
    expect(loginStands(lease, grant(2))).toBe(true);
    expect(lease.applied).toMatchObject({ serial: 2 });
    expect([...lease.given.keys()]).toEqual([]);
    expect([...lease.stale.keys()]).toEqual([1, 3]);
  });

  it('spends the applied token with all that was handed out on top of it, when the SDK says that it has lapsed', () => {
    for (const held of ['applied', 'given', 'stale'] as const) {
      const lease = { ...newLease({ kind: 'signaling' }), newest: grant(1) };
      if (held === 'applied') lease.applied = grant(1);
      else lease[held].set(1, grant(1));
      spendHeld(lease);
      expect(usableGrant(lease, clock), held).toBeNull();
      expect(lease.spent, held).toMatchObject({ serial: 1 });
    }
    const untouched = newLease({ kind: 'signaling' });
    spendHeld(untouched);
    expect(untouched.spent).toBeNull();
  });

  it('holds a token where the target cannot take it', () => {
    const lease = { ...newLease({ kind: 'signaling' }), newest: grant(1) };
    expect(nextApply(lease, false, clock)).toEqual({ do: 'hold' });
  });

  it('uses no token up to one that was refused', () => {
    const lease = { ...newLease({ kind: 'signaling' }), newest: grant(3) };
    spend(lease, grant(3));
    spend(lease, grant(1));
    expect(usableGrant(lease, clock)).toBeNull();
    lease.newest = grant(4);
    expect(usableGrant(lease, clock)).toMatchObject({ serial: 4 });
  });
});
