/**
 * Erasures as the ledger records them: an entry that says which groups of which entries were erased. A
 * group that is gone without such an entry was lost or taken away.
 */

import { payloadGroup, readUtf8, type StoredEntry } from '../../core/ledger/index.ts';

/** Types of entries that record erasures. */
export const erasureTypes: ReadonlySet<string> = new Set(['subject-erased', 'retention-applied']);

/** Places of entries as ranges with both bounds included, in order. */
type Ranges = [number, number][];

/** Groups of entries, by name of the group. */
export type ErasedGroups = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** Gathers places in ascending order as ranges. */
function addTo(ranges: Ranges, seq: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last[1] === seq - 1) last[1] = seq;
  else if (last?.[1] !== seq) ranges.push([seq, seq]);
}

/** Returns `groups` as an entry records them. */
export function erasedGroups(
  groups: readonly { readonly seq: number; readonly name: string }[],
): ErasedGroups {
  const found: Record<string, Ranges> = {};
  for (const { seq, name } of groups.toSorted((a, b) => a.seq - b.seq)) {
    addTo((found[name] ??= []), seq);
  }
  return found;
}

function isRange(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((bound) => Number.isSafeInteger(bound))
  );
}

/** Returns the payload of an entry that records an erasure; undefined for others, and where it is gone itself. */
export function erasureRecordIn({ headerBytes, groups }: StoredEntry): string | undefined {
  const header = readUtf8(headerBytes) ?? '';
  if (![...erasureTypes].some((type) => header.endsWith(`,"type":"${type}"}`))) return undefined;
  const payload = groups.find(({ name }) => name === payloadGroup)?.payload;
  return payload === undefined ? undefined : readUtf8(payload);
}

/** Compares what is gone from a ledger with what its entries say was erased. */
export class ErasureRecords {
  readonly #gone = new Map<string, Ranges>();
  readonly #recorded = new Map<string, Ranges>();

  /** Notes a group that is gone; called in the order of the entries. */
  noteGone(seq: number, group: string): void {
    const ranges = this.#gone.get(group) ?? [];
    this.#gone.set(group, ranges);
    addTo(ranges, seq);
  }

  /** Notes what the payload of an entry that records an erasure says. */
  noteRecord(payload: string): void {
    const { erased } = JSON.parse(payload) as { erased?: Record<string, unknown> };
    for (const [group, ranges] of Object.entries(erased ?? {})) {
      if (!Array.isArray(ranges)) continue;
      this.#recorded.set(group, [...(this.#recorded.get(group) ?? []), ...ranges.filter(isRange)]);
    }
  }

  /** Returns the first group that is gone and that no entry records as erased. */
  unrecorded(): { readonly seq: number; readonly group: string } | undefined {
    let first: { readonly seq: number; readonly group: string } | undefined;
    for (const [group, ranges] of this.#gone) {
      const recorded = (this.#recorded.get(group) ?? []).toSorted((a, b) => a[0] - b[0]);
      const seq = firstOutside(ranges, recorded);
      if (seq !== undefined && seq < (first?.seq ?? Infinity)) first = { seq, group };
    }
    return first;
  }
}

/** Returns the first place of `ranges` that is in none of `covers`, both in order. */
function firstOutside(
  ranges: readonly (readonly [number, number])[],
  covers: readonly (readonly [number, number])[],
): number | undefined {
  let next = 0;
  let coveredTo = 0;
  for (const [from, to] of ranges) {
    for (let at = Math.max(from, coveredTo + 1); at <= to; at = coveredTo + 1) {
      for (; (covers[next]?.[0] ?? Infinity) <= at; next += 1) {
        coveredTo = Math.max(coveredTo, covers[next]![1]);
      }
      if (coveredTo < at) return at;
    }
  }
  return undefined;
}
