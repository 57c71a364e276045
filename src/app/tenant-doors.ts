/** The doors of all tenants: each has policies and a decider of its own, made when first asked. */
import type { Flow, Task, TypeCatalogue } from '../core/flow/index.ts';
import type { Facts } from '../core/policy/index.ts';
import type { DoorQuestion } from '../ports/door.ts';
import type { DoorParts } from '../runtime/identity/index.ts';
import { createDecider, type PolicyParts } from '../runtime/policy/index.ts';
import type { System } from './application.ts';
import { seedPolicies } from './seed-policies.ts';
import { policyEngineFor } from './policy-bench.ts';

const knownMax = 5_000;
/** The stage of a flow that names none: it is being built. */
const firstStage = 'development';

/** What is known of a flow that is not there: it does nothing. Whoever may do that is told so. */
const nothing: Facts = { stage: firstStage, riskTier: 'minimal' };

function* tasksIn(tasks: readonly Task[]): Generator<Task> {
  for (const task of tasks) {
    yield task;
    for (const inner of Object.values(task.blocks)) yield* tasksIn(inner);
  }
}

/**
 * Returns the risk tier of a flow that declares none, from what its tasks may do: what asks a model and
 * changes something outside is high, what changes something outside is limited.
 */
function tierOf(flow: Flow, catalogue: TypeCatalogue): string {
  const effects = [...tasksIn([...flow.tasks, ...flow.errors, ...flow.finally])].map(
    ({ type }) => catalogue.find(type)?.entry.effect,
  );
  if (!effects.some((one) => one?.kind === 'external')) return 'minimal';
  return effects.some((one) => one?.touches.includes('model') === true) ? 'high' : 'limited';
}

/** The doors of all tenants. */
export interface TenantDoors {
  doorOf(tenant: string): Promise<DoorParts>;
  close(): Promise<void>;
}

/** Returns the doors of all tenants of a system. */
export function createTenantDoors(system: System): TenantDoors {
  const { store, committer, clock, digests } = system;
  const engine = policyEngineFor(system.catalogue);
  const doors = new Map<string, Promise<DoorParts>>();
  const known = new Map<string, Facts>();

  /** Returns what the newest revision of a flow says of itself. */
  const flowFacts = async (question: DoorQuestion): Promise<Facts> => {
    const { tenant, namespace, facts, resourceType } = question;
    const id = facts?.flowId;
    // An execution that is not there is of no flow.
    if (resourceType === 'Execution' && id === undefined) return nothing;
    if (namespace === null || id === undefined) return {};
    const record = await store.flow(tenant, namespace, id);
    if (record === undefined) return nothing;
    const key = JSON.stringify([tenant, namespace, id, record.revision]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const view = system.view({ tenant, actor: 'system' });
    const { flow } = view.checkFlow(record.source, 'flow.yaml');
    const found: Facts =
      flow === undefined
        ? {}
        : {
            stage: flow.governance?.stage ?? firstStage,
            riskTier: flow.governance?.riskTier ?? tierOf(flow, system.catalogue),
          };
    if (known.size >= knownMax) known.clear();
    known.set(key, found);
    return found;
  };

  const make = async (tenant: string): Promise<DoorParts> => {
    const parts: PolicyParts = { tenant, store, committer, engine, digests, clock };
    const decider = createDecider(parts);
    await seedPolicies(parts, decider);
    await decider.refresh();
    return { parts, decider, factsOf: flowFacts };
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
    async close() {
      for (const door of await Promise.allSettled(doors.values())) {
        if (door.status === 'fulfilled') door.value.decider.close();
      }
    },
  };
}
