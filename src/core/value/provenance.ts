/**
 * Where a value comes from: how far outsiders influenced it (trust), what sensitive data is in it
 * (classes, each with its subject) and what it was made of (sources). Joining two values joins their
 * provenance; privacy, injection defence, lineage and explanations are read off the result.
 *
 * INVARIANT: `joinProvenance` is a semilattice join with `plain` as its bottom: commutative,
 * associative, idempotent, and never weaker than either side. Sources explain; they never decide.
 */

/** How far outsiders influenced a value; later is worse. */
export const trustLevels = ['trusted', 'constrained', 'untrusted'] as const;

/** How far outsiders influenced a value. */
export type Trust = (typeof trustLevels)[number];

/** A kind of sensitive data in a value and whom it is about: `personal.email` of `customer:812`. */
export interface DataClass {
  readonly name: string;
  /** Opaque handle of the person concerned; `many` for more subjects than are kept apart; null for nobody. */
  readonly subject: string | null;
}

/** Where a value comes from. */
export interface Provenance {
  readonly trust: Trust;
  /** How much an outsider could choose, as log2 of the number of options; only with `constrained`. */
  readonly bits: number;
  readonly classes: readonly DataClass[];
  /** Ledger entries, assets, models, secrets and task runs it was made of; for explanation and lineage only. */
  readonly sources: readonly string[];
  /** True when more sources existed than are kept. */
  readonly hasMoreSources: boolean;
}

/** The most classes kept apart; beyond it every class name stands once with the subject `many`. */
export const classesMax = 32;

/** The most sources kept. */
export const sourcesMax = 32;

/** The provenance of what a flow's author wrote and what the engine makes itself: trusted, not sensitive. */
export const plain: Provenance = Object.freeze({
  trust: 'trusted',
  bits: 0,
  classes: Object.freeze([]),
  sources: Object.freeze([]),
  hasMoreSources: false,
});

/** The provenance of a value of which nothing is known: untrusted and confidential. */
export const unknownProvenance: Provenance = Object.freeze({
  trust: 'untrusted',
  bits: 0,
  classes: Object.freeze([Object.freeze({ name: 'confidential', subject: 'many' })]),
  sources: Object.freeze([]),
  hasMoreSources: true,
});

/** Returns `read`, which comes from storage, as `plain` itself when it says nothing. */
export function readProvenance(read: Provenance): Provenance {
  const isPlain =
    read.trust === 'trusted' &&
    read.classes.length === 0 &&
    read.sources.length === 0 &&
    !read.hasMoreSources;
  return isPlain ? plain : read;
}

/** Returns a provenance with the given parts; those left out are those of `plain`. */
export function provenanceOf(parts: Partial<Provenance>): Provenance {
  return { ...plain, ...parts };
}

function joinClasses(a: readonly DataClass[], b: readonly DataClass[]): readonly DataClass[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const keyed = new Map<string, DataClass>();
  for (const one of [...a, ...b]) keyed.set(`${one.name}\n${one.subject ?? ''}`, one);
  const merged = [...keyed].toSorted(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)).map(([, v]) => v);
  if (merged.length <= classesMax) return merged;
  const names = [...new Set(merged.map((one) => one.name))].slice(0, classesMax);
  return names.map((name) => ({ name, subject: 'many' }));
}

/** Returns the provenance of something made of both `a` and `b`. */
export function joinProvenance(a: Provenance, b: Provenance): Provenance {
  if (a === b || b === plain) return a;
  if (a === plain) return b;
  const trust = trustLevels.indexOf(a.trust) >= trustLevels.indexOf(b.trust) ? a.trust : b.trust;
  const sources = [...new Set([...a.sources, ...b.sources])].toSorted();
  return {
    trust,
    bits: trust === 'constrained' ? Math.max(a.bits, b.bits) : 0,
    classes: joinClasses(a.classes, b.classes),
    sources: sources.length > sourcesMax ? sources.slice(0, sourcesMax) : sources,
    hasMoreSources: a.hasMoreSources || b.hasMoreSources || sources.length > sourcesMax,
  };
}

/** Tells whether `upper` marks everything that `lower` marks (sources, which only explain, aside). */
export function covers(upper: Provenance, lower: Provenance): boolean {
  if (trustLevels.indexOf(upper.trust) < trustLevels.indexOf(lower.trust)) return false;
  return lower.classes.every((one) =>
    upper.classes.some(
      (other) =>
        other.name === one.name && (other.subject === one.subject || other.subject === 'many'),
    ),
  );
}
