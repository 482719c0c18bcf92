/** A browser that a test drives. Each kind is driven in its own way, and a test need not know in which. */
export interface DrivenBrowser {
  /** A tab beside those that are open, of the same profile. */
  open(url: string): Promise<Tab>;
  close(): Promise<void>;
}

/** A page in a driven browser. */
export interface Tab {
  /** Runs a function in the page, which sees nothing of this file; what it takes and gives is passed as JSON. */
  run<Result>(act: () => Result | Promise<Result>): Promise<Result>;
  run<Argument, Result>(act: (argument: Argument) => Result | Promise<Result>, argument: Argument): Promise<Result>;
  close(): Promise<void>;
}

/** How often a page is looked at while something is waited for, milliseconds. */
const POLL_MS = 25;

/** Waits until something is so in a page. It is looked at from here: timers of a page in the background are late. */
export async function becomesTrue<Argument>(
  tab: Tab,
  isTrue: (argument: Argument) => boolean,
  argument: Argument,
  withinMs: number = 10_000,
): Promise<void> {
  const endsAt = performance.now() + withinMs;
  while (!(await tab.run(isTrue, argument))) {
    if (performance.now() > endsAt)
      throw new Error(`Not within ${withinMs} ms: ${isTrue} for ${JSON.stringify(argument)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
