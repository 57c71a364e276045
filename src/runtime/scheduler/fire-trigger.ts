/**
 * Starting an execution because a trigger says so: its condition is asked, its inputs are rendered with
 * what the trigger knows, and the execution is started in the trigger's name.
 */
import { blankExecution, type Execution } from '../../core/engine/index.ts';
import { isTruthyText } from '../../core/expression/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Trigger } from '../../core/flow/index.ts';
import {
  emptyMap,
  isMap,
  flatten,
  type Marks,
  marksOf,
  marksOfParts,
  plainMarks,
  plainText,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { contextFor, hostFunctions, render } from '../rendering/index.ts';
import { functionParts, type RunLoop, startExecution } from '../run-loop/index.ts';
import type { TriggerPlace } from './trigger-records.ts';

/** What happened, as flows read it under `trigger`. */
export interface Firing extends TriggerPlace {
  readonly variables: ValueMap;
  readonly marks: Marks;
}

/** Returns the expressions under which a trigger fires; undefined when it has conditions of other kinds. */
export function conditionsOf(trigger: Trigger): readonly string[] | undefined {
  const expressions = trigger.when === undefined ? [] : [trigger.when];
  for (const condition of trigger.conditions) {
    const { type, expression } = condition;
    if (!/(^|\.)Expression(Condition)?$/.test(plainText(type)) || typeof expression !== 'string') {
      return undefined;
    }
    expressions.push(expression);
  }
  return expressions;
}

async function contextOf(loop: RunLoop, firing: Firing) {
  const { parts } = loop;
  const { flow, revision } = await loop.library.find(firing.namespace, firing.flowId);
  const execution: Execution = {
    ...blankExecution('', parts.tenant, flow, revision, undefined),
    variables: flow.variables,
    trigger: firing.variables,
    triggerMarks: firing.marks,
  };
  const reveal = (): void => undefined;
  const functions = hostFunctions(functionParts(parts), {
    execution,
    files: undefined,
    reveal,
    errorLogs: () => Promise.resolve([]),
  });
  return contextFor(parts, { execution, run: null, around: [], functions, reveal });
}

/** Starts what `firing` asks for; gives the id, or undefined when a condition does not hold. */
export async function fireTrigger(loop: RunLoop, firing: Firing): Promise<string | undefined> {
  const { trigger, namespace, flowId } = firing;
  const context = await contextOf(loop, firing);
  const conditions = conditionsOf(trigger);
  if (conditions === undefined) {
    throw new Failure(
      'trigger.unsupported',
      `the trigger \`${trigger.id}\` has conditions of a kind that is not evaluated`,
    );
  }
  for (const condition of conditions) {
    const held = await render(context, condition, 'text');
    if (!held.ok) throw new Failure('expression.failed', held.error.message);
    if (!isTruthyText(plainText(held.value ?? ''))) return undefined;
  }
  const inputs = emptyMap();
  const parts: (readonly [string, Marks])[] = [];
  for (const [key, value] of Object.entries(trigger.inputs)) {
    const rendered = await render(context, value, 'typed');
    if (!rendered.ok) throw new Failure('expression.failed', rendered.error.message);
    inputs[key] = rendered.value;
    if (rendered.marks !== plainMarks) parts.push([key, rendered.marks]);
  }
  const given: Value = firing.variables;
  return startExecution(loop, {
    namespace,
    flowId,
    inputs,
    ...(parts.length > 0 && { inputsMarks: marksOfParts(parts) }),
    labels: [...trigger.labels, { key: 'system.from', value: 'trigger' }],
    trigger: isMap(given) ? given : emptyMap(),
    ...(firing.marks !== plainMarks && {
      triggerMarks: firing.marks,
      // That it runs at all depends on whoever sent what started it.
      controlMarks: marksOf(flatten(firing.marks)),
    }),
    by: `trigger:${namespace}/${flowId}/${trigger.id}`,
  });
}
