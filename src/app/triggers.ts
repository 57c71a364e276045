/** Triggers of flows as people and clients see them, and webhooks, which strangers call with a key. */
import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../core/failure/index.ts';
import { flatten, marksOf, provenanceOf, type ValueMap } from '../core/value/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import {
  changeTrigger,
  fireTrigger,
  readTrigger,
  type TriggerName,
  type TriggerOrder,
  type TriggerPlace,
  type TriggerState,
} from '../runtime/scheduler/index.ts';

export type { TriggerName, TriggerOrder } from '../runtime/scheduler/index.ts';

/** A trigger and how it stands. */
export interface TriggerRow {
  readonly place: TriggerPlace;
  readonly state: TriggerState;
  /** Why it never fires here, or did not fire last; undefined where nothing went wrong. */
  readonly trouble: string | undefined;
}

/** Types that are read and wait for a part of the system that is not there. */
const neverEvaluated: ReadonlySet<string> = new Set(['core.trigger.McpToolTrigger']);

function troubleOf({ trigger }: TriggerPlace): string | undefined {
  return neverEvaluated.has(trigger.type)
    ? `triggers of the type \`${trigger.type}\` are not evaluated`
    : undefined;
}

/** Returns the triggers of the flows of a tenant. */
export async function listTriggers(
  loop: RunLoop,
  namespace?: string,
  flowId?: string,
): Promise<readonly TriggerRow[]> {
  const { store, tenant } = loop.parts;
  const rows: TriggerRow[] = [];
  for (const record of await store.flows(tenant, namespace)) {
    if (flowId !== undefined && record.id !== flowId) continue;
    const { flow } = await loop.library.find(record.namespace, record.id);
    for (const trigger of flow.triggers) {
      const place = { namespace: record.namespace, flowId: record.id, trigger };
      const state = await readTrigger(loop.parts, place);
      rows.push({ place, state, trouble: troubleOf(place) ?? state.trouble?.message });
    }
  }
  return rows;
}

/** Does to a trigger what `order` says; throws `trigger.not-found` and `trigger.backfill-invalid`. */
export async function orderTrigger(
  loop: RunLoop,
  actor: string,
  name: TriggerName,
  order: TriggerOrder,
): Promise<TriggerRow> {
  const { place, state } = await changeTrigger(loop, name, order, actor);
  return { place, state, trouble: troubleOf(place) ?? state.trouble?.message };
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Starts what a call of a webhook asks for; gives the execution, or undefined when its conditions do not
 * hold. Everything the caller sent is untrusted. Throws `trigger.not-found` for a wrong flow or key alike.
 */
export async function callWebhook(
  loop: RunLoop,
  call: {
    readonly namespace: string;
    readonly flowId: string;
    readonly key: string;
    readonly variables: ValueMap;
    readonly from: string;
  },
): Promise<string | undefined> {
  const { namespace, flowId, key, variables } = call;
  const rows = await listTriggers(loop, namespace, flowId);
  const row = rows.find(({ place }) => {
    const { type, properties, isDisabled } = place.trigger;
    const own = properties['key'];
    if (type !== 'core.trigger.Webhook' || isDisabled || typeof own !== 'string') return false;
    return isEqual(key, own);
  });
  if (row === undefined || row.state.isDisabled) {
    throw new Failure('trigger.not-found', 'there is no such webhook');
  }
  const marks = marksOf(provenanceOf({ trust: 'untrusted', sources: [`webhook:${call.from}`] }));
  // That it runs at all depends on whoever sent what started it.
  return fireTrigger(loop, { ...row.place, variables, marks, control: flatten(marks) });
}
