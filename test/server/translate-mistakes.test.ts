import { describe, expect, test } from 'vitest';
import { translateTokens } from '../../src/server/index.js';
import { endpoint } from './ask.js';

// What the app's own translation gets wrong is said by name, and not laid at the caller's door.

const asked = { userId: 'alice', signaling: true, channels: [] };
const dialect = { ask: () => asked, answer: (given: unknown) => given };
const request = () => new Request('https://backend.example/rtm/alice');
const named = (argument: string) => expect.objectContaining({ name: 'InvalidArgumentError', argument });

describe('a translation is not made', () => {
  test.each<[string, unknown[]]>([
    ['handler', [undefined, dialect]],
    ['handler', [{}, dialect]],
    ['dialect', [endpoint(), undefined]],
    ['dialect.ask', [endpoint(), { answer: dialect.answer }]],
    ['dialect.answer', [endpoint(), { ...dialect, answer: 'token' }]],
    ['options', [endpoint(), dialect, null]],
  ])('with a wrong %s', (argument, given) => {
    expect(() => translateTokens(...(given as Parameters<typeof translateTokens>))).toThrow(named(argument));
  });
});

test.each<[string, object]>([
  ['dialect.ask', { ask: async () => asked }],
  ['dialect.answer', { answer: async (given: unknown) => given }],
  ['dialect.answer', { answer: () => undefined }],
  ['dialect.answer', { answer: () => 5n }],
])('what %s answers, and could not, is told by this name: case %#', async (argument, wrong) => {
  const handler = translateTokens(endpoint(), { ...dialect, ...wrong } as typeof dialect);
  await expect(handler(request())).rejects.toThrow(named(argument));
});

test.each([undefined, null, 'alice', 5])('a request of which ask makes %s is the caller’s mistake', async (nothing) => {
  const handler = translateTokens(endpoint(), { ...dialect, ask: () => nothing as never });
  const response = await handler(request());
  expect([response.status, await response.json()]).toEqual([
    400,
    { status: 400, error: 'The request does not say what it asks for.' },
  ]);
});
