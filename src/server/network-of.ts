import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network that an address stands for when its requests are counted: an IPv4 address itself, of IPv6 the first 64 bits, since that
 * much is given to one customer. Anything else is taken as it is.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%'); // without the interface of a link-local address
  if (!isIPv6(bare)) return bare;
  const mapped = /^::ffff:(.+)$/i.exec(bare)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return mapped;
  return `${groupsOf(bare).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address in their shortest form. */
function groupsOf(address: string): string[] {
  const [left = '', right] = address.toLowerCase().split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right ? right.split(':') : [];
  // Dotted digits at the end stand for two groups.
  const written = before.length + after.length + (address.includes('.') ? 1 : 0);
  const zeros = right === undefined ? [] : Array.from({ length: 8 - written }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.replace(/^0+(?=.)/, ''));
}
