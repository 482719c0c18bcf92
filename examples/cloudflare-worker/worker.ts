import { createTokenHandler, type FetchHandler } from 'agora-session/server';

/** Stands in for the sign-in that your app has. This one believes whoever says `Authorization: Bearer alice`. */
async function signedInUser(request: Request): Promise<{ id: string } | null> {
  const [, id] = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  return id === undefined ? null : { id };
}

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
