/** Who stands behind the handles of a data folder: the machine's own user, and those who sign in. */
import type { Principal } from '../core/policy/index.ts';
import type { Principals } from '../ports/principals.ts';

/** Returns the principal of the command line: whoever may write the data folder. */
export function localOwner(tenant: string, id: string): Principal {
  return {
    kind: 'user',
    id,
    tenant,
    roles: [{ role: 'local-owner', namespace: '*' }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['process'], freshness: 'fresh' },
  };
}

/** Returns who is behind a handle; `local` is that of the machine's own user, `others` knows those who sign in. */
export function createPrincipals(local: string, others: Principals['find']): Principals {
  return {
    find: async (tenant, handle) =>
      handle === local ? localOwner(tenant, handle) : others(tenant, handle),
  };
}
