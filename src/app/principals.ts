/** Who stands behind the handles of a data folder: the machine's own user, and those who sign in. */
import type { Principal } from '../core/policy/index.ts';
import type { Principals } from '../ports/principals.ts';
import type { Store } from '../ports/store.ts';
import { mainTenant } from './tenants.ts';

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

/** Returns who is behind a handle; `local` is the handle of the machine's own user. */
export function createPrincipals(store: Pick<Store, 'registerRecord'>, local: string): Principals {
  return {
    async find(tenant, handle) {
      if (handle === local) return localOwner(tenant, handle);
      const record = await store.registerRecord({ tenant: mainTenant, kind: 'user', id: handle });
      if (record === undefined) return undefined;
      return {
        kind: 'user',
        id: handle,
        tenant,
        roles: [{ role: 'admin', namespace: '*' }],
        groups: [],
        onBehalfOf: [],
        // They started something a while ago; how they proved who they are then says nothing by now.
        authentication: { factors: [], freshness: 'old' },
      };
    },
  };
}
