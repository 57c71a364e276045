/**
 * Concurrency limits of flows: who may run, and who is next. The limit in force is that of the newest
 * revision. What is held is what the store says, so that several processes share the limit; those that
 * were let go here and are not stored yet are counted beside it.
 *
 * INVARIANT: a slot is taken in the write that says so, and that write is refused where another process
 * has taken it first; who was refused asks again.
 */
import type { Execution } from '../../core/engine/index.ts';
import type { Write } from '../../ports/store.ts';
import type { FlowLibrary } from './flow-library.ts';
import type { RunLoopParts } from './parts.ts';

/** What was decided about a slot. */
export type SlotDecision = 'granted' | 'QUEUE' | 'CANCEL' | 'FAIL';

/** The slots of all flows. */
export interface Slots {
  /** Decides whether `execution` may run. */
  request(execution: Execution): Promise<SlotDecision>;
  /** Gives the queued executions of the flow of `execution`, which gave its slot back, that may run in its place. */
  release(execution: Execution): Promise<readonly string[]>;
  /** Gives queued executions of a flow that may run. */
  refill(namespace: string, flowId: string): Promise<readonly string[]>;
  /** Returns what the write must hold with which `execution` takes its slot; undefined where nothing limits it. */
  guardOf(execution: Execution): Write['slot'];
  /** Notes that the answer to an execution is stored, or that its slot was refused. */
  settled(executionId: string, answer: 'slot-granted' | 'slot-denied'): void;
}

interface FlowId {
  readonly namespace: string;
  readonly id: string;
}

interface FlowSlots {
  /** Let go here, and not stored yet. */
  readonly granting: Set<string>;
  /** Queued here, and not stored yet. */
  readonly queuing: Set<string>;
  /** Called when one of either is stored. */
  waiters: (() => void)[];
  /** Requests and releases of one flow take turns. */
  turn: Promise<unknown>;
}

/** Returns the slots of the flows of the store. */
export function createSlots(parts: RunLoopParts, library: FlowLibrary): Slots {
  const { store, tenant } = parts;
  const flows = new Map<string, FlowSlots>();
  /** The limit under which somebody was let go, and whose slots they are. */
  const unsettled = new Map<string, { readonly slots: FlowSlots; readonly limit: number }>();

  const slotsOf = ({ namespace, id }: FlowId): FlowSlots => {
    const key = `${namespace}/${id}`;
    let known = flows.get(key);
    if (known === undefined) {
      known = { granting: new Set(), queuing: new Set(), waiters: [], turn: Promise.resolve() };
      flows.set(key, known);
    }
    return known;
  };
  const inTurn = async <T>(flow: FlowId, work: (slots: FlowSlots) => Promise<T>): Promise<T> => {
    const slots = slotsOf(flow);
    const result = slots.turn.then(() => work(slots));
    slots.turn = result.catch(() => undefined);
    return result;
  };
  const grant = (slots: FlowSlots, id: string, limit: number): void => {
    slots.granting.add(id);
    slots.queuing.delete(id);
    unsettled.set(id, { slots, limit });
  };

  /** Tells whether one more may run; waits where that depends on what is not stored yet. */
  const isFree = async (
    { namespace, id }: FlowId,
    slots: FlowSlots,
    limit: number,
    mayWait = true,
  ): Promise<boolean> => {
    if (limit === Number.POSITIVE_INFINITY) return true;
    for (;;) {
      const held = await store.slotsHeld(tenant, namespace, id);
      if (held + slots.granting.size < limit) return true;
      if (held >= limit || slots.granting.size === 0 || !mayWait) return false;
      await new Promise<void>((resolve) => slots.waiters.push(resolve));
    }
  };

  /** Returns the oldest queued execution that nobody has let go here. */
  const nextQueued = async (
    { namespace, id }: FlowId,
    slots: FlowSlots,
  ): Promise<string | undefined> => {
    const limit = slots.granting.size + 1;
    const query = { tenant, namespace, flowId: id, limit };
    const page = await store.queuedExecutions(query);
    const [queuing] = slots.queuing;
    return page.find((one) => !slots.granting.has(one)) ?? queuing;
  };

  const letGo = (flow: FlowId): Promise<readonly string[]> =>
    inTurn(flow, async (slots) => {
      const { concurrency } = (await library.find(flow.namespace, flow.id)).flow;
      const limit = concurrency?.limit ?? Number.POSITIVE_INFINITY;
      const granted: string[] = [];
      for (;;) {
        const next = await nextQueued(flow, slots);
        // Those let go here are told when this returns: waiting for them would be waiting for ever.
        const mayWait = granted.length === 0;
        if (next === undefined || !(await isFree(flow, slots, limit, mayWait))) return granted;
        grant(slots, next, limit);
        granted.push(next);
      }
    });

  return {
    request: (execution) =>
      inTurn(execution.flow, async (slots) => {
        const { flow } = await library.find(execution.flow.namespace, execution.flow.id);
        const concurrency = flow.concurrency ?? execution.flow.concurrency;
        if (concurrency === undefined) return 'granted';
        if (await isFree(flow, slots, concurrency.limit)) {
          grant(slots, execution.id, concurrency.limit);
          return 'granted';
        }
        if (concurrency.behavior === 'QUEUE') {
          slots.queuing.add(execution.id);
          unsettled.set(execution.id, { slots, limit: concurrency.limit });
        }
        return concurrency.behavior;
      }),
    release: ({ flow }) => letGo(flow),
    refill: (namespace, id) => letGo({ namespace, id }),
    guardOf({ id, flow, holdsSlot }) {
      const limit = unsettled.get(id)?.limit ?? Number.POSITIVE_INFINITY;
      if (!holdsSlot || limit === Number.POSITIVE_INFINITY) return undefined;
      return { tenant, namespace: flow.namespace, flowId: flow.id, executionId: id, limit };
    },
    settled(executionId, answer) {
      const slots = unsettled.get(executionId)?.slots;
      if (slots === undefined) return;
      slots.queuing.delete(executionId);
      if (answer === 'slot-granted') slots.granting.delete(executionId);
      if (!slots.granting.has(executionId)) unsettled.delete(executionId);
      for (const waiter of slots.waiters.splice(0)) waiter();
    },
  };
}
