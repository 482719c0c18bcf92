import { type Clock, systemClock } from '../environment/clock.js';
import type { SignalingSdk } from '../session/sdk/signaling-client.js';
import { createSdk } from './sdk/create-sdk.js';
import { SocketTransport, type WebSocketConstructor } from './socket-transport.js';

export type { WebSocketConstructor, WebSocketLike } from './socket-transport.js';

/** What {@link connectEmulator} takes besides the address. */
export interface ConnectEmulatorOptions {
  /** The WebSocket class; default: the platform's. Node 20 has none and needs the one of the package `ws`. */
  readonly WebSocket?: WebSocketConstructor;
  /** Time and timers; default: the system's. */
  readonly clock?: Clock;
}

/**
 * Makes an SDK whose clients speak to a served emulator. Nothing is sent before a login; where nothing answers, the clients behave as
 * the SDK does without a network.
 *
 * @param url where `serveEmulator` said it listens; `http` and `https` mean `ws` and `wss`, and in a page it may be relative.
 * @throws TypeError when the address makes no sense or the platform has no WebSocket.
 */
export function connectEmulator(url: string | URL, options: ConnectEmulatorOptions = {}): SignalingSdk {
  const address = socketAddress(url);
  const { WebSocket: Socket = globalThis.WebSocket as WebSocketConstructor | undefined, clock = systemClock } = options;
  if (!Socket) throw new TypeError('This platform has no WebSocket; pass one as options.WebSocket.');
  return createSdk({ clock, transport: () => new SocketTransport(address, clock, Socket) });
}

function socketAddress(url: string | URL): string {
  const address = new URL(url, globalThis.location?.href);
  if (address.protocol === 'http:') address.protocol = 'ws:';
  if (address.protocol === 'https:') address.protocol = 'wss:';
  if (address.protocol !== 'ws:' && address.protocol !== 'wss:') {
    throw new TypeError(`The emulator's address must be a ws:, wss:, http: or https: URL, not ${address.protocol}`);
  }
  return address.href;
}
