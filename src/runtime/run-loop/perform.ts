/**
 * Performing commands. What touches nothing (rendering) and what belongs to the same write (a task is
 * marked started, a timer is set) happens at once; everything that can be seen outside happens after
 * the commit.
 */
import {
  type Command,
  type ErrorNote,
  fixtureOf,
  type Step,
  type TaskRun,
} from '../../core/engine/index.ts';
import { isTruthyText } from '../../core/expression/index.ts';
import { unreachable } from '../../core/failure/index.ts';
import {
  isList,
  isMap,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  plainText,
  type Value,
} from '../../core/value/index.ts';
import {
  hideSealed,
  provenanceOfScope,
  type RenderResult,
  renderThen,
  sealSecrets,
} from '../rendering/index.ts';
import type { Active } from './active.ts';
import { killChild, noteUntold, startAgain, startChild, tellParent } from './children.ts';
import { adoptChild, adoptRepetition } from './adopt.ts';
import { collectFolder, prepareFolder } from './run-folders.ts';
import { renderOutputs } from './flow-outputs.ts';
import { holds } from './hold-conditions.ts';
import type { BatchWriter, RunLoop } from './loop.ts';
import { isWait, openWait } from './open-waits.ts';
import { evaluationFor } from './run-evaluation.ts';
import { refusedTask } from './obey-switches.ts';
import { performTask, resumeTask } from './perform-task.ts';
import { tend } from './settle-approvals.ts';
import { storeRecords } from './store-records.ts';
import { hideSecrets, writeLog } from './write-log.ts';

/** Performs `command` as far as it may be performed before the commit, and has the rest done after it. */
export function performNow(loop: RunLoop, one: Active, command: Command, batch: BatchWriter): void {
  switch (command.type) {
    case 'start-task':
      startTask(loop, one, command.run, batch);
      return;
    case 'evaluate':
      evaluate(loop, one, command);
      return;
    case 'render-outputs':
      loop.carry(renderOutputs(loop, one));
      return;
    case 'end-execution':
      loop.push(one, { type: 'execution-ended', state: command.state });
      noteUntold(loop, one, batch);
      batch.afterCommit(() => loop.carry(tellParent(loop, one)));
      return;
    case 'start-again':
      batch.noteUnsettled('again');
      batch.afterCommit(() => loop.carry(startAgain(loop, one, command.startsAt)));
      return;
    case 'set-timer':
      batch.setTimer(command.id, command.dueAt);
      return;
    case 'clear-timer':
      batch.clearTimer(command.id);
      return;
    case 'write-log':
      writeLog(loop, one, command.run, command.level, command.message);
      return;
    case 'withdraw-approval':
      batch.voidApproval(command.approval);
      return;
    default:
      batch.afterCommit(() => performAfter(loop, one, command));
  }
}

type LateCommand = Exclude<
  Command,
  {
    type:
      | 'start-task'
      | 'evaluate'
      | 'render-outputs'
      | 'end-execution'
      | 'start-again'
      | 'set-timer'
      | 'clear-timer'
      | 'write-log'
      | 'withdraw-approval';
  }
>;

const steps: Readonly<Record<Step, (loop: RunLoop, one: Active, run: TaskRun) => Promise<void>>> = {
  'prepare-folder': prepareFolder,
  'collect-folder': collectFolder,
  'store-records': storeRecords,
};

function performAfter(loop: RunLoop, one: Active, command: LateCommand): void {
  switch (command.type) {
    case 'cancel-task':
      one.stops.get(command.run.id)?.();
      return;
    case 'perform-effect':
      one.intents.get(command.run.id)?.();
      return;
    case 'tend-approval':
      loop.carry(tend(loop, one, command.approval, command.purpose));
      return;
    case 'perform':
      loop.carry(steps[command.step](loop, one, command.run));
      return;
    case 'start-child':
      loop.carry(startChild(loop, one, command));
      return;
    case 'kill-child':
      loop.carry(killChild(loop, one, command.executionId));
      return;
    case 'request-slot':
      loop.carry(requestSlot(loop, one));
      return;
    case 'release-slot':
      loop.carry(releaseSlot(loop, one));
      return;
    default:
      unreachable(command, 'command');
  }
}

/** Performs a command that was left over when a process ended. */
export function resumeCommand(
  loop: RunLoop,
  one: Active,
  command: Command,
  wake: (one: Active, id: string, dueAt: number) => void,
): void {
  if (command.type === 'set-timer') {
    wake(one, command.id, command.dueAt);
    return;
  }
  if (command.type === 'start-task' && command.run.state === 'RUNNING') {
    loop.carry(resumeTask(loop, one, command.run));
    return;
  }
  if (command.type === 'start-child') {
    loop.carry(adoptChild(loop, one, command));
    return;
  }
  if (command.type === 'start-again') {
    loop.carry(adoptRepetition(loop, one, command.startsAt));
    return;
  }
  performNow(loop, one, command, {
    afterCommit: (act) => act(),
    setTimer: (id, dueAt) => wake(one, id, dueAt),
    clearTimer: () => undefined,
    voidApproval: () => undefined,
    noteUnsettled: () => undefined,
  });
}

/** Decides whether the task runs at all; if so it is marked started in the same write and run after it. */
function startTask(loop: RunLoop, one: Active, run: TaskRun, batch: BatchWriter): void {
  // The command follows from the stored events: whoever takes the execution up performs it.
  if (!loop.mayBegin()) return;
  const refused = refusedTask(loop, one);
  if (refused !== undefined) {
    loop.push(one, {
      type: 'task-ended',
      taskRunId: run.id,
      outcome: 'FAILED',
      error: { message: refused.message, code: refused.code },
      mayRetry: false,
    });
    return;
  }
  const skip = (marks: Marks): void => {
    loop.push(one, {
      type: 'task-skipped',
      taskRunId: run.id,
      ...(marks !== plainMarks && { marks }),
    });
  };
  const start = (marks?: Marks): void => {
    loop.push(one, {
      type: 'task-started',
      taskRunId: run.id,
      ...(marks !== undefined && { marks }),
    });
    batch.afterCommit(() => loop.carry(performTask(loop, one, run)));
  };
  const { runIf } = run.task;
  if (fixtureOf(one.execution, run)?.state === 'SKIPPED') {
    skip(plainMarks);
    return;
  }
  if (runIf === undefined) {
    start();
    return;
  }
  const decide = (result: RenderResult): boolean => {
    if (!result.ok) {
      writeLog(loop, one, run, 'ERROR', result.error.message);
      loop.push(one, {
        type: 'task-ended',
        taskRunId: run.id,
        outcome: 'FAILED',
        error: hidden(one, result.error),
        ...seenMarks(loop, one, run),
        mayRetry: false,
      });
      return false;
    }
    if (isTruthyText(plainText(result.value ?? ''))) return true;
    skip(result.marks);
    return false;
  };
  const done = loop.begin(one);
  let isNow = true;
  renderThen(evaluationFor(loop, one, run), runIf, 'text', (result) => {
    done();
    if (!decide(result)) return;
    const marks = result.ok && result.marks !== plainMarks ? { marks: result.marks } : {};
    if (isNow) {
      start(marks.marks);
    } else {
      loop.push(one, { type: 'task-started', taskRunId: run.id, ...marks });
      loop.carry(performTask(loop, one, run));
    }
  });
  isNow = false;
}

function evaluate(
  loop: RunLoop,
  one: Active,
  command: Extract<Command, { type: 'evaluate' }>,
): void {
  const { run, purpose, value, mode } = command;
  const taskRunId = run?.id ?? null;
  if (mode === 'conditions') {
    const lists = isList(value) ? value : [];
    const listening: Value = lists.map((conditions) => holds(loop, one, conditions));
    loop.push(one, { type: 'evaluated', taskRunId, purpose, value: listening });
    return;
  }
  const context = evaluationFor(loop, one, run, command.more);
  const done = loop.begin(one);
  renderThen(context, value, mode === 'typed' ? 'typed' : 'text', (result) => {
    if (mode === 'lines' && result.ok) {
      const reported = withLines(loop, one, run, result).then((read) => {
        report(loop, one, run, purpose, read);
        done();
      });
      loop.carry(reported);
      return;
    }
    if (result.ok && isWait(loop, run, purpose)) {
      const tell = (): void => report(loop, one, run, purpose, result);
      loop.carry(openWait(loop, one, run, purpose, result, tell).finally(done));
      return;
    }
    report(loop, one, run, purpose, result);
    done();
  });
}

/** What could not be rendered may have failed on anything that the template could read. */
function seenMarks(loop: RunLoop, one: Active, run: TaskRun | null): { seenMarks?: Marks } {
  const seen = provenanceOfScope(evaluationFor(loop, one, run).scope);
  return seen === plain ? {} : { seenMarks: marksOf(seen) };
}

function hidden(one: Active, error: ErrorNote): ErrorNote {
  return { ...error, message: hideSecrets(one, error.message) };
}

/** Returns `value` with the secrets in what is handed on to another execution sealed. */
function handedOn(loop: RunLoop, one: Active, value: Value): Value {
  if (one.secrets.size === 0 || !isMap(value)) return value;
  const { inputs, labels } = value;
  const seal = (part: Value): Value => sealSecrets(part, one.secrets, loop.parts.cipher);
  return {
    ...value,
    ...(inputs !== undefined && { inputs: seal(inputs) }),
    // Labels are read as they are.
    ...(labels !== undefined && { labels: hideSealed(seal(labels)) }),
  };
}

/** Returns a rendered value as it may be kept in the event and in the outputs of a block. */
function kept(loop: RunLoop, one: Active, run: TaskRun, purpose: string, value: Value): Value {
  if (purpose !== 'value' || typeof value !== 'string') return handedOn(loop, one, value);
  // What is the name of a block stands in the flow: it is no secret, and it is what decides.
  return Object.hasOwn(run.task.blocks, `cases.${value}`) ? value : hideSecrets(one, value);
}

function report(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  purpose: string,
  result: RenderResult,
): void {
  const taskRunId = run?.id ?? null;
  if (result.ok) {
    loop.push(one, {
      type: 'evaluated',
      taskRunId,
      purpose,
      value:
        run === null
          ? handedOn(loop, one, result.value)
          : kept(loop, one, run, purpose, result.value),
      ...(result.marks !== plainMarks && { marks: result.marks }),
    });
  } else {
    const { seenMarks: marks } = seenMarks(loop, one, run);
    loop.push(one, {
      type: 'evaluated',
      taskRunId,
      purpose,
      error: hidden(one, result.error),
      ...(marks !== undefined && { marks }),
    });
  }
}

/** Replaces the URI of a stored file, at the top or in `values`, by the list of its lines. */
async function withLines(
  loop: RunLoop,
  one: Active,
  run: TaskRun | null,
  result: Extract<RenderResult, { ok: true }>,
): Promise<RenderResult> {
  const { readLines } = await import('./read-lines.ts');
  return readLines(loop, one, run, result);
}

/** Asks whether the execution may run, and tells it. */
export async function requestSlot(loop: RunLoop, one: Active): Promise<void> {
  const done = loop.begin(one);
  const decision = await loop.slots.request(one.execution);
  if (decision === 'granted') loop.push(one, { type: 'slot-granted' });
  else loop.push(one, { type: 'slot-denied', behavior: decision });
  done();
}

async function releaseSlot(loop: RunLoop, one: Active): Promise<void> {
  const done = loop.begin(one);
  for (const next of await loop.slots.release(one.execution)) {
    await loop.signal(next, { type: 'slot-granted' });
    loop.promoted.add(next);
  }
  done();
}
