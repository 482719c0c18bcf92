/** What a page like alice's needs, all of it. `show` is the app's own. */
export const CODE = `import { SessionManager } from 'agora-session';

const session = new SessionManager({
  appId,
  userId: 'alice',
  tokens: '/api/agora/tokens', // your backend
});

session.on('message', (event) => show(event.message));
session.on('restored', async ({ gap }) => {
  const range = { start: gap.to, end: gap.from, messageCount: 100 };
  const { messageList } = await session.rtm.history.getMessages('lobby', 'MESSAGE', range);
  for (const { message } of [...messageList].reverse()) show(message);
});

await session.login();
await session.subscribe('lobby');
await session.joinStreamChannel('stage');`;
