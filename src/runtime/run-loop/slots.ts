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
  /** Gives queued executions of a flow that may run now; they hold their slots. */
  refill(namespace: string, flowId: string): Promise<readonly string[]>;
}

/** How many queued executions of one flow are known at once. */
const queuedMax = 100_000;

interface FlowSlots {
  held: number;
  readonly queue: string[];
  /** The queued execution that was let go last; the store may not know yet. */
  lastGranted?: string;
  /** Requests and releases of one flow take turns. */
  turn: Promise<unknown>;
}

/** Returns the slots of the flows of the store. */
export function createSlots(parts: RunLoopParts, library: FlowLibrary): Slots {
  const flows = new Map<string, Promise<FlowSlots>>();

  const read = async (namespace: string, flowId: string): Promise<FlowSlots> => {
    const waiting = await parts.store.executions({
      tenant: parts.tenant,
      namespace,
      flowId,
      states: ['QUEUED'],
      limit: queuedMax,
    });
    return {
      held: await parts.store.slotsHeld(parts.tenant, namespace, flowId),
      queue: waiting.map((one) => one.id).toReversed(),
      turn: Promise.resolve(),
    };
  };
  const slotsOf = (namespace: string, id: string): Promise<FlowSlots> => {
    const key = `${namespace}/${id}`;
    let known = flows.get(key);
    if (known === undefined) flows.set(key, (known = read(namespace, id)));
    return known;
  };
  const inTurn = async <T>(
    { namespace, id }: { readonly namespace: string; readonly id: string },
    work: (slots: FlowSlots) => Promise<T>,
  ): Promise<T> => {
    const slots = await slotsOf(namespace, id);
    const result = slots.turn.then(() => work(slots));
    slots.turn = result.catch(() => undefined);
    return result;
  };

  /** Returns the oldest execution that another process has put into the queue. */
  const queuedElsewhere = async (
    { namespace, id }: { readonly namespace: string; readonly id: string },
    slots: FlowSlots,
  ): Promise<string | undefined> => {
    const oldest = await parts.store.oldestQueued(parts.tenant, namespace, id);
    return oldest === slots.lastGranted ? undefined : oldest;
  };

  return {
    request: (execution) =>
      inTurn(execution.flow, async (slots) => {
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
      inTurn(execution.flow, async (slots) => {
        slots.held = Math.max(0, slots.held - 1);
        const next = slots.queue.shift() ?? (await queuedElsewhere(execution.flow, slots));
        if (next !== undefined) {
          slots.held += 1;
          slots.lastGranted = next;
        }
        return next;
      }),
    refill: (namespace, flowId) =>
      inTurn({ namespace, id: flowId }, async (slots) => {
        const { flow } = await library.find(namespace, flowId);
        const limit = flow.concurrency?.limit ?? Number.POSITIVE_INFINITY;
        const next = slots.queue.splice(0, Math.max(0, limit - slots.held));
        slots.held += next.length;
        return next;
      }),
  };
}
