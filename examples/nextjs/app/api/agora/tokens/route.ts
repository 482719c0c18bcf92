import { createTokenHandler } from 'agora-session/server';

/** Stands in for the sign-in that your app has. This one believes whoever says `Authorization: Bearer alice`. */
async function signedInUser(request: Request): Promise<{ id: string } | null> {
  const [, id] = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  return id === undefined ? null : { id };
}

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

/** With `cors` the handler answers preflights, too; a route gets only the methods that it names. */
export const OPTIONS: typeof POST = POST;
