import {
  createTokenHandler,
  type FetchHandler,
  type TokenHandlerOptions,
  verifyAccessToken,
} from 'agora-session/server';

export const appId = '970CA35de60c44645bbae8a215061b33';
export const appCertificate = '5CFd2fd1755d40ecb72977518be15d3b';
/** The present of the suite, milliseconds since the epoch. */
export const NOW: number = Date.UTC(2026, 0, 1);

/** An endpoint whose caller is alice, who may log in and join `stage`. */
export function endpoint(options: Partial<TokenHandlerOptions> = {}): FetchHandler {
  const authorize = (): { userId: string; channels: string[] } => ({ userId: 'alice', channels: ['stage'] });
  return createTokenHandler({ appId, appCertificate, authorize, now: () => NOW, ...options });
}

/** A request for tokens; what is no text, bytes or stream is sent as JSON. */
export function ask(
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
  url = 'https://backend.example/api/agora/tokens',
): Request {
  const raw = typeof content === 'string' || content instanceof Uint8Array || content instanceof ReadableStream;
  const body = raw ? (content as BodyInit) : JSON.stringify(content);
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, duplex: 'half' };
  return new Request(url, init);
}

interface Given {
  readonly token?: string;
  readonly error?: { readonly code: string };
}

interface Answer {
  readonly signaling?: Given;
  /** By name: a channel may be called `constructor`. */
  readonly channels: ReadonlyMap<string, Given>;
}

/** The content of an answer that must be 200. */
export async function answered(response: Response | Promise<Response>): Promise<Answer> {
  equal((await response).status, 200);
  const body = (await (await response).json()) as { signaling?: Given; channels: Record<string, Given> };
  return { ...body, channels: new Map(Object.entries(body.channels)) };
}

/** The status of an answer with its error code. */
export async function refusal(response: Promise<Response>): Promise<[number, unknown]> {
  const body = (await (await response).json()) as { error?: { code?: unknown } };
  return [(await response).status, body.error?.code];
}

/** A token that must be good, with what its services are for. */
export function verified(token: string | undefined): { services: { name: string; userId?: string }[] } {
  const { services } = verifyAccessToken(token ?? '', { appId, appCertificate, now: NOW / 1000 });
  return { services: services.map(({ type: _type, privileges: _privileges, ...rest }) => rest) };
}

/** Throws unless both are the same, looked at as JSON without regard to the order of fields. */
export function equal(actual: unknown, expected: unknown): void {
  if (plain(actual) !== plain(expected)) throw new Error(`expected ${plain(expected)}, got ${plain(actual)}`);
}

/** Throws unless this fails with the code. */
export async function fails(act: () => void | Promise<void>, code: string): Promise<void> {
  try {
    await act();
  } catch (error) {
    return equal(error instanceof Error && 'code' in error ? error.code : String(error), code);
  }
  throw new Error(`expected a failure with ${code}`);
}

function plain(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'object' && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([left], [right]) => (left < right ? -1 : 1)))
      : field,
  );
}
