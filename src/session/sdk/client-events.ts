import type { LinkStateEvent, SignalingClient, SignalingEventMap } from './signaling-client.js';

/** The SDK's events that a session passes on under their own names. */
export type ForwardedEvent = Exclude<keyof SignalingEventMap, 'tokenPrivilegeWillExpire'>;

/** What a session does with its client's events. */
export interface ClientEventHandlers {
  /** Every event but the expiry warning, first. */
  forward<Name extends ForwardedEvent>(name: Name, event: Parameters<SignalingEventMap[Name]>[0]): void;
  onLinkState(event: LinkStateEvent): void;
  onTopic(event: Parameters<SignalingEventMap['topic']>[0]): void;
  onToken(event: Parameters<SignalingEventMap['token']>[0]): void;
  /** The channel's name, or '' for the login. */
  onWillExpire(channelName: string): void;
}

/** Listens to everything that a session needs of a client. Returns how to stop. */
export function listenToClient(client: SignalingClient, handlers: ClientEventHandlers): () => void {
  const stops = [
    listen(client, 'message', (event) => handlers.forward('message', event)),
    listen(client, 'presence', (event) => handlers.forward('presence', event)),
    listen(client, 'topic', (event) => {
      handlers.forward('topic', event);
      handlers.onTopic(event);
    }),
    listen(client, 'storage', (event) => handlers.forward('storage', event)),
    listen(client, 'lock', (event) => handlers.forward('lock', event)),
    listen(client, 'linkState', (event) => {
      handlers.forward('linkState', event);
      handlers.onLinkState(event);
    }),
    listen(client, 'token', (event) => {
      handlers.forward('token', event);
      handlers.onToken(event);
    }),
    listen(client, 'tokenPrivilegeWillExpire', handlers.onWillExpire),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function listen<Name extends keyof SignalingEventMap>(
  client: SignalingClient,
  name: Name,
  listener: SignalingEventMap[Name],
): () => void {
  client.addEventListener(name, listener);
  return () => client.removeEventListener(name, listener);
}
