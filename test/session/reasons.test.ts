import { describe, expect, it } from 'vitest';
import * as sdkReasons from '../../src/session/sdk/reasons.js';
import { REMEDIES } from '../../src/session/sdk/remedies.js';
import type { LinkReasonCode } from '../../src/session/sdk/signaling-client.js';
import type { ReasonClass } from '../../src/session/state/reason-class.js';

const { errorClass, REASON_CLASSES, reasonClass, ...constants } = sdkReasons;

/** What a session does when the login's link, or one stream channel, is FAILED for this reason. */
const FAILED: Record<LinkReasonCode, [login: 'relogin' | 'stop', channel: 'rejoin' | 'stop']> = {
  UNKNOWN: ['relogin', 'rejoin'],
  LOGIN: ['relogin', 'rejoin'],
  LOGIN_SUCCESS: ['relogin', 'rejoin'],
  LOGIN_TIMEOUT: ['relogin', 'rejoin'],
  LOGIN_NOT_AUTHORIZED: ['stop', 'stop'],
  LOGIN_REJECTED: ['stop', 'stop'],
  RELOGIN: ['relogin', 'rejoin'],
  LOGOUT: ['relogin', 'rejoin'],
  AUTO_RECONNECT: ['relogin', 'rejoin'],
  RECONNECT_TIMEOUT: ['relogin', 'rejoin'],
  RECONNECT_SUCCESS: ['relogin', 'rejoin'],
  JOIN: ['relogin', 'rejoin'],
  JOIN_SUCCESS: ['relogin', 'rejoin'],
  JOIN_FAILED: ['relogin', 'rejoin'],
  REJOIN: ['relogin', 'rejoin'],
  LEAVE: ['relogin', 'rejoin'],
  INVALID_TOKEN: ['relogin', 'rejoin'],
  TOKEN_EXPIRED: ['relogin', 'rejoin'],
  INCONSISTENT_APP_ID: ['stop', 'stop'],
  INVALID_CHANNEL_NAME: ['stop', 'stop'],
  INVALID_USER_ID: ['stop', 'stop'],
  NOT_INITIALIZED: ['relogin', 'rejoin'],
  RTM_SERVICE_NOT_CONNECTED: ['relogin', 'rejoin'],
  CHANNEL_INSTANCE_EXCEED_LIMITATION: ['stop', 'stop'],
  OPERATION_RATE_EXCEED_LIMITATION: ['relogin', 'rejoin'],
  CHANNEL_IN_ERROR_STATE: ['relogin', 'rejoin'],
  PRESENCE_NOT_CONNECTED: ['relogin', 'rejoin'],
  SAME_UID_LOGIN: ['stop', 'stop'],
  KICKED_OUT_BY_SERVER: ['stop', 'rejoin'],
  KEEP_ALIVE_TIMEOUT: ['relogin', 'rejoin'],
  CONNECTION_ERROR: ['relogin', 'rejoin'],
  PRESENCE_NOT_READY: ['relogin', 'rejoin'],
  NETWORK_CHANGE: ['relogin', 'rejoin'],
  SERVICE_NOT_SUPPORTED: ['stop', 'stop'],
  STREAM_CHANNEL_NOT_AVAILABLE: ['stop', 'stop'],
  STORAGE_NOT_AVAILABLE: ['relogin', 'rejoin'],
  LOCK_NOT_AVAILABLE: ['relogin', 'rejoin'],
  LOGIN_TOO_FREQUENT: ['relogin', 'rejoin'],
};

const event = (reasonCode: string, reason = '') => ({ reasonCode: reasonCode as LinkReasonCode, reason });

describe('a reason', () => {
  it.each(Object.entries(FAILED))('%s with FAILED: the login %j', (code, [login, channel]) => {
    const reason = reasonClass(event(code));
    expect(reason).toBe(REASON_CLASSES[code as LinkReasonCode]);
    expect([REMEDIES[reason].login.do, REMEDIES[reason].channel.do]).toEqual([login, channel]);
  });

  it.each(['Token expired', 'Ticket expired', 'ticket EXPIRED'])(
    'takes the text "%s" for an expiry whatever the code',
    (reason) => {
      expect(reasonClass(event('UNKNOWN', reason))).toBe('token');
      expect(reasonClass(event('SOMETHING_NEW', reason))).toBe('token');
    },
  );

  it.each(['SOMETHING_NEW', 'constructor', '__proto__', ''])('logs in again for the unknown code "%s"', (code) => {
    expect(reasonClass(event(code))).toBe('unknown');
    expect(REMEDIES.unknown.login.do).toBe('relogin');
  });

  /** By what is done about it. Agora's "Troubleshooting" page has them with their names. */
  const NUMBERS: Partial<Record<ReasonClass, readonly number[]>> = {
    token: [-10005, -10009],
    throttled: [-10021, -11020],
    configuration: [
      -10003, -10006, -10008, -10012, -10015, -10016, -10020, -10022, -10024, -10027, -11005, -11008, -11014, -11018,
      -11038,
    ],
    channel: [-11001, -11006, -11007, -11016],
    network: [-10002, -10010, -10011, -10013, -10017, -10023, -10025, -10026, -11019],
  };

  it.each(Object.entries(NUMBERS))("takes these of the SDK's error codes for %s, and no others", (reason, numbers) => {
    const all = Array.from({ length: 2_000 }, (_, index) => -10_000 - index);
    expect(all.filter((number) => errorClass(number) === reason)).toEqual(numbers);
  });

  it.each([-99999, 10005, 0, null])('does not know the error code %s', (code) => {
    expect(errorClass(code)).toBe('unknown');
  });

  it('has names for numbers of the SDK, which are all negative', () => {
    const numbers = Object.values(constants).filter((value) => typeof value === 'number');
    expect(numbers.length).toBeGreaterThan(3);
    for (const number of numbers) expect(number).toBeLessThan(-10_000);
  });

  it('takes only a whole text for an expiry', () => {
    for (const reason of ['Your token expired', 'token expired?', 'token']) {
      expect(reasonClass(event('UNKNOWN', reason)), reason).toBe('unknown');
    }
  });
});
