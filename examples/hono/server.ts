import { createServer } from 'node:http';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import { Hono } from 'hono';
import { signedInUser } from '../sign-in.js';

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

const app = new Hono();
app.all('/api/agora/tokens', (context) => tokens(context.req.raw)); // all methods: with cors it answers preflights, too

// On Node; Bun, Deno and Workers serve `app` as it is.
createServer(toNodeListener(async (request) => app.fetch(request))).listen(Number(process.env.PORT ?? 3000));
