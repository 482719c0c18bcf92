import { describe, expect, test } from 'vitest';
import {
  buildAccessToken,
  buildRtcToken,
  buildRtmToken,
  InvalidArgumentError,
  memoryLimiter,
  parseAccessToken,
  type ServiceGrant,
  verifyAccessToken,
} from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

const project = { appId, appCertificate, expiresInSeconds: 600 };

function refusal(build: () => unknown): InvalidArgumentError {
  try {
    build();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

// What plain JavaScript may pass, whatever the types say.
const rtm = (options: object): string => buildRtmToken({ ...project, userId: 'alice', ...options });
const rtc = (options: object): string =>
  buildRtcToken({ ...project, userId: 'alice', channelName: 'stage', ...options });
const services = (...list: unknown[]): string => buildAccessToken({ ...project, services: list as ServiceGrant[] });

const rtm2 = (permissions: unknown): string => services({ service: 'rtm2', userId: 'alice', permissions });
const none = (value: null | undefined): never => value as never;

describe('an argument that cannot be right is refused by name:', () => {
  test.each<[string, () => unknown]>([
    ['appId', () => rtm({ appId: 'not hex' })],
    ['appId', () => rtm({ appId: undefined })],
    ['appId', () => verifyAccessToken('', { appId: `${appId}0`, appCertificate })],
    ['appCertificate', () => rtm({ appCertificate: '' })],
    ['appCertificate', () => verifyAccessToken('', { appId, appCertificate: 'short' })],
    ['now', () => verifyAccessToken('', { appId, appCertificate, now: 1.5 })],
    ['userId', () => rtm({ userId: '' })],
    ['userId', () => rtm({ userId: 42 })],
    ['userId', () => rtm({ userId: 'a'.repeat(65) })],
    ['userId', () => rtm({ userId: 'alice@example.com' })],
    ['userId', () => rtm({ userId: '_alice' })],
    ['userId', () => rtm({ userId: '*' })],
    ['userId', () => rtc({ userId: -1 })],
    ['userId', () => rtc({ userId: 2 ** 32 })],
    ['userId', () => rtc({ userId: 1.5 })],
    ['userId', () => rtc({ userId: '' })],
    ['channelName', () => rtc({ channelName: undefined })],
    ['userId', () => rtc({ userId: 'u'.repeat(256) })],
    ['userId', () => rtc({ userId: 'é' })],
    ['channelName', () => rtc({ channelName: 'a/b' })],
    ['channelName', () => rtc({ channelName: '' })],
    ['channelName', () => rtc({ channelName: 'a'.repeat(65) })],
    ['channelName', () => rtc({ channelName: '*' })],
    ['services[0].channelName', () => services({ service: 'rtc', channelName: 'é', userId: 7, privileges: [] })],
    ['role', () => rtc({ role: 1 })],
    ['role', () => rtc({ role: 'constructor' })],
    ['privileges', () => rtc({ privileges: ['login'] })],
    ['privileges', () => rtc({ privileges: ['toString'] })],
    ['privileges', () => rtc({ privileges: 'joinChannel' })],
    ['privileges.joinChannel', () => rtc({ privileges: { joinChannel: -1 } })],
    ['privileges.joinChannel', () => rtc({ privileges: { joinChannel: 86_401 } })],
    ['services[0].permissions', () => rtm2(null)],
    ['services[0].permissions', () => rtm2(['messageChannels'])],
    ['services[0].permissions', () => rtm2({ messageChanels: { read: ['news'] } })],
    ['services[0].permissions.users', () => rtm2({ users: ['bob'] })],
    ['services[0].permissions.users', () => rtm2({ users: { reed: ['bob'] } })],
    ['services[0].permissions.users.read', () => rtm2({ users: { read: 'bob' } })],
    ['services[0].permissions.users.read', () => rtm2({ users: { read: new Set(['bob']) } })],
    ['services[0].permissions.users.write', () => rtm2({ users: { write: 5 } })],
    ['services[0].permissions.users.write', () => rtm2({ users: { write: [Symbol('bob')] } })],
    ['options', () => buildRtmToken(none(null))],
    ['options', () => buildRtcToken(none(undefined))],
    ['options', () => buildAccessToken(none(null))],
    ['options', () => verifyAccessToken('', none(undefined))],
    ['options', () => memoryLimiter(none(undefined))],
    ['now', () => memoryLimiter({ requests: 1, perSeconds: 1, now: 5 as never })],
    ['expected', () => verifyAccessToken('', { ...project, expected: none(null) })],
    ['issuedAt', () => rtm({ issuedAt: 1.5 })],
    ['issuedAt', () => rtm({ issuedAt: 1_767_225_600_000 })],
    ['salt', () => rtm({ salt: 0 })],
    ['salt', () => rtm({ salt: 100_000_000 })],
    ['services', () => services()],
    ['services', () => buildAccessToken({ ...project, services: undefined as unknown as ServiceGrant[] })],
    ['services[0].service', () => services({ service: 'valueOf' })],
    ['services[1].service', () => services({ service: 'rtm', userId: 'alice' }, null)],
    ['services[1].userId', () => services({ service: 'rtm', userId: 'alice' }, { service: 'rtm', userId: '.' })],
    ['services[0].privileges', () => services({ service: 'rtc', channelName: 'stage', userId: 'alice' })],
    ['services[0].role', () => services({ service: 'apaas', roomUuid: '', userId: '', role: 40_000, privileges: [] })],
    ['services[0].userId', () => services({ service: 'chat', userId: 'a'.repeat(256), privileges: [] })],
    ['services', () => services(...Array.from({ length: 2000 }, () => ({ service: 'rtm', userId: 'a'.repeat(60) })))],
  ])('%s', (argument, build) => {
    const error = refusal(build);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', argument });
    expect(error.message.slice(0, argument.length + 1)).toBe(`${argument} `);
  });
});

test.each([0, -1, 1.5, 86_401, Number.NaN, Number.POSITIVE_INFINITY, '600', undefined, null])(
  'a life of %s seconds is refused',
  (expiresInSeconds) => {
    expect(refusal(() => rtm({ expiresInSeconds }))).toMatchObject({ argument: 'expiresInSeconds' });
  },
);

test.each([1, 600, 86_400])('a life of %d seconds is accepted', (expiresInSeconds) => {
  expect(parseAccessToken(rtm({ expiresInSeconds })).expiresInSeconds).toBe(expiresInSeconds);
});

test.each([1_767_229_200, 1_767_229_200_000])('the timestamp %d passed as a life is recognised', (expiresInSeconds) => {
  expect(refusal(() => rtm({ expiresInSeconds })).message).toContain('looks like an absolute timestamp');
});

test('neither a certificate nor what was passed as the app ID appears in an error', () => {
  const almost = `${appCertificate}\n`;
  for (const error of [refusal(() => rtm({ appCertificate: almost })), refusal(() => rtm({ appId: almost }))]) {
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain(appCertificate);
  }
});

test('an RTM token lets its user log in and nothing else', () => {
  const { services: read, ...rest } = parseAccessToken(rtm({ issuedAt: 1000, salt: 7 }));
  expect(read).toEqual([{ type: 2, name: 'rtm', userId: 'alice', privileges: new Map([[1, 600]]) }]);
  expect(rest).toMatchObject({ appId, issuedAt: 1000, salt: 7, expiresInSeconds: 600, expiresAt: 1600 });
});

test.each<[string, object, number[]]>([
  ['without a role', {}, [1, 2, 3, 4]],
  ['for a publisher', { role: 'publisher' }, [1, 2, 3, 4]],
  ['for a subscriber', { role: 'subscriber' }, [1]],
  ['for a stream channel', { privileges: ['publishDataStream', 'joinChannel'] }, [1, 4]],
])('an RTC token %s carries the privileges for it, in ascending order', (_, options, expected) => {
  const [service] = parseAccessToken(rtc(options)).services;
  expect([...(service?.privileges.keys() ?? [])]).toEqual(expected);
});

test('privileges may have lives of their own', () => {
  const [service] = parseAccessToken(rtc({ privileges: { publishDataStream: 0, joinChannel: 60 } })).services;
  expect([...(service?.privileges ?? [])]).toEqual([
    [1, 60],
    [4, 0],
  ]);
});

test.each([
  [2_882_341_273, '2882341273'],
  [0, ''],
  ['0', '0'],
])('the RTC uid %j is written as %j', (userId, written) => {
  expect(parseAccessToken(rtc({ userId })).services[0]).toMatchObject({ userId: written });
});

test('two tokens of the same second differ, and are issued now', () => {
  const [first, second] = [parseAccessToken(rtm({})), parseAccessToken(rtm({}))];
  expect(first.salt).not.toBe(second.salt);
  expect(Math.abs(first.issuedAt - Date.now() / 1000)).toBeLessThan(5);
});

// Calls have wider rules than Signaling: a token that the SDK of calls would take is not refused here.
describe('an RTC token is made for', () => {
  test.each(['room.1', '_room', 'a'.repeat(64)])('the channel %s', (channelName) => {
    expect(parseAccessToken(rtc({ channelName })).services).toMatchObject([{ channelName }]);
  });

  test.each(['first.last@mail.example', '_bot', 'u'.repeat(65), 'u'.repeat(255)])('the account %s', (userId) => {
    expect(parseAccessToken(rtc({ userId })).services).toMatchObject([{ userId }]);
  });
});

test.each<[string, () => unknown, string]>([
  ['a login', () => rtm({ userId: 'a.b' }), 'got 3 characters, of which number 2 is not allowed'],
  ['a login, at its start', () => rtm({ userId: '_a' }), 'got 2 characters, of which number 1 is not allowed'],
  ['a channel', () => rtc({ channelName: 'room/1' }), 'got 6 characters, of which number 5 is not allowed'],
  ['an account', () => rtc({ userId: 'zoé' }), 'got 3 characters, of which number 3 is not allowed'],
  ['an account by its size', () => rtc({ userId: 'u'.repeat(256) }), 'got 256 characters.'],
])('the refused name of %s is told by where it is wrong', (_, build, told) => {
  expect(refusal(build).message).toContain(told);
});
