/**
 * The tree behind `outputs` in expressions: by task id, and under loops by the loop values
 * from the outermost in. It is kept up to date run by run, so that reading it costs the same at the
 * first and at the hundred-thousandth run.
 */
import { jsonText } from '../expression/index.ts';
import {
  emptyMap,
  isMap,
  joinProvenance,
  type Marks,
  type Provenance,
  plain,
  plainMarks,
  type Value,
  type ValueMap,
} from '../value/index.ts';

/** What the tree must know of a task run. */
export interface PlacedRun {
  readonly task: { readonly id: string };
  readonly value?: Value;
  readonly parent: PlacedRun | null;
  readonly outputs: ValueMap | undefined;
  readonly outputsMarks: Marks;
  readonly progress: unknown;
}

interface MutableMarks {
  own: Provenance;
  parts: Map<string, Marks>;
}

/** Outputs of an execution's runs as expressions read them. */
export interface OutputTree {
  readonly outputs: ValueMap;
  marks: Marks;
}

/** Returns an empty tree. */
export function createOutputTree(): OutputTree {
  return { outputs: emptyMap(), marks: plainMarks };
}

/** Returns `value` as the key under which a loop's outputs stand: text, or JSON text. */
export function loopKey(value: Value): string {
  return typeof value === 'string' ? value : jsonText(value, false);
}

/** Returns where the outputs of `run` stand: its task id, then the loop values around it. */
export function pathOf(run: PlacedRun): string[] {
  const values: string[] = [];
  for (let at: PlacedRun | null = run; at !== null; at = at.parent) {
    if (at.value !== undefined) values.push(loopKey(at.value));
  }
  values.push(run.task.id);
  return values.reverse();
}

function reach(root: ValueMap, path: readonly string[]): ValueMap {
  let at = root;
  for (const key of path) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (isMap(next)) {
      at = next;
    } else {
      const made = emptyMap();
      at[key] = made;
      at = made;
    }
  }
  return at;
}

function mutableAt(tree: OutputTree, path: readonly string[]): MutableMarks {
  if (tree.marks === plainMarks) tree.marks = { own: plain, parts: new Map() };
  let at = tree.marks as unknown as MutableMarks;
  for (const key of path) {
    at.parts ??= new Map();
    const known = at.parts.get(key);
    const next = {
      own: known?.own ?? plain,
      parts: (known?.parts as Map<string, Marks> | undefined) ?? new Map<string, Marks>(),
    };
    at.parts.set(key, next);
    at = next;
  }
  return at;
}

/** Writes the outputs of `run` into `tree`, with their marks. */
export function placeOutputs(tree: OutputTree, run: PlacedRun): void {
  if (run.outputs === undefined) return;
  const path = pathOf(run);
  const last = path.at(-1) as string;
  const parent = reach(tree.outputs, path.slice(0, -1));
  const before = Object.hasOwn(parent, last) ? parent[last] : undefined;
  // A loop task stands at the same place as the map of its children's values: keep both.
  parent[last] =
    isMap(before) && run.value === undefined && run.progress !== undefined
      ? Object.assign(before, run.outputs)
      : run.outputs;
  if (run.outputsMarks === plainMarks) return;
  const marks = mutableAt(tree, path);
  marks.own = joinProvenance(marks.own, run.outputsMarks.own);
  for (const [key, part] of run.outputsMarks.parts ?? []) marks.parts.set(key, part);
}

/** Marks the place of a task that may stay without outputs because of a decision with provenance `control`. */
export function markAbsence(
  tree: OutputTree,
  run: PlacedRun | null,
  taskId: string,
  control: Provenance,
): void {
  if (control === plain) return;
  const around = run === null ? [] : pathOf(run).slice(1);
  const marks = mutableAt(tree, [taskId, ...around]);
  marks.own = joinProvenance(marks.own, control);
}

/** Takes the outputs of `run` out of `tree`. */
export function displace(tree: OutputTree, run: PlacedRun): void {
  const path = pathOf(run);
  const last = path.pop() as string;
  let at: Value | undefined = tree.outputs;
  for (const key of path) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  if (isMap(at)) delete at[last];
}
