import {
  isHex32,
  isRtcAccount,
  isRtcChannelName,
  isSignalingName,
  RTC_ACCOUNT_RULE,
  RTC_CHANNEL_RULE,
  SIGNALING_NAME_RULE,
} from '../../token/identifiers.js';
import { utf8Length } from '../../token/utf8.js';
import { MAX_LIFE_SECONDS } from '../../token/wire-format.js';
import { InvalidArgumentError } from './errors.js';

const MAX_U32 = 0xffff_ffff;
const MAX_SALT = 99_999_999;
const MAX_TEXT_BYTES = 255;
/** From here on a number of seconds is a date of this century, not a life. */
const FIRST_TIMESTAMP = 946_684_800;

/** Refuses what has not the form of an app ID or certificate, without repeating it: the two are easily swapped. */
export function checkHex32(argument: string, value: unknown): asserts value is string {
  if (isHex32(value)) return;
  const got = typeof value === 'string' ? `a string of ${value.length} characters` : typeName(value);
  throw new InvalidArgumentError(argument, `must be 32 hexadecimal digits as Agora Console shows them, got ${got}.`);
}

/** Refuses a user ID or channel name that agora-rtm-sdk would refuse. */
export function checkSignalingName(argument: string, value: unknown): asserts value is string {
  checkName(argument, value, isSignalingName, SIGNALING_NAME_RULE);
}

/** Refuses a channel name that agora-rtc-sdk-ng would refuse. */
export function checkRtcChannelName(argument: string, value: unknown): asserts value is string {
  checkName(argument, value, isRtcChannelName, RTC_CHANNEL_RULE);
}

/** Refuses a user account that agora-rtc-sdk-ng would refuse. */
export function checkRtcAccount(argument: string, value: unknown): asserts value is string {
  checkName(argument, value, isRtcAccount, RTC_ACCOUNT_RULE);
}

/** It says where a name is wrong, and does not repeat it: it may be a secret. */
function checkName(argument: string, value: unknown, isAllowed: (name: unknown) => boolean, rule: string): void {
  if (isAllowed(value)) return;
  const got = typeof value === 'string' ? wrongName(value, isAllowed) : typeName(value);
  throw new InvalidArgumentError(argument, `must be ${rule}; got ${got}.`);
}

function wrongName(name: string, isAllowed: (name: unknown) => boolean): string {
  const wrong = [...name].findIndex((character, index) => !isAllowed(index === 0 ? character : `a${character}`));
  return `${name.length} characters${wrong >= 0 ? `, of which number ${wrong + 1} is not allowed` : ''}`;
}

/** Refuses a text that Agora's other services could not carry: they state no rule for characters, so only the size counts. */
export function checkText(argument: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && utf8Length(value) <= MAX_TEXT_BYTES) return;
  throw new InvalidArgumentError(argument, `must be a string of at most ${MAX_TEXT_BYTES} bytes.`);
}

/** Refuses a life that is not a whole number of seconds from 1 to 86 400. */
export function checkLifeSeconds(argument: string, value: unknown): asserts value is number {
  if (isWhole(value, 1, MAX_LIFE_SECONDS)) return;
  const expectation = `must be a whole number of seconds from 1 to ${MAX_LIFE_SECONDS} (24 hours)`;
  if (typeof value === 'number' && value >= FIRST_TIMESTAMP) {
    const advice = 'it counts from now: pass the life, such as 3600, not the time at which it ends';
    throw new InvalidArgumentError(
      argument,
      `${expectation}; ${value} looks like an absolute timestamp, but ${advice}.`,
    );
  }
  throw new InvalidArgumentError(
    argument,
    `${expectation}, got ${typeof value === 'number' ? value : typeName(value)}.`,
  );
}

/** Refuses an issue time that is not in whole unix seconds. */
export function checkUnixSeconds(argument: string, value: unknown): asserts value is number {
  if (isWhole(value, 0, MAX_U32)) return;
  const hint = typeof value === 'number' && value > MAX_U32 ? '; this looks like milliseconds' : '';
  throw new InvalidArgumentError(argument, `must be a time in whole unix seconds${hint}.`);
}

/** Refuses a salt outside the range that Agora's builders draw from. */
export function checkSalt(argument: string, value: unknown): asserts value is number {
  checkWhole(argument, value, 1, MAX_SALT);
}

/** Refuses what is not a whole number of the range. */
export function checkWhole(argument: string, value: unknown, least: number, most: number): asserts value is number {
  if (!isWhole(value, least, most)) {
    throw new InvalidArgumentError(argument, `must be a whole number from ${least} to ${most}.`);
  }
}

/** Whether this is a whole number of the range. */
export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** Refuses what has no fields: options that were forgotten, or given in another order. */
export function checkObject(argument: string, value: unknown, fields: string): asserts value is object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new InvalidArgumentError(argument, `must be an object with ${fields}; got ${typeName(value)}.`);
}

/** Refuses an object with a field that nobody would look at. */
export function checkNames(argument: string, value: object, known: readonly string[]): void {
  const wrong = Object.keys(value).findIndex((name) => !known.includes(name));
  if (wrong < 0) return;
  throw new InvalidArgumentError(argument, `may name ${known.join(', ')}; number ${wrong + 1} is something else.`);
}

/** Refuses what cannot be called. */
export function checkFunction(argument: string, value: unknown): void {
  if (typeof value !== 'function') throw new InvalidArgumentError(argument, 'must be a function.');
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return value === null ? 'null' : typeof value;
}
