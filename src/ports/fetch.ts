/**
 * Fetching over the network, in the shape every reader knows. What implements it guards the way out:
 * private, local and metadata addresses are refused with `http.address-refused`.
 */

/** Fetches over the network. */
export type Fetch = typeof globalThis.fetch;
