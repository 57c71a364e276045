/**
 * Effects outside: intended before they are performed, lost with the process that performed them or with the
 * answer of whoever they were asked of, and accounted for by somebody who knows, or by the rule of the task.
 *
 * INVARIANT: an effect is performed only after its intent is durable, and an attempt whose intent is
 * durable is never made again without a rule or a person saying so.
 */
import { plainMarks } from '../../value/index.ts';
import type { Answer, TaskRun } from '../execution.ts';
import { leavePause, showPause } from '../flowables/pause.ts';
import { closeAttempt, leafEnded } from '../leaf-ended.ts';
import { unknownRule } from '../retry.ts';
import { retryNow } from '../retry-now.ts';
import type { Turn } from '../rules.ts';
import { setRunState } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

const lostMessage =
  'the process ended while this task ran, so it is not known whether its effect took place';

/** Notes what an attempt is about to do and lets it; one that was given up meanwhile is stopped. */
export const effectIntended: Handler<'effect-intended'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  const { ending, isClosed } = turn.execution;
  const isWanted = run?.state === 'RUNNING' && (ending === undefined || isClosed);
  if (run === undefined) return;
  if (!isWanted) {
    turn.commands.push({ type: 'cancel-task', run });
    return;
  }
  const { type: _type, taskRunId: _taskRunId, ...intent } = event;
  run.intent = intent;
  turn.commands.push({ type: 'perform-effect', run });
};

/** Lets the rule of the task decide about an attempt whose effect may or may not have taken place. */
export const attemptLost: Handler<'attempt-lost'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run?.state !== 'RUNNING' || run.intent === undefined) return;
  const { execution } = turn;
  const { reason = lostMessage } = event;
  if (execution.ending !== undefined && !execution.isClosed) {
    turn.commands.push({ type: 'write-log', run, level: 'WARN', message: reason });
    leafEnded(turn, run, { outcome: 'KILLED' });
    return;
  }
  const rule = unknownRule(execution.flow, run);
  if (rule === 'ask') ask(turn, run, event.reason);
  else follow(turn, run, rule, reason);
};

function ask(turn: Turn, run: TaskRun, reason: string | undefined): void {
  const { intent } = run;
  if (intent === undefined) return;
  const { at, ...intended } = intent;
  setRunState(turn, run, 'PAUSED');
  run.question = {
    intendedAt: at,
    askedAt: turn.at,
    intent: intended,
    ...(reason !== undefined && { reason }),
  };
  const message = reason ?? lostMessage;
  turn.commands.push({ type: 'write-log', run, level: 'WARN', message });
  showPause(turn);
}

/** Does with a run whose effect is not known what a rule or a person says. */
function follow(
  turn: Turn,
  run: TaskRun,
  what: Exclude<Answer, 'happened'>,
  message: string,
): void {
  if (what === 'fail') {
    turn.commands.push({ type: 'write-log', run, level: 'ERROR', message });
    const error = { message, code: 'task.outcome-unknown' };
    leafEnded(turn, run, { outcome: 'FAILED', error, mayRetry: false });
    return;
  }
  turn.commands.push({ type: 'write-log', run, level: 'WARN', message });
  closeAttempt(turn, run, { outcome: 'FAILED' });
  retryNow(turn, run);
}

/** Lets a run go on as somebody said who knows, or decided, about its effect. */
export const questionAnswered: Handler<'question-answered'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run?.state !== 'PAUSED' || run.question === undefined) return;
  if (event.answer === 'happened') {
    leafEnded(turn, run, {
      outcome: 'SUCCESS',
      ...(event.outputs !== undefined && { outputs: event.outputs }),
      outputsMarks: event.outputsMarks ?? plainMarks,
    });
  } else {
    follow(turn, run, event.answer, run.question.reason ?? lostMessage);
  }
  leavePause(turn, true);
};
