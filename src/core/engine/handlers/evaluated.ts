/** Something was rendered: a condition, a property of a flowable, the outputs, an assertion. */
import { isTruthyText } from '../../expression/index.ts';
import { flatten, isMap, joinProvenance, plainMarks, plainText } from '../../value/index.ts';
import { giveUp } from '../give-up.ts';
import { finalState, startAfterwards } from '../request-end.ts';
import type { Turn } from '../rules.ts';
import { violate } from '../levels.ts';
import { skipRun } from '../skip-run.ts';
import { beginRun, failFlowable } from '../transitions.ts';
import { type EventOf, type Handler, openRun } from './handler.ts';

/** Gives the answer to the run, or the part of the execution, that asked for it. */
export const evaluated: Handler<'evaluated'> = (turn, event) => {
  const { purpose } = event;
  if (event.taskRunId === null) {
    if (turn.execution.awaited.delete(`evaluate ${purpose}`))
      executionAnswers(turn, purpose, event);
    return;
  }
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || !run.awaited.delete(`evaluate ${purpose}`)) return;
  const marks = event.marks ?? plainMarks;
  if (event.error !== undefined) {
    run.error = event.error;
    if (run.attempts.length > 0) giveUp(turn, run, event.error);
    else failFlowable(turn, run, event.error);
  } else if (purpose !== 'run-if') {
    turn
      .rulesOf(run.task.type)
      ?.evaluated?.(turn, run, purpose, { value: event.value ?? null, marks });
  } else if (isTruthyText(plainText(event.value))) {
    run.facts['runIf'] = true;
    run.control = joinProvenance(run.control, flatten(marks));
    beginRun(turn, run);
  } else {
    skipRun(turn, run, event.marks);
  }
};

function executionAnswers(turn: Turn, purpose: string, event: EventOf<'evaluated'>): void {
  if (purpose === 'outputs') {
    outputsKnown(turn, event);
  } else if (purpose === 'listeners') {
    startAfterwards(turn, event.value ?? []);
  } else if (purpose.startsWith('level:') && event.error === undefined) {
    if (!isTruthyText(plainText(event.value))) violate(turn, purpose.slice('level:'.length));
  }
}

function outputsKnown(turn: Turn, event: EventOf<'evaluated'>): void {
  const { execution } = turn;
  if (execution.isClosed) return;
  const before = finalState(turn);
  const fails = event.error !== undefined && before !== 'FAILED' && before !== 'KILLED';
  if (fails) execution.error = event.error;
  execution.outputs = isMap(event.value) ? event.value : undefined;
  execution.outputsMarks = event.marks ?? plainMarks;
  turn.commands.push({ type: 'end-execution', state: fails ? 'FAILED' : before });
}
