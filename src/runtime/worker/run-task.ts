/**
 * One attempt of one task: its properties are rendered and checked, its type runs in a context that is
 * all it sees of the world, its outputs are checked and marked with where they come from.
 *
 * INVARIANT: it never throws; whatever goes wrong is the outcome of the attempt.
 */
import type { Change, DecisionNote, ErrorNote } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  parseDuration,
  type Task,
  type TypeCatalogue,
  type TypeEntry,
} from '../../core/flow/index.ts';
import {
  plainText,
  flatten,
  isMap,
  joinMarks,
  joinProvenance,
  type Marks,
  marksOf,
  marksOfParts,
  plain,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OutputProvenance, TaskDefinition } from '../../ports/task.ts';
import type { TaskContext } from '../../ports/task-context.ts';
import type { TaskRegistry } from '../../ports/task-registry.ts';
import type { Passage } from '../approvals/index.ts';
import { asValue } from './as-value.ts';
import type { CachedOutputs } from './output-cache.ts';
import { type InnerTypes, passInner } from './inner-run.ts';
import { effectKindOf } from './intended-effect.ts';
import { beginEffect, knownDecision, passDoor, type PreparedRun, setAside } from './pass-door.ts';
import { type Settlement, settlementOf } from './reserve-spends.ts';
import { maySpend, spendsOf } from './run-spends.ts';
import { withoutDeclaredSecrets } from './seen-arguments.ts';
import { prepareInput, propertiesText, textsOf } from './render-properties.ts';
import { provenanceOfScope } from '../rendering/index.ts';
import type { Stop, TaskBench } from './task-bench.ts';

/** How an attempt ended. */
export interface TaskResult {
  readonly outcome: 'SUCCESS' | 'WARNING' | 'FAILED' | 'KILLED';
  readonly outputs?: ValueMap;
  readonly outputsMarks?: Marks;
  readonly error?: ErrorNote;
  readonly changes?: readonly Change[];
  readonly changesMarks?: Marks;
  readonly mayRetry?: boolean;
  /** What the attempt has seen, what comes from outside included. */
  readonly seen?: Provenance;
  readonly logFile?: string;
  /** What allowed it, where no intent says so. */
  readonly decision?: DecisionNote;
  /** What it has spent of what was set aside for it. */
  readonly settlement?: Settlement;
  /** What the door said, where it did not let the attempt through. */
  readonly refusal?: Exclude<Passage, { kind: 'pass' }>;
}

/** What running tasks needs of the system. */
export interface WorkerParts {
  readonly registry: TaskRegistry;
  readonly catalogue: TypeCatalogue;
  readonly clock: Clock;
}

/** How long a cancelled task may take to stop before it is given up. */
const graceMs = 5_000;

function provenanceFor(how: OutputProvenance, seen: Provenance): Provenance {
  if (how === 'trusted') return plain;
  return how === 'join' ? seen : joinProvenance(seen, { ...plain, trust: 'untrusted' });
}

function marksFor(definition: TaskDefinition, outputs: ValueMap, seen: Provenance): Marks {
  const whole = provenanceFor(definition.provenance.output, seen);
  const fields = definition.provenance.fields ?? {};
  if (whole === plain && Object.keys(fields).length === 0) return marksOf(plain);
  const parts = Object.keys(outputs).map((name) => {
    const how = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, marksOf(how === undefined ? whole : provenanceFor(how, seen))] as const;
  });
  return marksOfParts(parts);
}

/** Returns where outputs that are given for a task come from, as if its type had given them. */
export function outputMarks(definition: TaskDefinition, outputs: ValueMap): Marks {
  return marksFor(definition, outputs, plain);
}

/** Returns what an attempt of `definition` that had seen `seen` may have taken in. */
function takenIn(definition: TaskDefinition | undefined, seen: Provenance): Provenance {
  const { output, fields = {} } = definition?.provenance ?? { output: 'join' };
  const isOutside = output === 'outside' || Object.values(fields).includes('outside');
  return provenanceFor(isOutside ? 'outside' : 'join', seen);
}

function failure(message: string, code?: string, mayRetry?: boolean): TaskResult {
  return {
    outcome: 'FAILED',
    error: { message, ...(code !== undefined && { code }) },
    ...(mayRetry !== undefined && { mayRetry }),
  };
}

async function definitionFor(
  parts: WorkerParts,
  type: string,
): Promise<TaskDefinition | undefined> {
  const definition = parts.registry.loaded(type) ?? (await parts.registry.load(type));
  return definition?.kind === 'runnable' ? definition : undefined;
}

function innerTypes(parts: WorkerParts): InnerTypes {
  return { catalogue: parts.catalogue, load: (type) => definitionFor(parts, type) };
}

async function timeoutOf(task: Task, context: TaskContext): Promise<number | undefined> {
  if (task.timeout === undefined) return undefined;
  const text = plainText((await context.render(task.timeout)).value);
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new Failure(
      'task.input-invalid',
      `\`timeout\` is \`${text}\`, but must be a duration such as \`PT10S\``,
    );
  }
  return milliseconds;
}

/** Runs `work`, but no longer than a moment after it was asked to stop. */
function untilStopped<T>(work: Promise<T>, stop: Stop, clock: Clock): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let takeBack: (() => void) | undefined;
    const forget = stop.whenAsked(() => {
      takeBack = clock.wakeAt(clock.now() + graceMs, () => reject(stop.reason as Error));
    });
    const over = (): void => {
      forget();
      takeBack?.();
    };
    work.then(
      (result) => {
        over();
        resolve(result);
      },
      (error: unknown) => {
        over();
        reject(error as Error);
      },
    );
  });
}

function isOutcomeUnknown(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'task.outcome-unknown';
}

function failed(
  bench: TaskBench,
  error: unknown,
  timeoutMs: number | undefined,
  seen: Provenance,
): TaskResult {
  const kept = bench.keptOutputs();
  // A person who ends it knows that it may have happened; whoever waited too long does not.
  if (isOutcomeUnknown(error) && (bench.stop.reason === undefined || bench.stop.hasTimedOut)) {
    return failure(bench.mask.hide(error.message), error.code, false);
  }
  const outputs =
    Object.keys(kept).length > 0 ? { outputs: kept, outputsMarks: marksOf(seen) } : {};
  if (bench.stop.hasTimedOut) {
    const message = `the task ran longer than its timeout of ${(timeoutMs ?? 0) / 1000} s`;
    bench.context.log('ERROR', message);
    return { ...failure(message, 'task.timed-out'), ...outputs };
  }
  if (bench.stop.reason !== undefined) return { outcome: 'KILLED', ...outputs };
  const message = bench.mask.hide(error instanceof Error ? error.message : String(error));
  const code = error instanceof Failure ? error.code : 'task.failed';
  bench.context.log('ERROR', message);
  return { ...failure(message, code), ...outputs };
}

/** Returns why a change of the execution's variables cannot be made, if it cannot. */
function refusedChange(bench: TaskBench): string | undefined {
  const variables = bench.evaluation().scope.value('vars');
  const known = (name: string): boolean => isMap(variables) && Object.hasOwn(variables, name);
  for (const change of bench.changes()) {
    if (change.type === 'set-variables' && !change.overwrites) {
      const taken = Object.keys(change.variables).find(known);
      if (taken !== undefined) return `the variable \`${taken}\` exists and \`overwrite\` is false`;
    }
    if (change.type === 'unset-variables' && !change.ignoresMissing) {
      const missing = change.names.find((name) => !known(name));
      if (missing !== undefined) return `there is no variable \`${missing}\``;
    }
  }
  return undefined;
}

interface Reuse {
  /** What an earlier run gave. */
  readonly result: TaskResult | undefined;
  keep(cached: CachedOutputs): Promise<void>;
}

/** Looks for outputs of an earlier run that did the same, if the task may reuse them. */
async function reuse(
  task: Task,
  entry: TypeEntry,
  bench: TaskBench,
  input: unknown,
): Promise<Reuse | undefined> {
  const { outputCache } = bench;
  if (outputCache === undefined) return undefined;
  const key = bench.digest(await propertiesText(task, entry, asValue(input), bench.evaluation()));
  const found = await outputCache.find(key);
  const keep = (cached: CachedOutputs): Promise<void> => outputCache.keep(key, cached);
  if (found === undefined) return { result: undefined, keep };
  bench.context.log('INFO', 'the outputs of an earlier run are reused');
  const { outputs, marks } = found;
  const outputsMarks = joinMarks(marks, bench.seen());
  const given = Object.keys(outputs).length > 0 ? { outputs, outputsMarks } : {};
  return { result: { outcome: 'SUCCESS', ...given }, keep };
}

async function perform(
  parts: WorkerParts,
  task: Task,
  bench: TaskBench,
  definition: TaskDefinition,
): Promise<TaskResult> {
  const found = parts.catalogue.find(task.type);
  if (found === undefined)
    return failure(`the task type \`${task.type}\` is not known`, 'task.type-missing', false);
  const held = bench.run.approvals === 0 ? undefined : await bench.door?.held(bench.run);
  const prepared = await prepareInput(task, found.entry, definition, bench.evaluation(), held);
  if (!prepared.ok) {
    bench.see(provenanceOfScope(bench.evaluation().scope));
    bench.context.log('ERROR', bench.mask.hide(prepared.error.message));
    return {
      outcome: 'FAILED',
      error: { ...prepared.error, message: bench.mask.hide(prepared.error.message) },
    };
  }
  definition.check?.(prepared.input, bench.context);
  if (definition.effect.touches.includes('network')) {
    bench.texts = { templates: textsOf(task, found.entry), marks: prepared.marks };
  }
  const before = bench.seen();
  bench.see(withoutDeclaredSecrets(definition, prepared.marks));
  const reusing = await reuse(task, found.entry, bench, prepared.input);
  if (reusing?.result !== undefined) return reusing.result;
  const { input, raw, marks: inputMarks, volatile } = prepared;
  const models = definition.effect.modelsFor?.(input) ?? [];
  if (models.length > 0) bench.useModels(models);
  // What a task inside spends is known with that task.
  const spends =
    definition.inner === undefined && maySpend(task, definition)
      ? await spendsOf(task, definition, input, bench.evaluation(), held)
      : undefined;
  if (spends !== undefined) {
    if ('message' in spends) return failure(bench.mask.hide(spends.message), spends.code);
    bench.see(flatten(spends.marks));
  }
  const attempt: PreparedRun = {
    task,
    entry: found.entry,
    definition,
    effect: effectKindOf(definition, input),
    input,
    raw,
    marks: inputMarks,
    volatile,
    held,
    spends,
  };
  const isOpen = attempt.effect === 'external' || definition.inner !== undefined;
  const known = isOpen ? undefined : knownDecision(attempt, bench);
  let given = input;
  if (known === undefined) {
    const passed = await passDoor(attempt, bench, before);
    if ('refusal' in passed) return { outcome: 'FAILED', refusal: passed.refusal };
    given = passed.prepared.input;
    const spec = await definition.inner?.(given);
    const allowed =
      spec === undefined ? passed : await passInner(innerTypes(parts), passed, spec, bench);
    if ('refusal' in allowed) return { outcome: 'FAILED', refusal: allowed.refusal };
    await beginEffect(allowed, bench);
  } else {
    bench.decision = known;
    await setAside(attempt, inputMarks, bench);
  }
  // Told to stop while it waited for its place: it has not begun.
  if (bench.stop.reason !== undefined) throw bench.stop.reason;
  if (bench.reserved !== undefined) bench.reserved.hasBegun = true;
  const output = await untilStopped(definition.run(given, bench.context), bench.stop, parts.clock);
  const checked = definition.output.safeParse(output ?? {});
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return failure(
      `\`${definition.type}\` gave an output that does not match its own description: \`${issue?.path.join('.') ?? ''}\` ${issue?.message ?? ''}`,
      'task.output-invalid',
      false,
    );
  }
  const wrongChange = refusedChange(bench);
  if (wrongChange !== undefined) return failure(wrongChange, 'task.input-invalid');
  const outputs = asValue(output ?? {}) as ValueMap;
  const marks = marksFor(definition, outputs, bench.seen());
  const isPlainSuccess = bench.warning() === undefined && bench.changes().length === 0;
  if (isPlainSuccess) await reusing?.keep({ outputs, marks });
  return {
    outcome: bench.warning() === undefined ? 'SUCCESS' : 'WARNING',
    ...(Object.keys(outputs).length > 0 && { outputs, outputsMarks: marks }),
    ...(bench.changes().length > 0 && {
      changes: bench.changes(),
      changesMarks: marksOf(bench.seen()),
    }),
  };
}

function decided({ decision }: TaskBench): Pick<TaskResult, 'decision'> {
  return decision === undefined ? {} : { decision };
}

function settled(bench: TaskBench, { outcome }: TaskResult): Pick<TaskResult, 'settlement'> {
  const settlement = settlementOf(bench, outcome === 'FAILED' || outcome === 'KILLED');
  return settlement === undefined ? {} : { settlement };
}

/** Runs one attempt of `task` in `bench`. */
export async function runTask(
  parts: WorkerParts,
  task: Task,
  bench: TaskBench,
): Promise<TaskResult> {
  let timeoutMs: number | undefined;
  let takeBack: (() => void) | undefined;
  let definition: TaskDefinition | undefined;
  const seen = (): Provenance => takenIn(definition, bench.seen());
  try {
    definition = await definitionFor(parts, task.type);
    if (definition === undefined) {
      return failure(`the task type \`${task.type}\` is not known`, 'task.type-missing', false);
    }
    if (definition.provenance.output === 'outside') bench.writeFromOutside();
    timeoutMs = await timeoutOf(task, bench.context);
    if (timeoutMs !== undefined) {
      takeBack = parts.clock.wakeAt(parts.clock.now() + timeoutMs, () => bench.stop.timeOut());
    }
    const result = await perform(parts, task, bench, definition);
    return { ...result, seen: seen(), ...decided(bench), ...settled(bench, result) };
  } catch (error) {
    const result = failed(bench, error, timeoutMs, seen());
    return { ...result, seen: seen(), ...decided(bench), ...settled(bench, result) };
  } finally {
    takeBack?.();
    await bench.close();
  }
}
