/**
 * Stored flows, parsed once per revision. An iteration of a Loop runs a flow derived from the one it
 * stands in: the block of the loop as its tasks, the outputs the loop declares as its outputs.
 */
import { tasksById } from '../../core/engine/index.ts';
import { compileTemplate } from '../../core/expression/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { type Flow, type OutputDefinition, parseFlow, type Task } from '../../core/flow/index.ts';
import { plainText, isList, isMap, type Value } from '../../core/value/index.ts';
import type { FlowRecord } from '../../ports/store.ts';
import { liveRevisionIn } from '../flow-register/index.ts';
import type { RunLoopParts } from './parts.ts';

/** A flow and its revision. */
export interface StoredFlow {
  readonly flow: Flow;
  readonly revision: number;
}

/** Stored flows, parsed. */
export interface FlowLibrary {
  /** Returns a revision; without one that which runs: the live one of a flow that is live, else the newest. Throws `flow.not-found`. */
  find(namespace: string, id: string, revision?: number): Promise<StoredFlow>;
  /** Returns the newest revision, live or not; throws `flow.not-found`. */
  newest(namespace: string, id: string): Promise<StoredFlow>;
  /** Returns the flow that one iteration of a Loop runs. */
  iteration(flow: Flow, loopTaskId: string): Flow;
}

const keptMax = 2_000;

/** Returns the library of flows of the store. */
export function createFlowLibrary(
  parts: Pick<RunLoopParts, 'store' | 'tenant' | 'catalogue'>,
): FlowLibrary {
  const parsed = new Map<string, StoredFlow>();
  const iterations = new WeakMap<Flow, Map<string, Flow>>();

  const read = (record: FlowRecord): StoredFlow => {
    const key = `${record.namespace}/${record.id}/${record.revision}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const { flow, diagnostics } = parseFlow(record.source, {
      file: `${record.namespace}/${record.id}`,
      catalogue: parts.catalogue,
      compile: compileTemplate,
    });
    if (flow === undefined) {
      const why = diagnostics.find((one) => one.severity === 'error')?.message ?? 'unknown reason';
      throw new Failure(
        'flow.invalid',
        `the stored flow \`${record.namespace}/${record.id}\` is not valid: ${why}`,
      );
    }
    if (parsed.size >= keptMax) parsed.delete(parsed.keys().next().value as string);
    const stored = { flow, revision: record.revision };
    parsed.set(key, stored);
    return stored;
  };

  const stored = async (namespace: string, id: string, revision?: number): Promise<FlowRecord> => {
    const record = await parts.store.flow(parts.tenant, namespace, id, revision);
    if (record !== undefined && (revision !== undefined || !record.isDeleted)) return record;
    const which = revision === undefined ? '' : ` in revision ${revision}`;
    throw new Failure('flow.not-found', `there is no flow \`${namespace}/${id}\`${which}`);
  };

  return {
    async find(namespace, id, revision) {
      const known =
        revision === undefined ? undefined : parsed.get(`${namespace}/${id}/${revision}`);
      if (known !== undefined) return known;
      const record = await stored(namespace, id, revision);
      if (revision !== undefined) return read(record);
      const live = await liveRevisionIn(parts, { namespace, flowId: id });
      // INVARIANT: of a live flow nothing runs but what was made live.
      if (live === undefined || live === record.revision) return read(record);
      return read(await stored(namespace, id, live));
    },
    newest: async (namespace, id) => read(await stored(namespace, id)),
    iteration(flow, loopTaskId) {
      const known = iterations.get(flow)?.get(loopTaskId);
      if (known !== undefined) return known;
      const loop = tasksById(flow).get(loopTaskId);
      if (loop === undefined) {
        throw new Failure('flow.invalid', `the flow \`${flow.id}\` has no task \`${loopTaskId}\``);
      }
      const made = iterationFlow(flow, loop);
      const all = iterations.get(flow) ?? new Map<string, Flow>();
      all.set(loopTaskId, made);
      iterations.set(flow, all);
      return made;
    },
  };
}

function iterationFlow(flow: Flow, loop: Task): Flow {
  const { concurrency: _concurrency, retry: _retry, ...rest } = flow;
  return {
    ...rest,
    tasks: loop.blocks['tasks'] ?? [],
    errors: loop.blocks['errors'] ?? [],
    finally: loop.blocks['finally'] ?? [],
    afterExecution: [],
    listeners: [],
    serviceLevels: [],
    checks: [],
    outputs: loopOutputs(loop),
  };
}

function loopOutputs(loop: Task): OutputDefinition[] {
  const declared = loop.properties['outputs'];
  if (isList(declared)) {
    return declared.filter(isMap).map((one) => ({
      id: plainText(one['id']),
      type: (one['type'] as OutputDefinition['type'] | undefined) ?? 'STRING',
      value: one['value'] ?? null,
      isRequired: one['required'] !== false,
      span: loop.span,
    }));
  }
  if (!isMap(declared)) return [];
  return Object.entries(declared).map(([id, value]: [string, Value]) => ({
    id,
    type: 'JSON',
    value,
    isRequired: true,
    span: loop.span,
  }));
}
