/**
 * Having a worker run a task: a place for it, its bench, its end as an event. An attempt that an ended
 * process had begun is made again only where the task's effect allows it.
 */
import {
  fixtureOf,
  idempotencyKeyOf,
  isTerminated,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  joinProvenance,
  marksOf,
  plain,
  plainMarks,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import type { EffectTarget } from '../../ports/task.ts';
import { describePassage } from '../approvals/index.ts';
import type { Metric, TaskContext } from '../../ports/task-context.ts';
import { isStoreTroubleCode } from '../committer/index.ts';
import { stoppedFailure } from '../kill-switch/index.ts';
import { hideIn, sealSecrets } from '../rendering/index.ts';
import { createTaskCache, executionFolder, formatUri } from '../files/index.ts';
import {
  type BenchParts,
  createBench,
  createOutputCache,
  type IntendedEffect,
  type OutputCache,
  type Pass,
  runInner,
  runTask,
  type Stop,
  type TaskBench,
  type TaskResult,
} from '../worker/index.ts';
import type { Active } from './active.ts';
import { stopping, useModels } from './obey-switches.ts';
import { budgetParts, endSettled } from './settle-spends.ts';
import { executionControl } from './execution-control.ts';
import { namespaceFilesFor, pairsFor } from './other-namespaces.ts';
import { createLogLines, type LogLines } from './log-lines.ts';
import { hideSecrets, writeLog } from './write-log.ts';
import { evaluationFor, fileParts, filesOf, placeOf } from './run-evaluation.ts';
import { folderAround, runWithFolder } from './run-folders.ts';
import type { RunLoop } from './loop.ts';

/** Returns what keeps the outputs of `run` for later runs, if its task says so. */
function outputCacheOf(loop: RunLoop, one: Active, run: TaskRun): OutputCache | undefined {
  const { cache, id } = run.task;
  if (cache?.isEnabled !== true) return undefined;
  const place = placeOf(one);
  const outputs = createOutputCache({
    store: createTaskCache(fileParts(loop.parts), place, id),
    files: filesOf(loop, one, run),
    ownUri: `${formatUri(executionFolder(place))}/`,
    ttlMs: cache.ttlMs,
    now: () => loop.now(),
  });
  return {
    find: (key) => outputs.find(key),
    keep: (key, cached) =>
      outputs.keep(key, {
        ...cached,
        outputs: sealSecrets(cached.outputs, one.secrets, loop.parts.cipher) as ValueMap,
      }),
  };
}

/** Returns an empty folder: what an attempt left in it that a process ended in is not for the next. */
async function freshFolder({ parts }: RunLoop, run: TaskRun): Promise<string> {
  await parts.folders.remove(run.id);
  return parts.folders.make(run.id);
}

/** Returns where an attempt of `run` takes place; `own` stands in place of what an execution would do. */
export function benchFor(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  lines: LogLines,
  own: Partial<BenchParts> = {},
): TaskBench {
  const { parts } = loop;
  const { execution } = one;
  const around = folderAround(run);
  let folder: Promise<string> | undefined;
  const bench: TaskBench = createBench({
    execution,
    run,
    clock: parts.clock,
    processes: parts.processes,
    fetch: parts.fetch,
    mailer: parts.mailer,
    executions: executionControl(loop, execution),
    files: () => filesOf(loop, one, run),
    namespaceFiles: (namespace) => namespaceFilesFor(parts, execution, namespace),
    keyValues: (namespace) => pairsFor(parts, execution, namespace),
    evaluation: (reveal, more) => evaluationFor(loop, one, run, more, reveal),
    folderProvenance: () => runWithFolder(run)?.folder ?? plain,
    workingFolder: () => {
      if (around !== undefined) return parts.folders.open(around);
      folder ??= freshFolder(loop, run);
      return folder;
    },
    cleanUp: async () => {
      if (folder !== undefined) await parts.folders.remove(run.id);
    },
    writeLog: (level, message) => {
      if (run.task.logToFile) {
        lines.add(loop.now(), level, hideSecrets(one, message));
        return;
      }
      writeLog(loop, one, run, level, message, bench.seen());
      loop.flushSoon();
    },
    writeMetric: (metric) => writeMetric(loop, one, run, metric, bench.seen()),
    runInner: (spec: ValueMap, context: TaskContext) => runInner(spec, context, bench),
    useModels: (models) => useModels(loop, one, run.id, models),
    intend: (effect, pass) => intend(loop, one, run, effect, pass, bench.stop),
    door: parts.approvals?.door,
    budgets: budgetParts(loop),
    outputCache: outputCacheOf(loop, one, run),
    digest: (text) => parts.cipher.keyedDigest(text),
    ...own,
  });
  return bench;
}

function writeMetric(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  metric: Metric,
  { classes }: Provenance,
): void {
  one.metrics.push({
    tenant: one.execution.tenant,
    at: loop.now(),
    executionId: one.execution.id,
    taskRunId: run.id,
    taskId: run.task.id,
    name: metric.name,
    type: metric.type,
    value: metric.value,
    tags: metric.tags ?? {},
    ...(classes.length > 0 && { about: classes }),
  });
}

/** Returns what a run touches, as far as its type is loaded. */
export function targetsOf(loop: RunLoop, run: TaskRun): readonly EffectTarget[] {
  const definition = loop.parts.registry.loaded(run.task.type);
  return definition?.kind === 'runnable' ? definition.effect.touches : [];
}

/**
 * Writes down what an attempt of `run` is about to do outside; answered once that is durable. Whoever
 * decides whether it may (a policy, an approval) decides here, between rendering and the intent.
 */
function intend(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  { effect, text, arguments: given, argumentsMarks }: IntendedEffect,
  { decision, use }: Pass,
  stop: Stop,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const forget = stop.whenAsked(() => {
      one.intents.delete(run.id);
      reject(stop.reason as Error);
    });
    if (stop.reason !== undefined) return;
    const stopped = stopping(loop, one);
    if (stopped?.mode === 'kill') {
      forget();
      reject(stoppedFailure(stopped));
      return;
    }
    one.intents.set(run.id, () => {
      one.intents.delete(run.id);
      forget();
      resolve();
    });
    const event = {
      type: 'effect-intended' as const,
      taskRunId: run.id,
      attempt: run.attempts.length,
      effect,
      digest: loop.parts.cipher.keyedDigest(text),
      idempotencyKey: idempotencyKeyOf(run),
      arguments: given,
      ...(argumentsMarks !== plainMarks && { argumentsMarks }),
      decision,
      ...(use !== undefined && { approval: use.id }),
    };
    if (use === undefined) {
      loop.push(one, event);
      return;
    }
    const over = (isWritten: boolean): void => {
      if (isWritten) return;
      one.intents.delete(run.id);
      forget();
      reject(new Failure('approval.closed', `the approval \`${use.id}\` was used or voided`));
    };
    loop.push(one, event, { ...use, over });
  });
}

/** Reports that an attempt was not let through: denied, or waiting for people. */
function reportRefusal(
  loop: RunLoop,
  one: Active,
  run: TaskRun,
  refusal: NonNullable<TaskResult['refusal']>,
  seen: Provenance,
): void {
  if (refusal.kind === 'denied') {
    const message = hideSecrets(one, describePassage(refusal));
    writeLog(loop, one, run, 'ERROR', message);
    loop.push(one, {
      type: 'task-denied',
      taskRunId: run.id,
      decision: refusal.decision,
      reasons: refusal.reasons,
      error: { message, code: 'policy.denied' },
      ...(seen !== plain && { seenMarks: marksOf(seen) }),
    });
    return;
  }
  const { event, ...rider } = refusal.opening;
  loop.push(one, event, {
    ...rider,
    over: (isWritten) => {
      if (isWritten) return;
      // Somebody else has opened or changed one meanwhile: what holds by now is found out anew.
      const again = one.execution.runsById.get(run.id);
      if (again?.state === 'RUNNING') loop.carry(performTask(loop, one, again));
    },
  });
}

async function attempt(loop: RunLoop, one: Active, run: TaskRun): Promise<TaskResult> {
  const lines = createLogLines();
  const bench = benchFor(loop, one, run, lines);
  one.stops.set(run.id, () => bench.stop.ask(new Error('the task was stopped')));
  const result = withSealed(loop, one, await runTask(loop.parts, run.task, bench));
  if (lines.isEmpty) return result;
  // What a log says comes from anything the task read.
  const provenance = joinProvenance(bench.seen(), { ...plain, trust: 'untrusted' });
  const name = `attempt-${run.attempts.length}.log`;
  const files = filesOf(loop, one, run);
  return { ...result, logFile: await files.put(name, lines.text(), provenance) };
}

/** Returns `result` as it may be stored: what holds a secret sealed, what is read as it is with stars. */
export function withSealed(loop: RunLoop, one: Active, result: TaskResult): TaskResult {
  const { secrets } = one;
  if (secrets.size === 0) return result;
  const { outputs, changes } = result;
  const sealed = (value: ValueMap): ValueMap =>
    sealSecrets(value, secrets, loop.parts.cipher) as ValueMap;
  const hidden = (labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, hideIn(text, secrets)]));
  return {
    ...result,
    ...(outputs !== undefined && { outputs: sealed(outputs) }),
    ...(changes !== undefined && {
      changes: changes.map((change) => {
        if (change.type === 'set-variables')
          return { ...change, variables: sealed(change.variables) };
        return change.type === 'set-labels' ? { ...change, labels: hidden(change.labels) } : change;
      }),
    }),
  };
}

/** Runs an attempt of `run` and reports its end. */
export async function performTask(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  const current = one.execution.runsById.get(run.id);
  // Killed before it began: what has ended must not have an effect.
  if (current === undefined || isTerminated(current.state)) return;
  const done = loop.begin(one);
  let isCancelled = false;
  one.stops.set(run.id, () => {
    isCancelled = true;
  });
  if (loop.parts.registry.loaded(run.task.type) === undefined) {
    await loop.parts.registry.load(run.task.type);
  }
  const fixture = fixtureOf(one.execution, run);
  if (fixture !== undefined) {
    const { endByFixture } = await import('./perform-fixture.ts');
    loop.push(
      one,
      isCancelled
        ? { type: 'task-ended', taskRunId: run.id, outcome: 'KILLED' }
        : await endByFixture(loop, one, run, fixture),
    );
    one.stops.delete(run.id);
    done();
    return;
  }
  const free = loop.parts.places.take(targetsOf(loop, run));
  const leave = free instanceof Promise ? await free : free;
  try {
    const {
      seen = plain,
      refusal,
      settlement,
      ...result
    }: TaskResult = isCancelled ? { outcome: 'KILLED' } : await attempt(loop, one, run);
    one.stops.delete(run.id);
    if (refusal !== undefined) {
      reportRefusal(loop, one, run, refusal, seen);
      return;
    }
    if (isStoreTroubleCode(result.error?.code)) {
      // Nobody knows what of it is durable, so this is no outcome of the task: whoever goes on makes it again.
      const { code = 'store.unreachable', message = '' } = result.error ?? {};
      loop.strand(new Failure(code as 'store.unreachable', message));
      return;
    }
    if (result.error?.code === 'task.outcome-unknown' && hasIntended(one, run)) {
      const reason = hideSecrets(one, result.error.message);
      loop.push(one, { type: 'attempt-lost', taskRunId: run.id, reason });
      return;
    }
    const ended = {
      type: 'task-ended' as const,
      taskRunId: run.id,
      ...result,
      ...(matters(run, result) && seen !== plain && { seenMarks: marksOf(seen) }),
      ...(result.outcome === 'FAILED' && { chance: chanceOf(loop) }),
    };
    if (settlement === undefined) loop.push(one, ended);
    else await endSettled(loop, one, ended, settlement);
  } finally {
    one.stops.delete(run.id);
    one.models?.delete(run.id);
    leave();
    done();
  }
}

/** Tells whether an attempt has written down an effect that may not be repeated. */
function hasIntended(one: Active, { id }: TaskRun): boolean {
  return one.execution.runsById.get(id)?.intent?.effect === 'external';
}

/** Tells whether what an attempt has seen is of consequence beyond its outputs. */
function matters(run: TaskRun, { outcome }: TaskResult): boolean {
  return outcome !== 'SUCCESS' || runWithFolder(run) !== undefined;
}

function chanceOf(loop: RunLoop): number {
  const [high = 0, low = 0] = loop.parts.random.bytes(2);
  return (high * 256 + low) / 65_536;
}

/**
 * Goes on with an attempt that a process had begun that has ended meanwhile: it is made again, with the
 * same number and the same idempotency key, unless it had intended an effect; whether that took place
 * nobody knows.
 */
export async function resumeTask(loop: RunLoop, one: Active, run: TaskRun): Promise<void> {
  const done = loop.begin(one);
  try {
    // What the ended process had started for it may still be at work.
    await loop.parts.leftProcesses.end();
    const { ending, isClosed } = one.execution;
    if (run.intent?.effect === 'external') {
      loop.push(one, { type: 'attempt-lost', taskRunId: run.id });
    } else if (ending !== undefined && !isClosed) {
      // It was told to stop, and it has.
      loop.push(one, { type: 'task-ended', taskRunId: run.id, outcome: 'KILLED' });
    } else {
      await performTask(loop, one, run);
    }
  } finally {
    done();
  }
}
