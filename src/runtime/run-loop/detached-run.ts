/**
 * One run of a task that belongs to no execution: what a trigger asks before there is anything to run.
 * It is rendered, decided and limited like the run of any task; what it intends outside is written where
 * the caller says. Files that it makes belong to the execution that may follow.
 *
 * INVARIANT: it waits for nobody. What people would have to agree to is refused.
 */
import {
  applyEvent,
  blankExecution,
  type DecisionNote,
  type ErrorNote,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Task } from '../../core/flow/index.ts';
import {
  emptyMap,
  type Marks,
  marksOf,
  plain,
  plainMarks,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import { describePassage } from '../approvals/index.ts';
import { deleteExecutionFiles } from '../files/index.ts';
import { assertRuns, stageIn } from '../flow-register/index.ts';
import { type IntendedEffect, type Pass, runTask } from '../worker/index.ts';
import { createActive } from './active.ts';
import { createLogLines } from './log-lines.ts';
import type { RunLoop } from './loop.ts';
import { assertMayStart } from './obey-switches.ts';
import { benchFor, targetsOf, withSealed } from './perform-task.ts';
import { fileParts, placeOf } from './run-evaluation.ts';

/** What is to be run. */
export interface DetachedOrder {
  readonly namespace: string;
  readonly flowId: string;
  /** Of the execution that may follow. */
  readonly executionId: string;
  readonly task: Task;
  /** In whose name. */
  readonly by: string;
  /** Writes down what it is about to do outside; answered once that is durable. */
  intended(payload: ValueMap): Promise<void>;
  /** Told how to stop it. */
  started(stop: () => void): void;
}

/** How it ended. */
export interface DetachedEnd {
  readonly outputs: ValueMap;
  readonly outputsMarks: Marks;
  readonly error?: ErrorNote;
  /** What let it through. */
  readonly decision?: DecisionNote;
  /** Takes back the files that it made: no execution follows. */
  dropFiles(): Promise<void>;
}

/** Returns what it is about to do, as it is written down. */
function intentOf(
  { effect, arguments: given }: IntendedEffect,
  { decision, use }: Pass,
  digest: string,
): ValueMap {
  const intent = emptyMap();
  intent['effect'] = effect;
  intent['digest'] = digest;
  intent['arguments'] = given;
  intent['decision'] = decision as unknown as Value;
  if (use !== undefined) intent['approval'] = use.id;
  return intent;
}

/** Runs a task that belongs to no execution; throws what forbids it. */
export async function runDetached(loop: RunLoop, order: DetachedOrder): Promise<DetachedEnd> {
  const { parts } = loop;
  const { flow: own, revision } = await loop.library.find(order.namespace, order.flowId);
  const name = { namespace: own.namespace, flowId: own.id };
  // What is designed or retired acts as little by its triggers as by its tasks.
  assertRuns(name, await stageIn(parts, name, own.governance?.stage));
  const { retry: _retry, concurrency: _concurrency, ...rest } = own;
  const flow = {
    ...rest,
    tasks: [order.task],
    errors: [],
    finally: [],
    afterExecution: [],
    listeners: [],
    serviceLevels: [],
    checks: [],
    outputs: [],
  };
  const execution = blankExecution(order.executionId, parts.tenant, flow, revision, undefined);
  await assertMayStart(loop, execution, []);
  applyEvent(execution, {
    type: 'execution-created',
    at: loop.now(),
    executionId: order.executionId,
    tenant: parts.tenant,
    namespace: flow.namespace,
    flowId: flow.id,
    revision,
    by: order.by,
    inputs: emptyMap(),
    labels: [],
  });
  const [run] = execution.runs;
  if (run === undefined) throw new Error('bug: a flow of one task has no run');
  applyEvent(execution, { type: 'task-started', at: loop.now(), taskRunId: run.id });
  const one = createActive(execution, []);
  const bench = benchFor(loop, one, run, createLogLines(), {
    intend: (effect, pass) => {
      const digest = parts.cipher.keyedDigest(effect.text);
      return order.intended(intentOf(effect, pass, digest));
    },
    // Nobody reads lines of a run that belongs to nothing; what goes wrong is told by its end.
    writeLog: () => undefined,
    writeMetric: () => undefined,
    outputCache: undefined,
  });
  order.started(() => bench.stop.ask(new Error('the trigger is not looked after any more')));
  if (parts.registry.loaded(order.task.type) === undefined) {
    await parts.registry.load(order.task.type);
  }
  const leave = await parts.places.take(targetsOf(loop, run));
  const dropFiles = async (): Promise<void> => {
    const left = await parts.store.files(parts.tenant, `execution:${execution.id}`);
    if (left.length > 0) await deleteExecutionFiles(fileParts(parts), placeOf(one));
  };
  try {
    const result = withSealed(loop, one, await runTask(parts, order.task, bench));
    const { outputs = emptyMap(), outputsMarks = marksOf(plain), error, refusal } = result;
    if (refusal !== undefined) {
      const what = refusal.kind === 'denied' ? describePassage(refusal) : 'it needs an approval';
      throw new Failure('policy.denied', `\`${order.task.id}\` may not ask: ${what}`, {
        help: 'a trigger cannot wait for people; ask in a task of the flow',
      });
    }
    const decision = result.decision ?? bench.decision;
    return {
      outputs,
      outputsMarks: outputsMarks === plainMarks ? plainMarks : outputsMarks,
      ...(error !== undefined && { error }),
      ...(result.outcome === 'KILLED' && {
        error: { message: 'it was stopped', code: 'task.failed' },
      }),
      ...(decision !== undefined && { decision }),
      dropFiles,
    };
  } catch (error) {
    await dropFiles();
    throw error;
  } finally {
    leave();
  }
}
