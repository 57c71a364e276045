/**
 * Functions that find outputs of loops: they descend by the values of the loops around the task, which
 * the scope holds as `parents` (nearest first) and `taskrun`.
 */
import {
  isList,
  isMap,
  joinProvenance,
  type Marks,
  marksAt,
  joinMarks,
  plainMarks,
  type Provenance,
  plain,
  type Value,
} from '../../value/index.ts';
import { keyText, readAttribute, readSubscript } from '../evaluation/access.ts';
import type { Frame } from '../evaluation/frame.ts';
import type { BuiltIn } from '../filters/filter.ts';
import { textArgument, wholeArgument } from '../filters/filter.ts';
import { Stop, wrongArgument } from '../stop.ts';
import { asIndex } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';

/** A place in the outputs: what is there and how it is marked. */
interface Spot {
  readonly value: Value | undefined;
  readonly marks: Marks;
}

function readRoot(frame: Frame, name: string): Spot {
  return { value: frame.scope.value(name), marks: frame.scope.marks(name) };
}

function step(spot: Spot, key: Value): Spot {
  if (spot.value === undefined) return spot;
  return {
    value: readSubscript(spot.value, key),
    marks: marksAt(spot.marks, keyText(key)),
  };
}

function noOutputs(name: string): Stop {
  return new Stop(
    'expression.failed',
    `\`${name}\` finds no outputs for the loops around this task`,
    {
      help: 'check that the task ran in the same loop before',
    },
  );
}

interface LoopValues {
  readonly values: readonly Value[];
  readonly by: Provenance;
}

/** Returns the loop values of the enclosing tasks, outermost first. */
function valuesAround(frame: Frame): LoopValues {
  const { value: parents, marks } = readRoot(frame, 'parents');
  const values: Value[] = [];
  let by: Provenance = plain;
  if (parents === undefined || !isList(parents)) return { values, by };
  for (let index = parents.length - 1; index >= 0; index -= 1) {
    const run = step(step({ value: parents, marks }, index), 'taskrun');
    const value = step(run, 'value');
    if (value.value === undefined || value.value === null) continue;
    values.push(value.value);
    by = joinProvenance(by, value.marks.own);
  }
  return { values, by };
}

function finish(frame: Frame, spot: Spot, by: Provenance): Value {
  frame.marks = joinMarks(joinMarks(spot.marks, by), frame.takeProvenance());
  return spot.value ?? null;
}

/** Descends `outputs` by the values of all enclosing loops and the own one. */
function currentEachOutput(outputs: Value | undefined, frame: Frame): Value {
  if (outputs === undefined || !isMap(outputs)) {
    throw wrongArgument(
      `\`outputs\` has to be the outputs of a task, not ${kindOf(outputs)}`,
      'write `currentEachOutput(outputs.task)`',
    );
  }
  const { values, by } = valuesAround(frame);
  const run = step(readRoot(frame, 'taskrun'), 'value');
  let spot: Spot = { value: outputs, marks: frame.marks };
  frame.marks = plainMarks;
  for (const value of values) {
    spot = step(spot, value);
    if (spot.value === undefined) throw noOutputs('currentEachOutput');
  }
  const own = run.value ?? null;
  const inner = own === null ? undefined : step(spot, own);
  // A run that works for the one around it has that one's value, or none: the outputs stand there.
  const isHandedDown = own === null ? values.length > 0 : own === values.at(-1);
  if (inner?.value === undefined && !isHandedDown) throw noOutputs('currentEachOutput');
  spot = inner?.value === undefined ? spot : inner;
  return finish(frame, spot, joinProvenance(by, run.marks.own));
}

/** Returns one output of each round of a `Loop`. */
function loopOutputs(given: Value | undefined, key: string): Value {
  const rounds = given !== undefined && isMap(given) ? readAttribute(given, 'outputs') : given;
  if (rounds === undefined || !isList(rounds)) {
    throw wrongArgument(
      `\`outputs\` has to be the outputs of a loop, not ${kindOf(given)}`,
      'write `loopOutputs(outputs.loop, …)`',
    );
  }
  return rounds.map((round) => {
    const outputs = readAttribute(round, 'outputs');
    return outputs === undefined ? null : (readAttribute(outputs, key) ?? null);
  });
}

/** Returns the outputs of an enclosing task: the nearest, or the one at `index` counted from outside. */
function parentOutput(index: Value | undefined, frame: Frame): Value {
  let parent = readRoot(frame, 'parent');
  if (index !== undefined && index !== null) {
    const parents = readRoot(frame, 'parents');
    const count = parents.value !== undefined && isList(parents.value) ? parents.value.length : 0;
    const at = wholeArgument(index, 'index');
    if (at < 0 || at >= count) throw wrongArgument(`there are ${count} enclosing tasks`);
    parent = step(parents, count - 1 - at);
  }
  const id = step(step(parent, 'task'), 'id');
  if (typeof id.value !== 'string') throw noOutputs('parentOutput');
  const outputs = step(readRoot(frame, 'outputs'), id.value);
  const value = step(step(parent, 'taskrun'), 'value');
  const hasValue = value.value !== undefined && value.value !== null;
  const found = hasValue ? step(outputs, value.value ?? null) : outputs;
  return finish(frame, found, joinProvenance(id.marks.own, value.marks.own));
}

/** Returns the `value` output of another round: of the round before, when none is named. */
function iterationOutput(
  task: Value | undefined,
  iteration: Value | undefined,
  frame: Frame,
): Value {
  const run = readRoot(frame, 'taskrun');
  const own = step(run, 'iteration');
  const id =
    task === undefined || task === null
      ? step(readRoot(frame, 'task'), 'id').value
      : textArgument(task, 'taskId');
  const given = iteration ?? null;
  const current = own.value === undefined ? undefined : asIndex(own.value);
  if (given === null && current === undefined) throw noOutputs('iterationOutput');
  const at = given === null ? (current ?? 0) - 1 : wholeArgument(given, 'iteration');
  if (at < 0) throw wrongArgument('there is no round before the first');
  let spot = step(readRoot(frame, 'outputs'), id ?? '');
  const { values, by } = valuesAround(frame);
  for (const value of values) spot = step(spot, value);
  if (spot.value === undefined || !isMap(spot.value))
    return finish(frame, { ...spot, value: null }, by);
  const keys = Object.keys(spot.value);
  const key = keys[at];
  if (key === undefined) {
    throw wrongArgument(
      `round ${at} has no outputs yet`,
      `the last round with outputs is ${keys.length - 1}`,
    );
  }
  return finish(frame, step(step(spot, key), 'value'), joinProvenance(by, own.marks.own));
}

function builtIn(parameters: readonly string[], required: number, run: BuiltIn['run']): BuiltIn {
  return { parameters, required, run };
}

const current: BuiltIn = {
  parameters: ['outputs'],
  required: 1,
  keepsTree: true,
  run: ([outputs], frame) => currentEachOutput(outputs, frame),
};

/** Functions that find outputs of loops, by name. */
export const outputFunctions: readonly (readonly [string, BuiltIn])[] = [
  ['currentEachOutput', current],
  ['currentOutput', current],
  [
    'loopOutputs',
    builtIn(['outputs', 'key'], 2, ([outputs, key]) =>
      loopOutputs(outputs, textArgument(key, 'key')),
    ),
  ],
  ['parentOutput', builtIn(['index'], 0, ([index], frame) => parentOutput(index, frame))],
  [
    'iterationOutput',
    builtIn(['taskId', 'iteration'], 0, ([task, iteration], frame) =>
      iterationOutput(task, iteration, frame),
    ),
  ],
];
