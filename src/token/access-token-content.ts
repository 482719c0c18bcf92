import { TokenFormatError } from './token-format-error.js';
import { decodeUtf8 } from './utf8.js';

/** What an AccessToken2 ("007") says of itself. Reading it proves nothing: only the server can verify the signature. */
export interface AccessTokenInfo {
  /** The Agora project that the token is for. */
  readonly appId: string;
  /** When the token was made, unix seconds. */
  readonly issuedAt: number;
  /** The token's life, in seconds from {@link issuedAt}. Agora honours at most 86 400. */
  readonly expiresInSeconds: number;
  /** A random number that makes two tokens of the same second differ. */
  readonly salt: number;
  /** What the token grants, in the order in which it stands in the token. */
  readonly services: readonly AccessTokenService[];
  /** Bytes of the first service of a type unknown to this library and of all that follow it; empty as a rule. */
  readonly unknownServices: Uint8Array;
}

/** One privilege: its number and its life in seconds from the token's issue; 0 means that it lasts as long as the token. */
export type PrivilegeMap = ReadonlyMap<number, number>;

/** One service of a token. The numbers are Agora's service types. */
export type AccessTokenService =
  | {
      readonly type: 1;
      readonly name: 'rtc';
      readonly privileges: PrivilegeMap;
      readonly channelName: string;
      readonly userId: string;
    }
  | { readonly type: 2; readonly name: 'rtm'; readonly privileges: PrivilegeMap; readonly userId: string }
  | {
      readonly type: 3;
      readonly name: 'streaming';
      readonly privileges: PrivilegeMap;
      readonly channelName: string;
      readonly userId: string;
    }
  | { readonly type: 4; readonly name: 'fpa'; readonly privileges: PrivilegeMap }
  | { readonly type: 5; readonly name: 'chat'; readonly privileges: PrivilegeMap; readonly userId: string }
  | {
      readonly type: 6;
      readonly name: 'fcdn';
      readonly privileges: PrivilegeMap;
      readonly channelName: string;
      readonly userId: string;
    }
  | {
      readonly type: 7;
      readonly name: 'apaas';
      readonly privileges: PrivilegeMap;
      readonly roomUuid: string;
      readonly userId: string;
      readonly role: number;
    }
  | {
      readonly type: 8;
      readonly name: 'rtm2';
      readonly privileges: PrivilegeMap;
      readonly userId: string;
      readonly permissions: readonly ResourcePermission[];
    }
  | { readonly type: 9; readonly name: 'convoai'; readonly privileges: PrivilegeMap }
  | { readonly type: 10; readonly name: 'stt'; readonly privileges: PrivilegeMap };

/** A permission of an RTM2 service: which resources of one type may be read or written. */
export interface ResourcePermission {
  /** 0 message channels, 1 stream channels, 2 group channels, 3 server groups, 4 users. */
  readonly resourceType: number;
  /** 0 read, 1 write. */
  readonly permission: number;
  readonly resources: readonly string[];
}

/** The inflated content of a token: the signature, the bytes that it covers, and what they mean. */
export interface AccessTokenContent {
  readonly signature: Uint8Array;
  /** Exactly the bytes that were signed; a verifier must not pack them anew. */
  readonly signedBytes: Uint8Array;
  readonly info: AccessTokenInfo;
}

/** A token's content is at most a few kilobytes; what inflates to more than this many bytes is refused. */
export const MAX_CONTENT_BYTES = 65_536;

/** How a token begins, which tells what it is instead of one; so little of it that it gives nothing away. */
export function describeTokenStart(token: string): string {
  return JSON.stringify(token.length > 12 ? `${token.slice(0, 6)}…` : token.slice(0, 3));
}

/** {@link MAX_CONTENT_BYTES} do not become longer than this, in base64 and with what deflating may add: a longer token is not looked into. */
const MAX_TOKEN_CHARACTERS = 90_000;

/**
 * Takes the base64 part off a token.
 *
 * @throws TokenFormatError when the string is not an AccessToken2 by its outer form.
 */
export function accessTokenBase64(token: string): string {
  if (typeof token !== 'string' || token === '') throw new TokenFormatError('The token is empty.');
  if (token.length > MAX_TOKEN_CHARACTERS) {
    throw new TokenFormatError(`The token has ${token.length} characters; none has more than ${MAX_TOKEN_CHARACTERS}.`);
  }
  if (!token.startsWith('007')) {
    throw new TokenFormatError(`The token begins with ${describeTokenStart(token)}, and Signaling needs "007".`);
  }
  const base64 = token.slice(3);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new TokenFormatError('The token is not base64 after its version.');
  }
  if (base64.length % 4 !== 0) throw new TokenFormatError('The token is cut off, or something was added to it.');
  return base64;
}

/**
 * Reads the inflated content of an AccessToken2: little-endian integers, strings with a 16-bit byte length.
 *
 * @throws TokenFormatError when the bytes end early or make no sense.
 */
export function decodeAccessTokenContent(bytes: Uint8Array): AccessTokenContent {
  const reader = new ByteReader(bytes);
  const signature = reader.bytes(reader.u16());
  if (signature.length !== 32) throw new TokenFormatError('The token has no 32-byte signature.');
  const signedBytes = bytes.subarray(reader.offset);
  const appId = reader.string();
  const issuedAt = reader.u32();
  const expiresInSeconds = reader.u32();
  const salt = reader.u32();
  const { services, unknownServices } = readServices(reader, bytes);
  return { signature, signedBytes, info: { appId, issuedAt, expiresInSeconds, salt, services, unknownServices } };
}

function readServices(reader: ByteReader, bytes: Uint8Array): Pick<AccessTokenInfo, 'services' | 'unknownServices'> {
  const services: AccessTokenService[] = [];
  const count = reader.u16();
  for (let index = 0; index < count; index += 1) {
    const start = reader.offset;
    const service = readService(reader);
    // The format does not say how long an unknown service is, so what follows it cannot be told apart either.
    if (!service) return { services, unknownServices: bytes.subarray(start) };
    services.push(service);
  }
  if (reader.offset < bytes.length) throw new TokenFormatError('The token goes on after its end.');
  return { services, unknownServices: new Uint8Array(0) };
}

/** The services in the order of their types, from 1: the name of each, and the fields that follow its privileges. */
const LAYOUTS: readonly (readonly [AccessTokenService['name'], ...(keyof typeof FIELDS)[]])[] = [
  ['rtc', 'channelName', 'userId'],
  ['rtm', 'userId'],
  ['streaming', 'channelName', 'userId'],
  ['fpa'],
  ['chat', 'userId'],
  ['fcdn', 'channelName', 'userId'],
  ['apaas', 'roomUuid', 'userId', 'role'],
  ['rtm2', 'userId', 'permissions'],
  ['convoai'],
  ['stt'],
];

const text = (reader: ByteReader): string => reader.string();

/** How each field is read. */
const FIELDS = {
  channelName: text,
  userId: text,
  roomUuid: text,
  role: (reader: ByteReader): number => reader.i16(),
  permissions: readPermissions,
};

function readService(reader: ByteReader): AccessTokenService | null {
  const type = reader.u16();
  const layout = LAYOUTS[type - 1];
  if (!layout) return null;
  const [name, ...fields] = layout;
  const privileges = readPrivileges(reader);
  const read = Object.fromEntries(fields.map((field) => [field, FIELDS[field](reader)]));
  return { type, name, privileges, ...read } as AccessTokenService;
}

function readPrivileges(reader: ByteReader): PrivilegeMap {
  return new Map(reader.list(() => [reader.u16(), reader.u32()] as const));
}

function readPermissions(reader: ByteReader): ResourcePermission[] {
  const ofType = (): ResourcePermission[] => {
    const resourceType = reader.u16();
    return reader.list(() => ({
      resourceType,
      permission: reader.u16(),
      resources: reader.list(() => reader.string()),
    }));
  };
  return reader.list(ofType).flat();
}

class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  i16(): number {
    return this.#view.getInt16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    return decodeUtf8(this.bytes(this.u16()));
  }

  /** As many as a number in front says. */
  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.u16() }, read);
  }

  #take(length: number): number {
    const start = this.offset;
    if (start + length > this.#bytes.length) throw new TokenFormatError('The token ends early.');
    this.offset += length;
    return start;
  }
}
