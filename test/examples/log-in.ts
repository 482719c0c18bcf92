import { deepStrictEqual } from 'node:assert';
import { SessionManager, type SignalingClient, type TokenSource } from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';

/** Logs in to a local Signaling of the same project as alice, and joins a stream channel there, with tokens of an example. */
export async function logIn(tokens: TokenSource, project: { appId: string; appCertificate: string }): Promise<void> {
  const emulator = new SignalingEmulator(project);
  const session = new SessionManager<SignalingClient>({
    appId: project.appId,
    userId: 'alice',
    tokens,
    loadSdk: async () => emulator.openPage(),
  });
  await session.login();
  await session.joinStreamChannel('stage');
  const joined = emulator
    .inspect()
    .users.map(({ userId, streamChannels }) => [userId, ...streamChannels.map(({ channelName }) => channelName)]);
  deepStrictEqual(joined, [['alice', 'stage']]);
  await session.logout();
}
