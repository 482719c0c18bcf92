import type { InspectedSdkEvent } from '../state/inspection-event.js';
import type { SignalingClient, SignalingEventMap } from './signaling-client.js';

/** An event of the SDK's client, with its name. */
export type ClientEvent = {
  [Name in keyof SignalingEventMap]: { readonly name: Name; readonly event: Parameters<SignalingEventMap[Name]>[0] };
}[keyof SignalingEventMap];

/** The SDK's events that a session passes on under their own names. */
export type ForwardedEvent = Exclude<ClientEvent, { name: 'tokenPrivilegeWillExpire' }>;

const NAMES: readonly (keyof SignalingEventMap)[] = [
  'message',
  'presence',
  'topic',
  'storage',
  'lock',
  'linkState',
  'token',
  'tokenPrivilegeWillExpire',
];

/** Listens to everything that a session needs of a client. Returns how to stop. */
export function listenToClient(client: SignalingClient, listener: (event: ClientEvent) => void): () => void {
  const stops = NAMES.map((name) => {
    // The event is that of the name, which the compiler cannot see through the list.
    const tell = (event: unknown): void => listener({ name, event } as ClientEvent);
    client.addEventListener(name, tell);
    return () => client.removeEventListener(name, tell);
  });
  return () => {
    for (const stop of stops) stop();
  };
}

type Inspected = Extract<ClientEvent, { name: InspectedSdkEvent }>;

/** What is worth knowing of these events. No text of the SDK's is among it, since some of them quote tokens. */
const DETAILS = [
  'serviceType',
  'previousState',
  'currentState',
  'reasonCode',
  'isResumed',
  'affectedChannels',
  'eventType',
  'channelName',
  'publisher',
] as const;

/** Whether an event is one that is inspected. */
export function isInspected(event: ClientEvent): event is Inspected {
  return ['linkState', 'tokenPrivilegeWillExpire', 'token', 'topic'].includes(event.name);
}

/** What is told of an event of the SDK's to whoever inspects a session. */
export function detailOf({ name, event }: Inspected): Readonly<Record<string, string | boolean | readonly string[]>> {
  if (name === 'tokenPrivilegeWillExpire') return { channelName: event };
  const said = event as Partial<Record<(typeof DETAILS)[number], string | boolean | readonly string[]>>;
  return Object.fromEntries(
    DETAILS.flatMap((detail) => {
      const value = said[detail];
      return value === undefined ? [] : [[detail, Array.isArray(value) ? Object.freeze([...value]) : value]];
    }),
  );
}
