import { createServer } from 'node:http';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import { Redis } from 'ioredis';
import { signedInUser } from '../sign-in.js';
import { sharedLimit } from './shared-limit.js';

const redis = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: 1 });
redis.on('error', (error) => console.error(`Redis: ${error.message}`)); // it connects again by itself

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  limit: sharedLimit(redis),
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

createServer(toNodeListener(tokens)).listen(Number(process.env.PORT ?? 3000));
