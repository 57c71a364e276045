/** What has gathered for a trigger in a window, as a row: it outlives processes and is found by its name. */
import { type Gathered, nothingGathered } from '../../core/triggers/index.ts';
import { decodeValue, encodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterRecord } from '../../ports/store.ts';
import type { RunLoopParts } from '../run-loop/index.ts';
import { nameOf, type TriggerPlace, windowKind } from './trigger-records.ts';

/** What has gathered, and the version of its row. */
export interface KeptGathered {
  readonly gathered: Gathered;
  readonly version: number;
}

function idOf(place: TriggerPlace, gatheringId: string): string {
  return `${nameOf(place)}/${gatheringId}`;
}

/** Returns what has gathered under a name. */
export async function readGathered(
  { store, tenant }: RunLoopParts,
  place: TriggerPlace,
  gatheringId: string,
): Promise<KeptGathered> {
  const record = await store.registerRecord({
    tenant,
    kind: windowKind,
    id: idOf(place, gatheringId),
  });
  if (record === undefined) return { gathered: nothingGathered, version: 0 };
  return {
    gathered: decodeValue(record.document) as unknown as Gathered,
    version: record.version,
  };
}

/** Returns the row that replaces the one of `version`. */
export function gatheredRecord(
  { tenant }: RunLoopParts,
  place: TriggerPlace,
  gatheringId: string,
  { gathered, version }: KeptGathered,
): RegisterRecord {
  return {
    tenant,
    kind: windowKind,
    id: idOf(place, gatheringId),
    version: version + 1,
    keys: { trigger: nameOf(place), flow: `${place.namespace}/${place.flowId}` },
    document: encodeValue(gathered as unknown as Value),
  };
}
