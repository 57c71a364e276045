/**
 * What templates of a trigger read: the names of its own flow, what happened under `trigger`, and, where
 * it heard of an execution, that execution's names. Functions are those of its own flow: what another
 * flow's execution is called or has said opens no pair and no secret of that flow.
 */
import { blankExecution, type Execution } from '../../core/engine/index.ts';
import type { EvaluationContext } from '../../core/expression/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { type Condition, type Facts, holds, templatesIn } from '../../core/triggers/index.ts';
import {
  flatten,
  joinProvenance,
  type Marks,
  plain,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import { contextFor, hostFunctions, render, type RenderResult } from '../rendering/index.ts';
import { functionParts, type RunLoop } from '../run-loop/index.ts';
import type { TriggerPlace } from './trigger-records.ts';

/** What happened, as flows read it under `trigger`. */
export interface Happened extends TriggerPlace {
  readonly variables: ValueMap;
  readonly marks: Marks;
  /** The execution that was heard of, as it was then. */
  readonly heard?: Execution;
}

/** Returns what is needed to render the templates of a trigger. */
export async function contextOf(
  { parts, library }: RunLoop,
  happened: Happened,
  reveal: (secret: string) => void,
  more?: { readonly names: ValueMap; readonly marks: Marks },
): Promise<EvaluationContext> {
  const { flow, revision } = await library.find(happened.namespace, happened.flowId);
  const names = {
    flow,
    revision,
    variables: flow.variables,
    trigger: happened.variables,
    triggerMarks: happened.marks,
  };
  const own: Execution = {
    ...blankExecution('', parts.tenant, flow, revision, undefined),
    ...names,
  };
  const functions = hostFunctions(functionParts(parts), {
    execution: own,
    files: undefined,
    reveal,
    errorLogs: () => Promise.resolve([]),
  });
  const { heard } = happened;
  return contextFor(parts, {
    execution: heard === undefined ? own : { ...heard, ...names },
    run: null,
    around: [],
    functions,
    reveal,
    readsOthers: heard !== undefined,
    ...(more !== undefined && { more: more.names }),
  });
}

/** Whether a condition holds, and what the answer depends on. */
export interface Decided {
  readonly holds: boolean;
  readonly marks: Provenance;
}

/** Decides a condition; what the facts do not decide is rendered. Throws where something looked at fails. */
export async function decide(
  condition: Condition,
  facts: Facts,
  context: () => Promise<EvaluationContext>,
): Promise<Decided> {
  const atOnce = holds(condition, facts);
  if (atOnce !== undefined) return { holds: atOnce, marks: plain };
  const results = new Map<string, RenderResult>();
  const templates = templatesIn(condition);
  if (templates.length > 0) {
    const ready = await context();
    for (const one of templates) results.set(one, await render(ready, one, 'typed'));
  }
  let marks = plain;
  const answer = holds(condition, {
    ...facts,
    rendered: (template) => {
      const result = results.get(template);
      if (result === undefined) return undefined;
      if (!result.ok) throw new Failure('expression.failed', result.error.message);
      marks = joinProvenance(marks, flatten(result.marks));
      return result.value;
    },
  });
  // What is asked about something that is not there does not hold.
  return { holds: answer === true, marks };
}
