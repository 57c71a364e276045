/**
 * Looking, before a flow is saved, whether it closes a circle of flows that start each other: those that
 * listen to the ends of others, and those that tasks start.
 */
import { Failure } from '../core/failure/index.ts';
import type { Diagnostic, Flow } from '../core/flow/index.ts';
import { listens, startedBy, triggerLoops } from '../core/triggers/index.ts';
import type { FlowLibrary, RunLoopParts } from '../runtime/run-loop/index.ts';
import { mayListen } from './may-listen.ts';

/** Where other flows are found. */
export interface FlowCircleParts extends Pick<RunLoopParts, 'store' | 'tenant'> {
  readonly library: FlowLibrary;
}

/** The most flows that are looked at. */
const flowsMax = 2_000;

/** Returns the flow that runs under a name; undefined where there is none that could. */
async function runningFlow(
  { library }: FlowCircleParts,
  namespace: string,
  id: string,
): Promise<Flow | undefined> {
  try {
    return (await library.find(namespace, id)).flow;
  } catch (error) {
    if (error instanceof Failure && error.code.startsWith('flow.')) return undefined;
    throw error;
  }
}

/** Returns what is wrong or doubtful in the circles that `flow` would close. */
export async function flowCircles(
  parts: FlowCircleParts,
  flow: Flow,
  file: string,
): Promise<readonly Diagnostic[]> {
  const records = await parts.store.flows(parts.tenant);
  const listening = records.filter(({ source }) => mayListen(source));
  if (listening.length === 0 && !listens(flow)) return [];
  const flows = new Map([[`${flow.namespace}/${flow.id}`, flow]]);
  const add = async (namespace: string, id: string): Promise<void> => {
    const key = `${namespace}/${id}`;
    if (flows.has(key) || flows.size >= flowsMax) return;
    const found = await runningFlow(parts, namespace, id);
    if (found !== undefined) flows.set(key, found);
  };
  for (const { namespace, id } of listening) await add(namespace, id);
  // Entries that are added meanwhile are visited as well.
  for (const one of flows.values()) {
    for (const { namespace, flowId } of startedBy(one)) await add(namespace, flowId);
  }
  return triggerLoops(flow, [...flows.values()], file);
}
