import { createTokenHandler, type FetchHandler } from 'agora-session/server';
import { signedInUser } from '../sign-in.js';

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});

const worker: { fetch: FetchHandler } = { fetch: tokens };
export default worker;
