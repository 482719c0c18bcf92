/** How many bytes a text takes up in UTF-8. It is counted, not encoded: Jest's jsdom has no `TextEncoder`. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) length += bytesOf(character.codePointAt(0) ?? 0);
  return length;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

let decoder: TextDecoder | null = null;

/**
 * Reads UTF-8. Where there is no `TextDecoder`, as in Jest's jsdom, only ASCII is read, which is all that names may hold; the rest
 * becomes the sign for what cannot be read.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  if (typeof TextDecoder !== 'function') return Array.from(bytes, asciiOf).join('');
  // A byte order mark is a character like any other here: a name must not read as another one.
  decoder ??= new TextDecoder('utf-8', { ignoreBOM: true });
  return decoder.decode(bytes);
}

function asciiOf(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : '\ufffd';
}
