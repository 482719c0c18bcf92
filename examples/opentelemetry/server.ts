import { createServer } from 'node:http';
import { metrics } from '@opentelemetry/api';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import { signedInUser } from '../sign-in.js';
import { decisionTelemetry } from './decision-telemetry.js';

// The app's own set-up, loaded ahead of this file, decides where measurements go; without one they go nowhere.
const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  onDecision: decisionTelemetry(metrics.getMeterProvider()),
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

createServer(toNodeListener(tokens)).listen(Number(process.env.PORT ?? 3000));
