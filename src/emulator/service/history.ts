import type { Operations, StoredMessage } from '../protocol.js';

/** So much is kept in all channels together; then the oldest goes. */
const MOST_BYTES = 16 * 1024 * 1024;

/** More are never given at once. */
const MOST_MESSAGES = 100;

/** What a message takes up besides its payload, roughly. */
const OVERHEAD_BYTES = 256;

interface Kept {
  readonly key: string;
  readonly message: StoredMessage;
  readonly bytes: number;
}

/** The messages that were published to be kept, of all channels and users. */
export class History {
  #kept: Kept[] = [];
  #bytes = 0;

  /** Keeps a message. */
  add(channelType: 'MESSAGE' | 'USER', channelName: string, told: StoredMessage): void {
    const { message: payload, messageType, customType, publisher, timestamp } = told;
    const message = { message: payload, messageType, customType, publisher, timestamp };
    const bytes = payload.length + OVERHEAD_BYTES;
    this.#kept.push({ key: `${channelType} ${channelName}`, message, bytes });
    this.#bytes += bytes;
    while (this.#bytes > MOST_BYTES) this.#bytes -= this.#kept.shift()?.bytes ?? this.#bytes;
  }

  /**
   * Reads backwards: from `start`, which is not included, to `end`, which is; the newest comes first. `newStart` continues it, 0 says
   * that there is nothing older. Messages of one millisecond that a page ends between are not found again, as times are all there is.
   */
  read({ channelType, channelName, start, end, count }: Operations['getMessages']['request']): {
    messages: StoredMessage[];
    newStart: number;
  } {
    const key = `${channelType} ${channelName}`;
    const found = this.#kept
      .filter((kept) => kept.key === key)
      .map(({ message }) => message)
      .filter(({ timestamp }) => timestamp >= end && (start === null || timestamp < start))
      .reverse();
    const messages = found.slice(0, Math.min(count, MOST_MESSAGES));
    const oldest = messages.at(-1);
    return { messages, newStart: oldest && found.length > messages.length ? oldest.timestamp : 0 };
  }

  clear(): void {
    this.#kept = [];
    this.#bytes = 0;
  }
}
