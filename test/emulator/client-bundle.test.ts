import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, it } from 'vitest';

it('what a page loads of the emulator holds no certificate code and nothing of Node', async () => {
  const entry = fileURLToPath(new URL('../../src/emulator/client.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: true, rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' } },
  });
  const outputs = [built].flat() as { output: readonly { code?: string }[] }[];
  const code = outputs.flatMap(({ output }) => output.map((file) => file.code ?? '')).join('\n');
  expect(code).toMatch(/connectEmulator/);
  for (const forbidden of [
    'node:',
    'createHmac',
    'timingSafeEqual',
    'appCertificate',
    'Math.random',
    'agora-rtm-sdk',
  ]) {
    expect(code, forbidden).not.toContain(forbidden);
  }
}, 60_000);
