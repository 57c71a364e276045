/** The promises of a flow about its executions: asserted after each change, timed from the start. */
import { endExecutionEarly } from './ending.ts';
import type { ExecutionEvent } from './event.ts';
import { replaceLabels } from './replace-labels.ts';
import type { Turn } from './rules.ts';
import { setTimer } from './transitions.ts';

/** Notes that the service level `id` is violated and does what it says should happen then. */
export function violate(turn: Turn, id: string): void {
  const { execution } = turn;
  const level = execution.flow.serviceLevels.find((one) => one.id === id);
  if (level === undefined || execution.violated.has(id) || execution.ending !== undefined) return;
  if (execution.isClosed) return;
  execution.violated.add(id);
  execution.labels = replaceLabels(execution.labels, level.labels);
  turn.isExecutionTouched = true;
  if (level.behavior === 'NONE') return;
  const state = level.behavior === 'FAIL' ? 'FAILED' : 'CANCELLED';
  execution.error ??= {
    message: `the service level \`${id}\` was violated`,
    code: 'execution.level-violated',
  };
  endExecutionEarly(turn, { state, reason: 'service-level' });
}

/** Times the service levels from now on: the wait for a slot counts, the wait for a date does not. */
export function timeLevels(turn: Turn): void {
  for (const level of turn.execution.flow.serviceLevels) {
    if (level.type === 'MAX_DURATION' && level.durationMs !== undefined) {
      setTimer(turn, `level:${level.id}`, turn.at + level.durationMs);
    }
  }
}

/** Asks for the assertions of the flow's service levels after each change. */
export function checkAssertions(turn: Turn, event: ExecutionEvent): void {
  const { execution } = turn;
  if (execution.isClosed || execution.ending !== undefined || execution.progress === undefined)
    return;
  if (event.type === 'evaluated' && event.taskRunId === null) return;
  for (const level of execution.flow.serviceLevels) {
    if (level.type !== 'EXECUTION_ASSERTION' || execution.violated.has(level.id)) continue;
    turn.commands.push({
      type: 'evaluate',
      run: null,
      purpose: `level:${level.id}`,
      value: level.assert ?? '',
      mode: 'text',
    });
  }
}
