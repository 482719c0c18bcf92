import type { Clock } from '../environment/clock.js';
import { type Deferred, deferred } from '../environment/waiting.js';
import { FaultMirror } from './faults/fault-mirror.js';
import { type ClientFrame, decodeFrame, encodeFrame, type ServerFrame } from './frames.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { readContent } from './project/verify-token.js';
import type { OperationName, Operations, Outcome } from './protocol.js';
import type { Link, LinkListener, Transport } from './transport.js';

/** The part of the browser's WebSocket that is used, so that Node's `ws` fits as well. */
export interface WebSocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
}

/** A WebSocket class. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

const HEARTBEAT_MS = 5000;
const GIVE_UP_MS = 10_000;
const OPEN = 1;

/**
 * The way to a served emulator for one client. The socket outlives a link that was given up, so that the client of a user whose network
 * is cut can be told when it is whole again, as a page is told by its platform. When the socket itself breaks, the next link opens
 * another one.
 */
export class SocketTransport implements Transport {
  readonly faults: FaultMirror = new FaultMirror((report) => this.#send({ t: 'struck', report }));
  limits: Limits = DEFAULT_LIMITS;
  readonly #url: string;
  readonly #clock: Clock;
  readonly #Socket: WebSocketConstructor;
  #socket: WebSocketLike | null = null;
  #link: SocketLink | null = null;
  #onNetworkBack: () => void = () => {};

  constructor(url: string, clock: Clock, Socket: WebSocketConstructor) {
    this.#url = url;
    this.#clock = clock;
    this.#Socket = Socket;
  }

  open(userId: string, listener: LinkListener): Link {
    this.#link?.close();
    const link = new SocketLink(this.#clock, listener, (frame) => this.#send(frame));
    this.#link = link;
    if (this.#socket?.readyState === OPEN) link.start(userId);
    else this.#connect(userId, link);
    return link;
  }

  watchNetwork(_userId: string, onBack: () => void): () => void {
    this.#onNetworkBack = onBack;
    globalThis.addEventListener?.('online', onBack);
    return () => {
      this.#onNetworkBack = () => {};
      globalThis.removeEventListener?.('online', onBack);
      this.#hangUp();
    };
  }

  async readAppId(token: string): Promise<string | null> {
    try {
      return readContent(token).info.appId;
    } catch {
      return null;
    }
  }

  #connect(userId: string, link: SocketLink): void {
    this.#hangUp();
    this.faults.restart();
    const socket = new this.#Socket(this.#url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (this.#socket === socket && this.#link === link) link.start(userId);
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#received(data);
    });
    // An error is always followed by a close; without a listener Node would take it for uncaught.
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#link?.broken();
    });
  }

  #received(text: string): void {
    const frame = decodeFrame<ServerFrame>(text);
    if (frame?.t === 'faults') this.#told(frame);
    if (frame?.t === 'network-back') this.#onNetworkBack();
    else if (frame) this.#link?.received(frame);
  }

  #told({ news, limits }: Extract<ServerFrame, { t: 'faults' }>): void {
    this.faults.update(news);
    this.limits = limits;
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(encodeFrame(frame));
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}

/** One link over a socket, with a heartbeat of its own. */
class SocketLink implements Link {
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  readonly #send: (frame: ClientFrame) => void;
  readonly #unanswered = new Map<number, (outcome: Outcome<never>) => void>();
  readonly #early: ClientFrame[] = [];
  #welcome: Deferred<void> | null = deferred<void>();
  #started = false;
  #open = true;
  #count = 0;
  #heardAt = 0;
  #awaitsPong = false;
  #heartbeat: unknown = null;

  constructor(clock: Clock, listener: LinkListener, send: (frame: ClientFrame) => void) {
    this.#clock = clock;
    this.#listener = listener;
    this.#send = send;
  }

  get ready(): Promise<void> | null {
    return this.#welcome?.promise ?? null;
  }

  /** The socket is open: what was asked before goes out now. */
  start(userId: string): void {
    if (!this.#open) return;
    this.#started = true;
    this.#heard();
    this.#send({ t: 'open', userId });
    for (const frame of this.#early.splice(0)) this.#send(frame);
    this.#beat();
  }

  request<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Outcome<Operations[Name]['reply']>> {
    if (!this.#open) return new Promise(() => {});
    this.#count += 1;
    const id = this.#count;
    const frame: ClientFrame = { t: 'request', id, name, request };
    if (this.#started) this.#send(frame);
    else this.#early.push(frame);
    return new Promise((resolve) => this.#unanswered.set(id, resolve));
  }

  close(): void {
    if (!this.#open) return;
    this.#end();
    if (this.#started) this.#send({ t: 'close' });
  }

  /** The socket broke. */
  broken(): void {
    if (!this.#open) return;
    this.#end();
    this.#listener.lost('closed');
  }

  received(frame: ServerFrame): void {
    if (!this.#open) return;
    if (frame.t === 'pong') this.#heard();
    if (frame.t === 'faults') this.#welcomed();
    if (frame.t === 'event') this.#listener.event(frame.event);
    if (frame.t !== 'reply') return;
    this.#unanswered.get(frame.id)?.(frame.outcome as Outcome<never>);
    this.#unanswered.delete(frame.id);
  }

  /** What is to go wrong is known from here on. */
  #welcomed(): void {
    this.#welcome?.resolve();
    this.#welcome = null;
  }

  #heard(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#awaitsPong = false;
  }

  #beat(): void {
    this.#heartbeat = this.#clock.setTimeout(() => {
      // In a background tab this timer comes late: long silence counts only when a ping went unanswered.
      if (this.#awaitsPong && this.#clock.monotonic() - this.#heardAt >= GIVE_UP_MS) {
        this.#listener.lost('keep-alive');
        return;
      }
      this.#send({ t: 'ping' });
      this.#awaitsPong = true;
      this.#beat();
    }, HEARTBEAT_MS);
  }

  #end(): void {
    this.#open = false;
    this.#clock.clearTimeout(this.#heartbeat);
    this.#unanswered.clear();
  }
}
