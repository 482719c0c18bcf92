import { type AgoraSessionDevtools, createRecorder, type SessionRecorder } from 'agora-session/devtools';
import { createTestSession, type TestSession } from 'agora-session/testing';

/** What a test does in the page. */
export interface DevtoolsPage extends TestSession {
  readonly panel: AgoraSessionDevtools;
  readonly recorder: SessionRecorder;
}

declare global {
  interface Window {
    /** Makes a session with tokens that live `lifeSeconds`, and a panel that shows it: by its recorder, or by the session alone. */
    open(options: { lifeSeconds: number; withRecorder: boolean }): void;
    devtools: DevtoolsPage;
    /** A minute and a half of a session: login, renewal, token server down, lapse, repair. */
    tellStory(): Promise<void>;
    /** A hundred channels and ten thousand events. */
    tellLongStory(): void;
  }
}

document.documentElement.style.colorScheme = 'light dark';
document.documentElement.lang = 'en';
document.body.style.cssText = 'margin:16px;background:light-dark(#ecede9,#0e100f)';
document.body.innerHTML = '<main></main>';

window.open = (({ lifeSeconds, withRecorder }: { lifeSeconds: number; withRecorder: boolean }) => {
  let clock: TestSession['clock'] | null = null;
  const now = (): number => clock?.now() ?? Date.now();
  const recorder = createRecorder({ now });
  const test = createTestSession({
    seed: 7,
    emulator: { latencyMs: [40, 120] },
    session: withRecorder ? { inspect: recorder.inspect } : {},
  });
  clock = test.clock;
  test.tokens.lifeSeconds = lifeSeconds;
  const panel = document.createElement('agora-session-devtools');
  panel.clock = test.clock;
  if (withRecorder) panel.recorder = recorder;
  panel.session = test.session;
  document.querySelector('main')?.replaceChildren(panel);
  window.devtools = { ...test, panel, recorder };
}) as typeof window.open;

window.tellStory = async () => {
  const { session, emulator, clock, tokens } = window.devtools;
  tokens.fault = { kind: 'slow', ms: 350 };
  await clock.during(session.login(), 60_000, 20);
  await clock.advance(900);
  await clock.during(session.subscribe('lobby'), 60_000, 20);
  const stage = await clock.during(session.joinStreamChannel('stage'), 60_000, 20);
  await clock.during(stage.joinTopic('chat'), 60_000, 20);
  await clock.advance(48_000);
  tokens.fault = { kind: 'failing', status: 503 };
  await clock.until(() => session.state.status === 'recovering', 200_000);
  await clock.advance(4_000);
  tokens.fault = { kind: 'slow', ms: 350 };
  await clock.until(() => session.state.status === 'connected', 60_000);
  await clock.advance(9_000);
  emulator.setNetwork(session.userId, false);
  await clock.until(() => session.state.status === 'reconnecting', 60_000);
  await clock.advance(5_000);
  emulator.setNetwork(session.userId, true);
  await clock.until(() => session.state.status === 'connected', 60_000);
  await clock.advance(6_000);
};

window.tellLongStory = () => {
  const { panel } = window.devtools;
  const start = Date.UTC(2026, 0, 1);
  const events: object[] = [];
  for (let index = 0; index < 2_000; index++) {
    const at = start + index * 9_000;
    const channelName = `channel ${index % 30}`;
    events.push(
      { at, type: 'state', state: { status: index % 7 ? 'connected' : 'reconnecting', cause: 'NETWORK_CHANGE' } },
      { at: at + 100, type: 'channel', channelName, state: { status: index % 60 < 30 ? 'joined' : 'rejoining' } },
      { at: at + 200, type: 'request', targets: [{ kind: 'signaling' }], cause: 'schedule' },
      {
        at: at + 600,
        type: 'answer',
        targets: [{ kind: 'signaling' }],
        tookMs: 400,
        tokens: index % 9 ? 1 : 0,
        code: index % 9 ? null : 'TOKEN_REQUEST_FAILED',
      },
      {
        at: at + 700,
        type: 'renewed',
        target: { kind: 'signaling' },
        cause: 'schedule',
        lifetimeMs: 60_000,
        tookMs: 500,
      },
    );
  }
  panel.recording = {
    format: 'agora-session recording',
    version: 1,
    userId: 'many',
    until: start + 18_000_000,
    events,
  };
};

document.body.dataset.ready = 'true';
