/**
 * Masking the arguments of an attempt, because a policy allows it only without data of some classes: what
 * it is given, what is bound and shown, and whatever it renders itself.
 *
 * INVARIANT: nothing of the classes reaches the task by its arguments; where that cannot be had (a file,
 * what cannot be rendered yet, a value of which the type wants another form) it is a problem and no masking.
 */
import { type EvaluationContext, renderSettled } from '../../core/expression/index.ts';
import type { Task, TypeEntry } from '../../core/flow/index.ts';
import {
  classesHeld,
  emptyMap,
  flatten,
  isList,
  isMap,
  type Marks,
  marksAt,
  marksOfParts,
  type MaskText,
  maskParts,
  maskValue,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import { holdsChance, textsOf } from './render-properties.ts';

const uriPattern = /\b(?:kestra|nsfile):\/{2,3}[^\s"'<>`|;)\]}]+/g;

/** Returns the addresses of files that `value` names, with the marks of the texts they stand in. */
function* filesIn(value: Value, marks: Marks): Generator<readonly [uri: string, marks: Marks]> {
  if (typeof value === 'string') {
    for (const [uri] of value.matchAll(uriPattern)) yield [uri, marks];
  } else if (isList(value)) {
    for (const [at, one] of value.entries()) yield* filesIn(one, marksAt(marks, at));
  } else if (isMap(value)) {
    for (const [key, one] of Object.entries(value)) yield* filesIn(one, marksAt(marks, key));
  }
}

/** Returns why the files that `given` names cannot be handed over without data of `classes`. */
export async function filesProblem(
  files: Pick<ExecutionFiles, 'provenance'>,
  given: Value,
  marks: Marks,
  classes: readonly string[],
): Promise<string | undefined> {
  for (const [uri, own] of filesIn(given, marks)) {
    const named = classesHeld(flatten(own), classes);
    const provenance = await files.provenance(uri).catch(() => undefined);
    const held = provenance === undefined ? named : classesHeld(provenance, classes);
    const [first = named[0]] = held;
    if (first !== undefined) {
      return `the file \`${uri}\` holds data of \`${first}\`, and files are not masked`;
    }
  }
  return undefined;
}

/** Returns what stands at `path` of a template, where it is a text that is nothing but text and expressions. */
function templateAt(template: Value | undefined, path: readonly string[]): string | undefined {
  let at: Value | undefined = template;
  for (const key of path) {
    if (isList(at)) at = at[Number(key)];
    else at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return exactTemplate(at);
}

/** Returns `template` where it is a text that is nothing but text and expressions and renders alike again. */
export function exactTemplate(template: Value | undefined): string | undefined {
  // What a block leaves out tells as much as what it writes: such texts are taken as a whole.
  if (typeof template !== 'string' || !template.includes('{{') || template.includes('{%')) {
    return undefined;
  }
  return holdsChance(template) ? undefined : template;
}

/** Texts that are masked part by part, by the path where they stand. */
type Exact = ReadonlyMap<string, string>;

const pathKey = (path: readonly string[]): string => JSON.stringify(path);

function* textsIn(
  value: Value,
  path: readonly string[],
): Generator<readonly [string, readonly string[]]> {
  if (typeof value === 'string') yield [value, path];
  else if (isList(value)) {
    for (const [at, one] of value.entries()) yield* textsIn(one, [...path, String(at)]);
  } else if (isMap(value)) {
    for (const [key, one] of Object.entries(value)) yield* textsIn(one, [...path, key]);
  }
}

/** Renders the marked texts of `value` once more, to learn which of their parts hold data of `classes`. */
async function exactTexts(
  value: Value,
  marks: Marks,
  template: Value | undefined,
  classes: readonly string[],
  evaluation: EvaluationContext,
): Promise<Exact> {
  const exact = new Map<string, string>();
  for (const [text, path] of textsIn(value, [])) {
    const own = path.reduce<Marks>((at, key) => marksAt(at, key), marks);
    const held = classesHeld(own.own, classes);
    const source = held.length === 0 ? undefined : templateAt(template, path);
    if (source === undefined) continue;
    const rendered = await renderSettled(source, evaluation);
    if (rendered.outcome !== 'value' || rendered.value !== text) continue;
    const { segments = [] } = rendered;
    // Every class must be in a part that is replaced; one that is not colours the text in another way.
    const isTold = held.every((one) =>
      segments.some(({ own: of }) => classesHeld(of, [one]).length > 0),
    );
    if (isTold) exact.set(pathKey(path), maskParts(text, segments, classes));
  }
  return exact;
}

/** Returns `value` with data of `classes` masked; texts that stand in `template` part by part. */
export async function maskRendered(
  rendered: { readonly value: Value; readonly marks: Marks },
  template: Value | undefined,
  classes: readonly string[],
  evaluation: EvaluationContext,
): Promise<{ readonly value: Value; readonly marks: Marks }> {
  const { value, marks } = rendered;
  if (classesHeld(flatten(marks), classes).length === 0) return rendered;
  const exact = await exactTexts(value, marks, template, classes, evaluation);
  const textIn: MaskText = (_, path) => exact.get(pathKey(path));
  return maskValue(value, marks, classes, textIn);
}

/** Returns the properties `raw` of a task with data of `classes` masked, one by one. */
export async function maskProperties(
  task: Task,
  entry: TypeEntry,
  { raw, marks }: { readonly raw: ValueMap; readonly marks: Marks },
  classes: readonly string[],
  evaluation: EvaluationContext,
): Promise<{ readonly raw: ValueMap; readonly marks: Marks }> {
  const templates = textsOf(task, entry);
  const masked = emptyMap();
  const parts: [string, Marks][] = [];
  for (const [name, value] of Object.entries(raw)) {
    const rendered = { value, marks: marksAt(marks, name) };
    const one = await maskRendered(rendered, templates[name], classes, evaluation);
    masked[name] = one.value;
    parts.push([name, one.marks]);
  }
  return { raw: masked, marks: marksOfParts(parts) };
}
