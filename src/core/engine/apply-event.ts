/**
 * The reducer: an execution and an event give the execution as it is after the event, and the commands
 * that follow. No clock, no chance, no I/O: the same events over the same flow give the same execution
 * and the same commands, always.
 */
import type { Command } from './command.ts';
import type { ExecutionEvent } from './event.ts';
import type { Execution, TaskRun } from './execution.ts';
import { rulesOf } from './flowables/index.ts';
import { handlers } from './handlers/index.ts';
import { requestEnd } from './request-end.ts';
import type { Turn } from './rules.ts';
import { checkAssertions } from './levels.ts';
import { workOff } from './transitions.ts';

/** What an event led to. */
export interface Applied {
  readonly commands: readonly Command[];
  /** Runs that changed. */
  readonly touched: ReadonlySet<TaskRun>;
  /** Whether the execution's own record changed. */
  readonly isExecutionTouched: boolean;
}

/** Applies `event` to `execution`, which is changed in place, and returns what is to be done. */
export function applyEvent(execution: Execution, event: ExecutionEvent): Applied {
  const turn: Turn = {
    execution,
    at: event.at,
    commands: [],
    touched: new Set(),
    isExecutionTouched: false,
    toSettle: [],
    rulesOf,
  };
  const handle = handlers[event.type] as (turn: Turn, event: ExecutionEvent) => void;
  handle(turn, event);
  workOff(turn);
  requestEnd(turn);
  if (execution.flow.serviceLevels.length > 0) checkAssertions(turn, event);
  for (const command of turn.commands) noteAsked(execution, command);
  return turn;
}

/** Notes that `command` waits for an answer. */
function noteAsked(execution: Execution, command: Command): void {
  switch (command.type) {
    case 'start-task':
      command.run.awaited.add('start');
      return;
    case 'evaluate':
      (command.run ?? execution).awaited.add(`evaluate ${command.purpose}`);
      return;
    case 'render-outputs':
      execution.awaited.add('evaluate outputs');
      return;
    case 'perform':
      command.run.awaited.add(`perform ${command.step}`);
      return;
    case 'start-child':
      command.run.startingChildren += 1;
      return;
    case 'tend-approval':
      if (command.purpose === 'deadline') command.run.awaited.add('tend approval');
      return;
    case 'request-slot':
      execution.awaited.add('slot');
      return;
    case 'kill-child':
      execution.awaited.add(`kill ${command.executionId}`);
      return;
    default:
  }
}
