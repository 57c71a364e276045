/**
 * From what somebody gave to the inputs of an execution: defaults are rendered, conditions decide which
 * inputs exist, text becomes the declared type, uploads become stored files, secrets are sealed. All
 * inputs are looked at before the first problem is reported.
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import { type InputDefinition, orderInputs, readInput } from '../../core/flow/index.ts';
import {
  plainText,
  emptyMap,
  flatten,
  isList,
  isMap,
  joinMarks,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  provenanceOf,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { Cipher } from '../../ports/cipher.ts';
import { hideIn, render, seal, sealSecrets, unseal } from '../rendering/index.ts';

/** Something wrong with an input. */
export interface InputProblem {
  readonly id: string;
  readonly message: string;
  readonly help: string;
}

/** The inputs of an execution, or what is wrong with them. */
export interface ResolvedInputs {
  readonly values: ValueMap;
  readonly marks: Marks;
  readonly problems: readonly InputProblem[];
  readonly uploads: readonly Upload[];
}

/** What resolving needs. */
export interface InputParts {
  readonly cipher: Cipher;
  /** Returns what is needed to render templates that read the inputs known so far. */
  context(inputs: ValueMap, marks: Marks, reveal: (secret: string) => void): EvaluationContext;
  /**
   * Returns the URI that a local file given for the FILE input `id` will have; it is stored when all
   * inputs are right. Only where a person gives the values: a path that a flow or another execution
   * gives must not reach the files of this machine.
   */
  readonly uploadUri: ((upload: Upload) => string) | undefined;
  /** What inputs tell of whom, by their ids. */
  readonly about?: ReadonlyMap<string, Provenance>;
}

/** A local file that is still to be stored for an input. */
export interface Upload {
  readonly id: string;
  readonly path: string;
  /** What it tells of whom, where its input says so. */
  readonly about?: Provenance;
}

interface State {
  readonly values: ValueMap;
  readonly parts: Map<string, Marks>;
  readonly disabled: Set<string>;
  readonly problems: InputProblem[];
  readonly uploads: Upload[];
  /** Secrets that were used: they are sealed in every input, whatever its type. */
  readonly secrets: Set<string>;
}

/** Sets a dotted id, `a.b.c`, as nested maps. */
function setNested(values: ValueMap, id: string, value: Value): void {
  const path = id.split('.');
  const last = path.pop() as string;
  let at = values;
  for (const key of path) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (isMap(next)) at = next;
    else at = at[key] = emptyMap();
  }
  at[last] = value;
}

function marksSoFar(state: State): Marks {
  return marksOfParts(state.parts);
}

function contextOf(parts: InputParts, state: State): EvaluationContext {
  return parts.context(state.values, marksSoFar(state), (secret) => void state.secrets.add(secret));
}

function report(state: State, problem: InputProblem): void {
  state.problems.push({ ...problem, message: hideIn(problem.message, state.secrets) });
}

async function isEnabled(
  parts: InputParts,
  state: State,
  input: InputDefinition,
): Promise<boolean> {
  const { dependsOn } = input;
  if (dependsOn === undefined) return true;
  if (dependsOn.inputs.some((id) => state.disabled.has(id))) return false;
  if (dependsOn.condition === undefined) return true;
  const result = await render(contextOf(parts, state), dependsOn.condition, 'typed');
  // Whether the input is there at all depends on what its condition was made of.
  if (result.ok) addMarks(state, input.id, marksOf(flatten(result.marks)));
  return result.ok && (result.value === true || result.value === 'true');
}

/** Returns `input` with the values that its expression gives. */
async function withValues(
  parts: InputParts,
  state: State,
  input: InputDefinition,
): Promise<InputDefinition> {
  if (input.expression === undefined) return input;
  const result = await render(contextOf(parts, state), input.expression, 'typed');
  const values = result.ok ? listOf(result.value) : undefined;
  if (values === undefined) {
    const why = result.ok ? 'it does not give a list' : result.error.message;
    report(state, {
      id: input.id,
      message: `the \`expression\` of input \`${input.id}\` gives no values: ${why}`,
      help: 'mend the expression',
    });
    return input;
  }
  return {
    ...input,
    values: values.map((value) => (typeof value === 'string' ? value : plainText(value))),
  };
}

function listOf(value: Value): readonly Value[] | undefined {
  if (isList(value)) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isList(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

async function defaultOf(
  parts: InputParts,
  state: State,
  input: InputDefinition,
): Promise<{ value: Value | undefined; marks: Marks }> {
  const { defaults } = input;
  if (defaults === undefined) return { value: undefined, marks: plainMarks };
  const result = await render(contextOf(parts, state), defaults, 'typed');
  if (result.ok) return { value: result.value, marks: result.marks };
  report(state, {
    id: input.id,
    message: `the default of input \`${input.id}\` cannot be rendered: ${result.error.message}`,
    help: 'mend the expression in `defaults`, or give a value',
  });
  return { value: undefined, marks: plainMarks };
}

/** Tells whether `value` names a file that is not in storage yet. */
function isLocalFile(input: InputDefinition, value: Value | undefined): value is string {
  return (
    input.type === 'FILE' &&
    typeof value === 'string' &&
    value !== '' &&
    !/^(?!file:)[a-z]+:\/\//.test(value)
  );
}

/** Returns a dotted id's value in `given`, written as one key or nested. */
function givenFor(given: Readonly<Record<string, Value>>, id: string): Value | undefined {
  if (Object.hasOwn(given, id)) return given[id];
  let at: Value | undefined = given as ValueMap;
  for (const key of id.split('.')) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

async function resolveOne(
  parts: InputParts,
  state: State,
  declared: InputDefinition,
  given: Readonly<Record<string, Value>>,
  givenMarks: Marks,
): Promise<void> {
  if (!(await isEnabled(parts, state, declared))) {
    state.disabled.add(declared.id);
    return;
  }
  const input = await withValues(parts, state, declared);
  const own = givenFor(given, input.id);
  let value: Value | undefined = own ?? undefined;
  const place = input.id.split('.')[0] as string;
  let marks = marksAt(givenMarks, place);
  if (value === undefined) {
    const fallback = await defaultOf(parts, state, input);
    value = fallback.value;
    marks = joinMarks(fallback.marks, flatten(marks));
  }
  if (parts.uploadUri !== undefined && isLocalFile(input, own)) {
    const about = parts.about?.get(input.id);
    const upload = { id: input.id, path: own, ...(about !== undefined && { about }) };
    value = parts.uploadUri(upload);
    state.uploads.push(upload);
  }
  // What another execution hands on may be sealed.
  if (value !== undefined)
    value = unseal(value, parts.cipher, (secret) => void state.secrets.add(secret));
  const read = readInput(input, value);
  if (!read.ok) {
    report(state, { id: input.id, message: read.message, help: read.help });
    return;
  }
  setNested(state.values, input.id, sealedAs(input, read.value, state, parts.cipher));
  if (holdsSecret(input, read.value)) marks = joinMarks(marks, secretProvenance(input.id));
  const about = parts.about?.get(input.id);
  if (about !== undefined && read.value !== null) marks = joinMarks(marks, about);
  addMarks(state, input.id, marks);
}

function holdsSecret({ type, itemType }: InputDefinition, value: Value): boolean {
  return value !== null && (type === 'SECRET' || itemType === 'SECRET');
}

function secretProvenance(id: string): Provenance {
  return provenanceOf({
    classes: [{ name: 'credential', subject: null }],
    sources: [`input:${id}`],
  });
}

/** Notes where an input comes from; parts of one dotted name are marked together. */
function addMarks(state: State, id: string, marks: Marks): void {
  if (marks === plainMarks) return;
  const place = id.split('.')[0] as string;
  const isNested = place !== id;
  const known = state.parts.get(place);
  const own = isNested ? marksOf(flatten(marks)) : marks;
  state.parts.set(place, known === undefined ? own : joinMarks(own, flatten(known)));
}

/** Returns `value` as it is stored: secrets, and what holds one, sealed. */
function sealedAs(input: InputDefinition, value: Value, state: State, cipher: Cipher): Value {
  if (input.type === 'SECRET' && typeof value === 'string') return seal(value, cipher);
  if (input.itemType === 'SECRET' && isList(value))
    return value.map((one) => (typeof one === 'string' ? seal(one, cipher) : one));
  return sealSecrets(value, state.secrets, cipher);
}

/** Returns the inputs that `definitions` declare, from what was `given`. Undeclared ones are dropped. */
export async function resolveInputs(
  parts: InputParts,
  definitions: readonly InputDefinition[],
  given: Readonly<Record<string, Value>>,
  givenMarks: Marks = plainMarks,
): Promise<ResolvedInputs> {
  const state: State = {
    values: emptyMap(),
    parts: new Map(),
    disabled: new Set(),
    problems: [],
    uploads: [],
    secrets: new Set(),
  };
  for (const input of orderInputs(definitions)) {
    await resolveOne(parts, state, input, given, givenMarks);
  }
  return {
    values: state.values,
    marks: joinMarks(marksSoFar(state), plain),
    problems: state.problems,
    uploads: state.uploads,
  };
}
