import { describe, expect, it } from 'vitest';
import { type BatchDoubt, doubtAfter, failedFor, nextRequest } from '../../src/token/next-request.js';
import { newLease, type TokenLease } from '../../src/token/token-lease.js';
import { VirtualClock } from '../support/virtual-clock.js';

const clock = new VirtualClock();

function wanted(order: number, channelName?: string): TokenLease {
  const lease = newLease(channelName ? { kind: 'stream', channelName } : { kind: 'signaling' });
  const since = { wall: clock.now(), monotonic: clock.monotonic() };
  lease.ask = { is: 'wanted', cause: 'schedule', since, order, wait: null };
  return lease;
}

describe('after a passing failure of a request for several tokens', () => {
  const failed = { together: true, failed: true };
  const answered = { together: true, failed: false };
  const failedAlone = { together: false, failed: true };
  const answeredAlone = { together: false, failed: false };

  it.each<[BatchDoubt, typeof failed, BatchDoubt, boolean]>([
    ['none', answered, 'none', false],
    ['none', answeredAlone, 'none', false],
    ['none', failedAlone, 'none', false],
    ['none', failed, 'probe', false],
    ['probe', failedAlone, 'probe', false],
    ['probe', answeredAlone, 'trial', false],
    ['trial', failedAlone, 'trial', false],
    ['trial', answeredAlone, 'trial', false],
    ['trial', answered, 'none', false],
    ['trial', failed, 'none', true],
  ])('%s and %o make %s; it splits: %s', (before, shown, doubt, splits) => {
    expect(doubtAfter(before, shown)).toEqual({ doubt, splits });
  });

  it('a probe that fails has failed for all who wait, but for those who are asked for alone', () => {
    const [login, stage, vault, alone, content] = [
      wanted(1),
      wanted(2, 'stage'),
      wanted(3, 'vault'),
      wanted(4, 'x'),
      wanted(5, 'y'),
    ];
    Object.assign(alone, { alone: true });
    Object.assign(content, { ask: { is: 'content' } });
    const all = [login, stage, vault, alone, content];
    expect(failedFor([stage], all, 'probe')).toEqual([stage, login, vault]);
    expect(failedFor([alone], all, 'probe')).toEqual([alone]);
    for (const doubt of ['none', 'trial'] as const) expect(failedFor([stage], all, doubt)).toEqual([stage]);
  });

  it('whoever has been the probe least often is the next, since one of them may be the matter', () => {
    const leases = [wanted(1), wanted(2, 'stage'), wanted(3, 'vault')];
    const probed: (TokenLease | undefined)[] = [];
    for (let round = 0; round < 6; round += 1) {
      const [lease] = nextRequest(leases, clock, 'probe')?.leases ?? [];
      if (lease) lease.probes += 1;
      probed.push(lease);
    }
    expect(probed).toEqual([...leases, ...leases]);
    // Outside of a doubt the login goes first, however often it was the probe.
    Object.assign(leases[0] ?? {}, { probes: 9 });
    expect(nextRequest(leases, clock, 'none')?.leases[0]).toBe(leases[0]);
  });

  it('the first is asked for alone, the login where it is wanted', () => {
    const leases = [wanted(1, 'stage'), wanted(2), wanted(3, 'vault')];
    expect(nextRequest(leases, clock, 'probe')?.leases).toEqual([leases[1]]);
    expect(nextRequest([wanted(1, 'stage'), wanted(2, 'vault')], clock, 'probe')?.leases).toHaveLength(1);
    for (const doubt of ['none', 'trial'] as const) expect(nextRequest(leases, clock, doubt)?.leases).toHaveLength(3);
  });
});
