import type { PublishOptions } from 'agora-rtm-sdk';
import type { SessionError } from '../state/session-error.js';
import { type Publication, PublishQueue } from './publish-queue.js';
import type { QueueWish } from './queue-options.js';
import type { Surroundings } from './surroundings.js';

interface MessagesOptions extends Pick<Surroundings, 'clock' | 'link' | 'client'> {
  /** Whether the login's link is CONNECTED. */
  isUp(): boolean;
}

/** What is to be published to a message channel or a user, and how. */
export interface ChannelMessage {
  readonly channelName: string;
  readonly said: string | Uint8Array;
  readonly sdkOptions: PublishOptions | undefined;
  readonly queue: QueueWish;
}

/** Below the SDK's 60 a second (F 2.6), since the app may publish by itself. */
const PUBLISHES_PER_SECOND = 50;
/** Below the SDK's 200 a second, likewise. */
const TOPIC_MESSAGES_PER_SECOND = 150;

/** The messages that the app publishes, each kind at its own pace. */
export class Messages {
  /** Those in topics. */
  readonly inTopics: PublishQueue;
  readonly #toChannels: PublishQueue;
  readonly #options: MessagesOptions;

  constructor(options: MessagesOptions) {
    const { clock } = options;
    this.#options = options;
    this.#toChannels = new PublishQueue({
      clock,
      perSecond: PUBLISHES_PER_SECOND,
      whenDown: 'wait',
      downMessage: 'The session is not connected, and the message was not to wait.',
    });
    this.inTopics = new PublishQueue({
      clock,
      perSecond: TOPIC_MESSAGES_PER_SECOND,
      whenDown: 'reject',
      downMessage: "The topic is not joined now; pass `whenDown: 'wait'` for a message that may come late.",
    });
  }

  /** How many wait; for a diagnosis. */
  get waiting(): { messages: number; topicMessages: number } {
    return { messages: this.#toChannels.waiting, topicMessages: this.inTopics.waiting };
  }

  /** Publishes to a message channel or a user; see {@link PublishQueue.publish}. */
  async publish({ channelName, said, sdkOptions, queue }: ChannelMessage): Promise<void> {
    const { client, isUp, link } = this.#options;
    const publication: Publication = {
      channel: `${sdkOptions?.channelType ?? 'MESSAGE'} ${channelName}`,
      message: said,
      canSend: isUp,
      send: () => client().publish(channelName, said, sdkOptions),
      answered: (code) => link.answered(code),
    };
    await this.#toChannels.publish(publication, queue);
  }

  /** The link stands: what waits may go. */
  linkUp(): void {
    for (const queue of this.#queues) queue.look();
  }

  linkDown(): void {
    for (const queue of this.#queues) queue.linkDown();
  }

  /** Nothing is sent any more. */
  clear(error: SessionError): void {
    for (const queue of this.#queues) queue.clear(error);
  }

  get #queues(): readonly PublishQueue[] {
    return [this.#toChannels, this.inTopics];
  }
}
