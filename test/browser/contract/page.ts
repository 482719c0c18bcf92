import { connectEmulator } from 'agora-session/emulator/client';
import type { SignalingSdk } from '../../../src/session/sdk/signaling-client.js';
import { ContractKit, type ContractSetting } from './kit.js';
import { CONTRACT } from './sdk-contract.js';

declare global {
  interface Window {
    advance(ms: number): Promise<void>;
    openContract(subject: string, setting: ContractSetting): Promise<void>;
    observeCase(index: number): Promise<unknown>;
  }
}

let kit: ContractKit | null = null;

/** The real SDK, or the emulator's where `subject` is an address. */
async function load(subject: string): Promise<SignalingSdk> {
  if (subject !== 'agora-rtm-sdk') return connectEmulator(subject);
  const { default: sdk } = await import('agora-rtm-sdk');
  return sdk;
}

window.openContract = async (subject, setting) => {
  kit = new ContractKit(await load(subject), setting, (ms) => window.advance(ms));
};

window.observeCase = async (index) => {
  const contractCase = CONTRACT[index];
  if (!kit || !contractCase) throw new Error(`There is no case ${index}.`);
  try {
    return await contractCase.observe(kit);
  } finally {
    await kit.cleanUp();
  }
};
