import { createServer } from 'node:http';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import { Registry } from 'prom-client';
import { signedInUser } from '../sign-in.js';
import { decisionMetrics } from './decision-metrics.js';

const registry = new Registry();

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  onDecision: decisionMetrics(registry),
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

createServer(toNodeListener(tokens)).listen(Number(process.env.PORT ?? 3000));

// On a port of its own, which only Prometheus reaches.
createServer(async (_request, response) => {
  response.setHeader('content-type', registry.contentType).end(await registry.metrics());
}).listen(Number(process.env.METRICS_PORT ?? 9100), '127.0.0.1');
