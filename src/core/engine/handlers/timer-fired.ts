/** A moment that the reducer asked to be woken at has come: a start date, a deadline, a next attempt. */
import { emptyMap, mapOf } from '../../value/index.ts';
import { requestStart } from '../create-execution.ts';
import type { TaskRun } from '../execution.ts';
import type { Turn } from '../rules.ts';
import { violate } from '../levels.ts';
import { beginRun, setExecutionState, setRunState } from '../transitions.ts';
import { type Handler, openRun } from './handler.ts';

/** Does what the timer was set for; timers are named `<purpose>:<subject>`. */
export const timerFired: Handler<'timer-fired'> = (turn, { id }) => {
  const { execution } = turn;
  if (!execution.timers.delete(id)) return;
  const [purpose, subject] = [id.split(':', 1)[0], id.slice(id.indexOf(':') + 1)];
  if (purpose === 'start') {
    requestStart(turn);
    return;
  }
  if (purpose === 'level') {
    violate(turn, subject);
    return;
  }
  const run = openRun(turn, subject);
  if (run === undefined) return;
  if (purpose === 'retry') retryNow(turn, run);
  else turn.rulesOf(run.task.type)?.timerFired?.(turn, run, purpose ?? '');
};

function retryNow(turn: Turn, run: TaskRun): void {
  const { execution } = turn;
  setRunState(turn, run, 'CREATED');
  if (execution.state === 'RETRYING') setExecutionState(turn, 'RUNNING');
  run.facts = run.facts['runIf'] === true ? mapOf({ runIf: true }) : emptyMap();
  beginRun(turn, run);
}
