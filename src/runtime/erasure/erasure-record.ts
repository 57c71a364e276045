/**
 * What an entry says that records an erasure: which groups of which entries are gone, whose key, why, and
 * what followed in the places that are read. The certificate is made of it.
 */
import { isTerminated, type State } from '../../core/engine/index.ts';
import { decodeValue, isMap, plainText, type Value } from '../../core/value/index.ts';
import type { GroupRecord } from '../../ports/store.ts';
import { erasedGroups } from '../sealer/index.ts';
import type { ErasureParts } from './erasure-parts.ts';
import type { SubjectPlace } from './subject-places.ts';

/** How much an erasure took away. */
export interface ErasureCounts {
  readonly entries: number;
  readonly groups: number;
  readonly executions: number;
  readonly pairs: number;
  readonly files: number;
  readonly caches: number;
}

/** A backup that may still hold keys or values. */
export interface NamedBackup {
  /** The entry that records it. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Returns how much is at `places`, with `groups`. */
export function countsOf(
  places: readonly SubjectPlace[],
  groups: readonly GroupRecord[],
): ErasureCounts {
  const count = (kind: SubjectPlace['kind']): number =>
    places.filter((one) => one.kind === kind && !('record' in one && one.record === undefined))
      .length;
  return {
    entries: new Set(groups.map(({ seq }) => seq)).size,
    groups: groups.length,
    executions: count('execution'),
    pairs: count('pair'),
    files: count('file'),
    caches: count('cache'),
  };
}

const backupsMax = 1_000;

/** Returns the digest of the list of a backup that an entry tells of. */
function manifestIn({ payload }: { readonly payload: string }): string {
  const read = decodeValue(payload);
  return isMap(read) ? plainText(read['manifest']) : '';
}

/** Returns the backups that were made since `from` and not discarded, the oldest first. */
export async function backupsSince(
  { tenant, ledger }: ErasureParts,
  from: number,
): Promise<readonly NamedBackup[]> {
  const query = { tenant, type: 'backup-made', from, limit: backupsMax };
  const entries = await ledger.store.searchEntries(query);
  const discarded = await ledger.store.searchEntries({ ...query, type: 'backup-discarded' });
  const gone = new Set(discarded.map(manifestIn));
  return entries
    .filter((entry) => !gone.has(manifestIn(entry)))
    .map(({ seq, at }) => ({ seq, at }))
    .toReversed();
}

/** Returns the payload that all entries recording an erasure have in common. */
export function recordOf(
  groups: readonly GroupRecord[],
  counts: ErasureCounts,
  backups: readonly NamedBackup[],
): Record<string, Value> {
  return {
    erased: erasedGroups(groups) as unknown as Value,
    counts: { ...counts },
    backups: backups.map((one) => ({ ...one })),
  };
}

/** Tells whether an execution may still need its values. */
export function isUnfinished(place: SubjectPlace): boolean {
  if (place.kind !== 'execution' || place.record === undefined) return false;
  return !isTerminated(place.record.state as State);
}

/** Deletes the bytes at `places` that are files or caches. */
export async function deleteBlobs(
  { tenant, blobs }: ErasureParts,
  places: readonly SubjectPlace[],
  nameOf: (uri: string) => string,
): Promise<void> {
  for (const place of places) {
    if (place.kind === 'file') await blobs.delete(`${tenant}/${nameOf(place.uri)}`);
    if (place.kind !== 'cache') continue;
    for (const name of await blobs.list(place.prefix)) await blobs.delete(name);
  }
}
