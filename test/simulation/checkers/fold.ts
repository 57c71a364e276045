/**
 * An execution from its entries alone: what everything stored beside them is compared with. It applies
 * events with the reducer of the product and knows nothing of the run loop that wrote them.
 */
import {
  applyEvent,
  blankExecution,
  type Command,
  decodeEvent,
  type Execution,
  type ExecutionCreated,
  type ExecutionEvent,
} from '../../../src/core/engine/index.ts';
import type { TypeCatalogue } from '../../../src/core/flow/index.ts';
import type { NewEntry, Store } from '../../../src/ports/store.ts';
import { createFlowLibrary, type FlowLibrary } from '../../../src/runtime/run-loop/flow-library.ts';

/** The tenant of everything here. */
export const tenant = 'main';

/** Returns the flows of a store, for folding. */
export function flowsOf(store: Store, catalogue: TypeCatalogue): FlowLibrary {
  return createFlowLibrary({ store, catalogue, tenant });
}

/** Returns the event of an entry. */
export function eventOf(entry: Pick<NewEntry, 'type' | 'at' | 'payload'>): ExecutionEvent {
  return decodeEvent(entry.type, entry.at, entry.payload);
}

/** Returns the execution that `created` creates, before it. */
export async function blankFor(
  library: FlowLibrary,
  created: ExecutionCreated,
): Promise<Execution> {
  const { namespace, flowId, revision, executionId, loopTaskId } = created;
  const { flow } = await library.find(namespace, flowId, revision);
  const run = loopTaskId === undefined ? flow : library.iteration(flow, loopTaskId);
  return blankExecution(executionId, created.tenant, run, revision, loopTaskId);
}

/** An execution and what its events ordered. */
export interface Folded {
  readonly execution: Execution;
  readonly commands: readonly Command[];
}

/** Returns the fold of a stream's entries; undefined for a stream that does not begin with a creation. */
export async function foldEntries(
  library: FlowLibrary,
  entries: readonly Pick<NewEntry, 'type' | 'at' | 'payload'>[],
): Promise<Folded | undefined> {
  const [first] = entries;
  if (first === undefined) return undefined;
  const created = eventOf(first);
  if (created.type !== 'execution-created') return undefined;
  const execution = await blankFor(library, created);
  const commands: Command[] = [];
  for (const entry of entries) commands.push(...applyEvent(execution, eventOf(entry)).commands);
  return { execution, commands };
}
