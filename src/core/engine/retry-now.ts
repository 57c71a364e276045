/** The next attempt of a run: after a failure when its time has come, or when somebody asks for it. */
import { emptyMap, mapOf } from '../value/index.ts';
import type { TaskRun } from './execution.ts';
import type { Turn } from './rules.ts';
import { beginRun, setExecutionState, setRunState } from './transitions.ts';

/** Lets `run` begin its next attempt. */
export function retryNow(turn: Turn, run: TaskRun): void {
  const { execution } = turn;
  setRunState(turn, run, 'CREATED');
  if (execution.state === 'RETRYING') setExecutionState(turn, 'RUNNING');
  run.facts = run.facts['runIf'] === true ? mapOf({ runIf: true }) : emptyMap();
  beginRun(turn, run);
}
