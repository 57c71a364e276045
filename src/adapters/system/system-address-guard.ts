/** Judges hosts by the names and addresses that the machine knows: for connections that are no requests. */
import type { AddressGuard } from '../../ports/address-guard.ts';
import {
  type AllowedPrivate,
  checkName,
  isAllowed,
  judgedAddresses,
  refused,
  resolveByMachine,
  type ResolveName,
} from './judge-host.ts';

/** Returns a guard that lets private and local hosts through where they are named in `allowPrivate`. */
export function createAddressGuard(
  allowPrivate: AllowedPrivate,
  resolve: ResolveName = resolveByMachine,
): AddressGuard {
  return async (host, port) => {
    const text = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    // As a URL reads it, so that every spelling of an address is judged as the address it is.
    const url = /^[\w.:-]+$/.test(host) && URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined) throw refused(host, 'it is no name of a host');
    checkName(url);
    return judgedAddresses(url, isAllowed(url, allowPrivate), resolve);
  };
}
