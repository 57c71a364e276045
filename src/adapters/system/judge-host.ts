/**
 * Which hosts a flow may have connected to: a name is resolved once, every address it has is judged, and the
 * connection goes to one of those that were judged.
 *
 * INVARIANT: no address that is private, local or hands out metadata is given out unless the configuration
 * names the host.
 */
import { lookup as resolveName } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Failure } from '../../core/failure/index.ts';
import { addressClass } from './address-class.ts';

/** Hosts (`localhost`, `10.0.0.7:8080`) that may be private or local; true: all of them. */
export type AllowedPrivate = boolean | readonly string[];

/** Resolves a name to its addresses. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** Returns the failure of a host that is not connected to. */
export function refused(host: string, why: string): Failure {
  return new Failure('http.address-refused', `the address \`${host}\` is refused: ${why}`);
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Refuses a host whose name alone says that it hands out credentials. */
export function checkName(url: URL): void {
  if (metadataNames.has(nameOf(url))) throw refused(url.host, 'it hands out credentials');
}

/** Tells whether the host of `url` may be private or local. */
export function isAllowed(url: URL, allowPrivate: AllowedPrivate): boolean {
  if (typeof allowPrivate === 'boolean') return allowPrivate;
  return allowPrivate.includes(url.host) || allowPrivate.includes(nameOf(url));
}

/** Returns the addresses of the host of `url`; throws unless each of them may be connected to. */
export async function judgedAddresses(
  url: URL,
  mayBePrivate: boolean,
  resolve: ResolveName,
): Promise<string[]> {
  const name = nameOf(url);
  const addresses = isIP(name) === 0 ? await resolve(name) : [name];
  if (addresses.length === 0) {
    throw new Failure('http.unreachable', `the host \`${name}\` has no address`);
  }
  for (const address of addresses) {
    const kind = addressClass(address);
    if (kind === 'metadata') throw refused(url.host, 'it hands out credentials');
    if (kind === 'private' && !mayBePrivate) throw refused(url.host, 'it is private or local');
  }
  return [...addresses];
}

/** Resolves a name as the machine does. */
export async function resolveByMachine(name: string): Promise<readonly string[]> {
  return (await resolveName(name, { all: true })).map(({ address }) => address);
}
