import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import type { Exchange } from './exchange.js';
import { initOf, isBodiless, toHeaders, unreadable, urlOf } from './node-request.js';

/**
 * A request of node:http, whose body has been read, as one of the Fetch API. To make one takes longer than to make a token, and most
 * functions look no further than at its address and a header or two, which are at hand; the rest is made for who looks further.
 */
export function toLazyRequest(exchange: Exchange): Request {
  const { incoming } = exchange;
  const headers = lazy(Headers.prototype, () => toHeaders(incoming), {
    get: () => (name: string) => textHeader(incoming, name) ?? toHeaders(incoming).get(name),
  });
  const make = () => new Request(urlOf(incoming), { ...initOf(exchange), ...readAlready(incoming), headers });
  return lazy(Request.prototype, make, {
    method: () => incoming.method,
    url: () => urlOf(incoming),
    headers: () => headers,
  });
}

/** Without it a function that reads the body would find an empty one, and look for the mistake elsewhere. */
function readAlready({ method }: IncomingMessage): RequestInit {
  if (isBodiless(method)) return {};
  const error = new Error(
    'The body of this request has been read before: what it said is in the second argument of authorize, `asked`.',
  );
  return { body: unreadable(error), duplex: 'half' } as RequestInit;
}

/** Stands for an object that is made by the first look at a field which is not at hand. */
function lazy<T extends object>(prototype: T, make: () => T, atHand: Readonly<Record<string, () => unknown>>): T {
  let made: T | null = null;
  const whole = (): T => {
    made ??= make();
    return made;
  };
  const stand: T = Object.create(prototype);
  Reflect.set(stand, inspect.custom, whole); // what is shown is the object itself
  return new Proxy<T>(stand, {
    get(own, field) {
      if (Object.hasOwn(own, field)) return Reflect.get(own, field); // what an app has put on it
      if (!made && typeof field === 'string' && Object.hasOwn(atHand, field)) return atHand[field]?.();
      const object = whole();
      const value: unknown = Reflect.get(object, field, object);
      return typeof value === 'function' ? value.bind(object) : value;
    },
  });
}

/** A header that is one text, as nearly all are. */
function textHeader({ headers }: IncomingMessage, name: string): string | undefined {
  const field = String(name).toLowerCase();
  const value = Object.hasOwn(headers, field) ? headers[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
