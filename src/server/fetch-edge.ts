import { type Behind, type EndpointRequest, type FetchHandler, rememberBehind } from './endpoint.js';
import { readStream } from './request-body.js';

/** The token endpoint for runtimes whose requests are objects of the Fetch API. */
export function toFetchHandler(behind: Behind): FetchHandler {
  const { endpoint } = behind;
  const handler: FetchHandler = async (request) => {
    const { status, headers, body } = await endpoint(fromFetch(request));
    return new Response(body, { status, headers });
  };
  return rememberBehind(handler, behind);
}

function fromFetch(request: Request): EndpointRequest {
  const { method, url, headers } = request;
  return {
    method,
    url,
    headers,
    get gone() {
      return request.signal?.aborted === true; // not every runtime has one
    },
    address: undefined,
    readBody: (timeoutMs) => readStream(request, timeoutMs),
    asRequest: () => request,
  };
}
