/**
 * Legal holds against deletion by people, flows and purging tasks: what a hold covers is not deleted,
 * and each refusal is an entry. Whoever deletes something asks here first.
 */
import { Failure } from '../../core/failure/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store, Write } from '../../ports/store.ts';
import { coveringHold, type Hold, isWithin, listHolds } from './holds.ts';

/** What asking needs of the system. */
export interface DeletionParts {
  readonly tenant: string;
  readonly actor: string;
  readonly store: Pick<Store, 'registerRecords' | 'traces' | 'execution'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly commit: (write: Write) => Promise<void>;
}

/** Something that is to be deleted. */
export interface Deletable {
  /** As people call it: the execution `…`. */
  readonly what: string;
  /** Where values about people in it lie, as traces name it. */
  readonly place?: string;
  readonly executionId?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Log lines that are to be deleted. */
export interface DeletedLines {
  readonly namespace?: string | undefined;
  readonly flowId?: string | undefined;
  readonly executionId?: string | undefined;
}

/** Returns the handles of people under a hold whose values lie at a place, by place. */
async function heldPlaces(
  { tenant, store }: DeletionParts,
  holds: readonly Hold[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const { kind, id } of holds) {
    if (kind !== 'subject') continue;
    for (const { place } of await store.traces(tenant, id)) {
      found.set(place, [...(found.get(place) ?? []), id]);
    }
  }
  return found;
}

async function refuse(parts: DeletionParts, hold: Hold, what: string): Promise<never> {
  const { kind, id, setBy } = hold;
  await parts.commit({
    entries: [
      {
        tenant: parts.tenant,
        at: parts.clock.now(),
        stream: `hold:${kind}:${id}`,
        type: 'deletion-refused',
        actor: parts.actor,
        payload: encodeValue(mapOf({ what, hold: mapOf({ kind, id }) })),
      },
    ],
  });
  throw new Failure(
    'hold.in-force',
    `a hold on the ${kind} \`${id}\`, set by \`${setBy}\`, keeps ${what}`,
    { details: { kind, id, setBy } },
  );
}

function holdsOf({ tenant, store }: DeletionParts): Promise<readonly Hold[]> {
  return listHolds({ tenant, ledger: { store } });
}

/** Throws `hold.in-force` where a hold covers one of `items`, before any of them is deleted. */
export async function refuseDeletion(
  parts: DeletionParts,
  items: readonly Deletable[],
): Promise<void> {
  const holds = await holdsOf(parts);
  if (holds.length === 0) return;
  const places = await heldPlaces(parts, holds);
  for (const { what, place, executionId, namespace } of items) {
    const subjects = place === undefined ? [] : (places.get(place) ?? []);
    const hold = coveringHold(holds, { subjects, executionId, namespace });
    if (hold !== undefined) await refuse(parts, hold, what);
  }
}

/** Throws `hold.in-force` where a hold covers log lines that are to be deleted. */
export async function refuseLogDeletion(parts: DeletionParts, lines: DeletedLines): Promise<void> {
  const holds = await holdsOf(parts);
  if (holds.length === 0) return;
  const places = await heldPlaces(parts, holds);
  const isConcerned = async (id: string): Promise<boolean> => {
    const record = await parts.store.execution(parts.tenant, id);
    if (record === undefined) return false;
    return (
      (lines.executionId ?? id) === id &&
      isWithin(record.namespace, lines.namespace ?? record.namespace) &&
      (lines.flowId ?? record.flowId) === record.flowId
    );
  };
  for (const hold of holds) {
    if (hold.kind === 'namespace') {
      const { namespace } = lines;
      const meets =
        namespace === undefined || isWithin(namespace, hold.id) || isWithin(hold.id, namespace);
      if (meets && lines.executionId === undefined) await refuse(parts, hold, 'log lines');
      continue;
    }
    const ids =
      hold.kind === 'execution'
        ? [hold.id]
        : [...places]
            .filter(
              ([place, subjects]) => place.startsWith('execution:') && subjects.includes(hold.id),
            )
            .map(([place]) => place.slice('execution:'.length));
    for (const id of ids) if (await isConcerned(id)) await refuse(parts, hold, 'log lines');
  }
  const { executionId } = lines;
  if (executionId === undefined) return;
  const record = await parts.store.execution(parts.tenant, executionId);
  await refuseDeletion(parts, [
    { what: `log lines of \`${executionId}\``, executionId, namespace: record?.namespace },
  ]);
}
