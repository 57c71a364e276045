/**
 * An execution as the durable entries tell of it, taken in entry by entry, and what must hold while it
 * grows: what has ended stays as it ended, and no limit is exceeded.
 */
import {
  applyEvent,
  type Command,
  type Execution,
  type ExecutionEvent,
  isTerminated,
  type TaskRun,
} from '../../../src/core/engine/index.ts';
import { Outstanding, standsUnderWay } from '../../../src/runtime/run-loop/active.ts';
import { executionRecord, taskRunRecord } from '../../../src/runtime/run-loop/records.ts';
import type { Effect } from '../outside-tasks.ts';

/** Returns what names the start of a child: who, for which run, which of them, in which attempt. */
export function childKey(
  executionId: string,
  runId: string,
  index: number | undefined,
  attempt: number | undefined,
): string {
  return `child ${executionId} ${runId} ${index} ${attempt}`;
}

/** What people may do to an execution that has ended. */
const reopening: ReadonlySet<string> = new Set([
  'execution-restarted',
  'run-state-changed',
  'execution-state-changed',
  'labels-changed',
]);

const asIs = (text: string): string => text;

/** An execution as the durable entries tell of it. */
export class TrackedExecution {
  readonly execution: Execution;
  readonly events: ExecutionEvent[] = [];
  /** What its events ordered so far. */
  readonly ordered = new Set<string>();
  readonly #outstanding = new Outstanding();
  /** How it ended, as text, and which of its runs had ended by then. */
  #end: { readonly text: string; readonly runs: ReadonlyMap<string, string> } | undefined;

  constructor(execution: Execution) {
    this.execution = execution;
  }

  get id(): string {
    return this.execution.id;
  }

  /** Takes in events that became durable together. */
  take(events: readonly ExecutionEvent[]): string | undefined {
    for (const event of events) {
      if (reopening.has(event.type)) this.#end = undefined;
      this.events.push(event);
      const { commands } = applyEvent(this.execution, event);
      for (const command of commands) this.#order(command);
      this.#outstanding.note(event, commands);
    }
    const trouble = this.#movedAfterItsEnd() ?? this.#exceededLimit() ?? this.#forgotten();
    if (this.#end === undefined && this.execution.isClosed) this.#end = this.#standing();
    return trouble;
  }

  /** Tells whether its entries say that `effect` is about to be done. */
  intends({ kind, taskRunId, attempt, key }: Effect): boolean {
    if (kind !== 'send') {
      const started = this.events.filter(
        (event) => event.type === 'task-started' && event.taskRunId === taskRunId,
      );
      return started.length >= attempt;
    }
    return this.events.some(
      (event) =>
        event.type === 'effect-intended' &&
        event.taskRunId === taskRunId &&
        event.attempt === attempt &&
        event.idempotencyKey === key,
    );
  }

  #order(command: Command): void {
    if (command.type === 'start-child') {
      const { run, index } = command;
      this.ordered.add(childKey(this.id, run.id, index, run.attempts.length));
    }
    if (command.type === 'start-again') this.ordered.add('again');
  }

  #standing() {
    // `afterExecution` may be under way behind the end.
    const { document: _, isUnderWay: __, ...record } = executionRecord(this.execution, asIs);
    const { histories, outputs, variables } = this.execution;
    const runs = new Map<string, string>();
    for (const run of this.execution.runs) {
      if (!run.isRemoved && isTerminated(run.state)) runs.set(run.id, this.#runText(run));
    }
    return { text: JSON.stringify({ record, histories, outputs, variables }), runs };
  }

  #runText(run: TaskRun): string {
    return JSON.stringify(taskRunRecord(this.execution, run, asIs));
  }

  #movedAfterItsEnd(): string | undefined {
    if (this.#end === undefined) return undefined;
    const { text, runs } = this.#end;
    const present = this.#standing();
    if (present.text !== text) {
      return `the execution ${this.id} moved after its end: it was ${text} and is ${present.text}`;
    }
    for (const [id, ended] of runs) {
      if (present.runs.get(id) !== ended) return `the run ${id} moved after the end of ${this.id}`;
    }
    return undefined;
  }

  /** What is to be performed must be found by the process after this one; timers are found by themselves. */
  #forgotten(): string | undefined {
    if (standsUnderWay(this.execution) || this.execution.isSettled) return undefined;
    const left = this.#outstanding.commands().find(({ type }) => type !== 'set-timer');
    if (left === undefined) return undefined;
    return `the execution ${this.id} is ${this.execution.state} and would not be found, but ${left.type} is to be performed`;
  }

  #exceededLimit(): string | undefined {
    for (const run of this.execution.runs) {
      if (run.isRemoved || isTerminated(run.state)) continue;
      const limit = run.progress?.plan.limit ?? 0;
      const lanes = new Set<number>();
      for (const one of this.execution.runs) {
        const isInside = one.parent === run && one.phase === 'tasks' && !one.isRemoved;
        if (isInside && !isTerminated(one.state)) lanes.add(one.lane);
      }
      if (limit > 0 && lanes.size > limit) {
        return `${lanes.size} lanes of ${run.task.id} run, but its limit is ${limit}`;
      }
      const loopLimit = run.facts['limit'];
      if (run.task.type !== 'core.flow.Loop' || typeof loopLimit !== 'number' || loopLimit === 0) {
        continue;
      }
      const open = [...(run.children?.values() ?? [])].filter(({ state }) => state === undefined);
      if (open.length > loopLimit) {
        return `${open.length} iterations of ${run.task.id} run, but its limit is ${loopLimit}`;
      }
    }
    return undefined;
  }
}
