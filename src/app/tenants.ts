/** The tenants of a data folder: `main`, and those that somebody added. Each is a world of its own. */
import { Failure } from '../core/failure/index.ts';
import { encodeValue } from '../core/value/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Committer } from '../runtime/committer/index.ts';

/** The tenant that is always there. The register of tenants is kept with it. */
export const mainTenant = 'main';

const tenantsMax = 10_000;

/** Returns the tenants in order. */
export async function tenantsOf(store: Store): Promise<readonly string[]> {
  const records = await store.registerRecords({
    tenant: mainTenant,
    kind: 'tenant',
    limit: tenantsMax,
  });
  return [mainTenant, ...records.map((one) => one.id)].toSorted();
}

/** Adds a tenant; throws `tenant.exists`. */
export async function addTenant(
  parts: { readonly store: Store; readonly committer: Committer; readonly clock: Clock },
  id: string,
  actor: string,
): Promise<void> {
  const known = await tenantsOf(parts.store);
  if (known.includes(id)) throw new Failure('tenant.exists', `the tenant \`${id}\` exists`);
  await parts.committer.commit({
    entries: [
      {
        tenant: mainTenant,
        at: parts.clock.now(),
        stream: `tenant:${id}`,
        type: 'tenant-added',
        actor,
        payload: encodeValue({ id }),
      },
    ],
    registerRecords: [
      { tenant: mainTenant, kind: 'tenant', id, version: 1, keys: {}, document: encodeValue({}) },
    ],
  });
}
