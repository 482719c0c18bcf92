import type { SessionError } from './state/session-error.js';

interface EarlyCall<Engine> {
  run(engine: Engine): void;
  end(error: SessionError): void;
}

/** Calls of the app's that came before the engine was loaded: kept in order, handed over in one turn, ended together. */
export class EarlyCalls<Engine> {
  #calls: EarlyCall<Engine>[] = [];

  /** Keeps a call until there is an engine. It settles as the call does, or with the error that ends all of them. */
  keep<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ run: (engine) => void call(engine).then(resolve, reject), end: reject });
    });
  }

  handOver(engine: Engine): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const { run } of calls) run(engine);
  }

  end(error: SessionError): void {
    const calls = this.#calls;
    this.#calls = [];
    for (const { end } of calls) end(error);
  }
}
