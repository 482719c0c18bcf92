import type { ContractCase } from './kit.js';
import { BAD_TOKEN, BAD_USER, TAKEN } from './words.js';

const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** What the constructor of agora-rtm-sdk 2.3.0 accepts, and what clients and errors are like. */
export const CONSTRUCTION: readonly ContractCase[] = [
  {
    title: 'the constructor refuses app IDs that do not have 32 characters, whatever the characters are',
    observe: (kit) =>
      kit.outcomes(
        ['a'.repeat(31), 'a'.repeat(33), '', undefined, 'z'.repeat(32)].map(
          (appId) => () => new kit.sdk.RTM(appId as string, kit.newUser()),
        ),
      ),
    expected: [
      ...Array.from(
        { length: 4 },
        () => 'RtmUnavailableError: Error Code -10003 - Invalid App id. illegal symbol or too long. (initRTM)',
      ),
      'an object',
    ],
  },
  {
    title: 'the constructor refuses user IDs that are no string, empty or too long',
    observe: (kit) =>
      kit.outcomes(
        ['', null, undefined, 5, 'x'.repeat(65), 'x'.repeat(64), 'null'].map(
          (userId) => () => new kit.sdk.RTM(kit.appId, userId as string),
        ),
      ),
    expected: [BAD_USER, BAD_USER, BAD_USER, BAD_USER, BAD_USER, 'an object', 'an object'],
  },
  {
    title: 'the constructor refuses seven printable characters in user IDs, and a leading underscore',
    observe: (kit) => {
      const accepts = (userId: string): boolean => {
        try {
          return Boolean(new kit.sdk.RTM(kit.appId, userId));
        } catch {
          return false;
        }
      };
      return {
        refused: ASCII.filter((character) => !accepts(`in${character}side`)).join(''),
        refusedInFront: ASCII.filter((character) => !accepts(`${character} in front`)).join(''),
      };
    },
    expected: { refused: '"\'*./\\`', refusedInFront: '"\'*./\\_`' },
  },
  {
    title: 'the constructor looks at few of the settings',
    observe: async (kit) => {
      const construct = (userId: string, config: object): Promise<unknown> =>
        kit.outcome(() => new kit.sdk.RTM(kit.appId, userId, { logLevel: 'none', ...config }));
      return {
        letters: await construct('with letters', { useStringUserId: false }),
        digits: await construct('12345', { useStringUserId: false }),
        noKey: await construct('no key', { encryptionMode: 'AES_128_GCM' }),
        outOfRange: await construct('out of range', { heartbeatInterval: 0, presenceTimeout: 9999, token: 'x' }),
      };
    },
    expected: {
      letters: BAD_USER,
      digits: 'an object',
      noKey:
        'RtmUnavailableError: Error Code -10020 - Invalid encryption parameter. detail: not provide cipherKey but set encryptionMode. (initRTM)',
      outOfRange: 'an object',
    },
  },
  {
    title: 'one page has one client for each app and user, even after a login that never came through and a logout',
    observe: async (kit) => {
      const construct = (appId: string, userId: string): Promise<unknown> =>
        kit.outcome(() => new kit.sdk.RTM(appId, userId, { logLevel: 'none' }));
      const first = new kit.sdk.RTM(kit.appId, 'twice', { logLevel: 'none' });
      const again = await construct(kit.appId, 'twice');
      void first.login().catch(() => {});
      await kit.wait(1);
      await first.logout();
      await kit.wait(1);
      return {
        again,
        afterLogout: await construct(kit.appId, 'twice'),
        otherCase: await construct(kit.appId, 'Twice'),
        otherApp: await construct('b'.repeat(32), 'twice'),
      };
    },
    expected: {
      again: TAKEN,
      afterLogout: TAKEN,
      otherCase: 'an object',
      otherApp: 'an object',
    },
  },
  {
    title: 'errors have the fields of RTMBaseError',
    observe: async (kit) => {
      const { client } = kit.client();
      const error = await client.publish('lobby', 'x').catch((thrown: unknown) => thrown);
      const { name, message, error: flag, code, errorCode, reason, operation } = error as Record<string, unknown>;
      return { isError: error instanceof Error, name, message, error: flag, code, errorCode, reason, operation };
    },
    expected: {
      isError: true,
      name: 'RtmInvalidStatusError',
      message: 'Error Code -10025 - Perform operation failed due to RTM service is not connected.',
      error: true,
      code: -10025,
      errorCode: -10025,
      reason: 'Perform operation failed due to RTM service is not connected.',
      operation: 'publish',
    },
  },
  {
    title: 'a listener that was added twice is called twice, and removed once at a time',
    observe: async (kit) => {
      const { client } = kit.client();
      let calls = 0;
      const listener = (): void => {
        calls += 1;
      };
      client.addEventListener('linkState', listener);
      client.addEventListener('linkState', listener);
      client.addEventListener('status' as never, listener as never);
      await kit.outcome(() => client.login({ token: 'garbage' }));
      const twice = calls;
      client.removeEventListener('linkState', listener);
      await kit.outcome(() => client.logout());
      return [twice, calls];
    },
    expected: [4, 5],
  },
  {
    title: 'a listener that throws keeps the event from those after it, and its error goes nowhere',
    observe: async (kit) => {
      const { client } = kit.client();
      const heard: string[] = [];
      client.addEventListener('linkState', ({ currentState }) => heard.push(`before: ${currentState}`));
      client.addEventListener('linkState', () => {
        throw new Error('Thrown by a listener, on purpose.');
      });
      client.addEventListener('linkState', ({ currentState }) => heard.push(`after: ${currentState}`));
      const login = await kit.outcome(() => client.login({ token: 'garbage' }));
      return { login, heard: [...heard] };
    },
    expected: { login: `${BAD_TOKEN} (login)`, heard: ['before: CONNECTING', 'before: FAILED'] },
  },
];
