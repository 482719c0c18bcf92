import { createTokenHandler, toNodeListener } from 'agora-session/server';
import fastify from 'fastify';
import { signedInUser } from '../sign-in.js';

const tokens = createTokenHandler({
  appId: process.env.AGORA_APP_ID ?? '',
  appCertificate: process.env.AGORA_APP_CERTIFICATE ?? '',
  async authorize(request, asked) {
    const user = await signedInUser(request);
    return user && { userId: user.id, channels: asked.channels };
  },
});
const listener = toNodeListener(tokens);

const app = fastify();
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _body, done) => done(null)); // the handler reads the body itself
  // All methods: with cors it answers preflights, too.
  scope.all('/api/agora/tokens', (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  });
});
await app.listen({ port: Number(process.env.PORT ?? 3000) });
