/** Who stands behind the handles of a data folder: the machine's own user, and those who sign in. */
import type { Principal } from '../core/policy/index.ts';
import type { Principals } from '../ports/principals.ts';
import type { WriteWatch } from '../runtime/committer/index.ts';

const keptMax = 5_000;

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
      // Also for a server: what the command line began over its data folder goes on in it.
      handle === local || handle === 'user:local'
        ? localOwner(tenant, handle)
        : others(tenant, handle),
  };
}

/** Returns `find` that looks for each handle once, until something is written that may change who is behind it. */
export function lookedUpOnce(watch: WriteWatch, find: Principals['find']): Principals['find'] {
  let found = new Map<string, Promise<Principal | undefined>>();
  let upTo = -1;
  return async (tenant, handle) => {
    const number = watch.known() ?? (await watch.look());
    if (number !== upTo || found.size >= keptMax) {
      found = new Map();
      upTo = number;
    }
    const key = `${tenant} ${handle}`;
    const before = found.get(key);
    if (before !== undefined) return before;
    const looking = find(tenant, handle);
    const round = found;
    round.set(key, looking);
    looking.catch(() => round.delete(key));
    return looking;
  };
}
