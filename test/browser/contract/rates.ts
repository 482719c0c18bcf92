import type { SignalingClient } from '../../../src/session/sdk/signaling-client.js';
import type { ContractCase } from './kit.js';

const MANY = 250;

/** How many of many calls, all made at once, end with each code. */
async function counts(call: (index: number) => Promise<unknown>): Promise<Record<string, number>> {
  const codes = await Promise.all(
    Array.from({ length: MANY }, async (_, index) => {
      try {
        await call(index);
        return 'resolved';
      } catch (error) {
        return String((error as { code?: unknown }).code);
      }
    }),
  );
  const counted: Record<string, number> = {};
  for (const code of codes) counted[code] = (counted[code] ?? 0) + 1;
  return counted;
}

const CALLS: Readonly<Record<string, (client: SignalingClient, token: string) => Promise<unknown>>> = {
  publish: (client) => client.publish('lobby', 'hello'),
  subscribe: (client) => client.subscribe('lobby'),
  unsubscribe: (client) => client.unsubscribe('lobby'),
  renewToken: (client, token) => client.renewToken(token),
  setState: (client) => client.presence.setState('lobby', 'MESSAGE', { mood: 'patient' }),
};

/** How many calls agora-rtm-sdk 2.3.0 takes in a second. */
export const RATES: readonly ContractCase[] = [
  {
    title: 'calls are counted, each operation for itself, and refused beyond their number in a second',
    observe: async (kit) => {
      const observed = kit.client();
      observed.login(kit.tokens.alice);
      await kit.wait(6);
      const seen: Record<string, unknown> = {};
      for (const [name, call] of Object.entries(CALLS)) {
        seen[name] = await counts(() => call(observed.client, kit.tokens['alice again']));
      }
      await kit.wait(1);
      seen.again = await counts(() => observed.client.publish('lobby', 'hello'));
      return seen;
    },
    expected: {
      publish: { '-10025': 60, '-10021': 190 },
      subscribe: { '-10025': 20, '-10021': 230 },
      unsubscribe: { resolved: 250 },
      renewToken: { '-10025': 20, '-10021': 230 },
      setState: { resolved: 20, '-10021': 230 },
      again: { '-10025': 60, '-10021': 190 },
    },
  },
  {
    title: 'ten stream channels are joined or being joined at a time; one more says FAILED, and joins are counted last',
    observe: async (kit) => {
      const observed = kit.client();
      const join = (index: number) => observed.client.createStreamChannel(`channel ${index}`).join();
      const before = await counts(join);
      observed.login(kit.tokens.alice);
      await kit.wait(6);
      const from = observed.links().length;
      const end = kit.begin(() => counts(join));
      await kit.wait(16);
      const streams = observed
        .links()
        .slice(from)
        .filter((link) => link.startsWith('STREAM'));
      return { before, codes: end(), streams: tally(streams) };
    },
    expected: {
      before: { '-10025': 250 },
      codes: { '-11005': 240, '-11007': 10 },
      streams: {
        'STREAM FAILED>CONNECTING JOIN/REJOIN': 250,
        'STREAM CONNECTING>FAILED JOIN/CHANNEL_INSTANCE_EXCEED_LIMITATION': 240,
        'STREAM CONNECTING>FAILED JOIN/JOIN_FAILED': 10,
      },
    },
  },
];

/** How often each sentence was heard. */
function tally(sentences: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const sentence of sentences) counted[sentence] = (counted[sentence] ?? 0) + 1;
  return counted;
}
