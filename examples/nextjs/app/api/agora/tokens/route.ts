import { createTokenHandler } from 'agora-session/server';
import { signedInUser } from '../../../../../sign-in.js';

/** The handler is made for each request: Next.js loads routes while it builds, and there may be no certificate then. */
export function POST(request: Request): Promise<Response> {
  const tokens = createTokenHandler({
    appId: process.env.AGORA_APP_ID ?? '',
    appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
    async authorize(request, asked) {
      const user = await signedInUser(request);
      return user && { userId: user.id, channels: asked.channels };
    },
  });
  return tokens(request);
}
