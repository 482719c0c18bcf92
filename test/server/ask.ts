import { createTokenHandler, type FetchHandler, type TokenHandlerOptions } from '../../src/server/index.js';
import { appCertificate, appId } from './official-tokens.js';

/** The virtual present of the endpoint's tests: milliseconds since the epoch. */
export const NOW: number = Date.UTC(2026, 0, 1);

/** An endpoint whose caller is alice, who may log in and join `stage`. */
export function endpoint(options: Partial<TokenHandlerOptions> = {}): FetchHandler {
  return createTokenHandler({
    appId,
    appCertificate,
    authorize: () => ({ userId: 'alice', channels: ['stage'] }),
    now: () => NOW,
    ...options,
  });
}

/** A request as a session sends it. */
export function ask(body: unknown, init: RequestInit = {}): Request {
  const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Request('https://backend.example/api/agora/tokens', { method: 'POST', body: text, ...init, headers });
}

/** The status of an answer with its error code. */
export async function refusalOf(response: Response): Promise<[number, unknown]> {
  const body = (await response.json()) as { error?: { code?: unknown } };
  return [response.status, body.error?.code];
}
