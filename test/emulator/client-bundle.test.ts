import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, it } from 'vitest';

const source = (path: string): string => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));

/** All that a page loads for an entry, and the modules that it is made of. */
async function bundled(entry: string): Promise<{ code: string; modules: readonly string[] }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: source(entry), preserveEntrySignatures: 'strict', external: ['agora-rtm-sdk'] },
    },
  });
  const outputs = [built].flat() as { output: readonly { code?: string; moduleIds?: readonly string[] }[] }[];
  const files = outputs.flatMap(({ output }) => output);
  return {
    code: files.map((file) => file.code ?? '').join('\n'),
    modules: files.flatMap((file) => file.moduleIds ?? []),
  };
}

it('what a page loads of a served emulator holds no certificate code and nothing of Node', async () => {
  const { code } = await bundled('emulator/client.ts');
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

it.each([
  ['emulator/in-browser.ts', 'SignalingEmulator'],
  ['testing/index.ts', 'createTestSession'],
])(
  'a page that has all of %s loads nothing of Node and no WebSocket server',
  async (entry, name) => {
    const { code, modules } = await bundled(entry);
    expect(code).toContain(name);
    const foreign = /node:|__vite-browser-external|WebSocketServer|createHmac|\bBuffer\b|(['"`])ws\1/.exec(code)?.[0];
    expect(foreign).toBeUndefined();
    expect(modules.length).toBeGreaterThan(30);
    expect(
      modules.filter((id) => /browser-external|node_modules\/ws\/|\/src\/emulator\/serve\/serve-|\0node:/.test(id)),
    ).toEqual([]);
  },
  60_000,
);

it('a page that has the whole emulator loads at most 28 kB for it, gzipped', async () => {
  const { code } = await bundled('emulator/in-browser.ts');
  expect(gzipSync(code).length).toBeGreaterThan(5_000);
  expect(gzipSync(code).length).toBeLessThanOrEqual(28_000);
}, 60_000);
