/**
 * Masking: what holds data of some classes is replaced, and the classes go with it. It is the provenance
 * that says what holds them, never what a text looks like.
 *
 * INVARIANT: in the result nothing is marked with a masked class; what cannot be told apart is replaced as a
 * whole.
 */
import { type Marks, marksAt, marksOf, marksOfParts, plainMarks } from './marks.ts';
import { plain, type Provenance, readProvenance } from './provenance.ts';
import { emptyMap, isList, isMap, type Value } from './value.ts';

/** A value, and what of it was replaced. */
interface Masked {
  readonly value: Value;
  readonly marks: Marks;
}

/** Replaces a text of which more is known than that it is marked; undefined: all of it is replaced. */
export type MaskText = (text: string, path: readonly string[]) => string | undefined;

/** Tells whether the class `name` is one of `classes`, or below one. */
function isClassWithin(name: string, classes: readonly string[]): boolean {
  return classes.some((one) => name === one || name.startsWith(`${one}.`));
}

/** Returns those of `classes` that `provenance` holds data of. */
export function classesHeld(provenance: Provenance, classes: readonly string[]): readonly string[] {
  if (provenance.classes.length === 0) return [];
  return classes.filter((one) => provenance.classes.some(({ name }) => isClassWithin(name, [one])));
}

/** Returns what stands in place of data of `classes`. */
function maskOf(classes: readonly string[]): string {
  return `[masked ${classes.join(', ')}]`;
}

/** Returns `provenance` without data of `classes`. */
function withoutClasses(provenance: Provenance, classes: readonly string[]): Provenance {
  const rest = provenance.classes.filter(({ name }) => !isClassWithin(name, classes));
  if (rest.length === provenance.classes.length) return provenance;
  return readProvenance({ ...provenance, classes: rest });
}

/** Returns `marks` without data of `classes`, whatever they belong to. */
function withoutClassesIn(marks: Marks, classes: readonly string[]): Marks {
  if (marks === plainMarks) return marks;
  const own = withoutClasses(marks.own, classes);
  if (marks.parts === undefined) return marksOf(own);
  const parts = [...marks.parts].map(
    ([key, part]) => [key, withoutClassesIn(part, classes)] as const,
  );
  return marksOfParts(parts, own);
}

function masked(
  value: Value,
  marks: Marks,
  classes: readonly string[],
  textIn: MaskText,
  path: readonly string[],
): Value {
  // Nothing is no data: that something is missing is not hidden.
  if (marks === plainMarks || value === null) return value;
  const held = classesHeld(marks.own, classes);
  if (held.length > 0) {
    const exact = typeof value === 'string' ? textIn(value, path) : undefined;
    return exact ?? maskOf(held);
  }
  const at = (one: Value, key: string): Value =>
    masked(one, marksAt(marks, key), classes, textIn, [...path, key]);
  if (isList(value)) return value.map((one, index) => at(one, String(index)));
  if (!isMap(value)) return value;
  const map = emptyMap();
  for (const [key, one] of Object.entries(value)) map[key] = at(one, key);
  return map;
}

/** Returns `value` with data of `classes` masked. */
export function maskValue(
  value: Value,
  marks: Marks,
  classes: readonly string[],
  textIn: MaskText = () => undefined,
): Masked {
  if (marks.own === plain && marks.parts === undefined) return { value, marks };
  return {
    value: masked(value, marks, classes, textIn, []),
    marks: withoutClassesIn(marks, classes),
  };
}

/** A part of a text and where it comes from. */
export interface MarkedPart {
  readonly start: number;
  readonly end: number;
  readonly own: Provenance;
}

/** Returns `text` with those of its parts masked that hold data of `classes`. */
export function maskParts(
  text: string,
  parts: readonly MarkedPart[],
  classes: readonly string[],
): string {
  let result = '';
  let from = 0;
  for (const { start, end, own } of parts) {
    const held = classesHeld(own, classes);
    if (held.length === 0) continue;
    result += text.slice(from, start) + maskOf(held);
    from = end;
  }
  return result + text.slice(from);
}
