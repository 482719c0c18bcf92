import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { buildRtmToken } from '../../src/server/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { runCli } from './run-cli.js';

const rtmOf = (userId: string) => buildRtmToken({ appId, appCertificate, userId, expiresInSeconds: 3600 });

test('standard input without end is refused before it is all read, in a word', async () => {
  const endless = function* () {
    for (;;) yield 'A'.repeat(65_536);
  };
  for (const args of [
    ['inspect', '-'],
    ['token', 'alice', '--certificate-from-stdin'],
  ]) {
    const { code, stderr } = await runCli(args, { stdin: Readable.from(endless()) });
    expect([code, stderr]).toEqual([2, expect.stringContaining('more than 200000 characters')]);
  }
});

test('a token in the place of an option is not repeated', async () => {
  const { code, stderr } = await runCli(['inspect', `--${rtmOf('alice')}`]);
  expect([code, stderr.includes(rtmOf('alice').slice(0, 40))]).toEqual([2, false]);
});

test.runIf(process.platform !== 'win32')('an .env that every user can read brings a warning', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'agora-session-cli-'));
  const text = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`;
  const noted = async (mode: number) => {
    writeFileSync(join(directory, '.env'), text);
    chmodSync(join(directory, '.env'), mode);
    return (await runCli(['token', 'alice'], { directory })).stderr;
  };
  expect(await noted(0o644)).toMatch(/^Warning: \.env holds AGORA_APP_CERTIFICATE .* chmod 600 \.env$/);
  expect(await noted(0o640)).toBe('');
});
