/** The numbers that stand for services and privileges in an AccessToken2, as in the builders that Agora publishes. */

/** The name of a service in a token. */
export type ServiceName = 'rtc' | 'rtm' | 'streaming' | 'fpa' | 'chat' | 'fcdn' | 'apaas' | 'rtm2' | 'convoai' | 'stt';

/** Service names and their type numbers. A token holds its services in ascending order of these. */
export const SERVICE_TYPES: Readonly<Record<ServiceName, number>> = {
  rtc: 1,
  rtm: 2,
  streaming: 3,
  fpa: 4,
  chat: 5,
  fcdn: 6,
  apaas: 7,
  rtm2: 8,
  convoai: 9,
  stt: 10,
};

/** What a token of one service may allow, by name, with the number in the token. Convo AI and STT define nothing. */
export interface ServicePrivileges {
  rtc: { joinChannel: 1; publishAudio: 2; publishVideo: 3; publishDataStream: 4 };
  rtm: { login: 1 };
  streaming: { publishMixStream: 1; publishRawStream: 2 };
  fpa: { login: 1 };
  chat: { user: 1; app: 2 };
  fcdn: { publish: 1; play: 2 };
  apaas: { roomUser: 1; user: 2; app: 3 };
  rtm2: { login: 1 };
  convoai: Record<never, number>;
  stt: Record<never, number>;
}

/** The numbers of {@link ServicePrivileges}. */
export const PRIVILEGES: Readonly<ServicePrivileges> = {
  rtc: { joinChannel: 1, publishAudio: 2, publishVideo: 3, publishDataStream: 4 },
  rtm: { login: 1 },
  streaming: { publishMixStream: 1, publishRawStream: 2 },
  fpa: { login: 1 },
  chat: { user: 1, app: 2 },
  fcdn: { publish: 1, play: 2 },
  apaas: { roomUser: 1, user: 2, app: 3 },
  rtm2: { login: 1 },
  convoai: {},
  stt: {},
};

/** Every privilege of a service: a list of names, each living as long as the token, or a life in seconds for each (0: as long as the token). */
export type Privileges<Service extends ServiceName> =
  | readonly (keyof ServicePrivileges[Service])[]
  | { readonly [Name in keyof ServicePrivileges[Service]]?: number };

/** A privilege of an RTC channel. */
export type RtcPrivilege = keyof ServicePrivileges['rtc'];

/** Access to one RTC channel, which is also what a Signaling stream channel asks for. */
export interface RtcGrant {
  readonly service: 'rtc';
  readonly channelName: string;
  /** A user account, or an RTC uid as a number below 2^32. The number 0 makes the token good for any uid. */
  readonly userId: string | number;
  readonly privileges: Privileges<'rtc'>;
}

/** What a Signaling stream channel asks of an RTC token. */
export const STREAM_CHANNEL_PRIVILEGES: Privileges<'rtc'> = ['joinChannel', 'publishDataStream'];

/** Login to Signaling. */
export interface RtmGrant {
  readonly service: 'rtm';
  readonly userId: string;
  /** Default: login. */
  readonly privileges?: Privileges<'rtm'>;
}

/** Login to Signaling with a list of what may be read and written; Agora enables this service per project. */
export interface Rtm2Grant {
  readonly service: 'rtm2';
  readonly userId: string;
  readonly permissions: Rtm2Permissions;
  /** Default: login. */
  readonly privileges?: Privileges<'rtm2'>;
}

/** The kinds of resource that an RTM2 grant names. */
export type Rtm2ResourceType = 'messageChannels' | 'streamChannels' | 'groupChannels' | 'serverGroups' | 'users';

/** Names of resources that may be read or written, by kind. */
export type Rtm2Permissions = {
  readonly [Type in Rtm2ResourceType]?: { readonly read?: readonly string[]; readonly write?: readonly string[] };
};

/** The kinds of resource in the order of their numbers, from 0. */
export const RTM2_RESOURCE_TYPES: readonly Rtm2ResourceType[] = [
  'messageChannels',
  'streamChannels',
  'groupChannels',
  'serverGroups',
  'users',
];

/** The two permissions in the order of their numbers, from 0. */
export const RTM2_PERMISSIONS: readonly ['read', 'write'] = ['read', 'write'];

/** Services besides Signaling and RTC that a token may carry along. Texts of theirs may be empty, at most 255 bytes. */
export type OtherGrant =
  | {
      readonly service: 'streaming';
      readonly channelName: string;
      readonly userId: string;
      readonly privileges: Privileges<'streaming'>;
    }
  | { readonly service: 'fpa'; readonly privileges?: Privileges<'fpa'> }
  | { readonly service: 'chat'; readonly userId: string; readonly privileges: Privileges<'chat'> }
  | {
      readonly service: 'fcdn';
      readonly channelName: string;
      readonly userId: string;
      readonly privileges: Privileges<'fcdn'>;
    }
  | {
      readonly service: 'apaas';
      readonly roomUuid: string;
      readonly userId: string;
      /** A 16-bit number; -1 where the role does not matter. */
      readonly role: number;
      readonly privileges: Privileges<'apaas'>;
    }
  | { readonly service: 'convoai' }
  | { readonly service: 'stt' };

/** One service for {@link buildAccessToken}. */
export type ServiceGrant = RtcGrant | RtmGrant | Rtm2Grant | OtherGrant;
