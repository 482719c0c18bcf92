/** An option that cannot be right: a TypeError with the code that every error of this package for a wrong argument has. */
export function invalidArgument(message: string): TypeError & { readonly code: 'INVALID_ARGUMENT' } {
  return Object.assign(new TypeError(message), { code: 'INVALID_ARGUMENT' as const });
}
