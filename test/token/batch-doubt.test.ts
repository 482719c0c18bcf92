import { describe, expect, it } from 'vitest';
import { type BatchDoubt, doubtAfter, nextRequest } from '../../src/token/next-request.js';
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

  it('the first is asked for alone, the login where it is wanted', () => {
    const leases = [wanted(1, 'stage'), wanted(2), wanted(3, 'vault')];
    expect(nextRequest(leases, clock, 'probe')?.leases).toEqual([leases[1]]);
    expect(nextRequest([wanted(1, 'stage'), wanted(2, 'vault')], clock, 'probe')?.leases).toHaveLength(1);
    for (const doubt of ['none', 'trial'] as const) expect(nextRequest(leases, clock, doubt)?.leases).toHaveLength(3);
  });
});
