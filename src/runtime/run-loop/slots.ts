/**
 * Concurrency limits of flows: how many of its executions hold a slot, and who is next. The limit in
 * force is that of the newest revision.
 */
import type { Execution } from '../../core/engine/index.ts';
import type { FlowLibrary } from './flow-library.ts';
import type { RunLoopParts } from './parts.ts';

/** What was decided about a slot. */
export type SlotDecision = 'granted' | 'QUEUE' | 'CANCEL' | 'FAIL';

/** The slots of all flows. */
export interface Slots {
  /** Decides whether `execution` may run. */
  request(execution: Execution): Promise<SlotDecision>;
  /** Frees the slot of `execution`; gives the oldest queued execution of its flow, which now holds it. */
  release(execution: Execution): Promise<string | undefined>;
}

interface FlowSlots {
  held: number;
  readonly queue: string[];
  /** Requests and releases of one flow take turns. */
  turn: Promise<unknown>;
}

/** Returns the slots of the flows of the store. */
export function createSlots(parts: RunLoopParts, library: FlowLibrary): Slots {
  const flows = new Map<string, Promise<FlowSlots>>();

  const read = async (namespace: string, flowId: string): Promise<FlowSlots> => ({
    held: await parts.store.slotsHeld(parts.tenant, namespace, flowId),
    queue: [],
    turn: Promise.resolve(),
  });
  const slotsOf = ({ flow }: Execution): Promise<FlowSlots> => {
    const key = `${flow.namespace}/${flow.id}`;
    let known = flows.get(key);
    if (known === undefined) flows.set(key, (known = read(flow.namespace, flow.id)));
    return known;
  };
  const inTurn = async <T>(
    execution: Execution,
    work: (slots: FlowSlots) => Promise<T>,
  ): Promise<T> => {
    const slots = await slotsOf(execution);
    const result = slots.turn.then(() => work(slots));
    slots.turn = result.catch(() => undefined);
    return result;
  };

  return {
    request: (execution) =>
      inTurn(execution, async (slots) => {
        const { flow } = await library.find(execution.flow.namespace, execution.flow.id);
        const concurrency = flow.concurrency ?? execution.flow.concurrency;
        if (concurrency === undefined || slots.held < concurrency.limit) {
          slots.held += 1;
          return 'granted';
        }
        if (concurrency.behavior === 'QUEUE') slots.queue.push(execution.id);
        return concurrency.behavior;
      }),
    release: (execution) =>
      inTurn(execution, async (slots) => {
        slots.held = Math.max(0, slots.held - 1);
        const { namespace, id } = execution.flow;
        const next =
          slots.queue.shift() ?? (await parts.store.oldestQueued(parts.tenant, namespace, id));
        if (next !== undefined) slots.held += 1;
        return next;
      }),
  };
}
