import { createTokenHandler, toNodeListener } from 'agora-session/server';
import express from 'express';
import { signedInUser } from '../sign-in.js';

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

const app = express();
app.use(express.json()); // for the app's other routes; the handler needs none and minds none
app.all('/api/agora/tokens', toNodeListener(tokens)); // all methods: with cors it answers preflights, too
app.listen(Number(process.env.PORT ?? 3000));
