import { CALLS } from './calls.js';
import { CONSTRUCTION } from './construction.js';
import type { ContractCase } from './kit.js';
import { LOGINS } from './logins.js';
import { RATES } from './rates.js';
import { RECONNECTING } from './reconnecting.js';
import { STREAMS } from './streams.js';

/**
 * What agora-rtm-sdk 2.3.0 does without a network. The real SDK and the emulator's client are held to the same sentences; should a
 * later SDK change, this says where, and the emulator follows.
 */
export const CONTRACT: readonly ContractCase[] = [
  ...CONSTRUCTION,
  ...LOGINS,
  ...RECONNECTING,
  ...CALLS,
  ...STREAMS,
  ...RATES,
];
