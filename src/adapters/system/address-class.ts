/**
 * What kind of place an IP address is. Only addresses of the public internet count as global; every
 * range that is private, local, reserved, or that carries another address inside is something else.
 *
 * INVARIANT: what cannot be read as an address, or is in no known range, is not global.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What kind of place an address is. `metadata`: where clouds hand out credentials. */
export type AddressClass = 'global' | 'private' | 'metadata';

const metadata = new BlockList();
for (const address of ['169.254.169.254', '169.254.170.2', '100.100.100.200', '168.63.129.16']) {
  metadata.addAddress(address, 'ipv4');
}
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('fd20:ce::254', 'ipv6');

const notGlobal4 = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  notGlobal4.addSubnet(address, bits, 'ipv4');
}

// Of IPv6 only one block is handed out for the internet; within it some parts are set aside, and some
// (Teredo, 6to4) carry an IPv4 address that nobody here has looked at. Translated addresses
// (`64:ff9b::/96`) lie outside the block.
const handedOut6 = new BlockList();
handedOut6.addSubnet('2000::', 3, 'ipv6');
const notGlobal6 = new BlockList();
for (const [address, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notGlobal6.addSubnet(address, bits, 'ipv6');
}

/** Returns the IPv4 address inside `::ffff:0:0/96`, or undefined. */
function mappedAddress(address: string): string | undefined {
  // The URL parser writes every form of the same address in one way.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 0xff, b >> 8, b & 0xff].join('.');
}

/** Returns what kind of place `address` is. */
export function addressClass(address: string): AddressClass {
  if (isIPv4(address)) {
    if (metadata.check(address, 'ipv4')) return 'metadata';
    return notGlobal4.check(address, 'ipv4') ? 'private' : 'global';
  }
  // A zone (`fe80::1%eth0`) belongs to a local address.
  if (!isIPv6(address) || address.includes('%')) return 'private';
  const mapped = mappedAddress(address);
  if (mapped !== undefined) return addressClass(mapped);
  if (metadata.check(address, 'ipv6')) return 'metadata';
  const isGlobal = handedOut6.check(address, 'ipv6') && !notGlobal6.check(address, 'ipv6');
  return isGlobal ? 'global' : 'private';
}
