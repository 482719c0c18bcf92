import type { GetHistoryMessageOptions, GetMessagesResponse, HistoryChannelType, RTMHistory } from 'agora-rtm-sdk';
import { isSignalingName } from '../../token/identifiers.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { MessageLink } from './message-link.js';
import { SignalingError } from './signaling-error.js';

const PAGE = 100;

/** Messages that were published with `storeInHistory`. */
export class EmulatedHistory implements RTMHistory {
  readonly #link: MessageLink;
  readonly #calls: Calls;

  constructor(link: MessageLink, calls: Calls) {
    this.#link = link;
    this.#calls = calls;
  }

  getMessages(
    channelName: string,
    channelType: HistoryChannelType,
    options: GetHistoryMessageOptions = {},
  ): Promise<GetMessagesResponse> {
    return this.#calls.make('getMessages', channelName, (call) => {
      return this.#getMessages(channelName, channelType, options, call);
    });
  }

  async #getMessages(
    channelName: string,
    channelType: HistoryChannelType,
    options: GetHistoryMessageOptions,
    call: Call,
  ): Promise<GetMessagesResponse> {
    const operation = 'getMessages';
    const { messageCount = PAGE, start, end = 0 } = options;
    if (this.#link.state !== 'CONNECTED') throw new SignalingError(operation, -10025);
    if (channelType !== 'MESSAGE' && channelType !== 'USER') throw new SignalingError(operation, -10019);
    if (!isSignalingName(channelName)) throw new SignalingError(operation, -10008);
    if (!isTime(start ?? 0) || !isTime(end)) throw new SignalingError(operation, -15002);
    const request = { channelType, channelName, start: start || null, end, count: Math.max(1, messageCount) };
    const names = { operation, timeoutCode: -15003, call };
    const { reply, timestamp } = await this.#link.request('getMessages', request, names);
    const messageList = reply.messages.map((message) => ({ ...message }));
    return { timestamp, messageList, count: messageList.length, newStart: reply.newStart };
  }
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
}
