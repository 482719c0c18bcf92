import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import agoraToken from 'agora-token';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Authorize,
  allowAnyone,
  buildAccessToken,
  buildRtcToken,
  buildRtmToken,
  createTokenHandler,
  type FetchHandler,
  memoryLimiter,
  type ServiceGrant,
  type TokenHandlerOptions,
  TokenRequestError,
  toNodeListener,
} from '../../src/server/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { freePort } from '../support/free-port.js';
import { cutOff, runCli } from './run-cli.js';

const PAGE = 'http://localhost:3000';
const project = { appId, appCertificate, expiresInSeconds: 3600 };
const built = { ...project, userId: 'alice' };

const servers: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(server: Server | TcpServer, scheme = 'http'): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/api/agora/tokens`;
}

const handlerOf = (options: Partial<TokenHandlerOptions> = {}) =>
  createTokenHandler({ appId, appCertificate, authorize: allowAnyone, onError: () => {}, ...options });

const serveHandler = (handler: FetchHandler) => serve(createServer(toNodeListener(handler)));

interface Diagnosis {
  readonly findings: readonly { code: string; severity: string; message: string; sessionCode: string | null }[];
  readonly tokens: readonly { name: string; expiresInSeconds: number }[];
}

/** What the doctor says, as data and as lines; neither has a token or a certificate in it. */
async function doctor(url: string, ...args: string[]) {
  const json = await runCli(['doctor', url, '--json', ...args]);
  const plain = await runCli(['doctor', url, ...args]);
  for (const { stdout, stderr } of [json, plain]) {
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/00[67][A-Za-z0-9+/]{20}/);
    expect(stdout).not.toContain(appCertificate);
  }
  const { findings, tokens } = JSON.parse(json.stdout) as Diagnosis;
  for (const { code, message } of findings) expect(plain.stdout).toContain(`${code}  ${message}`);
  const faults = findings.filter(({ severity }) => severity === 'fault').map(({ code }) => code);
  const warnings = findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code);
  expect(json.code).toBe(faults.length > 0 ? 1 : 0);
  return { faults, warnings, findings, tokens, plain: plain.stdout };
}

describe('a token endpoint of this package', () => {
  test('is found to be without fault', async () => {
    const url = await serveHandler(handlerOf({ cors: { origins: [PAGE] } }));
    const args = ['--user', 'alice', '--channel', 'stage', '--app-id', appId, '--origin', PAGE, '--strict'];
    const { findings, tokens, plain } = await doctor(url, ...args);
    expect(findings).toEqual([]);
    expect(tokens).toEqual([
      { name: 'signaling', expiresInSeconds: 3600 },
      { name: 'stage', expiresInSeconds: 3600 },
    ]);
    expect(plain).toContain('Tokens came: signaling for 1 h, stage for 1 h');
    expect(plain).toContain('Found: no faults and no warnings.');
  });

  test('is found to be without fault although it knows the user better', async () => {
    const url = await serveHandler(handlerOf({ authorize: () => ({ userId: 'alice' }) }));
    expect((await doctor(url)).findings).toEqual([]);
    expect((await doctor(url, '--user', 'bob')).faults).toContain('WRONG_USER');
  });

  test('is sent what a page sends besides', async () => {
    const authorize: Authorize = ({ headers }) =>
      headers.get('authorization') === 'Bearer secret-of-alice' ? { userId: 'alice' } : null;
    const url = await serveHandler(handlerOf({ authorize }));
    expect((await doctor(url)).faults).toEqual(['UNAUTHORIZED']);
    const { faults, plain } = await doctor(url, '--header', 'authorization: Bearer secret-of-alice');
    expect([faults, plain.includes('secret-of-alice')]).toEqual([[], false]);
    const stdin = 'authorization: Bearer secret-of-alice\n';
    expect(await runCli(['doctor', url, '--headers-from-stdin'], { stdin })).toMatchObject({ code: 0 });
  });
});

/** Something between page and handler that changes what is sent. */
const altered = (init: (request: Request) => RequestInit, options?: Partial<TokenHandlerOptions>): FetchHandler => {
  const handler = handlerOf(options);
  return async (request) => {
    await request.arrayBuffer();
    return handler(new Request(request.url, { method: 'POST', headers: request.headers, ...init(request) }));
  };
};
const JSON_TYPE = { 'content-type': 'application/json' };
const hundredAndOne = Array.from({ length: 101 }, (_, nth) => ['--channel', `c${nth}`]).flat();
const refusing = (error: unknown): FetchHandler =>
  handlerOf({
    authorize: () => {
      throw error;
    },
  });
const endless = () => new ReadableStream({ pull: () => new Promise<never>(() => {}) });

describe('each refusal of this package is named', () => {
  test.each<[string, FetchHandler, string[], string]>([
    ['INVALID_JSON', altered(() => ({ headers: JSON_TYPE, body: '{"signaling":tr' })), [], 'TOKEN_REQUEST_FAILED'],
    ['INVALID_REQUEST', altered(() => ({ headers: JSON_TYPE, body: '{}' })), [], 'TOKEN_REQUEST_FAILED'],
    ['TOO_MANY_CHANNELS', handlerOf(), hundredAndOne, 'TOKEN_REQUEST_FAILED'],
    ['UNAUTHORIZED', handlerOf({ authorize: () => null }), [], 'TOKEN_DENIED'],
    ['FORBIDDEN', refusing(new Response(null, { status: 403 })), [], 'TOKEN_DENIED'],
    ['BANNED', refusing(new TokenRequestError(403, 'BANNED', 'You are banned.')), [], 'TOKEN_DENIED'],
    ['METHOD_NOT_ALLOWED', altered(() => ({ method: 'PUT', body: '{}' })), [], 'TOKEN_REQUEST_FAILED'],
    [
      'BODY_TIMEOUT',
      altered(() => Object.assign({ headers: JSON_TYPE, body: endless() }, { duplex: 'half' }), { bodyTimeoutMs: 20 }),
      [],
      'TOKEN_REQUEST_FAILED',
    ],
    ['BODY_TOO_LARGE', altered(() => ({ headers: JSON_TYPE, body: ' '.repeat(20_000) })), [], 'TOKEN_REQUEST_FAILED'],
    ['UNSUPPORTED_MEDIA_TYPE', altered(() => ({ headers: {}, body: '{}' })), [], 'TOKEN_REQUEST_FAILED'],
    ['RATE_LIMITED', handlerOf({ limit: () => ({ retryAfterSeconds: 7 }) }), [], 'TOKEN_REQUEST_FAILED'],
    ['INTERNAL', refusing(new Error(`certificate: ${appCertificate}`)), [], 'TOKEN_REQUEST_FAILED'],
    [
      'DECISION_TIMEOUT',
      handlerOf({ authorize: () => new Promise<never>(() => {}), decisionTimeoutMs: 20 }),
      [],
      'TOKEN_REQUEST_FAILED',
    ],
  ])('%s', async (code, handler, args, sessionCode) => {
    const { faults, findings } = await doctor(await serveHandler(handler), ...args);
    expect(faults).toEqual([code]);
    expect(findings[0]?.sessionCode).toBe(sessionCode);
    expect(findings[0]?.message).toMatch(/^The server answered [45]\d\d: ./);
  });

  test('FORBIDDEN for a channel alone', async () => {
    const url = await serveHandler(handlerOf({ authorize: () => ({ userId: 'alice', channels: ['stage'] }) }));
    const { faults, tokens, plain } = await doctor(url, '--channel', 'stage', '--channel', 'vault');
    expect([faults, tokens.map(({ name }) => name)]).toEqual([['FORBIDDEN'], ['signaling', 'stage']]);
    expect(plain).toContain('refuses the channel vault');
  });

  test('RATE_LIMITED of the second request alone', async () => {
    const url = await serveHandler(handlerOf({ limit: memoryLimiter({ requests: 1, perSeconds: 60 }) }));
    const { stdout } = await runCli(['doctor', url, '--json']);
    expect(JSON.parse(stdout).findings).toMatchObject([{ code: 'RATE_LIMITED' }]);
    expect(JSON.parse(stdout).tokens).toHaveLength(1);
  });

  test('FOREIGN_ORIGIN of a development server', async () => {
    const { createDevBackend } = await import('../../src/dev-backend/index.js');
    const url = await serve(createServer(createDevBackend({ environment: {} }).listener));
    expect((await doctor(url)).faults).toEqual([]);
    const { faults, plain } = await doctor(url, '--origin', PAGE);
    expect(faults).toEqual(['CORS_PREFLIGHT', 'CORS_ORIGIN', 'FOREIGN_ORIGIN']);
    expect(plain).toContain('--origin of agora-session serve');
    expect((await doctor(url.replace('tokens', 'tokenz'))).faults).toEqual(['NOT_FOUND']);
  });
});

/** A server of somebody else's, which answers preflights of all pages unless told otherwise. */
const foreign = (answer: RequestListener): Promise<string> =>
  serve(
    createServer((request, response) => {
      response.setHeader('cache-control', 'no-store');
      answer(request.resume(), response);
    }),
  );
const answerOf = (token: unknown, expiresIn?: number) =>
  JSON.stringify({ userId: 'alice', signaling: { token, expiresIn }, channels: {} });
const tokenOf = (services: ServiceGrant[], ageSeconds = 0) =>
  buildAccessToken({ ...project, services, issuedAt: Math.floor(Date.now() / 1000) - ageSeconds });
const good = () => answerOf(buildRtmToken(built), 3600);
const rtm = { service: 'rtm', userId: 'alice', privileges: { login: 0 } } as const;
const rtc = (userId: string, channelName: string) =>
  ({ service: 'rtc', userId, channelName, privileges: { joinChannel: 0 } }) as const;
const json =
  (body: () => string, headers: Record<string, string> = {}, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body());

describe('of servers of others the fault is named', () => {
  test('another content type', async () => {
    const { faults, warnings } = await doctor(await foreign(json(good, { 'content-type': 'text/plain' })));
    expect([faults, warnings]).toEqual([[], ['CONTENT_TYPE']]);
  });

  test.each([
    ['as what it is', 'text/html; charset=utf-8'],
    ['as JSON', 'application/json'],
  ])('a page of HTML, sent %s', async (_name, type) => {
    const page = '\n<!DOCTYPE html><title>Sign in</title>';
    const { faults, plain } = await doctor(await foreign(json(() => page, { 'content-type': type })));
    expect([faults, plain.includes('Sign in')]).toEqual([['HTML'], false]);
  });

  test('no fault with 201, as some frameworks answer a POST', async () => {
    const { faults, warnings, tokens } = await doctor(await foreign(json(good, {}, 201)));
    expect([faults, warnings, tokens.map(({ name }) => name)]).toEqual([[], [], ['signaling']]);
    const kept = good();
    expect((await doctor(await foreign(json(() => kept, {}, 201)))).faults).toEqual(['SAME_TOKEN']);
  });

  test('a redirect, without what its address carries', async () => {
    const url = await foreign(json(() => '', { location: '/sign-in?next=secret#also' }, 302));
    const { faults, findings } = await doctor(url);
    expect([faults, findings[0]?.message]).toEqual([['REDIRECT'], 'The server answered 302, which leads to /sign-in.']);
  });

  test.each<[string, Record<string, string>, Record<string, string>, string[], string[]]>([
    ['no headers at all', {}, {}, [], ['CORS_ORIGIN']],
    ['another origin', { 'access-control-allow-origin': 'https://a.example' }, {}, [], ['CORS_ORIGIN', 'CORS_HEADERS']],
    ['only in the answer to the preflight', { allow: PAGE }, {}, [], ['CORS_ORIGIN']],
    ['not the header', { 'access-control-allow-origin': PAGE }, { allow: PAGE }, [], ['CORS_HEADERS']],
    ['not this header', { allow: PAGE }, { allow: PAGE }, ['--header', 'x-team: a'], ['CORS_HEADERS']],
    ['not the method', { allow: PAGE, 'access-control-allow-methods': 'GET' }, { allow: PAGE }, [], ['CORS_METHOD']],
    ['a header that every page may send', { allow: PAGE }, { allow: PAGE }, ['--header', 'accept: a/b'], []],
    [
      'cookies, which the browser sends',
      { allow: PAGE, 'access-control-allow-credentials': 'true' },
      { allow: PAGE, 'access-control-allow-credentials': 'true' },
      ['--cookies', '--header', 'cookie: a=b'],
      [],
    ],
    ['no cookies', { allow: '*' }, { allow: '*' }, ['--cookies'], ['CORS_CREDENTIALS']],
    ['everything', { allow: '*' }, { allow: '*' }, [], []],
  ])('CORS: %s', async (_name, preflight, answer, args, expected) => {
    const named = ({ allow, ...others }: Record<string, string>): Record<string, string> => ({
      ...(allow ? { 'access-control-allow-origin': allow, 'access-control-allow-headers': 'content-type' } : {}),
      'access-control-expose-headers': 'Date, Retry-After',
      ...others,
    });
    const url = await foreign((request, response) => {
      if (request.method === 'OPTIONS') response.writeHead(204, named(preflight)).end();
      else json(good, named(answer))(request, response);
    });
    const { faults, warnings } = await doctor(url, '--origin', PAGE, ...args);
    expect([faults, warnings]).toEqual([expected, []]);
  });

  test('CORS: the preflight is not answered', async () => {
    const url = await foreign((request, response) => {
      const allowed = { 'access-control-allow-origin': PAGE, 'access-control-allow-headers': 'content-type' };
      json(good, allowed, request.method === 'OPTIONS' ? 401 : 200)(request, response);
    });
    const { faults, warnings } = await doctor(url, '--origin', PAGE);
    expect([faults, warnings]).toEqual([['CORS_PREFLIGHT'], ['CORS_EXPOSE']]);
  });

  const hoursOff = (hours: number) => Math.floor(Date.now() / 1000) + hours * 3600;
  test.each<[string, number, number, string[]]>([
    ['of the whole server', 2, 2, ['2 h ahead of this machine']],
    ['of what makes the tokens', 2, 0, ["2 h ahead of the answer's Date header"]],
    ['of what sends the answer', 0, -2, ["Date header the server's clock is 2 h behind", 'was issued by is 2 h ahead']],
  ])('a clock that is off: that %s', async (_name, tokenHours, dateHours, texts) => {
    const date = () => new Date(hoursOff(dateHours) * 1000).toUTCString();
    const body = () => answerOf(buildRtmToken({ ...built, issuedAt: hoursOff(tokenHours) }), 3600);
    const url = await foreign((request, response) => json(body, { date: date() })(request, response));
    const { faults, plain } = await doctor(url);
    expect(faults).toEqual(texts.map(() => 'CLOCK'));
    for (const text of texts) expect(plain).toContain(text);
  });

  test('answers from a cache', async () => {
    const kept = good();
    const { faults, warnings, findings } = await doctor(
      await foreign(json(() => kept, { age: '30', 'cache-control': 'max-age=60' })),
    );
    expect([faults, warnings]).toEqual([['FROM_CACHE', 'SAME_TOKEN'], ['CACHEABLE']]);
    expect(findings.find(({ code }) => code === 'SAME_TOKEN')?.sessionCode).toBe('TOKEN_UNCHANGED');
  });

  test.each<[string, string, string[], string[], string[]]>([
    ['nothing', '', [], ['NOT_JSON'], []],
    ['half an answer', good().slice(0, 50), [], ['NOT_JSON'], []],
    ['no token', answerOf(null), [], ['NO_TOKEN'], []],
    ['an empty object', '{}', [], ['NO_TOKEN'], []],
    ['another server’s form', JSON.stringify({ rtmToken: buildRtmToken(built) }), [], ['OTHER_FORMAT'], []],
    ...cutOff(buildRtmToken(built)).map(
      (token, nth) =>
        [`a token without its last letters: ${nth}`, answerOf(token), [], ['MALFORMED_TOKEN'], []] as [
          string,
          string,
          string[],
          string[],
          string[],
        ],
    ),
    ['half a token', answerOf(buildRtmToken(built).slice(0, 60)), [], ['MALFORMED_TOKEN'], []],
    ['another app', good(), ['--app-id', 'b'.repeat(32)], ['WRONG_APP'], []],
    ['another user', answerOf(buildRtmToken({ ...built, userId: 'bob' })), [], ['WRONG_USER'], []],
    ['a channel’s token', answerOf(buildRtcToken({ ...built, channelName: 'a' })), [], ['NO_RTM_SERVICE'], []],
    ['an app ID in other letters', good(), ['--app-id', appId.toLowerCase()], ['WRONG_APP'], []],
    [
      'another user, who is the answer’s',
      answerOf(buildRtmToken(built)),
      ['--user', 'bob'],
      ['WRONG_USER', 'WRONG_USER'],
      [],
    ],
    ['a number for the user', good().replace('"alice"', '7'), ['--user', 'alice'], ['WRONG_USER'], []],
    ['no word of the user', good().replace('"userId":"alice",', ''), [], [], []],
    ['no word of the user, who is another', good().replace('"alice"', 'null'), ['--user', 'bob'], ['WRONG_USER'], []],
    [
      'a token for nobody',
      answerOf(agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, '', 3600)),
      [],
      ['WRONG_USER'],
      [],
    ],
    ['a life that is a text', good().replace('3600', '"3600"'), [], ['NO_LIFE'], []],
    ['a life without end', good().replace('3600', '1e999'), [], ['NO_LIFE'], []],
    ['a life that is over', good().replace('3600', '0'), [], ['LAPSED'], []],
    ['null for its life', good().replace('3600', 'null'), [], [], []],
    ['null for what is refused', good().replace('"token"', '"error":null,"token"'), [], [], []],
    ['a token for a call besides', answerOf(tokenOf([rtm, rtc('7', 'a')])), ['--user', 'alice'], [], []],
    ['a login without its right', answerOf(tokenOf([{ ...rtm, privileges: {} }])), [], ['NO_RTM_SERVICE'], []],
    [
      'a right that has lapsed',
      answerOf(tokenOf([{ ...rtm, privileges: { login: 60 } }], 100)),
      [],
      ['LAPSED'],
      ['SHORT_PRIVILEGE'],
    ],
    ...[
      [
        'for every channel',
        agoraToken.RtcTokenBuilder.buildTokenWithUserAccount(appId, appCertificate, '*', 'alice', 1, 3600, 3600),
        [],
      ] as const,
      ['for another channel', tokenOf([rtc('alice', 'vault')]), ['WRONG_CHANNEL']] as const,
      [
        'for its channel and another user',
        tokenOf([rtc('bob', 'stage'), rtc('alice', 'vault')]),
        ['WRONG_CHANNEL'],
      ] as const,
      [
        'for its channel and anybody',
        agoraToken.RtcTokenBuilder.buildTokenWithUid(appId, appCertificate, 'stage', 0, 1, 3600, 3600),
        [],
      ] as const,
      [
        'without the right to join',
        tokenOf([{ ...rtc('alice', 'stage'), privileges: {} }]),
        ['NO_RTC_SERVICE'],
      ] as const,
    ].map(
      ([what, token, expected]) =>
        [
          `a channel’s token ${what}`,
          good().replace('"channels":{}', `"channels":{"stage":{"token":"${token}"}}`),
          ['--channel', 'stage'],
          [...expected],
          [],
        ] as [string, string, string[], string[], string[]],
    ),
    ['a lapsed token', answerOf(buildRtmToken({ ...built, issuedAt: 1_700_000_000 })), [], ['LAPSED'], []],
    ['a short life', answerOf(buildRtmToken({ ...built, expiresInSeconds: 30 }), 30), [], [], ['SHORT_LIFE']],
    ['another life than it says', answerOf(buildRtmToken(built), 86_400), [], [], ['WRONG_LIFE']],
    ['far too much', `${good().slice(0, -1)},"more":"${'x'.repeat(150_000)}"}`, [], [], ['LARGE_ANSWER']],
    ['without end', `"${'x'.repeat(1_500_000)}"`, [], ['NOT_JSON'], ['LARGE_ANSWER']],
  ])('an answer with %s', async (_name, body, args, expectedFaults, expectedWarnings) => {
    const { faults, warnings } = await doctor(await foreign(json(() => body)), ...args);
    // Each time the same token: that is another fault, and not this test's.
    expect(faults.filter((code) => code !== 'SAME_TOKEN')).toEqual(expectedFaults);
    expect(warnings).toEqual(expectedWarnings);
  });

  test.each([
    [404, 'There is nothing at this path.'],
    [405, 'The path does not take POST.'],
    [502, 'The proxy does not reach the token server.'],
    [418, 'Look at the server’s log.'],
  ])('the bare status %s', async (status, remedy) => {
    const { faults, plain } = await doctor(
      await foreign(json(() => '<html>', { 'content-type': 'text/html' }, status)),
    );
    expect(faults).toEqual([`HTTP_${status}`]);
    expect(plain).toContain(remedy);
  });

  test('what it says is shown without secrets, on one line', async () => {
    const token = buildRtmToken(built);
    const message = `no\u001b[31m way\n${token} for Bearer abc.def.ghi`;
    const body = JSON.stringify({ error: { code: 'NO_WAY', message } });
    const { faults, findings } = await doctor(await foreign(json(() => body, {}, 403)));
    expect(faults).toEqual(['NO_WAY']);
    expect(findings[0]?.message).not.toMatch(/\p{Cc}|abc\.def/u);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}

function selfSigned(): { key: Buffer; cert: Buffer } {
  const cwd = mkdtempSync(join(tmpdir(), 'agora-session-tls-'));
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=a',
  ];
  execFileSync('openssl', [...args, '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd, stdio: 'ignore' });
  return { key: readFileSync(join(cwd, 'key.pem')), cert: readFileSync(join(cwd, 'cert.pem')) };
}

describe('where nobody answers', () => {
  test('nobody listens', async () => {
    expect((await doctor(`http://127.0.0.1:${await freePort()}/tokens`)).faults).toEqual(['UNREACHABLE']);
  });

  test('there is no such host', async () => {
    expect((await doctor('http://agora-session.invalid/tokens')).faults).toEqual(['UNKNOWN_HOST']);
  });

  test('the connection ends', async () => {
    const url = await serve(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
    expect((await doctor(url)).faults).toEqual(['BROKEN_OFF']);
  });

  test.skipIf(!hasOpenssl())('the certificate of the server is nobody’s', async () => {
    const url = await serve(
      createTlsServer(selfSigned(), (request, response) => json(good)(request, response)),
      'https',
    );
    expect((await doctor(url)).faults).toEqual(['TLS']);
  });

  test('it speaks no TLS', async () => {
    const url = await foreign(json(good));
    expect((await doctor(url.replace('http:', 'https:'))).faults).toEqual(['TLS']);
  });

  test('a secure page asks in the open', async () => {
    const { faults } = await doctor('http://tokens.invalid/tokens', '--origin', 'https://app.example');
    expect(faults).toEqual(['MIXED_CONTENT', 'UNKNOWN_HOST']);
  });
});

test.each<[string[], RegExp]>([
  [[], /Give the address/],
  [['localhost:3000/tokens'], /http:\/\//],
  [['ftp://localhost/'], /http:\/\//],
  [['http://alice:secret@localhost/'], /no user and password/],
  [[appCertificate], /certificate is refused/],
  [['http://localhost/', '--origin', 'http://localhost:3000/'], /--origin must be/],
  [['http://localhost/', '--app-id', 'mine'], /32 hexadecimal/],
  [['http://localhost/', '--app-id', appCertificate], /certificate is refused/],
  [['http://localhost/', '--user', '_a'], /--user must be/],
  [['http://localhost/', '--header', 'Bearer secret-of-alice'], /'name: value'/],
])('doctor %j is refused', async (args, text) => {
  const environment = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
  const { code, stdout, stderr } = await runCli(['doctor', ...args], { environment });
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(text)]);
  for (const secret of [appCertificate, 'secret']) expect(stderr).not.toContain(secret);
});
