/**
 * One case of a suite: the flow is started with the fixtures, and when it rests the assertions are
 * evaluated in the names of the execution.
 *
 * INVARIANT: what is reported holds no secret: a value that read one is shown with stars.
 */
import {
  blankExecution,
  decodeEvent,
  type Execution,
  isTerminated,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type Assertion,
  checkAssertion,
  type CaseFixtures,
  type TaskFixture,
  type TestCase,
} from '../../core/flow/index.ts';
import { printedText } from '../../core/expression/index.ts';
import { emptyMap, mapOf, plain, type Value, type ValueMap } from '../../core/value/index.ts';
import { contextFor, hideIn, hideSealed, hostFunctions, render } from '../rendering/index.ts';
import {
  evaluationFor,
  functionParts,
  killExecution,
  namespaceFilesOf,
  type RunLoop,
  startExecution,
  untilRest,
} from '../run-loop/index.ts';
import type { CaseReport, CheckReport } from './case-report.ts';
import { isTestRefusal, type RefusedEffect } from './refuse-effects.ts';

/** What a case runs in. */
export interface CaseWorld {
  /** A loop of its own, whose store nobody keeps. */
  readonly loop: RunLoop;
  readonly refused: readonly RefusedEffect[];
  /** Who runs the tests. */
  readonly by: string;
  /** The longest time that a case may take. */
  readonly timeoutMs: number;
}

/** Which flow is tested. */
export interface TestedFlow {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
}

const shownMax = 2_000;
/** Where the files of fixtures are kept, in the files of the namespace. */
const filesFolder = 'test-fixtures';

type Files = Readonly<Record<string, string>>;

/** Stores files of fixtures; gives their URIs by name. What a test makes up is taken for outside text. */
async function storeFiles(
  { parts }: RunLoop,
  namespace: string,
  folder: string,
  files: Files,
): Promise<Files> {
  const uris: (readonly [string, string])[] = [];
  for (const [name, content] of Object.entries(files)) {
    const place = `${filesFolder}/${folder}/${name}`;
    const provenance = { ...plain, trust: 'untrusted' as const };
    uris.push([name, await namespaceFilesOf(parts, namespace).put(place, content, provenance)]);
  }
  return Object.fromEntries(uris);
}

/** Returns the fixtures of tasks with the URIs of their files in place of the content. */
async function placeFiles(
  loop: RunLoop,
  namespace: string,
  { files, tasks }: CaseFixtures,
): Promise<{ readonly files: Files; readonly tasks: readonly TaskFixture[] }> {
  const uris = await storeFiles(loop, namespace, 'case', files);
  const placed: TaskFixture[] = [];
  for (const [index, task] of tasks.entries()) {
    const own = Object.entries(task.files).filter(([name, content]) => files[name] !== content);
    const stored = await storeFiles(loop, namespace, `task-${index}`, Object.fromEntries(own));
    placed.push({ ...task, files: { ...uris, ...stored } });
  }
  return { files: uris, tasks: placed };
}

async function renderInputs(
  loop: RunLoop,
  { namespace, flowId, revision }: TestedFlow,
  inputs: ValueMap,
  files: Files,
): Promise<ValueMap> {
  const { parts } = loop;
  const { flow } = await loop.library.find(namespace, flowId, revision);
  const execution: Execution = {
    ...blankExecution('test', parts.tenant, flow, revision),
    variables: flow.variables,
  };
  const functions = hostFunctions(functionParts(parts), {
    execution,
    files: undefined,
    reveal: () => undefined,
    errorLogs: () => Promise.resolve([]),
  });
  const reveal = (): void => undefined;
  const more = mapOf({ files: mapOf(files) });
  const around: readonly Execution[] = [];
  const context = contextFor(parts, { execution, run: null, around, functions, reveal, more });
  const rendered = emptyMap();
  for (const [name, value] of Object.entries(inputs)) {
    const result = await render(context, value, 'typed');
    if (!result.ok) {
      throw new Failure(
        'test.fixture-wrong',
        `the input \`${name}\` cannot be rendered: ${result.error.message}`,
      );
    }
    rendered[name] = result.value;
  }
  return rendered;
}

/** Waits until `id` rests, and kills it when that takes too long; tells whether it rested by itself. */
async function restInTime({ loop, by, timeoutMs }: CaseWorld, id: string): Promise<boolean> {
  const { clock } = loop.parts;
  let isLate = false;
  const takeBack = clock.wakeAt(clock.now() + timeoutMs, () => {
    isLate = true;
    // It may have ended in the same moment, which is all that is wanted.
    killExecution(loop, id, by).catch(() => undefined);
  });
  try {
    await untilRest(loop, id, { timerPatienceMs: timeoutMs });
    return !isLate;
  } finally {
    takeBack();
  }
}

/** Returns the execution that goes on in the name of `id`: another one where the flow was retried. */
async function lastAttempt({ parts }: RunLoop, id: string, flow: TestedFlow): Promise<string> {
  const record = await parts.store.execution(parts.tenant, id);
  if (record?.state !== 'RETRIED') return id;
  const { namespace, flowId } = flow;
  const query = { tenant: parts.tenant, namespace, flowId, limit: 1_000 };
  const all = await parts.store.executions(query);
  return all.find((one) => one.originalId === record.originalId)?.id ?? id;
}

function shown(value: Value, secrets: ReadonlySet<string>): string | null {
  if (value === null) return null;
  const text = hideIn(printedText(hideSealed(value)), secrets);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}

interface Evaluated {
  readonly value: Value;
  /** Why there is no value. */
  readonly trouble?: string;
  readonly isMissing?: boolean;
}

/** Evaluates assertions over an execution that rests. */
class Examiner {
  readonly #loop: RunLoop;
  readonly #one: Awaited<ReturnType<RunLoop['load']>>;

  constructor(loop: RunLoop, one: Awaited<ReturnType<RunLoop['load']>>) {
    this.#loop = loop;
    this.#one = one;
  }

  async #evaluate(value: Value, run: TaskRun | null): Promise<Evaluated> {
    const result = await render(evaluationFor(this.#loop, this.#one, run), value, 'typed');
    if (result.ok) return { value: result.value };
    const trouble = hideIn(result.error.message, this.#one.secrets);
    return { value: null, trouble, isMissing: result.error.code === 'expression.name-unknown' };
  }

  async checks(assertion: Assertion): Promise<readonly CheckReport[]> {
    const { taskId, description, errorMessage, span } = assertion;
    const about = {
      ...(taskId !== undefined && { taskId }),
      ...(description !== undefined && { description }),
      line: span.line,
    };
    const { execution, secrets } = this.#one;
    const run =
      taskId === undefined
        ? null
        : execution.runs.findLast((one) => one.task.id === taskId && !one.isRemoved);
    if (run === undefined) {
      const message = `the task \`${taskId ?? ''}\` has not run`;
      return assertion.checks.map(({ operator, expected }) => ({
        ...about,
        operator,
        isSuccess: false,
        expected: shown(expected, secrets),
        actual: null,
        message,
      }));
    }
    const actual = await this.#evaluate(assertion.value, run);
    const reports: CheckReport[] = [];
    for (const { operator, expected } of assertion.checks) {
      const wanted = await this.#evaluate(expected, run);
      const asksPresence = operator === 'isNull' || operator === 'isNotNull';
      const trouble =
        (actual.isMissing === true && asksPresence ? undefined : actual.trouble) ?? wanted.trouble;
      const verdict =
        trouble === undefined ? checkAssertion(operator, actual.value, wanted.value) : { trouble };
      const isSuccess = 'holds' in verdict && verdict.holds;
      const why = 'trouble' in verdict ? verdict.trouble : errorMessage;
      reports.push({
        ...about,
        operator,
        isSuccess,
        expected: shown(wanted.value, secrets),
        actual: shown(actual.value, secrets),
        ...(!isSuccess && why !== undefined && { message: why }),
      });
    }
    return reports;
  }
}

interface PolicyTale {
  readonly approvals: readonly string[];
  readonly denials: readonly string[];
}

/** Returns for which tasks approvals were opened, and which policy refused. */
async function policyTale({ parts }: RunLoop, execution: Execution): Promise<PolicyTale> {
  const approvals = new Set<string>();
  const denials = new Set<string>();
  for (const entry of await parts.store.entries(parts.tenant, `execution:${execution.id}`)) {
    const event = decodeEvent(entry.type, entry.at, entry.payload);
    const taskOf = (id: string): string => execution.runsById.get(id)?.task.id ?? id;
    if (event.type === 'approval-opened') approvals.add(taskOf(event.taskRunId));
    if (event.type === 'task-denied' && !isTestRefusal(event.decision)) {
      denials.add(taskOf(event.taskRunId));
    }
  }
  return { approvals: [...approvals].toSorted(), denials: [...denials].toSorted() };
}

function checkPolicy(one: TestCase, tale: PolicyTale): readonly CheckReport[] {
  const { approvals, denials } = one.governance ?? {};
  const compare = (
    operator: string,
    wanted: readonly string[] | undefined,
    found: readonly string[],
  ): readonly CheckReport[] => {
    if (wanted === undefined) return [];
    const expected = wanted.toSorted().join(', ');
    const actual = found.join(', ');
    const { line } = one.span;
    return [{ operator, isSuccess: expected === actual, expected, actual, line }];
  };
  return [
    ...compare('approvals', approvals, tale.approvals),
    ...compare('denials', denials, tale.denials),
  ];
}

/** Returns why the execution does not count, whatever the assertions say. */
function troubles(
  world: CaseWorld,
  one: TestCase,
  execution: Execution,
  isInTime: boolean,
): readonly string[] {
  const found: string[] = [];
  if (!isInTime) found.push(`it did not end within ${world.timeoutMs / 1_000} s`);
  const mayWait = (one.governance?.approvals?.length ?? 0) > 0;
  if (isInTime && !isTerminated(execution.state) && !mayWait) {
    const waiting = execution.runs.find(({ state }) => state === 'PAUSED' || state === 'RETRYING');
    const where = waiting === undefined ? '' : ` at \`${waiting.task.id}\`, which needs a fixture`;
    found.push(`the execution waits in the state ${execution.state}${where}`);
  }
  for (const { taskId, type } of world.refused) {
    found.push(`\`${taskId}\` (${type}) would act outside: give it a fixture`);
  }
  return [...new Set(found)];
}

async function started(world: CaseWorld, flow: TestedFlow, one: TestCase): Promise<string> {
  const { loop, by } = world;
  const { files, tasks } = await placeFiles(loop, flow.namespace, one.fixtures);
  const { trigger } = one.fixtures;
  return startExecution(loop, {
    ...flow,
    inputs: await renderInputs(loop, flow, one.fixtures.inputs, files),
    labels: [{ key: 'system.test', value: 'true' }],
    fixtures: tasks,
    by,
    ...(trigger !== undefined && { trigger }),
  });
}

async function examine(
  world: CaseWorld,
  flow: TestedFlow,
  one: TestCase,
  startedId: string,
  isInTime: boolean,
): Promise<Omit<CaseReport, 'id' | 'line' | 'startedAt' | 'endedAt'>> {
  const { loop } = world;
  const id = await lastAttempt(loop, startedId, flow);
  const active = await loop.load(id);
  const done = loop.begin(active);
  try {
    const { execution } = active;
    const errors = troubles(world, one, execution, isInTime);
    const examiner = new Examiner(loop, active);
    const checks: CheckReport[] = [];
    for (const assertion of one.assertions) checks.push(...(await examiner.checks(assertion)));
    if (one.governance !== undefined) {
      checks.push(...checkPolicy(one, await policyTale(loop, execution)));
    }
    const hasFailed = checks.some(({ isSuccess }) => !isSuccess);
    const state = errors.length > 0 ? 'ERROR' : hasFailed ? 'FAILED' : 'SUCCESS';
    const { error } = execution;
    const isTold = state !== 'SUCCESS' && error !== undefined;
    return {
      state,
      executionId: id,
      executionState: execution.state,
      checks,
      errors,
      ...(isTold && {
        failure: hideIn(`the execution failed: ${error.message}`, active.secrets),
      }),
    };
  } finally {
    done();
  }
}

/** Runs one case. */
export async function runCase(
  world: CaseWorld,
  flow: TestedFlow,
  one: TestCase,
): Promise<CaseReport> {
  const startedAt = world.loop.now();
  const { id, description } = one;
  const about = {
    id,
    ...(description !== undefined && { description }),
    line: one.span.line,
    startedAt,
  };
  try {
    const executionId = await started(world, flow, one);
    const isInTime = await restInTime(world, executionId);
    const result = await examine(world, flow, one, executionId, isInTime);
    return { ...about, ...result, endedAt: world.loop.now() };
  } catch (error) {
    // A flow that cannot be started is a result of the test and no trouble of the system.
    if (!(error instanceof Failure)) throw error;
    const endedAt = world.loop.now();
    return { ...about, state: 'ERROR', checks: [], errors: [], failure: error.message, endedAt };
  }
}
