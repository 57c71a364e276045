/** The final state is known: timers and slot are given back, what runs after the end begins. */
import { startAfterwards } from '../request-end.ts';
import { clearTimer, setExecutionState } from '../transitions.ts';
import type { Handler } from './handler.ts';

/** Closes the execution. */
export const executionEnded: Handler<'execution-ended'> = (turn, event) => {
  const { execution } = turn;
  if (execution.isClosed) return;
  execution.isClosed = true;
  setExecutionState(turn, event.state);
  for (const id of Array.from(execution.timers.keys())) clearTimer(turn, id);
  if (execution.holdsSlot) {
    execution.holdsSlot = false;
    turn.commands.push({ type: 'release-slot' });
  }
  const { listeners } = execution.flow;
  if (listeners.length === 0) {
    startAfterwards(turn, []);
  } else {
    const conditions = listeners.map((one) => one.conditions);
    turn.commands.push({
      type: 'evaluate',
      run: null,
      purpose: 'listeners',
      value: conditions,
      mode: 'conditions',
    });
  }
};
