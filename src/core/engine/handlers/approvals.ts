/**
 * Approvals as the engine sees them: a run that may not go on by itself waits, without a worker, until
 * people have decided. Who may decide, and what the decision binds to, is not known here.
 *
 * INVARIANT: a granted approval never runs anything by itself: the run begins anew, is asked about again,
 * and whoever asks finds the approval.
 */
import { emptyMap, plainMarks } from '../../value/index.ts';
import type { ErrorNote, TaskRun } from '../execution.ts';
import type { ApprovalClosed } from '../event.ts';
import { leavePause, resumePause, showPause } from '../flowables/pause.ts';
import { leafEnded, startAttempt } from '../leaf-ended.ts';
import { retryNow } from '../retry-now.ts';
import type { Turn } from '../rules.ts';
import { failFlowable, setRunState, setTimer, settleApproval } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

/** Lets a run wait for people. The attempt that asked has not begun: it is made when they have said yes. */
export const approvalOpened: Handler<'approval-opened'> = (turn, event) => {
  const run = openRun(turn, event.taskRunId);
  if (run === undefined || run.approval !== undefined) return;
  const { ending, isClosed } = turn.execution;
  if (turn.rulesOf(run.task.type) === undefined) {
    if (run.state !== 'RUNNING' || run.intent !== undefined) return;
    if (ending !== undefined && !isClosed) {
      leafEnded(turn, run, { outcome: 'KILLED' });
      return;
    }
    run.attempts.pop();
    setRunState(turn, run, 'PAUSED');
    showPause(turn);
  } else if (run.state !== 'PAUSED') {
    return;
  }
  run.approvals += 1;
  run.approval = { id: event.approval, openedAt: turn.at, isBinding: event.isBinding };
  if (event.deadlineAt !== undefined) setTimer(turn, `approval:${run.id}`, event.deadlineAt);
  if (event.reminderAt !== undefined) setTimer(turn, `reminder:${run.id}`, event.reminderAt);
  turn.touched.add(run);
};

/** Gives an approval another deadline. */
export const approvalEscalated: Handler<'approval-escalated'> = (turn, event) => {
  const run = waiting(turn, event);
  if (run === undefined) return;
  run.awaited.delete('tend approval');
  if (event.deadlineAt !== undefined) setTimer(turn, `approval:${run.id}`, event.deadlineAt);
};

/** Lets a run go on that was granted what it asked for, and fails any other. */
export const approvalClosed: Handler<'approval-closed'> = (turn, event) => {
  const run = waiting(turn, event);
  if (run === undefined) return;
  settleApproval(turn, run);
  const isFlowable = turn.rulesOf(run.task.type) !== undefined;
  if (event.outcome !== 'granted') {
    fail(turn, run, isFlowable, errorOf(event));
  } else if (isFlowable) {
    const { inputs = emptyMap(), inputsMarks: marks = plainMarks, by } = event;
    resumePause(turn, run, { inputs, marks, by });
  } else {
    retryNow(turn, run);
  }
  leavePause(turn, true);
};

function waiting(
  turn: Turn,
  event: { readonly taskRunId: string; readonly approval: string },
): TaskRun | undefined {
  const run = openRun(turn, event.taskRunId);
  return run?.approval?.id === event.approval ? run : undefined;
}

const sentences: Readonly<Record<Exclude<ApprovalClosed['outcome'], 'granted'>, string>> = {
  rejected: 'was rejected',
  returned: 'was sent back',
  withdrawn: 'was withdrawn',
  expired: 'was not decided in time',
};

function errorOf({ outcome, approval, reason }: ApprovalClosed): ErrorNote {
  const what = outcome === 'granted' ? '' : sentences[outcome];
  const why = reason === undefined || reason === '' ? '' : `: ${reason}`;
  return { message: `the approval \`${approval}\` ${what}${why}`, code: 'approval.not-granted' };
}

function fail(turn: Turn, run: TaskRun, isFlowable: boolean, error: ErrorNote): void {
  if (isFlowable) {
    failFlowable(turn, run, error);
    return;
  }
  turn.commands.push({ type: 'write-log', run, level: 'ERROR', message: error.message });
  startAttempt(turn, run);
  leafEnded(turn, run, { outcome: 'FAILED', error, mayRetry: false });
}
