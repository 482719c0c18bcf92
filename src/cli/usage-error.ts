/** A command that was wrongly called: the message says how it is called right. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
