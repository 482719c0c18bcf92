import { SessionError, type SessionErrorCode } from 'agora-session';
import { describe, expect, it } from 'vitest';
import { REASON_CLASSES } from '../../src/session/sdk/reasons.js';
import { type ChannelRemedy, type LoginRemedy, REMEDIES } from '../../src/session/sdk/remedies.js';
import type { ReasonClass } from '../../src/session/state/reason-class.js';
import { expectSection, sectionOf } from './markdown.js';
import { pages } from './pages.js';

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
const CODES = Object.keys(ERROR_CODES) as SessionErrorCode[];
const INDEX = 'docs/errors/index.md';

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
  const { rejoins, refusals, code } = channel;
  const refused = Number.isFinite(refusals) ? ` or the ${ordinal(refusals)} refusal of its join` : '';
  return `is joined again${Number.isFinite(rejoins) ? `, fails with \`${code}\` at the ${ordinal(rejoins + 1)} loss in a row${refused}` : ''}`;
}

function ordinal(nth: number): string {
  return `${nth}${['th', 'st', 'nd', 'rd'][nth] ?? 'th'}`;
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
    const name = (/[A-Z_]+/.exec(code)?.[0] ?? '') as SessionErrorCode;
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

describe('the table of error codes', () => {
  it('has every code', () => {
    const listed = [...sectionOf(INDEX, 'errors').matchAll(/^\| \[`([A-Z_]+)`\]/gm)].map(([, code]) => code);
    expect(listed.toSorted()).toEqual(CODES.toSorted());
  });

  it('says what ends so and whether it is retryable, as the code has it (UPDATE_DOCS=1 writes it)', () => {
    expectSection(INDEX, 'errors', errorRows(sectionOf(INDEX, 'errors')));
  });

  it('has the link policy as the code has it (UPDATE_DOCS=1 writes it)', () => {
    expectSection(INDEX, 'policy', policyTable());
  });
});

describe.each(CODES)('the page of %s', (code) => {
  const page = `docs/errors/${code}.md`;

  it('says what the code’s own tables say (UPDATE_DOCS=1 writes it)', () => {
    const { retryable } = new SessionError(code, '');
    const rows = [
      ['`retryable`', retryable ? 'yes: the same call may succeed later' : 'no: something has to change first'],
      ['ends, of which classes of [reasons](./index.md#what-a-failed-link-leads-to)', endings(code)],
    ];
    expectSection(page, 'facts', ['| | |', '|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n'));
  });

  it('names causes and what to do', () => {
    const text = pages().get(page) ?? '';
    expect(text).toMatch(new RegExp(`^# ${code}\n`));
    expect(/^## Causes\n\n(.*?)\n\n## /ms.exec(text)?.[1]).toMatch(/^\* .{20}/);
    expect(/^## What to do\n\n(.*?)\n\n\[/ms.exec(text)?.[1]?.length).toBeGreaterThan(30);
  });
});
