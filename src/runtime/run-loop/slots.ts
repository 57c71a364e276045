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

/** How many queued executions of one flow are read at once: start-up does not grow with the queue. */
const pageSize = 100;

interface FlowSlots {
  held: number;
  /** Queued executions that the store knew, oldest first: a page of them. */
  page: string[];
  /** The last one that was read; undefined when all were. */
  readUpTo: string | undefined;
  /** Those that this process has queued since; the store may not know the last of them yet. */
  readonly later: Set<string>;
  /** The queued execution that was let go last; the store may not know yet. */
  lastGranted?: string;
  /** Requests and releases of one flow take turns. */
  turn: Promise<unknown>;
}

/** Returns the slots of the flows of the store. */
export function createSlots(parts: RunLoopParts, library: FlowLibrary): Slots {
  const flows = new Map<string, Promise<FlowSlots>>();

  const readPage = (namespace: string, flowId: string, after?: string) =>
    parts.store.queuedExecutions({
      tenant: parts.tenant,
      namespace,
      flowId,
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
  const lastOf = (page: readonly string[]): string | undefined =>
    page.length < pageSize ? undefined : page.at(-1);
  const read = async (namespace: string, flowId: string): Promise<FlowSlots> => {
    const page = await readPage(namespace, flowId);
    return {
      held: await parts.store.slotsHeld(parts.tenant, namespace, flowId),
      page: [...page],
      readUpTo: lastOf(page),
      later: new Set(),
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
    const [oldest] = await readPage(namespace, id);
    return oldest === slots.lastGranted ? undefined : oldest;
  };

  /** Takes the oldest queued execution out of the queue. */
  const takeNext = async (
    flow: { readonly namespace: string; readonly id: string },
    slots: FlowSlots,
  ): Promise<string | undefined> => {
    if (slots.page.length === 0 && slots.readUpTo !== undefined) {
      slots.page = [...(await readPage(flow.namespace, flow.id, slots.readUpTo))];
      slots.readUpTo = lastOf(slots.page);
    }
    const [later] = slots.later;
    const next = slots.page.shift() ?? later;
    if (next !== undefined) slots.later.delete(next);
    return next;
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
        if (concurrency.behavior === 'QUEUE') slots.later.add(execution.id);
        return concurrency.behavior;
      }),
    release: (execution) =>
      inTurn(execution.flow, async (slots) => {
        slots.held = Math.max(0, slots.held - 1);
        const { flow } = execution;
        const next = (await takeNext(flow, slots)) ?? (await queuedElsewhere(flow, slots));
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
        const granted: string[] = [];
        while (slots.held < limit) {
          const next = await takeNext({ namespace, id: flowId }, slots);
          if (next === undefined) break;
          slots.held += 1;
          granted.push(next);
        }
        return granted;
      }),
  };
}
