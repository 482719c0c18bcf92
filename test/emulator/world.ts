import type { RTMConfig } from 'agora-rtm-sdk';
import { SignalingEmulator, type SignalingEmulatorOptions } from 'agora-session/emulator';
import { VirtualClock } from 'agora-session/testing';
import type {
  LinkStateEvent,
  SignalingClient,
  SignalingEventMap,
  SignalingSdk,
} from '../../src/session/sdk/signaling-client.js';

/** A project for tests that hand the emulator one, which a page must not. */
export const project: { readonly appId: string; readonly appCertificate: string } = {
  appId: '970ca35de60c44645bbae8a215061b33',
  appCertificate: '5cfd2fd1755d40ecb72977518be15d3b',
};
export const appId: string = project.appId;
export const appCertificate: string = project.appCertificate;

type EventName = keyof SignalingEventMap;
type EventOf<Name extends EventName> = Parameters<SignalingEventMap[Name]>[0];

/** A client and everything that it has emitted. */
export interface Recorded {
  readonly client: SignalingClient;
  /** Link states in short: `MESSAGE IDLE>CONNECTING LOGIN/LOGIN`. */
  readonly links: string[];
  readonly linkEvents: LinkStateEvent[];
  events<Name extends EventName>(name: Name): EventOf<Name>[];
}

/** Listens to a client from its beginning. */
export function record(client: SignalingClient): Recorded {
  const heard: { name: EventName; event: unknown }[] = [];
  const links: string[] = [];
  const linkEvents: LinkStateEvent[] = [];
  for (const name of ['message', 'presence', 'topic', 'token', 'tokenPrivilegeWillExpire'] as const) {
    client.addEventListener(name, (event: unknown) => heard.push({ name, event }));
  }
  client.addEventListener('linkState', (event) => {
    linkEvents.push(event);
    const name = event.affectedChannels.length > 0 ? ` ${event.affectedChannels.join()}` : '';
    links.push(
      `${event.serviceType}${name} ${event.previousState}>${event.currentState} ${event.operation}/${event.reasonCode}`,
    );
  });
  return {
    client,
    links,
    linkEvents,
    events: <Name extends EventName>(name: Name) =>
      heard.filter((item) => item.name === name).map((item) => item.event as EventOf<Name>),
  };
}

/** An emulator with virtual time, and what tests do with it; in Node as in a page. */
export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly emulator: SignalingEmulator;

  constructor(options: Partial<SignalingEmulatorOptions> = {}) {
    this.emulator = new SignalingEmulator({ clock: this.clock, ...options });
  }

  page(): SignalingSdk {
    return this.emulator.openPage();
  }

  client(userId: string, config?: RTMConfig, sdk: SignalingSdk = this.emulator.sdk): Recorded {
    return record(new sdk.RTM(this.emulator.appId, userId, config));
  }

  /** A login token of this moment. */
  rtmToken(userId: string, expiresInSeconds = 3600): string {
    return this.emulator.issueToken({ userId, expiresInSeconds });
  }

  /** A stream channel's token of this moment. */
  rtcToken(userId: string, channelName: string, expiresInSeconds = 3600): string {
    return this.emulator.issueToken({ userId, channelName, expiresInSeconds });
  }

  unixSeconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }

  /** A client that is logged in. */
  async loggedIn(userId: string, expiresInSeconds?: number, sdk?: SignalingSdk): Promise<Recorded> {
    const recorded = this.client(userId, undefined, sdk);
    await recorded.client.login({ token: this.rtmToken(userId, expiresInSeconds) });
    recorded.links.length = 0;
    return recorded;
  }

  /** The one login of a user, as the emulator sees it. */
  user(userId: string): ReturnType<SignalingEmulator['inspect']>['users'][number] | undefined {
    return this.emulator.inspect().users.find((user) => user.userId === userId);
  }
}

/** The code with which a call fails; 'resolved' when it does not. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'resolved';
  } catch (error) {
    return (error as { code?: unknown }).code ?? String(error);
  }
}
