/**
 * The reducer without a world: a driver that answers its commands with events chosen by numbers, so that
 * a property test can try every order in which a world might answer. Nothing here has a clock or a store.
 */
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import {
  applyEvent,
  blankExecution,
  type Command,
  type Execution,
  type ExecutionEvent,
  idempotencyKeyOf,
  isMarkable,
  isTerminated,
  presentRuns,
  restartable,
  type State,
  type TaskRun,
} from '../../src/core/engine/index.ts';
import { compileTemplate } from '../../src/core/expression/index.ts';
import { type Flow, parseFlow } from '../../src/core/flow/index.ts';
import { emptyMap, mapOf, type Value } from '../../src/core/value/index.ts';

/** An event without its time. */
export type Draft = ExecutionEvent extends infer E
  ? E extends ExecutionEvent
    ? Omit<E, 'at'>
    : never
  : never;

/** Returns the flow of `source`; throws with what is wrong with it. */
export function flowOf(source: string): Flow {
  const { flow, diagnostics } = parseFlow(source, {
    file: 'flow.yaml',
    catalogue: readTypeCatalogue(),
    compile: compileTemplate,
  });
  if (flow === undefined) throw new Error(diagnostics.map((one) => one.message).join('; '));
  return flow;
}

/** Chooses among `count` things. */
export type Choose = (count: number) => number;

/** An execution that is driven by hand. */
export class EngineDrive {
  readonly execution: Execution;
  readonly events: ExecutionEvent[] = [];
  /** Everything that was asked for, as text. */
  readonly asked: string[] = [];
  /** What was asked for and not answered. */
  open: Command[] = [];
  readonly #runningTasks = new Map<string, TaskRun>();
  readonly #children = new Map<string, string>();
  readonly #onApplied: (drive: EngineDrive) => void;
  #at = 1_000;

  /** `onApplied` is called after each event. */
  constructor(flow: Flow, onApplied: (drive: EngineDrive) => void = () => undefined) {
    this.execution = blankExecution('x', 'main', flow, 1);
    this.#onApplied = onApplied;
  }

  /** Applies an event and takes up what it asks for. */
  apply(draft: Draft): void {
    this.#at += 1;
    const event = { ...draft, at: this.#at } as ExecutionEvent;
    this.events.push(event);
    const { commands } = applyEvent(this.execution, event);
    for (const command of commands) {
      this.asked.push(commandText(command));
      if (command.type === 'clear-timer') {
        this.open = this.open.filter((one) => one.type !== 'set-timer' || one.id !== command.id);
      } else if (command.type !== 'write-log' && command.type !== 'release-slot') {
        this.open.push(command);
      }
    }
    this.#onApplied(this);
  }

  /** Begins the execution. */
  start(): void {
    const { flow } = this.execution;
    this.apply({
      type: 'execution-created',
      executionId: 'x',
      tenant: 'main',
      namespace: flow.namespace,
      flowId: flow.id,
      revision: 1,
      inputs: emptyMap(),
      labels: [],
    });
  }

  /** Answers one open command, or lets a task or a child that runs end; false when nothing is under way. */
  step(choose: Choose): boolean {
    const running = [...this.#runningTasks.values()];
    const children = [...this.#children];
    const total = this.open.length + running.length + children.length;
    if (total === 0) return false;
    const place = choose(total);
    if (place < this.open.length) {
      const [command] = this.open.splice(place, 1);
      this.#answer(command as Command, choose);
    } else if (place < this.open.length + running.length) {
      this.#endTask(running[place - this.open.length] as TaskRun, choose);
    } else {
      const [id, runId] = children[place - this.open.length - running.length] as [string, string];
      this.#childReports(id, runId, choose);
    }
    return true;
  }

  /** Does something from outside that is allowed now. */
  interfere(choose: Choose): void {
    const { execution } = this;
    const paused = presentRuns(execution).filter(
      (run) => run.state === 'PAUSED' && run.children === undefined,
    );
    const acts: Draft[] = [];
    if (!isTerminated(execution.state)) acts.push({ type: 'execution-killed', by: 'test' });
    if (execution.state === 'RUNNING') acts.push({ type: 'execution-paused', by: 'test' });
    if (execution.isHeld) acts.push({ type: 'execution-resumed', inputs: emptyMap(), by: 'test' });
    const run = paused.find((one) => one.question === undefined);
    const asking = paused.find((one) => one.question !== undefined);
    if (asking !== undefined) acts.push(accountFor(asking, choose));
    if (run !== undefined && execution.state === 'PAUSED' && !execution.isHeld) {
      acts.push({
        type: 'execution-resumed',
        taskRunId: run.id,
        inputs: emptyMap(),
        by: 'test',
      });
    }
    const hasTargets = restartable(presentRuns(execution)).length > 0;
    if (execution.isSettled && hasTargets) {
      acts.push({ type: 'execution-restarted', by: 'test' });
    }
    const state = (['SUCCESS', 'WARNING', 'FAILED'] as const)[choose(3)] ?? 'SUCCESS';
    const markable = presentRuns(execution).filter((one) => isMarkable(one, state));
    const marked = markable[choose(markable.length)];
    if (execution.isSettled && marked !== undefined) {
      acts.push({ type: 'run-state-changed', taskRunId: marked.id, state, by: 'test' });
    }
    if (execution.isSettled) {
      acts.push({ type: 'execution-state-changed', state: 'WARNING', by: 'test', reason: 'seen' });
    }
    if (execution.state === 'QUEUED') acts.push({ type: 'execution-forced', by: 'test' });
    const act = acts[choose(acts.length)];
    if (act !== undefined) this.apply(act);
  }

  #answer(command: Command, choose: Choose): void {
    switch (command.type) {
      case 'start-task':
        if (choose(8) === 0) this.apply({ type: 'task-skipped', taskRunId: command.run.id });
        else {
          this.apply({ type: 'task-started', taskRunId: command.run.id });
          if (!isTerminated(command.run.state)) {
            this.#runningTasks.set(command.run.id, command.run);
          }
        }
        return;
      case 'cancel-task':
        this.#runningTasks.delete(command.run.id);
        this.apply({ type: 'task-ended', taskRunId: command.run.id, outcome: 'KILLED' });
        return;
      case 'evaluate':
        this.#evaluate(command, choose);
        return;
      case 'perform':
        this.apply({
          type: 'performed',
          taskRunId: command.run.id,
          step: command.step,
          ...(choose(6) === 0 && { error: { message: 'no folder' } }),
        });
        return;
      case 'set-timer':
        this.apply({ type: 'timer-fired', id: command.id });
        return;
      case 'start-child': {
        const about = { taskRunId: command.run.id, index: command.index };
        if (choose(6) === 0) {
          this.apply({ type: 'child-started', ...about, error: { message: 'no such flow' } });
          return;
        }
        const executionId = `c${this.asked.length}-${command.index}`;
        this.#children.set(executionId, command.run.id);
        this.apply({ type: 'child-started', ...about, executionId });
        return;
      }
      case 'kill-child': {
        const taskRunId = this.#children.get(command.executionId);
        if (taskRunId === undefined) return;
        this.#children.delete(command.executionId);
        const { executionId } = command;
        this.apply({ type: 'child-ended', taskRunId, executionId, state: 'KILLED' });
        return;
      }
      case 'request-slot':
        if (choose(3) > 0) this.apply({ type: 'slot-granted' });
        else {
          const behavior = (['QUEUE', 'CANCEL', 'FAIL'] as const)[choose(3)] ?? 'QUEUE';
          this.apply({ type: 'slot-denied', behavior });
          // The slot comes free at some time.
          if (behavior === 'QUEUE') this.apply({ type: 'slot-granted' });
        }
        return;
      case 'render-outputs':
        this.apply({
          type: 'evaluated',
          taskRunId: null,
          purpose: 'outputs',
          ...(choose(4) === 0
            ? { error: { message: 'no such output' } }
            : { value: mapOf({ answer: 42 }) }),
        });
        return;
      case 'end-execution':
        this.apply({ type: 'execution-ended', state: command.state });
        return;
      case 'perform-effect':
      case 'start-again':
      case 'clear-timer':
      case 'tend-approval':
      case 'withdraw-approval':
      case 'release-slot':
      case 'write-log':
        return;
    }
  }

  /** What a task of which `id` begins with `effect` would do outside. */
  #intend(run: TaskRun): void {
    this.apply({
      type: 'effect-intended',
      taskRunId: run.id,
      attempt: run.attempts.length,
      effect: 'external',
      digest: `digest of ${run.task.id}`,
      idempotencyKey: idempotencyKeyOf(run),
      arguments: mapOf({ to: 'somebody' }),
    });
  }

  #endTask(run: TaskRun, choose: Choose): void {
    if (run.task.id.startsWith('effect') && run.state === 'RUNNING') {
      if (run.intent === undefined) {
        this.#intend(run);
        return;
      }
      if (choose(3) === 0) {
        this.#runningTasks.delete(run.id);
        this.apply({ type: 'attempt-lost', taskRunId: run.id });
        return;
      }
    }
    this.#runningTasks.delete(run.id);
    const outcome = (['SUCCESS', 'SUCCESS', 'WARNING', 'FAILED'] as const)[choose(4)] ?? 'SUCCESS';
    const exits = choose(12) === 0;
    this.apply({
      type: 'task-ended',
      taskRunId: run.id,
      outcome,
      outputs: mapOf({ value: `${run.id} ${run.attempts.length}` }),
      ...(outcome === 'FAILED' && { error: { message: 'it failed' }, chance: 0.5 }),
      ...(exits && { changes: [{ type: 'end-execution', state: exitState(choose) }] }),
    });
  }

  #childReports(executionId: string, taskRunId: string, choose: Choose): void {
    const states: readonly State[] = ['SUCCESS', 'FAILED', 'WARNING', 'KILLED', 'PAUSED'];
    const state = states[choose(states.length)] ?? 'SUCCESS';
    if (state === 'PAUSED') {
      this.apply({ type: 'child-ended', taskRunId, executionId, state });
      this.apply({ type: 'child-ended', taskRunId, executionId, state: 'RUNNING' });
      return;
    }
    this.#children.delete(executionId);
    this.apply({ type: 'child-ended', taskRunId, executionId, state });
  }

  #evaluate(command: Extract<Command, { type: 'evaluate' }>, choose: Choose): void {
    const about = {
      type: 'evaluated' as const,
      taskRunId: command.run?.id ?? null,
      purpose: command.purpose,
    };
    if (command.run !== null && choose(10) === 0) {
      this.apply({ ...about, error: { message: 'it cannot be rendered' } });
    } else {
      this.apply({ ...about, value: answerTo(command, choose) });
    }
  }
}

/** Returns what somebody says of the effect of `run`, which may or may not have taken place. */
function accountFor(run: TaskRun, choose: Choose): Draft {
  const answer = (['happened', 'retry', 'fail'] as const)[choose(3)] ?? 'fail';
  return {
    type: 'question-answered',
    taskRunId: run.id,
    answer,
    ...(answer === 'happened' && { outputs: mapOf({ value: 'as told' }) }),
    by: 'test',
  };
}

function exitState(choose: Choose): State {
  return (['SUCCESS', 'FAILED', 'KILLED', 'CANCELLED'] as const)[choose(4)] ?? 'SUCCESS';
}

function answerTo(command: Extract<Command, { type: 'evaluate' }>, choose: Choose): Value {
  const { purpose, value } = command;
  if (purpose === 'listeners') return [choose(2) === 0];
  if (purpose === 'batches') return ['a', 'b'].slice(0, choose(3));
  if (['condition', 'run-if'].includes(purpose) || purpose.startsWith('level:')) {
    return choose(4) === 0 ? 'false' : 'true';
  }
  // Properties are rendered: those of the flows that are driven here hold no templates.
  return value;
}

/** Returns what `command` asks for, as text that can be compared. */
export function commandText(command: Command): string {
  const run = 'run' in command && command.run !== null ? command.run.id : '';
  const { type } = command;
  const more = Object.entries(command)
    .filter(([key, value]) => key !== 'run' && key !== 'type' && typeof value !== 'object')
    .map(([key, value]) => `${key}=${String(value)}`);
  return [type, run, ...more].join(' ');
}

/** Returns everything that can be seen of an execution, as text that can be compared. */
export function snapshot(execution: Execution): unknown {
  return {
    state: execution.state,
    histories: execution.histories,
    labels: execution.labels,
    outputs: execution.outputs,
    error: execution.error,
    timers: [...execution.timers],
    openRuns: execution.openRuns,
    isSettled: execution.isSettled,
    tree: execution.tree.outputs,
    runs: execution.runs.map((run) => ({
      id: run.id,
      state: run.state,
      histories: run.histories,
      attempts: run.attempts,
      outputs: run.outputs,
      error: run.error,
      intent: run.intent,
      question: run.question,
      key: idempotencyKeyOf(run),
      isRemoved: run.isRemoved,
    })),
  };
}
