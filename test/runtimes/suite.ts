import { buildAccessToken, buildRtmToken, parseAccessToken, verifyAccessToken } from 'agora-session/server';
import { answered, appCertificate, appId, ask, endpoint, equal, fails, NOW, refusal, verified } from './kit.js';

/** A sentence, and what proves it: it throws when the sentence does not hold. */
export type Proof = readonly [sentence: string, prove: () => void | Promise<void>];

/** What must hold of `agora-session/server` on every runtime, with nothing but what all of them have. */
export const suite: readonly Proof[] = [
  [
    'a token has the same bytes everywhere',
    () => {
      const issuedAt = NOW / 1000;
      const token = buildRtmToken({
        appId,
        appCertificate,
        userId: 'alice',
        expiresInSeconds: 3600,
        issuedAt,
        salt: 1,
      });
      equal(token, TOKEN_OF_ALICE);
    },
  ],
  [
    'a token too large to be stored is deflated, and read again',
    () => {
      const privileges = ['joinChannel'] as const;
      const names = Array.from({ length: 100 }, (_, nth) => `channel-${nth}`);
      const services = names.map(
        (channelName) => ({ service: 'rtc', channelName, userId: 'alice', privileges }) as const,
      );
      const token = buildAccessToken({ appId, appCertificate, services, expiresInSeconds: 60 });
      equal(token.length < 4_000, true);
      equal(verifyAccessToken(token, { appId, appCertificate }).services.length, 100);
    },
  ],
  [
    'a token of another certificate, another app, another time, or cut off, is told apart',
    async () => {
      const options = { appId, appCertificate, now: NOW / 1000 };
      const verify = (changed: object) => () => void verifyAccessToken(TOKEN_OF_ALICE, { ...options, ...changed });
      await fails(verify({ appCertificate: 'b'.repeat(32) }), 'BAD_SIGNATURE');
      await fails(verify({ appId: 'b'.repeat(32) }), 'WRONG_APP');
      await fails(verify({ now: NOW / 1000 + 3600 }), 'EXPIRED');
      await fails(() => void parseAccessToken(TOKEN_OF_ALICE.slice(0, -8)), 'MALFORMED');
    },
  ],
  [
    'one request gets a login token and a token per channel, and singly what is refused',
    async () => {
      const { signaling, channels } = await answered(
        endpoint()(ask({ signaling: true, channels: ['stage', 'vault'] })),
      );
      equal(verified(signaling?.token).services[0], { name: 'rtm', userId: 'alice' });
      equal(verified(channels.get('stage')?.token).services[0], { name: 'rtc', userId: 'alice', channelName: 'stage' });
      equal(channels.get('vault')?.error?.code, 'FORBIDDEN');
    },
  ],
  [
    'a channel may be called constructor',
    async () => {
      const handler = endpoint({ authorize: () => ({ userId: 'alice', channels: ['constructor'] }) });
      const { channels } = await answered(handler(ask({ channels: ['constructor', 'toString'] })));
      equal(verified(channels.get('constructor')?.token).services[0], {
        name: 'rtc',
        userId: 'alice',
        channelName: 'constructor',
      });
      equal(channels.get('toString')?.error?.code, 'FORBIDDEN');
    },
  ],
  [
    'nothing is stored on the way',
    async () => equal((await endpoint()(ask({ signaling: true }))).headers.get('cache-control'), 'no-store'),
  ],
  [
    'a library of the app may make a request of the one that authorize is given',
    async () => {
      const handler = endpoint({
        authorize: ({ url, headers }) => {
          const again = new Request(url, { headers });
          return again.headers.get('authorization') === 'Bearer alice' ? { userId: 'alice' } : null;
        },
      });
      const { signaling } = await answered(handler(ask({ signaling: true }, { authorization: 'Bearer alice' })));
      equal(verified(signaling?.token).services[0], { name: 'rtm', userId: 'alice' });
    },
  ],
  [
    'who is not known is told so',
    async () =>
      equal(await refusal(endpoint({ authorize: () => null })(ask({ signaling: true }))), [401, 'UNAUTHORIZED']),
  ],
  [
    'what is no request for tokens is refused with the documented codes',
    async () => {
      const handler = endpoint();
      equal(await refusal(handler(new Request('https://backend.example/'))), [405, 'METHOD_NOT_ALLOWED']);
      equal(await refusal(handler(ask('{}', { 'content-type': 'text/plain' }))), [415, 'UNSUPPORTED_MEDIA_TYPE']);
      equal(await refusal(handler(ask('{'))), [400, 'INVALID_JSON']);
      equal(await refusal(handler(ask(new Uint8Array([0x22, 0xff, 0x22])))), [400, 'INVALID_JSON']);
      equal(await refusal(handler(ask('{"__proto__":{"signaling":true}}'))), [400, 'INVALID_REQUEST']);
      equal(await refusal(handler(ask({ userId: '*', signaling: true }))), [400, 'INVALID_REQUEST']);
      equal(await refusal(handler(ask({ channels: Array(101).fill('stage') }))), [400, 'TOO_MANY_CHANNELS']);
      equal(await refusal(handler(ask(`"${'x'.repeat(20_000)}"`))), [413, 'BODY_TOO_LARGE']);
    },
  ],
  [
    'a body without end is cut off, and one that does not come is not waited for',
    async () => {
      const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1024).fill(0x20)) });
      equal(await refusal(endpoint()(ask(endless))), [413, 'BODY_TOO_LARGE']);
      const silent = new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([0x7b])) });
      equal(await refusal(endpoint({ bodyTimeoutMs: 20 })(ask(silent))), [408, 'BODY_TIMEOUT']);
    },
  ],
  [
    'a limit holds back, with the seconds to wait',
    async () => {
      const response = await endpoint({ limit: () => ({ retryAfterSeconds: 1.2 }) })(ask({ signaling: true }));
      equal([response.status, response.headers.get('retry-after')], [429, '2']);
    },
  ],
  [
    'listed origins may ask, others may not',
    async () => {
      const handler = endpoint({ cors: { origins: ['https://app.example'] } });
      const allowed = async (origin: string) =>
        (await handler(ask({ signaling: true }, { origin }))).headers.get('access-control-allow-origin');
      equal(
        [await allowed('https://app.example'), await allowed('https://evil.example')],
        ['https://app.example', null],
      );
    },
  ],
  [
    'a new certificate is used at once',
    async () => {
      const certificates = [appCertificate, 'b'.repeat(32)];
      const handler = endpoint({ appCertificate: async () => certificates.shift() ?? '' });
      const tokens = [
        await answered(handler(ask({ signaling: true }))),
        await answered(handler(ask({ signaling: true }))),
      ];
      verified(tokens[0]?.signaling?.token);
      await fails(() => void verified(tokens[1]?.signaling?.token), 'BAD_SIGNATURE');
    },
  ],
  [
    'the guide’s routes answer as its server',
    async () => {
      const handler = endpoint({ guideRoutes: true });
      const response = await handler(ask({ uid: 'alice' }, {}, 'https://backend.example/fetch_rtm_token'));
      const { token, code } = (await response.json()) as { token: string; code: string };
      equal([verified(token).services[0]?.userId, code], ['alice', '200']);
    },
  ],
  [
    'requests at the same time get their own tokens',
    async () => {
      const handler = endpoint({ authorize: async (_request, { userId = '' }) => ({ userId }) });
      const users = Array.from({ length: 50 }, (_, nth) => `user-${nth}`);
      const bodies = await Promise.all(users.map((userId) => answered(handler(ask({ userId, signaling: true })))));
      equal(
        bodies.map(({ signaling }) => verified(signaling?.token).services[0]?.userId),
        users,
      );
    },
  ],
];

/** Made by Node, for a fixed time and salt. */
const TOKEN_OF_ALICE =
  '007eAEBYwCc/yAAYyTB60k8hdTd9eiSCUzpfKClkP77rdVpAdmI2laEgwUgADk3MENBMzVkZTYwYzQ0NjQ1YmJhZThhMjE1MDYxYjMzALlVaRAOAAABAAAAAQACAAEAAQAQDgAABQBhbGljZbWwHqo=';
