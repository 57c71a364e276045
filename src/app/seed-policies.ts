/**
 * The first policies of a tenant: the pack that comes with the product, put in force when nothing ever was.
 * Without it every answer would be no, and nobody could be allowed to change that.
 */
import { fileURLToPath } from 'node:url';
import type { Principal } from '../core/policy/index.ts';
import {
  activatePolicies,
  type Decider,
  listVersions,
  type PolicyParts,
  proposePolicies,
} from '../runtime/policy/index.ts';
import { readPolicySet } from './policy-bench.ts';

/** The folder of the default pack. */
const defaultPack = fileURLToPath(new URL('../../policies/default', import.meta.url));

/** Puts the default pack in force unless policies were ever proposed; tells whether it did. */
export async function seedPolicies(parts: PolicyParts, decider: Decider): Promise<boolean> {
  if ((await listVersions(parts)).length > 0) return false;
  const { set } = await readPolicySet([defaultPack]);
  const principal: Principal = {
    kind: 'system',
    id: 'system',
    tenant: parts.tenant,
    // Whoever starts a server over a data folder owns it.
    roles: [{ role: 'local-owner', namespace: '*' }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['process'], freshness: 'fresh' },
  };
  const reason = 'the pack that comes with the product';
  const { version } = await proposePolicies(parts, decider, set, { principal, reason });
  await activatePolicies(parts, decider, version.version, { principal });
  return true;
}
