/**
 * Everybody in the chain of an effect: who had the execution started or begun anew, who wrote the revisions
 * of its flow and of those that called it, and all of those they act for.
 */
import type { Execution } from '../../core/engine/index.ts';
import { personsBehind, type Principal } from '../../core/policy/index.ts';
import { decodeValue, isMap } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import type { ApprovalParts } from './approval-parts.ts';

/** Returns who saved a revision of a flow; undefined when the ledger does not say. */
async function authorOf(
  store: Store,
  tenant: string,
  flow: { readonly namespace: string; readonly id: string; readonly revision: number },
): Promise<string | undefined> {
  const entries = await store.entries(tenant, `flow:${flow.namespace}/${flow.id}`);
  const saved = entries.findLast(({ type, payload }) => {
    if (type !== 'flow-saved' || payload === '') return false;
    const event = decodeValue(payload);
    return isMap(event) && event['revision'] === flow.revision;
  });
  return saved?.actor;
}

const beginnings: ReadonlySet<string> = new Set([
  'execution-created',
  'execution-restarted',
  'run-state-changed',
  'execution-forced',
]);
const depthMax = 50;

/** Returns those who stand behind the executions that led to the one of `id`, its authors included. */
async function callersOf(
  { store, tenant }: ApprovalParts,
  id: string | undefined,
): Promise<readonly string[]> {
  const handles: string[] = [];
  for (let at = id, depth = 0; at !== undefined && depth < depthMax; depth += 1) {
    const record = await store.execution(tenant, at);
    if (record === undefined) break;
    const { namespace, flowId, revision } = record;
    const author = await authorOf(store, tenant, { namespace, id: flowId, revision });
    if (author !== undefined) handles.push(author);
    for (const { type, actor } of await store.entries(tenant, `execution:${at}`)) {
      if (beginnings.has(type)) handles.push(actor);
    }
    at = record.causedBy ?? undefined;
  }
  return handles;
}

/** The principal of what nobody but the system started; that of a trigger is one in its namespace alone. */
function systemPrincipal(tenant: string, id: string): Principal {
  const namespace = /^trigger:([^/]+)\//.exec(id)?.[1] ?? '*';
  return {
    kind: 'system',
    id,
    tenant,
    roles: [{ role: 'trigger', namespace }],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: [], freshness: 'old' },
  };
}

/** Returns who had `execution` started; undefined for somebody who is there no more. */
export async function requesterOf(
  { principals, tenant }: Pick<ApprovalParts, 'principals' | 'tenant'>,
  { by = 'engine' }: { readonly by?: string | undefined },
): Promise<Principal | undefined> {
  if (by === 'engine' || by === 'system' || by.startsWith('trigger:')) {
    return systemPrincipal(tenant, by);
  }
  return principals.find(tenant, by);
}

/** Returns the handles of everybody in the chain of what `execution` does, sorted. */
export async function involvedIn(
  parts: ApprovalParts,
  execution: Execution,
): Promise<readonly string[]> {
  const { store, tenant, principals } = parts;
  const { flow, revision } = execution;
  const author = await authorOf(store, tenant, {
    namespace: flow.namespace,
    id: flow.id,
    revision,
  });
  const handles = new Set([
    ...execution.requesters,
    ...(author === undefined ? [] : [author]),
    ...(await callersOf(parts, execution.causedBy?.executionId)),
    ...(await callersOf(parts, execution.parentId)),
  ]);
  const all = new Set(handles);
  for (const handle of handles) {
    const principal = await principals.find(tenant, handle);
    if (principal !== undefined) for (const one of personsBehind(principal)) all.add(one);
  }
  return [...all].toSorted();
}
