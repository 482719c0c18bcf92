import type { RTMClient, RTMConfig, RTMEvents, RTMStreamChannel } from 'agora-rtm-sdk';

/**
 * The part of the SDK's client that a session needs. `RTMClient` itself has protected members, so nothing but the SDK's own class
 * could ever be assigned to it; the emulator's client and a test's stand-in are assignable to this.
 */
export type SignalingClient = Pick<
  RTMClient,
  | 'login'
  | 'logout'
  | 'renewToken'
  | 'publish'
  | 'subscribe'
  | 'unsubscribe'
  | 'createStreamChannel'
  | 'addEventListener'
  | 'removeEventListener'
  | 'presence'
  | 'storage'
  | 'lock'
  | 'history'
>;

/** The part of the SDK's module that a session needs: the constructor of its client. */
export interface SignalingSdk<Client extends SignalingClient = SignalingClient> {
  /** Told in a session's diagnostics. */
  VERSION?: string;
  RTM: new (appId: string, userId: string, config?: RTMConfig) => Client;
}

/** The SDK's events by name. */
export type SignalingEventMap = RTMEvents.RTMClientEventMap;
export type LinkStateEvent = RTMEvents.LinkStateEvent;
export type LinkState = RTMEvents.LinkState;
export type LinkReasonCode = RTMEvents.LinkStateChangeReasonCode;
export type { RTMConfig, RTMStreamChannel };
