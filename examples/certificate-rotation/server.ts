import { createServer } from 'node:http';
import { createTokenHandler, toNodeListener } from 'agora-session/server';
import { signedInUser } from '../sign-in.js';
import { certificateFile } from './certificate-file.js';

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: certificateFile(process.env.AGORA_APP_CERTIFICATE_FILE ?? '/run/secrets/agora_app_certificate'),
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

createServer(toNodeListener(tokens)).listen(Number(process.env.PORT ?? 3000));
