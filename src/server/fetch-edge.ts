import { type Endpoint, type EndpointRequest, type FetchHandler, rememberEndpoint } from './endpoint.js';
import { readStream } from './request-body.js';

/** The token endpoint for runtimes whose requests are objects of the Fetch API. */
export function toFetchHandler(endpoint: Endpoint): FetchHandler {
  const handler: FetchHandler = async (request) => {
    const { status, headers, body } = await endpoint(fromFetch(request));
    return new Response(body, { status, headers });
  };
  return rememberEndpoint(handler, endpoint);
}

function fromFetch(request: Request): EndpointRequest {
  const { method, url, headers, body } = request;
  return {
    method,
    url,
    headers,
    readBody: (timeoutMs) => readStream(headers, body, timeoutMs),
    asRequest: () => request,
  };
}
