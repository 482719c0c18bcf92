import { readFileSync, writeFileSync } from 'node:fs';
import { SessionError, type SessionErrorCode } from 'agora-session';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { REASON_CLASSES } from '../src/session/sdk/reasons.js';
import { type ChannelRemedy, type LoginRemedy, REMEDIES } from '../src/session/sdk/remedies.js';
import type { ReasonClass } from '../src/session/state/reason-class.js';

const root = new URL('..', import.meta.url);
const path = new URL('README.md', root);
const readme = readFileSync(path, 'utf8');

/** What the examples take for granted; what they take from the package they import themselves, but for what the first ones have. */
const SURROUNDINGS = `
import { type SessionState, type TokenResponse, type TokenSource as Tokens } from 'agora-session';
declare const appCertificate: string;
declare const render: (state: SessionState) => void;
declare const show: (event: unknown) => void;
declare const userOf: (request: Request) => Promise<{ id: string; mayJoin(name: string): boolean } | null>;
declare const accessToken: () => Promise<string>;
declare const myApi: { tokens(userId: string, channels: readonly string[]): Promise<{ banned: boolean; login: string; channels: NonNullable<TokenResponse['channels']> }> };
`;

const ERROR_CODES: Record<SessionErrorCode, true> = {
  INVALID_ARGUMENT: true,
  NOT_LOGGED_IN: true,
  ALREADY_ACTIVE: true,
  SDK_LOAD_FAILED: true,
  CONFIGURATION: true,
  LOGIN_TIMEOUT: true,
  ABORTED: true,
  LOGGED_OUT: true,
  LOGIN_FAILED: true,
  CHANNEL_FAILED: true,
  CALL_FAILED: true,
  QUEUE_FULL: true,
  UNCERTAIN: true,
  DISPLACED: true,
  KICKED: true,
  TOKEN_REQUEST_FAILED: true,
  TOKEN_SOURCE_FAILED: true,
  TOKEN_DENIED: true,
  TOKEN_INVALID: true,
  TOKEN_MISMATCH: true,
  TOKEN_LAPSED: true,
  TOKEN_UNCHANGED: true,
  TOKEN_REJECTED: true,
  RENEWAL_FAILED: true,
};

/** What a session does, in words. */
function does(reason: ReasonClass): string {
  const { login, channel } = REMEDIES[reason];
  return `${ofLogin(login, reason)}; a channel ${ofChannel(channel)}`;
}

function ofLogin(login: LoginRemedy, reason: ReasonClass): string {
  if (login.do === 'stop') return `stops with \`${login.code}\``;
  const how = login.patience > 1 ? `${login.patience} times the backoff` : 'backoff';
  const again = `logs in again with ${reason === 'token' ? 'a fresh token' : how}`;
  const limit = login.refusals;
  return Number.isFinite(limit) ? `${again}, stops with \`${login.code}\` after ${limit} refusals in a row` : again;
}

function ofChannel(channel: ChannelRemedy): string {
  if (channel.do === 'stop') return `fails with \`${channel.code}\``;
  const limit = channel.rejoins;
  return `is joined again${Number.isFinite(limit) ? `, fails with \`${channel.code}\` after ${limit} times in a row` : ''}`;
}

function policyTable(): string {
  const classes = new Map<ReasonClass, string[]>();
  for (const [code, reason] of Object.entries(REASON_CLASSES)) {
    // These say that all is well, and never come with FAILED.
    if (reason === 'progress' || reason === 'success') continue;
    classes.set(reason, [...(classes.get(reason) ?? []), `\`${code}\``]);
  }
  const rows = [...classes].map(([reason, codes]) => {
    return `| ${reason} | ${codes.join(', ')} | ${does(reason)} |`;
  });
  return ['| class | reason codes of a FAILED link | the session |', '|---|---|---|', ...rows].join('\n');
}

/** Rows of the table of errors, with the two columns that the code knows: what ends so by itself, and whether a repetition may succeed. */
function errorRows(written: string): string {
  const [head = '', line = '', ...rows] = written.split('\n');
  const filled = rows.map((row) => {
    const [, code = '', what = '', , , help = ''] = row.split(/ *(?<!\\)\| */);
    const name = code.replaceAll('`', '') as SessionErrorCode;
    return `| ${[code, what, endings(name), new SessionError(name, '').retryable ? 'yes' : 'no', help].join(' | ')} |`;
  });
  return [head, line, ...filled].join('\n');
}

/** What the table of remedies ends with this error, and for which classes of reasons. */
function endings(code: SessionErrorCode): string {
  const reasons = Object.entries(REMEDIES);
  const logins = reasons.filter(
    ([, { login }]) => (login.do === 'stop' || login.refusals < MANY) && login.code === code,
  );
  const channels = reasons.filter(
    ([, { channel }]) => (channel.do === 'stop' || channel.rejoins < MANY) && channel.code === code,
  );
  const named = (what: string, of: [string, unknown][]): string[] =>
    of.length > 0 ? [`${what}: ${of.map(([reason]) => reason).join(', ')}`] : [];
  return [...named('a login', logins), ...named('a channel', channels)].join('; ') || '–';
}

const MANY = Number.POSITIVE_INFINITY;

describe('the README', () => {
  it('has examples that compile', () => {
    const sources = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, source = ''], index) => [
      new URL(`test/readme-${index}.ts`, root).pathname,
      withSurroundings(source),
    ]);
    expect(sources.length).toBeGreaterThan(5);
    expect(compile(new Map(sources as [string, string][]))).toEqual([]);
  }, 60_000);

  it('has every error code in its table', () => {
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(listed.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it('says of each error what ends so and whether it is retryable, as the code has it (UPDATE_README=1 writes it)', () => {
    const written = section('errors');
    const rows = errorRows(written);
    if (process.env.UPDATE_README) update('errors', rows);
    else expect(written).toBe(rows);
  });

  it('has the link policy as the code has it (UPDATE_README=1 writes it)', () => {
    const written = section('policy');
    if (process.env.UPDATE_README) update('policy', policyTable());
    else expect(written).toBe(policyTable());
  });
});

function markers(name: string): RegExp {
  return new RegExp(`(<!-- ${name}:begin -->\\n)(.*?)(<!-- ${name}:end -->)`, 's');
}

function update(name: string, table: string): void {
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace(markers(name), (_all, begin, _old, end) => `${begin}${table}\n${end}`),
  );
}

function section(name: string): string {
  return markers(name).exec(readme)?.[2]?.trim() ?? '';
}

/** Each example is a module of its own, with what it does not declare itself. */
function withSurroundings(source: string): string {
  if (/^export default/m.test(source)) return source;
  const lacks = (name: string, given: string): string => (new RegExp(`\\b${name}\\b`).test(source) ? '' : given);
  const session = /from 'agora-session'/.test(source) ? '' : "import { SessionManager } from 'agora-session';";
  const tokens = lacks('const (?:tokens|\\{ session, emulator, clock, tokens)', 'declare const tokens: Tokens;');
  const appId = lacks('const \\{ appId', 'declare const appId: string;');
  return [SURROUNDINGS, session, tokens, appId, source].join('\n');
}

function compile(files: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(new URL('tsconfig.json', root).pathname, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, new URL('.', root).pathname);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, target) : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram(
    [...files.keys()],
    { ...options, noUnusedLocals: false, isolatedDeclarations: false, declaration: false },
    host,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
