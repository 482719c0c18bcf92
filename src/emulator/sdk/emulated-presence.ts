import type {
  ChannelType,
  GetOnlineUsersResponse,
  GetStateResponse,
  GetUserChannelsResponse,
  RemoveStateOptions,
  RemoveStateResponse,
  RTMPresence,
  SetStateResponse,
  StateDetail,
  WhereNowResponse,
  WhoNowOptions,
  WhoNowResponse,
} from 'agora-rtm-sdk';
import { isSignalingName } from '../../token/identifiers.js';
import type { Limits } from '../limits.js';
import type { OccupiedChannelType, OperationName, Operations } from '../protocol.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { MessageLink } from './message-link.js';
import type { Answer } from './requests.js';
import { SignalingError } from './signaling-error.js';

/** What an {@link EmulatedPresence} is made of. */
export interface PresenceParts {
  readonly userId: string;
  readonly link: MessageLink;
  readonly calls: Calls;
  readonly limits: () => Limits;
}

/** Who is where, and users' temporary states. States set without a link are kept and sent when there is one, as in the SDK. */
export class EmulatedPresence implements RTMPresence {
  readonly #link: MessageLink;
  readonly #calls: Calls;
  readonly #userId: string;
  readonly #limits: () => Limits;
  readonly #cached = new Map<string, Operations['setState']['request']>();

  constructor({ userId, link, calls, limits }: PresenceParts) {
    this.#userId = userId;
    this.#limits = limits;
    this.#link = link;
    this.#calls = calls;
  }

  whoNow(channelName: string, channelType: ChannelType, options: WhoNowOptions = {}): Promise<WhoNowResponse> {
    return this.#calls.make('whoNow', channelName, (call) => {
      return this.#occupants('whoNow', channelName, channelType, options, call);
    });
  }

  getOnlineUsers(
    channelName: string,
    channelType: ChannelType,
    options: WhoNowOptions = {},
  ): Promise<GetOnlineUsersResponse> {
    return this.#calls.make('whoNow', channelName, (call) => {
      return this.#occupants('getOnlineUsers', channelName, channelType, options, call);
    });
  }

  whereNow(userId: string): Promise<WhereNowResponse> {
    return this.#calls.make('whereNow', null, (call) => this.#channelsOf('whereNow', userId, call));
  }

  getUserChannels(userId: string): Promise<GetUserChannelsResponse> {
    return this.#calls.make('whereNow', null, (call) => this.#channelsOf('getUserChannels', userId, call));
  }

  setState(channelName: string, channelType: ChannelType, states: StateDetail): Promise<SetStateResponse> {
    return this.#calls.make('setState', channelName, (call) => this.#setState(channelName, channelType, states, call));
  }

  getState(userId: string, channelName: string, channelType: ChannelType): Promise<GetStateResponse> {
    return this.#calls.make('getState', channelName, (call) => this.#getState(userId, channelName, channelType, call));
  }

  removeState(
    channelName: string,
    channelType: ChannelType,
    options: RemoveStateOptions = {},
  ): Promise<RemoveStateResponse> {
    return this.#calls.make('removeState', channelName, (call) => {
      return this.#removeState(channelName, channelType, options, call);
    });
  }

  /** Sends what was set while there was no link. Failures stay silent: the call has long been answered. */
  flush(): void {
    for (const request of this.#cached.values()) this.#ask('setState', 'presenceSetState', request).catch(() => {});
    this.#cached.clear();
  }

  /** Forgets what was set while there was no link. */
  forget(): void {
    this.#cached.clear();
  }

  async #setState(
    channelName: string,
    channelType: ChannelType,
    states: StateDetail,
    call: Call,
  ): Promise<SetStateResponse> {
    const operation = 'presenceSetState';
    if (this.#link.state === 'IDLE') throw new SignalingError(operation, -10025);
    const request = {
      ...this.#address(operation, channelName, channelType),
      states: checkStates(operation, states, this.#limits()),
    };
    if (this.#link.state === 'CONNECTED') {
      return { timestamp: (await this.#ask('setState', operation, request, call)).timestamp };
    }
    this.#cached.set(`${channelType} ${channelName}`, request);
    return { timestamp: 0 };
  }

  async #getState(
    userId: string,
    channelName: string,
    channelType: ChannelType,
    call: Call,
  ): Promise<GetStateResponse> {
    const operation = 'presenceGetState';
    const request = { ...this.#address(operation, channelName, channelType), userId };
    const { reply, timestamp } = await this.#ask('getState', operation, request, call);
    return { timestamp, userId, states: { ...reply.states }, statesCount: Object.keys(reply.states).length };
  }

  async #removeState(
    channelName: string,
    channelType: ChannelType,
    options: RemoveStateOptions,
    call: Call,
  ): Promise<RemoveStateResponse> {
    const operation = 'presenceRemoveState';
    const request = { ...this.#address(operation, channelName, channelType), keys: options.states ?? null };
    return { timestamp: (await this.#ask('removeState', operation, request, call)).timestamp };
  }

  async #occupants(
    operation: string,
    channelName: string,
    channelType: ChannelType,
    options: WhoNowOptions,
    call: Call,
  ): Promise<WhoNowResponse> {
    const request = this.#address(operation, channelName, channelType);
    const { reply, timestamp } = await this.#ask('whoNow', operation, request, call);
    const occupants = reply.occupants.map(({ userId, states }) => {
      const shown = options.includedState ? { ...states } : {};
      return {
        userId: options.includedUserId === false ? '' : userId,
        states: shown,
        statesCount: Object.keys(shown).length,
      };
    });
    return { timestamp, totalOccupancy: occupants.length, occupants, nextPage: '' };
  }

  async #channelsOf(operation: string, userId: string, call: Call): Promise<WhereNowResponse> {
    if (this.#link.state !== 'CONNECTED') throw new SignalingError(operation, -10025);
    // No name means oneself.
    const asked = userId === '' ? this.#userId : userId;
    if (!isSignalingName(asked)) throw new SignalingError(operation, -10006);
    const { reply, timestamp } = await this.#ask('whereNow', operation, { userId: asked }, call);
    const channels = reply.channels.map(({ channelName, channelType }) => ({ channelName, channelType }));
    return { timestamp, channels, totalChannel: channels.length };
  }

  #address(
    operation: string,
    channelName: string,
    channelType: ChannelType,
  ): { channelName: string; channelType: OccupiedChannelType } {
    if (channelType !== 'MESSAGE' && channelType !== 'STREAM') throw new SignalingError(operation, -10019);
    // Setting a state is checked before the link is, all else after it.
    if (this.#link.state !== 'CONNECTED' && operation !== 'presenceSetState')
      throw new SignalingError(operation, -10025);
    if (!isSignalingName(channelName)) throw new SignalingError(operation, -10008);
    return { channelName, channelType };
  }

  #ask<Name extends OperationName>(
    name: Name,
    operation: string,
    request: Operations[Name]['request'],
    call?: Call,
  ): Promise<Answer<Name>> {
    return this.#link.request(name, request, { operation, timeoutCode: -13012, call });
  }
}

function checkStates(operation: string, states: StateDetail, limits: Limits): StateDetail {
  const entries = Object.entries(states);
  if (entries.length > limits.statesPerUser) throw new SignalingError(operation, -13005);
  if (entries.some(([key]) => key === '')) throw new SignalingError(operation, -13006);
  if (entries.some(([, value]) => typeof value !== 'string')) throw new SignalingError(operation, -13007);
  return Object.fromEntries(entries);
}
