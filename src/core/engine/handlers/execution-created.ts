/** The execution came to be: it is filled from the event and waits for its date and its slot. */
import { addCopies } from '../copy-runs.ts';
import { beginExecution, fill } from '../create-execution.ts';
import type { Handler } from './handler.ts';

/** Fills the execution and lets it begin. */
export const executionCreated: Handler<'execution-created'> = (turn, event) => {
  fill(turn.execution, event);
  turn.isExecutionTouched = true;
  if (event.copied !== undefined) addCopies(turn, event.copied);
  beginExecution(turn, event);
};
