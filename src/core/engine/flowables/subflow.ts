/** The flowable that runs another flow and, unless told otherwise, waits for its end. */
import { flatten, mapOf, type Marks, plainMarks, type ValueMap } from '../../value/index.ts';
import type { TaskRun } from '../execution.ts';
import { type AttemptResult, leafEnded } from '../leaf-ended.ts';
import type { ChildResult, FlowableRules } from '../rules.ts';
import type { State } from '../state.ts';
import { evaluate, giveOutputs } from '../transitions.ts';
import {
  childProperties,
  isNoEnd,
  isTrue,
  noteRepeated,
  pick,
  requestFrom,
  showChildPause,
  startWaiting,
} from './child-executions.ts';

/** A child that was cancelled did not do its work, so that its parent must not go on as if it had. */
function transmitted(state: State): AttemptResult['outcome'] {
  if (state === 'FAILED' || state === 'CANCELLED') return 'FAILED';
  return state === 'WARNING' || state === 'KILLED' ? state : 'SUCCESS';
}

function outcomeOf(run: TaskRun, child: ChildResult): AttemptResult['outcome'] {
  if (child.error !== undefined) return 'FAILED';
  return run.facts['transmitFailed'] === false ? 'SUCCESS' : transmitted(child.state);
}

/** Runs another flow. */
export const subflow: FlowableRules = {
  enter: (turn, run) => {
    startWaiting(turn, run);
    evaluate(turn, run, 'child', pick(run.task.properties, childProperties));
  },
  evaluated: (turn, run, _purpose, { value, marks }) => {
    const properties = value as ValueMap;
    run.facts['wait'] = isTrue(properties['wait'], true);
    run.facts['transmitFailed'] = isTrue(properties['transmitFailed'], true);
    turn.commands.push({
      type: 'start-child',
      run,
      index: 0,
      request: requestFrom(turn, run, properties, marks),
    });
  },
  childStarted: (turn, run, index, executionId) => {
    run.children?.set(executionId, { index, state: undefined });
    giveOutputs(turn, run, mapOf({ executionId }), plainMarks);
    if (run.facts['wait'] === false) leafEnded(turn, run, { outcome: 'SUCCESS' });
  },
  childEnded: (turn, run, child) => {
    if (run.facts['wait'] === false) return;
    if (isNoEnd(child.state)) {
      if (child.state === 'RETRIED') noteRepeated(run, child);
      else if (run.facts['transmitFailed'] !== false) showChildPause(turn, run, child.state);
      return;
    }
    showChildPause(turn, run, 'RUNNING');
    run.children?.set(child.executionId, { index: 0, state: child.state });
    const marks: Marks =
      child.outputsMarks === plainMarks
        ? plainMarks
        : { own: flatten(plainMarks), parts: new Map([['outputs', child.outputsMarks]]) };
    leafEnded(turn, run, {
      outcome: outcomeOf(run, child),
      outputs: mapOf({
        executionId: child.executionId,
        state: child.state,
        ...(child.outputs !== undefined && { outputs: child.outputs }),
      }),
      outputsMarks: marks,
      error: child.error ?? {
        message: `the execution \`${child.executionId}\` ended ${child.state}`,
        code: 'task.failed',
      },
      mayRetry: true,
    });
  },
};
