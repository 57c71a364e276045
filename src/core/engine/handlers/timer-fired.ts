/** A moment that the reducer asked to be woken at has come: a start date, a deadline, a next attempt. */
import { requestStart } from '../create-execution.ts';
import { violate } from '../levels.ts';
import { retryNow } from '../retry-now.ts';
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
  if (purpose === 'approval' || purpose === 'reminder') {
    if (run.approval === undefined) return;
    const what = purpose === 'approval' ? 'deadline' : 'reminder';
    turn.commands.push({ type: 'tend-approval', run, approval: run.approval.id, purpose: what });
    return;
  }
  if (purpose === 'retry') retryNow(turn, run);
  else turn.rulesOf(run.task.type)?.timerFired?.(turn, run, purpose ?? '');
};
