import { expect, test, vi } from 'vitest';
import { RequestRefusedError, translateTokens } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';

/** A library of guards brings the package along: the same class, twice. */
async function banned(): Promise<RequestRefusedError> {
  vi.resetModules();
  const copy = await import('../../src/server/index.js');
  expect(copy.RequestRefusedError).not.toBe(RequestRefusedError);
  return new copy.RequestRefusedError(403, 'BANNED', 'This user is banned.');
}

const asked = { userId: 'alice', signaling: true };

test.each(['authorize', 'limit'])(
  'a refusal of another copy of the package, thrown by %s, is answered as it says',
  async (by) => {
    const refused = await banned();
    const onError = vi.fn();
    const response = await endpoint({ [by]: () => Promise.reject(refused), onError })(ask(asked));
    expect(await refusalOf(response)).toEqual([403, 'BANNED']);
    expect(onError).not.toHaveBeenCalled();
  },
);

test('and so is one that is thrown where a request of another kind is read', async () => {
  const refused = await banned();
  const handler = translateTokens(endpoint(), {
    ask: () => {
      throw refused;
    },
    answer: (given) => given,
  });
  const response = await handler(new Request('https://backend.example/token'));
  expect([response.status, await response.json()]).toEqual([403, { status: 403, error: 'This user is banned.' }]);
});

test('what it is known by shows nowhere', async () => {
  expect(Object.keys(await banned())).not.toContainEqual(expect.stringMatching(/agora/));
  expect(JSON.stringify(await banned())).not.toContain('agora');
});
