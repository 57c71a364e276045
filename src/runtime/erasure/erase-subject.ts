/**
 * Erasing a person: everything about them that is known anywhere, and the key under which copies stand.
 *
 * INVARIANT: the key is gone before the entry says so; until that entry is there the erasure can be
 * repeated, and completes what an ended process had begun. The entry, the groups, the texts and the
 * record of the register change in one transaction.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type DataClass,
  decodeValue,
  emptyMap,
  encodeValue,
  isMap,
  type Value,
} from '../../core/value/index.ts';
import type { GroupRecord, RegisterRecord } from '../../ports/store.ts';
import { parseUri } from '../files/index.ts';
import {
  forgetAnswers,
  manySubjects,
  redactText,
  type Subject,
  subjectKind,
} from '../subjects/index.ts';
import { type ErasureParts, erasureEntry } from './erasure-parts.ts';
import { backupsSince, countsOf, deleteBlobs, isUnfinished, recordOf } from './erasure-record.ts';
import { coveringHold, type Hold, listHolds } from './holds.ts';
import {
  executionAt,
  groupsAt,
  namespaceAt,
  placeOfTraces,
  type SubjectPlace,
  subjectsAt,
  tracesByPlace,
} from './subject-places.ts';

/** Why a subject is erased, and how far it may go. */
export interface EraseOrder {
  readonly reason: string;
  /** The legal basis: `gdpr-17`. */
  readonly basis?: string;
  /** Whether executions that have not ended are killed; without it they refuse the erasure. */
  readonly isForced?: boolean;
  /** Whether values about more people than are kept apart go too. */
  readonly withMany?: boolean;
}

/** What is known about a subject, and where. */
export interface SubjectHoldings {
  readonly places: readonly SubjectPlace[];
  readonly groups: readonly GroupRecord[];
}

/** Returns where what is known about the `handles` lies. */
export async function holdingsOf(
  parts: Pick<ErasureParts, 'tenant' | 'ledger'>,
  handles: readonly string[],
): Promise<SubjectHoldings> {
  const { tenant, ledger } = parts;
  const places: SubjectPlace[] = [];
  const groups: GroupRecord[] = [];
  const traces = [];
  for (const handle of handles) traces.push(...(await ledger.store.traces(tenant, handle)));
  for (const [name, led] of tracesByPlace(traces)) {
    const place = await placeOfTraces(parts, name, led);
    places.push(place);
    const about = (await groupsAt(parts, place)).filter(({ classes }) => isAbout(classes, handles));
    groups.push(...about);
  }
  return { places, groups };
}

function isAbout(classes: readonly DataClass[], handles: readonly string[]): boolean {
  return classes.some(({ subject }) => subject !== null && handles.includes(subject));
}

/** Throws where a hold covers the subject or a place; the refusal is an entry. */
async function refuseHeld(
  parts: ErasureParts,
  handle: string,
  places: readonly SubjectPlace[],
): Promise<void> {
  const holds = await listHolds(parts);
  let hold: Hold | undefined = coveringHold(holds, { subjects: [handle] });
  for (const place of holds.length === 0 ? [] : places) {
    const namespace = await namespaceAt(parts, place);
    const executionId = executionAt(place);
    hold ??= coveringHold(holds, { subjects: subjectsAt(place), executionId, namespace });
  }
  if (hold === undefined) return;
  const { kind, id, setBy } = hold;
  const entry = erasureEntry(parts, `subject:${handle}`, 'erasure-refused', {
    handle,
    hold: { kind, id },
  });
  await parts.commit({ entries: [entry] });
  throw new Failure(
    'hold.in-force',
    `a hold on the ${kind} \`${id}\`, set by \`${setBy}\`, keeps what is about \`${handle}\``,
    { details: { kind, id, setBy } },
  );
}

async function endUnfinished(
  parts: ErasureParts,
  places: readonly SubjectPlace[],
  isForced: boolean,
): Promise<void> {
  const unfinished = places.filter(isUnfinished);
  if (unfinished.length === 0) return;
  const ids = unfinished.map(executionAt).filter((id) => id !== undefined);
  if (!isForced) {
    throw new Failure(
      'execution.unfinished',
      `${ids.length === 1 ? 'an execution that has' : `${ids.length} executions that have`} not ended would lose values: ${ids.slice(0, 10).join(', ')}`,
      { details: { executions: ids } },
    );
  }
  for (const id of ids) await parts.kill(id);
}

/** Marks the subject as being erased: it gets no further values, and the erasure can be taken up again. */
async function begin(
  parts: ErasureParts,
  { handle, record, isErasing }: Subject,
  order: EraseOrder,
): Promise<RegisterRecord> {
  if (isErasing) return record;
  const document = decodeValue(record.document);
  const { reason, basis = null, withMany = false } = order;
  const marked: RegisterRecord = {
    ...record,
    version: record.version + 1,
    keys: { ...record.keys, state: 'erasing' },
    document: encodeValue({
      ...(isMap(document) ? document : {}),
      erasure: { reason, basis, withMany },
    }),
  };
  await parts.commit({
    entries: [erasureEntry(parts, `subject:${handle}`, 'erasure-begun', { handle, reason, basis })],
    registerRecords: [marked],
  });
  return marked;
}

/** Returns the order with which an erasure was begun. */
function begunOrder(record: RegisterRecord): {
  readonly reason: Value;
  readonly basis: Value;
  readonly withMany: boolean;
} {
  const document = decodeValue(record.document);
  const erasure = isMap(document) ? document['erasure'] : undefined;
  const fields = erasure !== undefined && isMap(erasure) ? erasure : emptyMap();
  const { reason = '', basis = null, withMany } = fields;
  return { reason, basis, withMany: withMany === true };
}

/** Completes an erasure that was begun. */
async function complete(
  parts: ErasureParts,
  { handle, keyId, createdAt }: Subject,
  record: RegisterRecord,
): Promise<void> {
  const { tenant, ledger, keys } = parts;
  const stream = `subject:${handle}`;
  const length = await ledger.store.streamLength(tenant, stream);
  if ((await erasureOf(parts, handle)) !== undefined) return;
  const { reason, basis, withMany } = begunOrder(record);
  const handles = withMany ? [handle, manySubjects] : [handle];
  const { places, groups } = await holdingsOf(parts, handles);
  await deleteBlobs(parts, places, (uri) => parseUri(uri, ''));
  for (const one of handles) keys.destroy(one);
  forgetAnswers(keys);
  const payload = {
    handle,
    keyId,
    reason,
    basis,
    ...recordOf(groups, countsOf(places, groups), await backupsSince(parts, createdAt)),
  };
  await ledger.store.erase({
    tenant,
    groups,
    executions: places.flatMap((one) => (one.kind === 'execution' ? [one.id] : [])),
    redact: (text) => redactText(text, (classes) => isAbout(classes, handles)),
    forgotten: () => places.flatMap(({ traces }) => traces),
    writes: [
      {
        entries: [erasureEntry(parts, stream, 'subject-erased', payload)],
        // Of two who complete the same erasure one is told that it was done.
        expects: { tenant, stream, length },
        removedKeyValues: places.flatMap((one) =>
          one.kind === 'pair' ? [{ tenant, namespace: one.namespace, key: one.key }] : [],
        ),
        removedFiles: places.flatMap((one) =>
          one.kind === 'file' ? [{ tenant, uri: one.uri }] : [],
        ),
        removedRegisterRecords: [{ tenant, kind: subjectKind, id: record.id }],
      },
    ],
  });
}

/** Returns the entry that records the erasure of a subject, if it was erased. */
export async function erasureOf(
  { tenant, ledger }: Pick<ErasureParts, 'tenant' | 'ledger'>,
  handle: string,
): Promise<number | undefined> {
  const query = { tenant, stream: `subject:${handle}`, type: 'subject-erased', limit: 1 };
  const [entry] = await ledger.store.searchEntries(query);
  return entry?.seq;
}

/** Erases a subject; gives the entry that records it. Somebody erased before is not erased again. */
export async function eraseSubject(
  parts: ErasureParts,
  handle: string,
  order: EraseOrder,
): Promise<number> {
  const subject = await parts.subjects.find(handle);
  if (subject === undefined) {
    const erased = await erasureOf(parts, handle);
    if (erased !== undefined) return erased;
    throw new Failure('subject.not-found', `there is no subject \`${handle}\``);
  }
  const { places } = await holdingsOf(parts, [handle]);
  await refuseHeld(parts, handle, places);
  await endUnfinished(parts, places, order.isForced === true);
  const record = await begin(parts, subject, order);
  // Whoever started before the mark and was not seen then is seen now.
  const again = await holdingsOf(parts, [handle]);
  await endUnfinished(parts, again.places, order.isForced === true);
  await complete(parts, subject, record);
  return (await erasureOf(parts, handle)) ?? 0;
}

/** Completes the erasures that ended processes had begun; gives their handles. */
export async function resumeErasures(parts: ErasureParts): Promise<readonly string[]> {
  const query = { tenant: parts.tenant, kind: subjectKind, limit: 1_000 };
  const key = { name: 'state', value: 'erasing' };
  const records = await parts.ledger.store.registerRecords({ ...query, key });
  const done: string[] = [];
  for (const record of records) {
    const handle = record.keys['handle'] ?? '';
    const subject = await parts.subjects.find(handle);
    if (subject === undefined) continue;
    await complete(parts, subject, record);
    done.push(handle);
  }
  return done;
}
