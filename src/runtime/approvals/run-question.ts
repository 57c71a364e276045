/** The question that the run of a task is: who had it started, what it does, where its arguments come from. */
import type { Execution, TaskRun } from '../../core/engine/index.ts';
import type { Flow, Task, TypeCatalogue } from '../../core/flow/index.ts';
import {
  type ArgumentOrigin,
  type Facts,
  type Origin,
  type Principal,
  type Question,
  runActionOf,
} from '../../core/policy/index.ts';
import { flatten, type Marks, marksAt, type Provenance } from '../../core/value/index.ts';
import type { EffectKind } from '../../ports/task.ts';

/** What the run of a task is about to do, as policy is asked about it. */
export interface RunSituation {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly type: string;
  readonly effect: EffectKind;
  readonly touches: readonly string[];
  readonly argumentNames: readonly string[];
  readonly marks: Marks;
  readonly isAddressLike: (name: string) => boolean;
  readonly facts: Facts;
}

function originOf({ trust, bits, classes }: Provenance): Origin {
  return { trust, bits, classes };
}

function* tasksIn(tasks: readonly Task[]): Generator<Task> {
  for (const task of tasks) {
    yield task;
    for (const inner of Object.values(task.blocks)) yield* tasksIn(inner);
  }
}

const tiers = new WeakMap<Flow, string>();

/**
 * Returns the risk tier of a flow that declares none, from what its tasks may do: what asks a model and
 * changes something outside is high, what changes something outside is limited.
 */
function tierOf(flow: Flow, catalogue: TypeCatalogue): string {
  const known = tiers.get(flow);
  if (known !== undefined) return known;
  let hasModel = false;
  let isExternal = false;
  for (const task of tasksIn([...flow.tasks, ...flow.errors, ...flow.finally])) {
    const effect = catalogue.find(task.type)?.entry.effect;
    isExternal ||= effect?.kind === 'external';
    hasModel ||= effect?.touches.includes('model') === true;
  }
  const tier = isExternal ? (hasModel ? 'high' : 'limited') : 'minimal';
  tiers.set(flow, tier);
  return tier;
}

/** Returns what policies may know of a flow. */
export function flowFactsOf(flow: Flow, catalogue: TypeCatalogue): Facts {
  const { governance } = flow;
  return {
    flowId: flow.id,
    // A flow of which nobody says that it is deployed is being developed.
    stage: governance?.stage ?? 'development',
    riskTier: governance?.riskTier ?? tierOf(flow, catalogue),
  };
}

/** Returns the question that the run of a task is. */
export function runQuestion(
  situation: RunSituation,
  principal: Principal,
  flowFacts: Facts,
): Question {
  const { execution, run, type, effect, touches, marks, argumentNames } = situation;
  const { flow, tenant } = execution;
  const given: Record<string, ArgumentOrigin> = {};
  for (const name of argumentNames) {
    const origin = originOf(flatten(marksAt(marks, name)));
    given[name] = { ...origin, isAddressLike: situation.isAddressLike(name) };
  }
  return {
    principal,
    action: runActionOf(type),
    resource: {
      type: 'Task',
      id: `${flow.namespace}/${flow.id}#${run.task.id}`,
      tenant,
      namespace: flow.namespace,
    },
    situation: {
      arguments: given,
      control: originOf(run.control),
      facts: { ...flowFacts, taskType: type, effect, touches, ...situation.facts },
    },
  };
}
