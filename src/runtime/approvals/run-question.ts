/** The question that the run of a task is: who had it started, what it does, where its arguments come from. */
import type { Execution, TaskRun } from '../../core/engine/index.ts';
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

/** Returns the question that the run of a task is; `flowFacts` is what is known of its flow. */
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
