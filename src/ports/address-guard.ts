/**
 * Where a connection may go that is no request over HTTP: what a flow names is judged first, and what is
 * connected to is an address that was judged.
 */

/** Returns the addresses of a host that may be connected to; throws `http.address-refused` where one may not. */
export type AddressGuard = (host: string, port: number) => Promise<readonly string[]>;
