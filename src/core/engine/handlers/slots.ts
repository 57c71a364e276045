/** The answer of the flow's concurrency limit: the execution runs, waits, or ends without a task run. */
import { startRunning } from '../create-execution.ts';
import { endExecutionEarly } from '../ending.ts';
import { goOnRestarted } from '../restart.ts';
import { setExecutionState } from '../transitions.ts';
import type { Handler } from './handler.ts';

/** Lets the execution run; a slot that comes too late is given back. */
export const slotGranted: Handler<'slot-granted'> = (turn) => {
  const { isClosed, ending, progress, isRestarting, awaited } = turn.execution;
  awaited.delete('slot');
  const runsAlready = progress !== undefined && !isRestarting;
  if (isClosed || ending !== undefined || runsAlready) {
    turn.commands.push({ type: 'release-slot' });
    return;
  }
  turn.execution.holdsSlot = true;
  if (turn.execution.isRestarting) goOnRestarted(turn);
  else startRunning(turn);
};

/** Queues the execution, or ends it as the flow says. */
export const slotDenied: Handler<'slot-denied'> = (turn, event) => {
  turn.execution.awaited.delete('slot');
  if (turn.execution.isClosed || turn.execution.ending !== undefined) return;
  if (event.behavior === 'QUEUE') {
    setExecutionState(turn, 'QUEUED');
    return;
  }
  const state = event.behavior === 'FAIL' ? 'FAILED' : 'CANCELLED';
  turn.execution.error = {
    message: `the flow already runs as often as its concurrency limit allows`,
    code: 'execution.limit-reached',
  };
  endExecutionEarly(turn, { state, reason: 'exit' });
};
