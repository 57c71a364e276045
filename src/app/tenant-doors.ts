/**
 * The doors of the API, one for each tenant, made when first asked. They ask the decider that the runs of
 * tasks ask, and tell it the same of a flow.
 */
import { Failure } from '../core/failure/index.ts';
import type { Facts } from '../core/policy/index.ts';
import type { DoorQuestion } from '../ports/door.ts';
import type { DoorParts } from '../runtime/identity/index.ts';
import type { KnownFlows } from '../runtime/flow-register/index.ts';
import type { PolicyParts } from '../runtime/policy/index.ts';
import type { System } from './application.ts';
import { seedPolicies } from './seed-policies.ts';
import { policyEngineFor } from './policy-bench.ts';

/** What is known of a flow that is not there: it does nothing. Whoever may do that is told so. */
const nothing: Facts = { stage: 'development', riskTier: 'minimal' };

/** The doors of all tenants. */
export interface TenantDoors {
  doorOf(tenant: string): Promise<DoorParts>;
}

/** Returns what policy is told of the flow that a question is about. */
async function factsOf(
  system: System,
  flows: KnownFlows,
  { tenant, namespace, facts, resourceType }: DoorQuestion,
): Promise<Facts> {
  const id = facts?.flowId;
  // An execution that is not there is of no flow.
  if (resourceType === 'Execution' && id === undefined) return nothing;
  if (namespace === null || id === undefined) return {};
  // A deleted flow is told of as it was: its executions are still there.
  const record = await system.store.flow(tenant, namespace, id);
  if (record === undefined) return nothing;
  const name = { namespace, flowId: id };
  try {
    // Of a live flow what runs counts, and not what was saved since.
    return (await flows.find(name, record.isDeleted ? record.revision : undefined)).facts;
  } catch (error) {
    // Of what this version cannot read nothing is known, and policies refuse what they are not told of.
    if (error instanceof Failure && error.code === 'flow.invalid') return {};
    throw error;
  }
}

/** Returns the doors of all tenants of a system. */
export function createTenantDoors(system: System): TenantDoors {
  const { store, committer, clock, digests } = system;
  const engine = policyEngineFor(system.catalogue);
  const doors = new Map<string, Promise<DoorParts>>();

  const make = async (tenant: string): Promise<DoorParts> => {
    const parts: PolicyParts = { tenant, store, committer, engine, digests, clock };
    const { policies, flows } = system.deciding(tenant);
    const decider = await policies.decider();
    await seedPolicies(parts, decider);
    await decider.refresh();
    return { parts, decider, factsOf: (question) => factsOf(system, flows, question) };
  };
  return {
    doorOf(tenant) {
      let door = doors.get(tenant);
      if (door === undefined) {
        door = make(tenant);
        doors.set(tenant, door);
        // One that could not be made is made again for the next who asks.
        door.catch(() => doors.delete(tenant));
      }
      return door;
    },
  };
}
