/** From where on a trigger listens: from the revision that brought it, or since it was switched on again. */
import { decodeValue, isMap } from '../../core/value/index.ts';
import type { Entry } from '../../ports/store.ts';
import { liveRevisionIn } from '../flow-register/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import {
  type HeardPlace,
  nameOf,
  type TriggerPlace,
  type TriggerState,
} from './trigger-records.ts';

const wholeEntry = 1_000_000;

/** Returns the first of the revisions, in a row up to the running one, in which the trigger was there and on. */
async function revisionOf(
  { parts, library }: RunLoop,
  { namespace, flowId, trigger }: TriggerPlace,
): Promise<number> {
  const running = await library.find(namespace, flowId);
  const revisions = await parts.store.flowRevisions(parts.tenant, namespace, flowId);
  let first = 0;
  for (const record of revisions.toSorted((a, b) => b.revision - a.revision)) {
    if (record.revision > running.revision) continue;
    if (record.isDeleted) break;
    const { flow } = await library.find(namespace, flowId, record.revision);
    const one = flow.triggers.find(({ id, type }) => id === trigger.id && type === trigger.type);
    if (flow.isDisabled || one === undefined || one.isDisabled) break;
    first = record.revision;
  }
  return first;
}

async function savedAt({ parts }: RunLoop, place: TriggerPlace, revision: number): Promise<number> {
  const stream = `flow:${place.namespace}/${place.flowId}`;
  const entries = await parts.store.entries(parts.tenant, stream);
  const isSince = (type: string) => (entry: Entry) => {
    const event = entry.type === type && entry.payload !== '' ? decodeValue(entry.payload) : null;
    return isMap(event) && typeof event['revision'] === 'number' && event['revision'] >= revision;
  };
  const saved = entries.find(isSince('flow-saved'));
  // Where revisions are made live by hand, one that is only saved listens to nothing.
  const isByHand = (await liveRevisionIn(parts, place)) !== undefined;
  const deployed = isByHand ? entries.find(isSince('flow-deployed')) : undefined;
  return deployed?.seq ?? saved?.seq ?? 0;
}

/** Returns from where on a trigger listens. What came while it was off was missed on purpose. */
export async function listeningSince(
  loop: RunLoop,
  place: TriggerPlace,
  state: TriggerState,
): Promise<HeardPlace> {
  const { store, tenant } = loop.parts;
  const saved = await savedAt(loop, place, await revisionOf(loop, place));
  const stream = `trigger:${nameOf(place)}`;
  const query = { tenant, stream, type: 'trigger-enabled', limit: 1 };
  const [enabled] = state.version === 0 ? [] : await store.searchEntries(query);
  const seq = Math.max(saved, enabled?.seq ?? 0);
  const { heard } = state;
  return heard !== undefined && heard.seq >= seq ? heard : { seq, part: wholeEntry };
}
