import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import agoraToken from 'agora-token';
import express from 'express';

// A process with one token server, for the benchmark that starts it: `node token-servers.js <name>`.

const appId = '970CA35de60c44645bbae8a215061b33';
const appCertificate = '5CFd2fd1755d40ecb72977518be15d3b';
const expiresInSeconds = 3600;

const listeners: Readonly<Record<string, () => RequestListener>> = { ours, expressWithAgoraToken, bare, primitives };

/** The token endpoint as a team would mount it. */
function ours(): RequestListener {
  const handler = createTokenHandler({
    appId,
    appCertificate,
    expiresInSeconds,
    authorize: (request, asked) => ({
      userId: request.headers.get('authorization')?.slice('Bearer '.length) ?? '',
      channels: asked.channels,
    }),
  });
  return toNodeListener(handler);
}

/** What Agora's documentation shows for Node: Express and the official package; asked as the server in Agora's guide is. */
function expressWithAgoraToken(): RequestListener {
  const app = express();
  app.use(express.json());
  app.post('/fetch_rtm_token', (request: express.Request, response: express.Response) => {
    response.header('Access-Control-Allow-Origin', '*');
    const token = agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, request.body.uid, expiresInSeconds);
    response.json({ token, code: '200' });
  });
  return app;
}

/** node:http and nothing else. */
function bare(): RequestListener {
  return (_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"a constant"}');
  };
}

/** node:http and what no token server can do without: three HMACs and one deflate. */
function primitives(): RequestListener {
  const answer = bare();
  const content = Buffer.alloc(120, 'x');
  const hmac = (key: string | Buffer): Buffer => createHmac('sha256', key).update(content).digest();
  return (request, response) => {
    deflateSync(Buffer.concat([hmac(hmac(hmac('key'))), content]));
    return answer(request, response);
  };
}

const listener = listeners[process.argv[2] ?? ''];
if (!listener) throw new Error(`The server must be one of ${Object.keys(listeners).join(', ')}.`);
const server = createServer(listener()).listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', (question) => {
  if (question === 'cpu') return process.send?.(process.cpuUsage());
  if (question === 'peak') return process.send?.(process.resourceUsage().maxRSS * 1024);
  globalThis.gc?.(); // asked for the heap
  return process.send?.(process.memoryUsage().heapUsed);
});
process.on('disconnect', () => process.exit());
