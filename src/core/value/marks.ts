/**
 * Marks carry provenance beside a value: a tree of the same shape that is only as deep as something
 * differs. A value and its marks travel together as `Marked`; where nothing is marked the tree is the
 * one constant `plainMarks`, so that unmarked data costs a pointer comparison and nothing else.
 *
 * INVARIANT: what is read from a container is never weaker than the container's own provenance.
 */
import { joinProvenance, type Provenance, plain, readProvenance } from './provenance.ts';
import type { Value } from './value.ts';

/** The provenance of a value and of its parts. */
export interface Marks {
  /** Provenance of the whole: for a container, of its shape (length, keys). */
  readonly own: Provenance;
  /** Marks of parts that differ from `own`, by key or index. */
  readonly parts?: ReadonlyMap<string, Marks>;
}

/** A value together with where it comes from. */
export interface Marked<T extends Value = Value> {
  readonly value: T;
  readonly marks: Marks;
}

/** The marks of a value in which nothing is marked. */
export const plainMarks: Marks = Object.freeze({ own: plain });

/** Returns the marks of a value whose every part has the provenance `own`. */
export function marksOf(own: Provenance): Marks {
  return own === plain ? plainMarks : { own };
}

/** Returns `value` with nothing marked. */
export function unmarked<T extends Value>(value: T): Marked<T> {
  return { value, marks: plainMarks };
}

/** Returns the marks of the part `key` of a container with `marks`. */
export function marksAt(marks: Marks, key: string | number): Marks {
  if (marks === plainMarks || marks.parts === undefined) return marks;
  const part = marks.parts.get(String(key));
  if (part === undefined) return marksOf(marks.own);
  return joinMarks(part, marks.own);
}

/** Returns `marks` with `more` joined into the whole, and so into every part. */
export function joinMarks(marks: Marks, more: Provenance): Marks {
  if (more === plain) return marks;
  const own = joinProvenance(marks.own, more);
  return marks.parts === undefined ? marksOf(own) : { own, parts: marks.parts };
}

/** Returns the marks of a container made of `parts`, whose shape has the provenance `own`. */
export function marksOfParts(
  parts: Iterable<readonly [string, Marks]>,
  own: Provenance = plain,
): Marks {
  const differing = new Map<string, Marks>();
  for (const [key, part] of parts) if (part !== plainMarks) differing.set(key, part);
  return differing.size === 0 ? marksOf(own) : { own, parts: differing };
}

/** Returns the join of everything in `marks`: the provenance of the value taken as a whole. */
export function flatten(marks: Marks): Provenance {
  if (marks.parts === undefined) return marks.own;
  let joined = marks.own;
  for (const part of marks.parts.values()) joined = joinProvenance(joined, flatten(part));
  return joined;
}

/** Returns `marks` as JSON-ready data, or null when nothing is marked. */
export function encodeMarks(marks: Marks): unknown {
  if (marks === plainMarks) return null;
  if (marks.parts === undefined) return { own: marks.own };
  return {
    own: marks.own,
    parts: Object.fromEntries([...marks.parts].map(([key, part]) => [key, encodeMarks(part)])),
  };
}

/** Returns the marks that `encodeMarks` wrote. */
export function decodeMarks(encoded: unknown): Marks {
  if (encoded === null) return plainMarks;
  const { own, parts } = encoded as { own: Provenance; parts?: Record<string, unknown> };
  const read = readProvenance(own);
  if (parts === undefined) return marksOf(read);
  return {
    own: read,
    parts: new Map(Object.entries(parts).map(([key, part]) => [key, decodeMarks(part)])),
  };
}
