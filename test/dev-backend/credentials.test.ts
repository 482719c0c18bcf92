import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { credentialsFrom, readEnvironment } from '../../src/dev-backend/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';

const project = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };

test('the project comes from two variables, and there is none without them', () => {
  expect(credentialsFrom(project)).toEqual({ appId, appCertificate, throwaway: false });
  expect(credentialsFrom({})).toBeNull();
  expect(credentialsFrom({ AGORA_APP_ID: '', AGORA_APP_CERTIFICATE: '' })).toBeNull();
});

test.each([
  ['AGORA_APP_CERTIFICATE', { AGORA_APP_ID: appId }],
  ['AGORA_APP_ID', { AGORA_APP_CERTIFICATE: appCertificate }],
  ['AGORA_APP_ID', { ...project, AGORA_APP_ID: 'my-app' }],
  ['AGORA_APP_CERTIFICATE', { ...project, AGORA_APP_CERTIFICATE: `${appCertificate} ` }],
  ['VITE_AGORA_APP_CERTIFICATE', { VITE_AGORA_APP_CERTIFICATE: appCertificate }],
  ['VITE_APP_CERTIFICATE', { VITE_APP_CERTIFICATE: appCertificate }],
  ['VITE_APP_KEY', { ...project, VITE_APP_KEY: appCertificate }],
])('%s is refused when half, wrong or published', (argument, environment) => {
  expect(() => credentialsFrom(environment)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }));
  expect(() => credentialsFrom(environment)).not.toThrow(appCertificate);
});

test('.env and .env.local fill in what is not set', () => {
  const directory = mkdtempSync(join(tmpdir(), 'agora-session-env-'));
  writeFileSync(join(directory, '.env'), 'A=file\nB=file\nC="a b" # comment\n');
  writeFileSync(join(directory, '.env.local'), 'B=local\nD=local\n');
  expect(readEnvironment(directory, { D: 'set' })).toEqual({ A: 'file', B: 'local', C: 'a b', D: 'set' });
  expect(readEnvironment(join(directory, 'nowhere'), { D: 'set' })).toEqual({ D: 'set' });
});

test('a file in UTF-16, as PowerShell writes one, is read; a folder in the place of one is named', () => {
  const directory = mkdtempSync(join(tmpdir(), 'agora-session-env-'));
  writeFileSync(join(directory, '.env'), Buffer.from('\uFEFFA=file\r\nB="file"\r\n', 'utf16le'), { mode: 0o600 });
  expect(readEnvironment(directory, {})).toEqual({ A: 'file', B: 'file' });
  mkdirSync(join(directory, '.env.local'));
  expect(() => readEnvironment(directory, {})).toThrow(join(directory, '.env.local'));
});
