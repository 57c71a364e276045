/**
 * What a flow reads under `trigger` about the execution that was heard of, and about those that came
 * together with it. Values keep where they come from: what a customer wrote there is a customer's here.
 */
import type { Execution } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Gathering } from '../../core/triggers/index.ts';
import {
  emptyMap,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  plain,
  type ValueMap,
} from '../../core/value/index.ts';
import { foldExecution, type RunLoop } from '../run-loop/index.ts';
import type { HeardState } from './heard-states.ts';

/** Executions that came together. */
export interface GatheredExecutions {
  readonly of: Gathering;
  readonly ids: readonly string[];
}

interface Outputs {
  readonly values: ValueMap;
  readonly parts: Map<string, Marks>;
}

function addOutputs(to: Outputs, { outputs, outputsMarks }: Execution): void {
  for (const [name, value] of Object.entries(outputs ?? {})) {
    to.values[name] = value;
    to.parts.set(name, marksAt(outputsMarks, name));
  }
}

async function executionOf(
  loop: RunLoop,
  present: Execution,
  id: string,
): Promise<Execution | undefined> {
  if (id === present.id) return present;
  try {
    return (await foldExecution(loop, id)).execution;
  } catch (error) {
    // What was deleted or erased meanwhile has nothing to say any more.
    const isGone =
      error instanceof Failure &&
      (error.code === 'execution.not-found' || error.code === 'execution.erased');
    if (isGone) return undefined;
    throw error;
  }
}

/** Returns the outputs of all, later ones over earlier ones, or each under the id of its flow. */
async function outputsOf(
  loop: RunLoop,
  present: Execution,
  gathered: readonly GatheredExecutions[],
): Promise<Outputs> {
  const all: Outputs = { values: emptyMap(), parts: new Map() };
  for (const { of: gathering, ids } of gathered) {
    for (const id of ids) {
      const execution = await executionOf(loop, present, id);
      if (execution === undefined) continue;
      if (!gathering.namesFlows) {
        addOutputs(all, execution);
        continue;
      }
      const own: Outputs = { values: emptyMap(), parts: new Map() };
      addOutputs(own, execution);
      all.values[execution.flow.id] = own.values;
      all.parts.set(execution.flow.id, marksOfParts(own.parts));
    }
  }
  if (!gathered.some(({ of: gathering }) => gathering.namesFlows)) addOutputs(all, present);
  return all;
}

/** Returns what stands under `trigger`, and where it comes from. */
export async function heardVariables(
  loop: RunLoop,
  execution: Execution,
  { state }: HeardState,
  gathered: readonly GatheredExecutions[],
): Promise<{ readonly variables: ValueMap; readonly marks: Marks }> {
  const { flow, id, revision, progress } = execution;
  const outputs = await outputsOf(loop, execution, gathered);
  const variables = emptyMap();
  variables['executionId'] = id;
  variables['namespace'] = flow.namespace;
  variables['flowId'] = flow.id;
  variables['flowRevision'] = revision;
  variables['state'] = state;
  variables['outputs'] = outputs.values;
  const marks = marksOfParts([
    ['state', marksOf(progress?.failure ?? plain)],
    ['outputs', marksOfParts(outputs.parts)],
  ]);
  return { variables, marks };
}
