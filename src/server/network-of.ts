const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i;
/** As proxies write it: in brackets where a port follows, and of a link-local address with its interface. */
const IPV6 = /^\[?([\da-f:.]*:[\da-f:.]*)(?:%[^\]]*)?(?:\](?::\d+)?)?$/i;

/**
 * The network that an address stands for when its requests are counted: an IPv4 address itself, of IPv6 the first 64 bits, since that
 * much is given to one customer. A port does not count. Anything else is taken as it is.
 */
export function networkOf(address: string): string {
  const ipv4 = IPV4.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const ipv6 = IPV6.exec(address)?.[1];
  return ipv6 === undefined ? address : `${groupsOf(ipv6).slice(0, 4).join(':')}::/64`;
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
