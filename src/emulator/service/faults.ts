/** The calls that can be made to fail on purpose. */
export type FaultOperation = 'login' | 'renewToken' | 'join' | 'subscribe';

/** Failures that were ordered and have not happened yet. */
export class Faults {
  readonly #ordered: { readonly operation: FaultOperation; readonly code: number; left: number }[] = [];

  order(operation: FaultOperation, code: number, times: number): void {
    if (times > 0) this.#ordered.push({ operation, code, left: times });
  }

  /** The code with which this call fails; null when it does not. */
  take(operation: FaultOperation): number | null {
    const fault = this.#ordered.find((candidate) => candidate.operation === operation);
    if (!fault) return null;
    fault.left -= 1;
    if (fault.left === 0) this.#ordered.splice(this.#ordered.indexOf(fault), 1);
    return fault.code;
  }
}
