/**
 * Triggers that ask from time to time. Each evaluation is decided like a task of the flow and is an entry;
 * what fails is tried again after ever longer waits, and tells why.
 *
 * INVARIANT: an answer starts one execution at most, and none while the one before runs, unless the trigger
 * says otherwise.
 */
import { isTruthyText, matchWhole } from '../../core/expression/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration, type Task } from '../../core/flow/index.ts';
import {
  emptyMap,
  flatten,
  joinMarks,
  joinProvenance,
  type Marks,
  plainMarks,
  plainText,
  provenanceOf,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Evaluated, PollingTrigger, TriggerContext } from '../../ports/trigger.ts';
import { isStoreTrouble } from '../committer/index.ts';
import { render } from '../rendering/index.ts';
import { type DetachedEnd, type RunLoop, runDetached } from '../run-loop/index.ts';
import { fireTrigger, toldMessage } from './fire-trigger.ts';
import { openExecution } from './open-execution.ts';
import { contextOf } from './trigger-context.ts';
import {
  nameOf,
  noteOnTrigger,
  readTrigger,
  riderOf,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';

/** How long an evaluation may take. */
const timeout = 'PT5M';
const intervalDefaultMs = 60_000;
/** The shortest wait between two evaluations. */
const intervalLeastMs = 250;
/** The longest wait after failures, where the interval itself is not longer. */
const backoffMostMs = 3_600_000;
const doublingsMost = 20;

/** Properties of a trigger that are not the task's. */
const common = ['interval', 'logLevel', 'allowConcurrent', 'failOnTriggerError'];

function intervalOf({ properties }: TriggerPlace['trigger']): number {
  const { interval } = properties;
  const asked = interval === undefined ? undefined : parseDuration(plainText(interval));
  return Math.max(asked ?? intervalDefaultMs, intervalLeastMs);
}

/** Returns the task that a trigger asks with. */
function taskOf({ trigger }: TriggerPlace, polling: PollingTrigger): Task {
  const properties = Object.assign(emptyMap(), polling.taskDefaults, trigger.properties);
  for (const name of [...common, ...Object.keys(polling.properties)]) delete properties[name];
  return {
    id: trigger.id,
    type: polling.task,
    properties,
    timeout,
    isDisabled: false,
    allowFailure: false,
    allowWarning: false,
    logToFile: false,
    blocks: {},
    path: `triggers.${trigger.id}`,
    span: trigger.span,
  };
}

/** Tells whether a failure tells what the trigger asks for: how a program ended. */
function isAnswer({ error }: DetachedEnd): boolean {
  return error?.code === 'process.exited';
}

interface Evaluation extends Evaluated {
  readonly marks: Marks;
  readonly asked: DetachedEnd;
  readonly executionId: string;
}

async function evaluate(
  loop: RunLoop,
  place: TriggerPlace,
  polling: PollingTrigger,
  state: TriggerState,
  started: (stop: () => void) => void,
): Promise<Evaluation> {
  const { parts } = loop;
  const executionId = parts.random.id();
  const source = `trigger:${nameOf(place)}`;
  let asked: DetachedEnd | undefined;
  let marks = plainMarks;
  const rendered = async (template: string, names: ValueMap): Promise<Value> => {
    const happened = { ...place, variables: emptyMap(), marks: plainMarks };
    const context = await contextOf(loop, happened, () => undefined, { names, marks });
    const result = await render(context, template, 'typed');
    if (!result.ok) throw new Failure('expression.failed', result.error.message);
    return result.value;
  };
  const context: TriggerContext = {
    properties: place.trigger.properties,
    heldBefore: state.held,
    render: rendered,
    isTruthy: (value) => isTruthyText(plainText(value ?? '')),
    finds(pattern, text) {
      const verdict = matchWhole(`[\\s\\S]*(?:${pattern})[\\s\\S]*`, text);
      return verdict.ok && verdict.isMatch;
    },
    now: () => Temporal.Instant.fromEpochMilliseconds(loop.now()).toString(),
    async ask() {
      asked = await runDetached(loop, {
        ...place,
        executionId,
        task: taskOf(place, polling),
        by: source,
        intended: (payload) => noteOnTrigger(parts, place, 'trigger-effect-intended', payload),
        started,
      });
      // Whoever answers is outside.
      const outside = provenanceOf({ trust: 'untrusted', sources: [source] });
      marks = joinMarks(asked.outputsMarks, outside);
      const { error, outputs } = asked;
      if (error === undefined) return { outputs };
      if (!isAnswer(asked)) throw new Failure('task.failed', error.message);
      return { outputs, failure: { code: error.code ?? 'task.failed', message: error.message } };
    },
  };
  try {
    const evaluated = await polling.evaluate(context);
    if (asked === undefined) throw new Error('bug: a trigger answers without asking');
    return { ...evaluated, marks, asked, executionId };
  } catch (error) {
    await asked?.dropFiles();
    throw error;
  }
}

function backoff(interval: number, count: number): number {
  const wait = interval * 2 ** Math.min(count, doublingsMost);
  return Math.min(wait, Math.max(backoffMostMs, interval));
}

/** Starts what an answer asks for; gives whether its conditions held. */
async function fire(
  loop: RunLoop,
  place: TriggerPlace,
  state: TriggerState,
  { variables = emptyMap(), marks, executionId, asked }: Evaluation,
  more: Readonly<Record<string, Value>>,
): Promise<boolean> {
  const rider = riderOf(loop.parts, { place, state, more });
  const id = await fireTrigger(loop, {
    ...place,
    id: executionId,
    variables,
    marks,
    // That it runs at all depends on who answered.
    control: joinProvenance(flatten(asked.outputsMarks), flatten(marks)),
    rider,
  });
  return id !== undefined;
}

/** When to look at a trigger again: at a time, or once an execution has ended. */
export interface NextPoll {
  readonly at?: number | undefined;
  readonly awaited?: string;
}

/** Evaluates a trigger if it is time; `started` is told how to stop that. */
export async function pollTrigger(
  loop: RunLoop,
  place: TriggerPlace,
  polling: PollingTrigger,
  complain: (place: TriggerPlace, error: unknown) => void,
  started: (stop: () => void) => void,
): Promise<NextPoll> {
  const { parts } = loop;
  const state = await readTrigger(parts, place);
  if (state.isDisabled) return {};
  if (state.nextAt !== undefined && state.nextAt > loop.now()) return { at: state.nextAt };
  const awaited = await openExecution(loop, place, state);
  if (awaited !== undefined) return { awaited };
  if (!loop.mayBegin()) return {};
  const interval = intervalOf(place.trigger);
  const at = loop.now();
  const next = { ...state, nextAt: at + interval };
  let evaluation: Evaluation | undefined;
  try {
    evaluation = await evaluate(loop, place, polling, state, started);
    const { holds, variables, asked } = evaluation;
    const more =
      asked.decision === undefined ? {} : { decision: asked.decision as unknown as Value };
    const held = { ...next, held: holds, trouble: undefined };
    const isFiring = variables !== undefined;
    const hasFired =
      isFiring && (await fire(loop, place, { ...held, firedAt: at }, evaluation, more));
    if (hasFired) return { at: next.nextAt };
    await asked.dropFiles();
    await writeTrigger(parts, { place, state: held, type: 'trigger-evaluated', more });
    return { at: next.nextAt };
  } catch (error) {
    await evaluation?.asked.dropFiles();
    const isOwn = error instanceof Failure && !isStoreTrouble(error);
    if (!isOwn || error.code === 'store.conflict') throw error;
    complain(place, error);
    const count = (state.trouble?.count ?? 0) + 1;
    const message = toldMessage(error, evaluation?.marks ?? plainMarks);
    const trouble = { at: loop.now(), message, count };
    const nextAt = at + backoff(interval, count - 1);
    const failed = { ...state, nextAt, trouble };
    await writeTrigger(parts, { place, state: failed, type: 'trigger-failed' });
    return { at: nextAt };
  }
}
