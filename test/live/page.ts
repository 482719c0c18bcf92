import { connectEmulator } from 'agora-session/emulator/client';
import type { SignalingSdk } from '../../src/session/sdk/signaling-client.js';
import { ONLINE_CONTRACT } from './online-contract.js';
import { type MintToken, OnlineKit, type OnlineSetting } from './online-kit.js';

declare global {
  interface Window {
    mintToken: MintToken;
    passTime(ms: number): Promise<void>;
    openOnline(subject: string, setting: OnlineSetting): Promise<void>;
    observeOnline(index: number): Promise<unknown>;
  }
}

let kit: OnlineKit | null = null;

/** The real SDK, or the emulator's where `subject` is an address. */
async function load(subject: string): Promise<SignalingSdk> {
  if (subject !== 'agora-rtm-sdk') return connectEmulator(subject);
  const { default: sdk } = await import('agora-rtm-sdk');
  return sdk;
}

window.openOnline = async (subject, setting) => {
  kit = new OnlineKit(await load(subject), setting, window.mintToken, (ms) => window.passTime(ms));
};

window.observeOnline = async (index) => {
  const onlineCase = ONLINE_CONTRACT[index];
  if (!kit || !onlineCase) throw new Error(`There is no case ${index}.`);
  try {
    return await onlineCase.observe(kit);
  } finally {
    await kit.cleanUp();
  }
};
