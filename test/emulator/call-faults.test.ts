import type { CallFault } from 'agora-session/emulator';
import { describe, expect, it } from 'vitest';
import { callerOf, EVERY_CALL, outcomeOf } from './every-call.js';
import { codeOf, World } from './world.js';

/** A fault's course: what the call's outcome and its effect are at once, after 5 s and after 40 s. */
interface Course {
  readonly fault: CallFault;
  readonly outcomes: readonly unknown[];
  readonly effects: readonly boolean[];
}

const COURSES: readonly Course[] = [
  { fault: { kind: 'slow', ms: 3000 }, outcomes: ['pending', 'resolved', 'resolved'], effects: [false, true, true] },
  { fault: { kind: 'hang' }, outcomes: ['pending', 'pending', 'pending'], effects: [false, false, false] },
  { fault: { kind: 'lost' }, outcomes: ['pending', 'pending', 'pending'], effects: [true, true, true] },
  { fault: { kind: 'lost', code: -11021 }, outcomes: [-11021, -11021, -11021], effects: [true, true, true] },
  { fault: { kind: 'late', ms: 12_000 }, outcomes: ['pending', 'pending', 'resolved'], effects: [true, true, true] },
  {
    fault: { kind: 'lateEffect', ms: 20_000, answers: true },
    outcomes: ['pending', 'pending', 'resolved'],
    effects: [false, false, true],
  },
  {
    fault: { kind: 'lateEffect', ms: 4000, answers: false },
    outcomes: ['pending', 'pending', 'pending'],
    effects: [false, true, true],
  },
  { fault: { kind: 'refuse', code: -10021 }, outcomes: [-10021, -10021, -10021], effects: [false, false, false] },
  {
    fault: { kind: 'refuse', code: -11019, afterMs: 3000 },
    outcomes: ['pending', -11019, -11019],
    effects: [false, false, false],
  },
  {
    fault: { kind: 'odd', value: 'rejectsUndefined' },
    outcomes: [undefined, undefined, undefined],
    effects: [false, false, false],
  },
  {
    fault: { kind: 'odd', value: 'rejectsString', takesEffect: true },
    outcomes: ['The call failed.', 'The call failed.', 'The call failed.'],
    effects: [true, true, true],
  },
  {
    fault: { kind: 'odd', value: 'resolvesUndefined' },
    outcomes: ['resolved', 'resolved', 'resolved'],
    effects: [false, false, false],
  },
];

describe.each(EVERY_CALL)('$operation', (call) => {
  it.each(COURSES)('with $fault goes its course', async ({ fault, outcomes, effects }) => {
    const caller = await callerOf(call);
    const { world } = caller;
    world.emulator.order(call.operation, fault);
    const outcome = outcomeOf(call.make(caller));
    const seen: unknown[] = [];
    for (const ms of [0, 5000, 35_000]) {
      await world.clock.advance(ms);
      seen.push([outcome(), call.tookEffect?.(caller) ?? null]);
    }
    expect(seen).toEqual(outcomes.map((value, index) => [value, call.tookEffect ? effects[index] : null]));
    expect(world.emulator.struck.calls).toEqual({ [call.operation]: { [fault.kind]: 1 } });
  });

  it.each([
    [{ kind: 'throw', code: -10025 }, /-10025/],
    [{ kind: 'throw' }, /ordered/],
  ] as const)('with %o throws before it returns, and nothing is sent', async (fault, text) => {
    const caller = await callerOf(call);
    caller.world.emulator.order(call.operation, fault);
    expect(() => call.make(caller)).toThrow(text);
    await caller.world.clock.advance(20_000);
    expect(call.tookEffect?.(caller) ?? false).toBe(false);
    await call.make(caller);
  });

  it.each([true, false])('can give no promise, with effect: %s', async (takesEffect) => {
    const caller = await callerOf(call);
    caller.world.emulator.order(call.operation, { kind: 'odd', value: 'noPromise', takesEffect });
    expect(call.make(caller)).toBeUndefined();
    await caller.world.clock.advance(0);
    if (call.tookEffect) expect(call.tookEffect(caller)).toBe(takesEffect);
  });

  it('fails as long as was ordered, for the user and the channel that were named', async () => {
    const caller = await callerOf(call);
    const { emulator } = caller.world;
    const refusal = { kind: 'refuse', code: -11024 } as const;
    emulator.order(call.operation, refusal, { userId: 'bob' });
    emulator.order(call.operation, refusal, { channelName: 'elsewhere' });
    emulator.order(call.operation, refusal, { times: Number.POSITIVE_INFINITY, userId: 'alice' });
    for (let time = 0; time < 3; time += 1) {
      expect(await codeOf(call.make(caller))).toBe(-11024);
      await caller.world.clock.advance(5000);
    }
    emulator.clearFaults();
    expect(await codeOf(call.make(caller))).toBe('resolved');
    expect(emulator.struck.calls[call.operation]).toEqual({ refuse: 3 });
  });
});

describe('orders', () => {
  it('are carried out one after the other', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.order('publish', { kind: 'refuse', code: -11024 }, { times: 2 });
    world.emulator.order('publish', { kind: 'throw' });
    world.emulator.order('publish', { kind: 'slow', ms: 100 });
    const publish = () => client.publish('lobby', 'hello');
    expect([await codeOf(publish()), await codeOf(publish())]).toEqual([-11024, -11024]);
    expect(publish).toThrow('ordered');
    const slow = outcomeOf(publish());
    await world.clock.advance(99);
    expect(slow()).toBe('pending');
    await world.clock.advance(1);
    expect(slow()).toBe('resolved');
  });

  it('are not used up by a call that sends nothing', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.order('publish', { kind: 'hang' });
    expect(await codeOf(client.publish('*', 'hello'))).toBe(-10008);
    expect(world.emulator.struck.calls).toEqual({});
    const hanging = outcomeOf(client.publish('lobby', 'hello'));
    await world.clock.advance(60_000);
    expect(hanging()).toBe('pending');
  });

  it('that make no sense are refused with the name of the argument', () => {
    const { emulator } = new World();
    const wrong = [
      () => emulator.order('fly' as never, { kind: 'hang' }),
      () => emulator.order('join', { kind: 'sleep' } as never),
      () => emulator.order('join', { kind: 'slow', ms: -1 }),
      () => emulator.order('join', { kind: 'late' } as never),
      () => emulator.order('join', { kind: 'refuse', code: 5 }),
      () => emulator.order('join', { kind: 'lost', code: Number.NaN }),
      () => emulator.order('join', { kind: 'odd', value: 'sings' as never }),
      () => emulator.order('join', { kind: 'hang' }, { times: 0 }),
      () => emulator.setEventFaults({ delayMs: [5, 1] }),
      () => emulator.setEventFaults({ lose: 2 }),
    ].map((call) => {
      try {
        call();
        return 'accepted';
      } catch (error) {
        return String(error);
      }
    });
    expect(wrong.map((text) => text.match(/TypeError: (\S+)/)?.[1])).toEqual([
      'operation',
      'fault.kind',
      'fault.ms',
      'fault.ms',
      'fault.code',
      'fault.code',
      'fault.value',
      'times',
      'delayMs',
      'lose',
    ]);
  });
});
