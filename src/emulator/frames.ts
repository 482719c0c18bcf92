import type { FaultNews, FaultReport } from './faults/fault-mirror.js';
import type { Limits } from './limits.js';
import type { OperationName, Operations, Outcome, ServerEvent } from './protocol.js';

/** What a page sends to a served emulator. */
export type ClientFrame =
  /** Begins a link; an earlier one of the same socket is over. */
  | { readonly t: 'open'; readonly userId: string }
  | { readonly t: 'close' }
  | { readonly t: 'ping' }
  /** Something that was ordered to go wrong has done so. */
  | { readonly t: 'struck'; readonly report: FaultReport }
  | { readonly t: 'request'; readonly id: number; readonly name: OperationName; readonly request: AnyRequest };

/** What a served emulator sends to a page. */
export type ServerFrame =
  | { readonly t: 'pong' }
  /** What is to go wrong; the first word about each link, and again when orders change. */
  | { readonly t: 'faults'; readonly news: FaultNews; readonly limits: Limits }
  | { readonly t: 'reply'; readonly id: number; readonly outcome: Outcome<unknown> }
  | { readonly t: 'event'; readonly event: ServerEvent }
  /** The user's network was cut, and is whole again. */
  | { readonly t: 'network-back' };

/** A request of any kind. */
export type AnyRequest = Operations[OperationName]['request'];

/** Writes a frame as text. Bytes become an object that only {@link decodeFrame} takes for bytes, and only where messages are. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame, function (this: Record<string, unknown>, key, value: unknown) {
    // Not `value`: a Node Buffer has turned itself into JSON by then.
    const original = this[key];
    return original instanceof Uint8Array ? { base64: toBase64(original) } : value;
  });
}

/** Reads a frame; null where the text is none. What is inside is as trustworthy as who sent it. */
export function decodeFrame<Frame extends ClientFrame | ServerFrame>(text: string): Frame | null {
  try {
    const frame = JSON.parse(text) as unknown;
    if (!isObject(frame) || typeof frame.t !== 'string') return null;
    if (isObject(frame.request)) restoreMessage(frame.request);
    if (isObject(frame.event) && isObject(frame.event.event)) restoreMessage(frame.event.event);
    if (isObject(frame.outcome)) restoreReply(frame.outcome.reply);
    return frame as Frame;
  } catch {
    return null;
  }
}

/** Messages of the history. */
function restoreReply(reply: unknown): void {
  const messages = isObject(reply) && Array.isArray(reply.messages) ? (reply.messages as unknown[]) : [];
  for (const message of messages) if (isObject(message)) restoreMessage(message);
}

function restoreMessage(holder: Record<string, unknown>): void {
  const { message } = holder;
  if (isObject(message) && typeof message.base64 === 'string') holder.message = fromBase64(message.base64);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toBase64(bytes: Uint8Array): string {
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
