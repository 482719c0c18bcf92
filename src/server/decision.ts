import type { EndpointRequest } from './endpoint.js';

/** A function of the app has not answered in time. */
export class DecisionTimeoutError extends Error {
  override readonly name = 'DecisionTimeoutError';

  constructor(functionName: string, timeoutMs: number) {
    super(`${functionName} had not answered when the ${timeoutMs} ms of decisionTimeoutMs were over.`);
  }
}

/** There is nobody to answer any more. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';

  constructor() {
    super('The caller has gone.');
  }
}

/** What is decided about one request: waits for the functions of the app, all together no longer than a time. */
export class Decision {
  readonly request: EndpointRequest;
  /** Who asks, once `authorize` has said so. */
  userId: string | null = null;
  readonly #timeoutMs: number;
  #asked = '';
  #late: Promise<never> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: EndpointRequest, timeoutMs: number) {
    this.request = request;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Asks a function of the app and waits for its answer, neither for a caller who has gone nor for ever.
   *
   * @param name the option that the function was given as.
   * @throws CallerGoneError, DecisionTimeoutError, and what the function throws.
   */
  async ask<T>(name: string, call: () => T | PromiseLike<T>): Promise<T> {
    this.#demandCaller();
    const answer = call();
    if (!isThenable(answer)) return answer;
    this.#asked = name;
    const settled = await Promise.race([answer, this.#tooLate()]);
    this.#demandCaller();
    return settled;
  }

  /** The request is answered. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** One timer for all functions, set when the first of them makes the request wait. */
  #tooLate(): Promise<never> {
    this.#late ??= new Promise<never>((_resolve, reject) => {
      const fail = (): void => reject(new DecisionTimeoutError(this.#asked, this.#timeoutMs));
      this.#timer = setTimeout(fail, this.#timeoutMs);
    });
    return this.#late;
  }

  #demandCaller(): void {
    if (this.request.gone) throw new CallerGoneError();
  }
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
