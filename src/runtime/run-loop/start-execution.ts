/**
 * Starting executions: the flow is found, its inputs resolved, its checks asked, its labels gathered;
 * then the execution is created. The same way for people, subflows, loops and repetitions.
 */
import {
  blankExecution,
  type Cause,
  type CopiedRun,
  type DecisionNote,
  type ErrorNote,
  type Execution,
  type ExecutionCreated,
} from '../../core/engine/index.ts';
import { type EvaluationContext, isTruthyText } from '../../core/expression/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Check, Flow, Label, TaskFixture } from '../../core/flow/index.ts';
import {
  plainText,
  emptyMap,
  flatten,
  type Marks,
  marksAt,
  marksOfParts,
  plainMarks,
  type Provenance,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { LogRecord } from '../../ports/store.ts';
import { decideStart } from '../approvals/index.ts';
import type { ExecutionPlace } from '../files/index.ts';
import { assertLiveRevision, assertRuns, stageIn } from '../flow-register/index.ts';
import {
  type InputProblem,
  resolveInputsAbout,
  type ResolvedInputs,
  subjectTemplate,
} from '../inputs/index.ts';
import { contextFor, hideIn, hostFunctions, render } from '../rendering/index.ts';
import { functionParts } from './run-evaluation.ts';
import type { Rider } from './active.ts';
import type { RunLoop } from './loop.ts';
import { assertMayStart } from './obey-switches.ts';
import { type LocalFiles, storeUploads, uploadUriIn } from './uploads.ts';

/** Which execution to start. */
export interface StartOrder {
  /** The id that was chosen for it; another one where none was. */
  readonly id?: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly revision?: number;
  readonly loopTaskId?: string;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly inputsMarks?: Marks;
  readonly labels?: readonly Label[];
  readonly labelsMarks?: Marks;
  /** What the decision to start it depends on. */
  readonly controlMarks?: Marks;
  readonly trigger?: ValueMap;
  readonly triggerMarks?: Marks;
  /** Variables in place of those of the flow. */
  readonly variables?: ValueMap;
  readonly variablesMarks?: Marks;
  readonly item?: ValueMap;
  readonly itemMarks?: Marks;
  readonly causedBy?: Cause;
  readonly originalId?: string;
  readonly parentId?: string;
  readonly attemptNumber?: number;
  /** Epoch milliseconds; starts no earlier. */
  readonly startsAt?: number;
  readonly around?: readonly Execution[];
  /** True for inputs that were resolved before: those of the execution that is repeated. */
  readonly areInputsResolved?: boolean;
  readonly copied?: readonly CopiedRun[];
  /** True when a person starts it: labels of the system are refused. */
  readonly isFromPerson?: boolean;
  /** Which files of this machine the inputs may name; see `LocalFiles`. */
  readonly localFiles?: LocalFiles;
  /** True for what ran in this revision before, and runs again. */
  readonly isRepeated?: boolean;
  /** Set for a test, which also runs what is designed or retired: what tasks give instead of being run. */
  readonly fixtures?: readonly TaskFixture[];
  /** Handle of who has it started. */
  readonly by?: string;
  /** Set where no door was passed on the way here: policy is asked, with the type of the trigger if it is one. */
  readonly asks?: { readonly trigger?: string };
  /** Called with its id once it is durable, before anything that follows is heard of. */
  readonly whenDurable?: (executionId: string) => void;
  /** Gives what is written with its creation; where that was written by another hand, nothing is started. */
  readonly rider?: (executionId: string) => Rider;
  /** Why it ends as soon as it exists: there is something to be seen, and nothing to be run. */
  readonly failure?: ErrorNote;
}

/** Returns what templates may read before the execution exists: `flow`, `inputs`, `vars`, `labels`. */
function contextBefore(
  loop: RunLoop,
  blank: Execution,
  inputs: ValueMap,
  marks: Marks,
  reveal: (secret: string) => void,
): EvaluationContext {
  const execution: Execution = { ...blank, inputs, inputsMarks: marks };
  const functions = hostFunctions(functionParts(loop.parts), {
    execution,
    files: undefined,
    reveal,
    errorLogs: () => Promise.resolve([]),
  });
  return contextFor(loop.parts, {
    execution,
    run: null,
    around: [],
    functions,
    reveal,
  });
}

function refuse(flow: Flow, problems: readonly InputProblem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new Failure('input.invalid', `${first?.message ?? 'an input is not valid'}${more}`, {
    ...(first !== undefined && { help: first.help }),
    details: { flow: `${flow.namespace}/${flow.id}`, problems },
  });
}

/** Inputs that the flow does not declare are dropped; a flow that declares none takes all as text. */
function undeclared(flow: Flow, given: Readonly<Record<string, Value>>): ValueMap | undefined {
  const used = undeclaredInputs(flow);
  const values = emptyMap();
  for (const [key, value] of Object.entries(given)) {
    const isDeclared = flow.inputs.some(({ id }) => id === key || id.startsWith(`${key}.`));
    if (used.has(key) && !isDeclared) values[key] = value;
  }
  return Object.keys(values).length > 0 ? values : undefined;
}

const inputsRead = new WeakMap<Flow, ReadonlySet<string>>();

/** Returns the names of inputs that the flow's text reads; those it declares as well. */
function undeclaredInputs(flow: Flow): ReadonlySet<string> {
  let names = inputsRead.get(flow);
  if (names === undefined) {
    const found = flow.source.matchAll(
      /\binputs(?:\.([\p{L}_][\p{L}\p{N}_]*)|\[\s*['"]([^'"]+)['"]\s*\])/gu,
    );
    names = new Set([...found].map(([, dotted, quoted]) => dotted ?? quoted ?? ''));
    inputsRead.set(flow, names);
  }
  return names;
}

function placeFor({ flow, id }: Execution): ExecutionPlace {
  return { namespace: flow.namespace, flowId: flow.id, executionId: id };
}

async function inputsFor(
  loop: RunLoop,
  blank: Execution,
  order: StartOrder,
): Promise<ResolvedInputs> {
  const { flow } = blank;
  const marks = order.inputsMarks ?? plainMarks;
  if (order.areInputsResolved === true) {
    return { values: order.inputs as ValueMap, marks, problems: [], uploads: [] };
  }
  const place = placeFor(blank);
  const resolved = await resolveInputsAbout(
    {
      cipher: loop.parts.cipher,
      subjects: loop.parts.subjects,
      subject: subjectTemplate(flow),
      context: (inputs, inputMarks, reveal) =>
        contextBefore(loop, blank, inputs, inputMarks, reveal),
      uploadUri: uploadUriIn(place, order.localFiles),
    },
    flow.inputs,
    order.inputs,
    marks,
  );
  const more = undeclared(flow, order.inputs);
  if (more === undefined) return resolved;
  const undeclaredMarks = Object.keys(more).map((key) => [key, marksAt(marks, key)] as const);
  return {
    ...resolved,
    values: Object.assign(emptyMap(), resolved.values, more),
    marks: marksOfParts([...(resolved.marks.parts ?? []), ...undeclaredMarks], resolved.marks.own),
  };
}

/** Returns the labels of a new execution: the flow's, those of the start, and who belongs together. */
export function gatherLabels(id: string, flow: Flow, given: readonly Label[]): Label[] {
  const own = flow.labels.filter((label) => !label.key.startsWith('system.'));
  const keys = new Set(given.map((label) => label.key));
  const labels = [...own.filter((label) => !keys.has(label.key)), ...given];
  if (!labels.some((label) => label.key === 'system.correlationId')) {
    labels.push({ key: 'system.correlationId', value: id });
  }
  return labels;
}

/** Throws `execution.label-reserved` when one of `labels` belongs to the system. */
export function refuseReservedLabels(labels: readonly Label[]): void {
  const reserved = labels.find((label) => label.key.startsWith('system.'));
  if (reserved === undefined) return;
  throw new Failure(
    'execution.label-reserved',
    `the label \`${reserved.key}\` belongs to the system`,
  );
}

const strength: readonly Check['behavior'][] = [
  'CREATE_EXECUTION',
  'FAIL_EXECUTION',
  'BLOCK_EXECUTION',
];

/** Returns the strongest check whose condition does not hold. */
async function failedCheck(
  loop: RunLoop,
  blank: Execution,
  inputs: ResolvedInputs,
): Promise<Check | undefined> {
  let worst: Check | undefined;
  const secrets = new Set<string>();
  const context = contextBefore(loop, blank, inputs.values, inputs.marks, (secret) =>
    secrets.add(secret),
  );
  for (const check of blank.flow.checks) {
    const result = await render(context, check.condition, 'text');
    if (result.ok && isTruthyText(plainText(result.value ?? ''))) continue;
    if (
      worst === undefined ||
      strength.indexOf(check.behavior) > strength.indexOf(worst.behavior)
    ) {
      worst = check;
    }
  }
  if (worst === undefined) return undefined;
  const message = await render(context, worst.message, 'text');
  return message.ok ? { ...worst, message: hideIn(plainText(message.value), secrets) } : worst;
}

/** Writes a line about the execution as a whole. */
async function warn(
  loop: RunLoop,
  { id, flow }: Execution,
  message: string,
  { classes }: Provenance,
): Promise<void> {
  const { parts } = loop;
  const line: LogRecord = {
    tenant: parts.tenant,
    at: loop.now(),
    level: 'WARN',
    namespace: flow.namespace,
    flowId: flow.id,
    executionId: id,
    taskRunId: null,
    taskId: null,
    attempt: 0,
    message,
    ...(classes.length > 0 && { about: classes }),
  };
  await parts.committer.commit({ entries: [], logs: [line] });
}

function marked(marks: Marks | undefined): marks is Marks {
  return marks !== undefined && marks !== plainMarks;
}

/** Returns what is wrong with the inputs of a start that nobody wants yet; nothing is stored. */
export async function checkInputs(
  loop: RunLoop,
  order: StartOrder,
): Promise<readonly InputProblem[]> {
  const { flow, revision } = await loop.library.find(order.namespace, order.flowId, order.revision);
  const blank = blankExecution('check', loop.parts.tenant, flow, revision, undefined);
  blank.variables = flow.variables;
  return (await inputsFor(loop, blank, order)).problems;
}

/** Returns what allows a start that passed no door; throws `policy.denied`. */
async function decisionFor(
  { parts }: RunLoop,
  { asks, namespace, flowId, by }: StartOrder,
  revision: number,
): Promise<DecisionNote | undefined> {
  if (asks === undefined || parts.approvals === undefined) return undefined;
  return decideStart(parts.approvals.parts, {
    namespace,
    flowId,
    revision,
    ...(by !== undefined && { by }),
    ...asks,
  });
}

/** Starts an execution and returns its id once it is durable. */
export async function startExecution(loop: RunLoop, order: StartOrder): Promise<string> {
  const { parts } = loop;
  const { flow, revision } = await loop.library.find(order.namespace, order.flowId, order.revision);
  const isIteration = order.loopTaskId !== undefined;
  if (flow.isDisabled && !isIteration) {
    throw new Failure('flow.disabled', `the flow \`${flow.namespace}/${flow.id}\` is disabled`);
  }
  if (!isIteration && order.fixtures === undefined) {
    const name = { namespace: flow.namespace, flowId: flow.id };
    assertRuns(name, await stageIn(parts, name, flow.governance?.stage));
    if (order.revision !== undefined) {
      await assertLiveRevision(parts, name, { revision, isRepeated: order.isRepeated === true });
    }
  }
  if (order.isFromPerson === true && order.parentId === undefined)
    refuseReservedLabels(order.labels ?? []);
  const id = order.id ?? parts.random.id();
  const run =
    order.loopTaskId === undefined ? flow : loop.library.iteration(flow, order.loopTaskId);
  const blank = blankExecution(id, parts.tenant, run, revision, order.loopTaskId);
  await assertMayStart(loop, blank, order.around ?? []);
  blank.variables = run.variables;
  const decision = await decisionFor(loop, order, revision);
  const inputs = await inputsFor(loop, blank, order);
  if (inputs.problems.length > 0) throw refuse(flow, inputs.problems);
  const isUnchecked = isIteration || order.failure !== undefined;
  const check = isUnchecked ? undefined : await failedCheck(loop, blank, inputs);
  if (check?.behavior === 'BLOCK_EXECUTION') {
    throw new Failure('execution.check-failed', check.message);
  }
  await storeUploads(loop, placeFor(blank), inputs.uploads);
  const event: ExecutionCreated = {
    type: 'execution-created',
    at: loop.now(),
    executionId: id,
    tenant: parts.tenant,
    namespace: flow.namespace,
    flowId: flow.id,
    revision,
    inputs: inputs.values,
    ...(inputs.marks !== plainMarks && { inputsMarks: inputs.marks }),
    labels: isIteration ? (order.labels ?? []) : gatherLabels(id, flow, order.labels ?? []),
    ...(order.loopTaskId !== undefined && { loopTaskId: order.loopTaskId }),
    ...(order.by !== undefined && { by: order.by }),
    ...(decision !== undefined && { decision }),
    ...(marked(order.labelsMarks) && { labelsMarks: order.labelsMarks }),
    ...(order.controlMarks !== undefined && { controlMarks: order.controlMarks }),
    ...(order.trigger !== undefined && { trigger: order.trigger }),
    ...(marked(order.triggerMarks) && { triggerMarks: order.triggerMarks }),
    ...(order.variables !== undefined && { variables: order.variables }),
    ...(marked(order.variablesMarks) && { variablesMarks: order.variablesMarks }),
    ...(order.item !== undefined && { item: order.item }),
    ...(order.itemMarks !== undefined && { itemMarks: order.itemMarks }),
    ...(order.causedBy !== undefined && { causedBy: order.causedBy }),
    ...(order.originalId !== undefined && { originalId: order.originalId }),
    ...(order.parentId !== undefined && { parentId: order.parentId }),
    ...(order.attemptNumber !== undefined && { attemptNumber: order.attemptNumber }),
    ...(order.startsAt !== undefined && { startsAt: order.startsAt }),
    ...(order.copied !== undefined && order.copied.length > 0 && { copied: order.copied }),
    ...(order.fixtures !== undefined && { fixtures: order.fixtures }),
    ...(check?.behavior === 'FAIL_EXECUTION' && {
      failure: { message: check.message, code: 'execution.check-failed' },
    }),
    ...(order.failure !== undefined && { failure: order.failure }),
  };
  const execution = blankExecution(id, parts.tenant, run, revision, order.loopTaskId);
  await loop.admit(
    execution,
    order.around ?? [],
    event,
    () => order.whenDurable?.(id),
    order.rider?.(id),
  );
  if (check?.behavior === 'CREATE_EXECUTION') {
    await warn(loop, execution, check.message, flatten(inputs.marks));
  }
  return id;
}
