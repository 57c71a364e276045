/** Conditions of listeners, over an execution that has ended. What cannot be decided at once does not hold. */
import { type Facts, holds as answer, readCondition } from '../../core/triggers/index.ts';
import { isList, isMap, type Value } from '../../core/value/index.ts';
import { renderThen } from '../rendering/index.ts';
import type { Active } from './active.ts';
import { evaluationFor } from './run-evaluation.ts';
import type { RunLoop } from './loop.ts';

function factsOf(loop: RunLoop, one: Active): Facts {
  const { execution } = one;
  const { flow, state, labels, runs, outputs, histories } = execution;
  return {
    flow: { namespace: flow.namespace, flowId: flow.id },
    state,
    labels,
    attempts: runs.map((run) => run.attempts.map((attempt) => attempt.state)),
    hasOutputs: outputs !== undefined,
    date: Temporal.Instant.fromEpochMilliseconds(histories.at(-1)?.at ?? 0).toZonedDateTimeISO(
      'UTC',
    ),
    rendered(template) {
      let value: Value | undefined;
      renderThen(evaluationFor(loop, one, null), template, 'typed', (result) => {
        if (result.ok) ({ value } = result);
      });
      return value;
    },
  };
}

/** Tells whether all of `conditions` hold. */
export function holds(loop: RunLoop, one: Active, conditions: Value): boolean {
  if (!isList(conditions) || conditions.length === 0) return true;
  const facts = factsOf(loop, one);
  return conditions.every((one) => isMap(one) && answer(readCondition(one), facts) === true);
}
