import type { RawData, WebSocket } from 'ws';
import { readClientFrame } from '../check-frame.js';
import type { FaultNews } from '../faults/fault-mirror.js';
import type { FaultReporter } from '../faults/fault-reporter.js';
import { type ClientFrame, encodeFrame, type ServerFrame } from '../frames.js';
import type { Door } from '../service/door.js';
import type { SignalingEmulator } from '../signaling-emulator.js';

const POLICY_VIOLATION = 1008;

/** A page that leaves more than this unread is given up, or what it does not read would fill the memory. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** Serves one page over its socket: the links that its client opens one after the other. */
export function servePage(emulator: SignalingEmulator, socket: WebSocket): void {
  const page = new Page(emulator, socket);
  socket.on('message', (data, isBinary) => page.received(data, isBinary));
  socket.on('close', () => page.closed());
  // Followed by a close; without a listener it would end the process.
  socket.on('error', () => {});
}

class Page {
  readonly #emulator: SignalingEmulator;
  readonly #socket: WebSocket;
  #door: Door | null = null;
  #faults: FaultReporter | null = null;
  #stopWatching: () => void = () => {};

  constructor(emulator: SignalingEmulator, socket: WebSocket) {
    this.#emulator = emulator;
    this.#socket = socket;
  }

  received(data: RawData, isBinary: boolean): void {
    const frame = isBinary ? null : readClientFrame(data.toString());
    if (frame) this.#handle(frame);
    // Only a client that is none of ours sends what makes no sense.
    else this.#socket.close(POLICY_VIOLATION, 'The emulator did not understand that.');
  }

  closed(): void {
    this.#stopWatching();
    this.#faults?.stop();
    this.#door?.close();
    this.#door = null;
  }

  #handle(frame: ClientFrame): void {
    switch (frame.t) {
      case 'open':
        this.#open(frame.userId);
        break;
      case 'close':
        this.#door?.close();
        break;
      case 'ping':
        if (this.#door?.passable) this.#send({ t: 'pong' });
        break;
      case 'struck':
        this.#faults?.received(frame.report);
        break;
      case 'request':
        this.#answer(frame);
    }
  }

  #open(userId: string): void {
    this.closed();
    const door = this.#emulator.openDoor(userId, (event) => {
      if (this.#door === door) this.#send({ t: 'event', event });
    });
    this.#door = door;
    const tell = (news: FaultNews): void => this.#send({ t: 'faults', news, limits: this.#emulator.limits });
    this.#faults = this.#emulator.reportFaults(userId, tell, this.#faults?.heard ?? 0);
    this.#stopWatching = this.#emulator.watchNetwork(userId, () => this.#send({ t: 'network-back' }));
  }

  #answer({ id, name, request }: Extract<ClientFrame, { t: 'request' }>): void {
    const door = this.#door;
    door?.ask(name, request, (outcome) => {
      if (this.#door === door) this.#send({ t: 'reply', id, outcome });
    });
  }

  #send(frame: ServerFrame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(encodeFrame(frame));
    if (this.#socket.bufferedAmount > MOST_UNREAD_BYTES) this.#socket.terminate();
  }
}
