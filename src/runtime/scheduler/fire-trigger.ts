/**
 * Starting an execution because a trigger says so: its condition is asked, its inputs are rendered with
 * what the trigger knows, and the execution is started in the trigger's name, in one write with the record
 * of the trigger.
 */
import type { Cause } from '../../core/engine/index.ts';
import { catalogue, Failure, type FailureCode } from '../../core/failure/index.ts';
import { conditionOf, momentIn } from '../../core/triggers/index.ts';
import {
  emptyMap,
  flatten,
  isMap,
  joinProvenance,
  type Marks,
  marksOf,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  type ValueMap,
} from '../../core/value/index.ts';
import { hideIn, render, sealSecrets } from '../rendering/index.ts';
import { type Rider, type RunLoop, startExecution, type StartOrder } from '../run-loop/index.ts';
import { contextOf, type Decided, decide, type Happened } from './trigger-context.ts';
import { nameOf } from './trigger-records.ts';

/** What happened, and how the execution is started that follows from it. */
export interface Firing extends Happened {
  /** The id that was chosen for the execution, where files were made for it already. */
  readonly id?: string;
  readonly causedBy?: Cause;
  /** Whatever a label of it belongs to goes on with it. */
  readonly correlationId?: string;
  /** What the decision to start it depends on: whoever sent what started it, if somebody did. */
  readonly control?: Provenance;
  /** Gives what is written with its creation. */
  readonly rider?: (executionId: string) => Rider;
}

/** Failures of a flow's own text, after which a trigger may ask for an execution that shows them. */
const ownFailures: ReadonlySet<FailureCode> = new Set([
  'expression.failed',
  'trigger.condition-failed',
  'input.invalid',
]);

/**
 * Returns what went wrong as it may be kept beside a trigger, which nobody protects: where values of people
 * or secrets were about, what was said of them is left out.
 */
export function toldMessage({ code, message }: Failure, marks: Marks): string {
  return flatten(marks).classes.length === 0 ? message : catalogue[code].title.toLowerCase();
}

/** Decides the conditions of a trigger that hears of no execution; throws where one cannot be decided. */
export async function conditionsHold(loop: RunLoop, happened: Happened): Promise<Decided> {
  const { trigger, namespace, flowId, variables } = happened;
  const { date } = variables;
  const moment =
    date === undefined || date === null
      ? Temporal.Instant.fromEpochMilliseconds(loop.now()).toZonedDateTimeISO('UTC')
      : momentIn(date);
  const facts = { flow: { namespace, flowId }, date: moment };
  return decide(conditionOf(trigger), facts, () => contextOf(loop, happened, () => undefined));
}

interface RenderedInputs {
  readonly inputs: ValueMap;
  readonly inputsMarks?: Marks;
}

async function inputsOf(loop: RunLoop, firing: Firing): Promise<RenderedInputs> {
  const given = Object.entries(firing.trigger.inputs);
  const inputs = emptyMap();
  if (given.length === 0) return { inputs };
  const secrets = new Set<string>();
  const context = await contextOf(loop, firing, (secret) => secrets.add(secret));
  const parts: (readonly [string, Marks])[] = [];
  for (const [key, value] of given) {
    const rendered = await render(context, value, 'typed');
    if (!rendered.ok) {
      throw new Failure('expression.failed', hideIn(rendered.error.message, secrets));
    }
    inputs[key] = rendered.value;
    if (rendered.marks !== plainMarks) parts.push([key, rendered.marks]);
  }
  const sealed = sealSecrets(inputs, secrets, loop.parts.cipher);
  return {
    inputs: isMap(sealed) ? sealed : inputs,
    ...(parts.length > 0 && { inputsMarks: marksOfParts(parts) }),
  };
}

function orderOf(firing: Firing): Omit<StartOrder, 'inputs'> {
  const { trigger, namespace, flowId, variables, marks, causedBy, correlationId } = firing;
  const { control = plain } = firing;
  return {
    ...(firing.id !== undefined && { id: firing.id }),
    namespace,
    flowId,
    labels: [
      ...trigger.labels,
      { key: 'system.from', value: 'trigger' },
      ...(correlationId === undefined
        ? []
        : [{ key: 'system.correlationId', value: correlationId }]),
    ],
    trigger: variables,
    ...(marks !== plainMarks && { triggerMarks: marks }),
    ...(control !== plain && { controlMarks: marksOf(control) }),
    ...(causedBy !== undefined && { causedBy }),
    ...(firing.rider !== undefined && { rider: firing.rider }),
    by: `trigger:${nameOf(firing)}`,
    asks: { trigger: trigger.type },
  };
}

/** Starts what `firing` asks for and gives its id; where its text is wrong, a failed one if the trigger wants it. */
export async function startFired(loop: RunLoop, firing: Firing): Promise<string> {
  const order = orderOf(firing);
  try {
    return await startExecution(loop, { ...order, ...(await inputsOf(loop, firing)) });
  } catch (error) {
    const isShown = firing.trigger.properties['failOnTriggerError'] === true;
    if (!isShown || !(error instanceof Failure) || !ownFailures.has(error.code)) throw error;
    return startFailed(loop, firing, error);
  }
}

/** Starts an execution that has failed already, for people to see why. */
export function startFailed(loop: RunLoop, firing: Firing, error: Failure): Promise<string> {
  return startExecution(loop, {
    ...orderOf(firing),
    inputs: emptyMap(),
    areInputsResolved: true,
    failure: { message: toldMessage(error, firing.marks), code: error.code },
  });
}

/** Starts what `firing` asks for; gives the id, or undefined when its conditions do not hold. */
export async function fireTrigger(loop: RunLoop, firing: Firing): Promise<string | undefined> {
  const decided = await conditionsHold(loop, firing);
  if (!decided.holds) return undefined;
  const control = joinProvenance(firing.control ?? plain, decided.marks);
  return startFired(loop, { ...firing, control });
}
