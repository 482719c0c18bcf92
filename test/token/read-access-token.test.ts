import { readAccessToken } from 'agora-session';
import { buildRtmToken, parseAccessToken } from 'agora-session/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';

/** Made by Agora's Go library, whose zlib streams have no end mark. */
const GO_TOKEN =
  '007eJxSYOCdJftjyTM2zxW6Xhm/5T0j5LdcUt/xYVt48fb5Mp3PX9coMFiaGzg7GpumpJoZJJuYmJmYJiUlplokGhmaGpgZJhkbu38RYIhgYmBgZABhJgZGBkYwn5OhJLW4JL60OLUIEAAA//9ZVh6A';

describe('readAccessToken', () => {
  it('reads what the server built, as the server reads it', async () => {
    const token = buildRtmToken({
      appId: APP_ID,
      appCertificate: APP_CERTIFICATE,
      userId: 'alice',
      expiresInSeconds: 60,
    });
    const info = await readAccessToken(token);
    expect(info).toMatchObject({ appId: APP_ID, expiresInSeconds: 60, services: [{ name: 'rtm', userId: 'alice' }] });
    const { services, issuedAt, salt } = parseAccessToken(token);
    expect(info).toMatchObject({ issuedAt, salt, services });
  });

  it("reads a token of Agora's Go library", async () => {
    expect(await readAccessToken(GO_TOKEN)).toMatchObject({
      issuedAt: 1_111_111,
      salt: 1,
      services: [{ userId: 'test_user' }],
    });
  });

  it('says of anything else that it is no token, and never quotes it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `007${text}`),
        ),
        async (text) => {
          const error = await readAccessToken(text).then(
            () => null,
            (reason: unknown) => reason,
          );
          expect(error).toMatchObject({ name: 'TokenFormatError' });
          if (text.length > 8) expect(String(error)).not.toContain(text);
        },
      ),
    );
  });

  it('refuses what inflates without end', async () => {
    const bomb = Buffer.from(
      await new Response(
        new Blob([new Uint8Array(1_000_000)]).stream().pipeThrough(new CompressionStream('deflate')),
      ).arrayBuffer(),
    );
    await expect(readAccessToken(`007${bomb.toString('base64')}`)).rejects.toMatchObject({ name: 'TokenFormatError' });
  });
});
