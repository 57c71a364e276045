/**
 * The retention job: values whose time has come are erased, place by place, as the rules and the flows
 * say. Keys of subjects stay, because younger values need them; what goes is deleted and overwritten.
 *
 * INVARIANT: what a dry run lists is what a run at the same moment erases; what a hold covers stays.
 */
import type { DataClass } from '../../core/value/index.ts';
import type { GroupRecord, SubjectTrace, Write } from '../../ports/store.ts';
import { parseUri } from '../files/index.ts';
import { forgetAnswers, protectedClasses, redactText } from '../subjects/index.ts';
import { type ErasureParts, erasureEntry } from './erasure-parts.ts';
import { backupsSince, countsOf, deleteBlobs, isUnfinished, recordOf } from './erasure-record.ts';
import { coveringHold, type Hold, listHolds } from './holds.ts';
import { cutoffFor, listRules, type RetentionRule } from './retention-rules.ts';
import {
  classesAt,
  executionAt,
  groupsAt,
  namespaceAt,
  placeOfTraces,
  type SubjectPlace,
  subjectsAt,
  tracesByPlace,
} from './subject-places.ts';

/** Something whose time has come. */
export interface DueObject {
  /** What it is: an execution, a stream of entries, a pair, a file, a cache. */
  readonly kind: SubjectPlace['kind'];
  /** Where it is; files may be named after people, so that this stands in no entry. */
  readonly place: string;
  /** Groups of entries that go. */
  readonly groups: number;
}

/** What a run of the retention job found and did. */
export interface RetentionOutcome {
  readonly isDryRun: boolean;
  readonly due: readonly DueObject[];
  /** What would be due but for a hold. */
  readonly held: readonly { readonly place: string; readonly hold: Hold }[];
  /** The entries that record what was erased. */
  readonly entries: readonly number[];
}

interface Due {
  readonly place: SubjectPlace;
  readonly groups: readonly GroupRecord[];
  readonly remaining: readonly GroupRecord[];
  readonly isDue: (classes: readonly DataClass[]) => boolean;
}

/** The most places in one transaction. */
const batchMax = 200;

interface Run {
  readonly parts: ErasureParts;
  readonly rules: readonly RetentionRule[];
  readonly now: number;
}

async function flowPeriodOf(
  { parts }: Run,
  executionId: string | undefined,
): Promise<string | undefined> {
  if (executionId === undefined) return undefined;
  const record = await parts.ledger.store.execution(parts.tenant, executionId);
  if (record === undefined) return undefined;
  const flow = await parts.flowOf(record.namespace, record.flowId, record.revision);
  return flow?.governance?.data?.retention;
}

/** Returns since when a place is at rest; undefined while something may still be done with it. */
async function restingSince({ parts }: Run, place: SubjectPlace): Promise<number | undefined> {
  const executionId = executionAt(place);
  if (executionId !== undefined) {
    const record = await parts.ledger.store.execution(parts.tenant, executionId);
    // One that was deleted from what is read has ended long before.
    if (record === undefined) return 0;
    if (isUnfinished({ kind: 'execution', place: '', traces: [], id: executionId, record })) {
      return undefined;
    }
    return record.endedAt ?? record.createdAt;
  }
  if (place.kind === 'pair') return place.record?.updatedAt ?? 0;
  if (place.kind === 'file') return place.record?.at ?? 0;
  // A cache is made again; entries of streams that never end are looked at one by one.
  return place.kind === 'cache' ? 0 : undefined;
}

/** Returns the texts of an execution as they are stored. */
async function textsOf({ parts }: Run, place: SubjectPlace): Promise<readonly string[]> {
  if (place.kind !== 'execution') return [];
  const { tenant } = parts;
  const { store } = parts.ledger;
  const { record, id } = place;
  const lines = await store.logs({ tenant, executionId: id });
  const metrics = await store.metrics(tenant, id);
  return [
    ...(record === undefined ? [] : [record.document, JSON.stringify(record.labels)]),
    ...(await store.taskRuns(tenant, id)).map(({ document }) => document),
    ...lines.map(({ message }) => message),
    ...metrics.map(({ tags }) => JSON.stringify(tags)),
  ];
}

/** Returns what of a place is due, if anything is. */
async function dueAt(run: Run, place: SubjectPlace): Promise<Due | undefined> {
  const { parts, rules, now } = run;
  const namespace = await namespaceAt(parts, place);
  const flowPeriod = await flowPeriodOf(run, executionAt(place));
  const since = await restingSince(run, place);
  const isOld = (classes: readonly DataClass[], at: number): boolean =>
    protectedClasses(classes).some(({ name }) => {
      const cutoff = cutoffFor(rules, { dataClass: name, namespace }, flowPeriod, now);
      return cutoff !== undefined && at <= cutoff;
    });
  const isStream = place.kind === 'stream' && executionAt(place) === undefined;
  if (since === undefined && !isStream) return undefined;
  const isDue = (classes: readonly DataClass[]): boolean => isOld(classes, since ?? now);
  const all = await groupsAt(parts, place);
  const groups = all.filter((one) => isOld(one.classes, isStream ? one.at : (since ?? now)));
  const due = { place, groups, remaining: all.filter((one) => !groups.includes(one)), isDue };
  if (groups.length > 0) return due;
  if (place.kind === 'cache') return rules.length > 0 ? due : undefined;
  if (place.kind === 'pair' || place.kind === 'file') {
    return isDue(classesAt(place)) ? due : undefined;
  }
  const texts = await textsOf(run, place);
  return texts.some((text) => redactText(text, isDue) !== text) ? due : undefined;
}

/** Erases one batch; gives the entry that records it. */
async function eraseBatch(run: Run, batch: readonly Due[]): Promise<number> {
  const { parts, rules } = run;
  const { tenant, ledger } = parts;
  const places = batch.map(({ place }) => place);
  const groups = batch.flatMap((one) => one.groups);
  await deleteBlobs(parts, places, (uri) => parseUri(uri, ''));
  forgetAnswers(parts.keys);
  const dueOf = new Map(batch.map((one) => [executionOf(one.place), one.isDue]));
  const left = new Map<string, Set<string>>();
  const since = Math.min(...groups.map(({ at }) => at), run.now);
  const backups = await backupsSince(parts, since);
  const write: Write = {
    entries: [
      erasureEntry(parts, 'retention', 'retention-applied', {
        reason: 'retention',
        rules: rules.map((rule) => ({ ...rule })),
        ...recordOf(groups, countsOf(places, groups), backups),
      }),
    ],
    removedKeyValues: places.flatMap((one) =>
      one.kind === 'pair' ? [{ tenant, namespace: one.namespace, key: one.key }] : [],
    ),
    removedFiles: places.flatMap((one) => (one.kind === 'file' ? [{ tenant, uri: one.uri }] : [])),
  };
  const { lastSeq } = await ledger.store.erase({
    tenant,
    groups,
    executions: places.flatMap((one) => (one.kind === 'execution' ? [one.id] : [])),
    redact: (text, executionId) => {
      const isDue = dueOf.get(executionId) ?? (() => false);
      return redactText(text, (classes) => {
        if (isDue(classes)) return true;
        noteLeft(left, executionId, classes);
        return false;
      });
    },
    forgotten: () => batch.flatMap((one) => forgottenAt(one, left)),
    writes: [write],
  });
  return lastSeq;
}

function executionOf(place: SubjectPlace): string {
  return place.kind === 'execution' ? place.id : '';
}

function noteLeft(
  left: Map<string, Set<string>>,
  executionId: string,
  classes: readonly DataClass[],
): void {
  const subjects = left.get(executionId) ?? new Set<string>();
  left.set(executionId, subjects);
  for (const { subject } of classes) if (subject !== null) subjects.add(subject);
}

/** Returns the traces of subjects of whom nothing is left at a place. */
function forgottenAt(
  { place, remaining }: Due,
  left: ReadonlyMap<string, ReadonlySet<string>>,
): readonly SubjectTrace[] {
  const kept = new Set(left.get(executionOf(place)));
  for (const { classes } of remaining) {
    for (const { subject } of classes) if (subject !== null) kept.add(subject);
  }
  return place.traces.filter(({ subject }) => !kept.has(subject));
}

/** Erases what has had its time, or only says what that is. */
export async function runRetention(
  parts: ErasureParts,
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<RetentionOutcome> {
  const { tenant, ledger } = parts;
  const run: Run = { parts, rules: await listRules(parts), now: ledger.clock.now() };
  const holds = await listHolds(parts);
  const due: Due[] = [];
  const held: { readonly place: string; readonly hold: Hold }[] = [];
  for (const [name, traces] of tracesByPlace(await ledger.store.traces(tenant))) {
    const place = await placeOfTraces(parts, name, traces);
    const found = await dueAt(run, place);
    if (found === undefined) continue;
    const hold = coveringHold(holds, {
      subjects: subjectsAt(place),
      executionId: executionAt(place),
      namespace: await namespaceAt(parts, place),
    });
    if (hold === undefined) due.push(found);
    else held.push({ place: name, hold });
  }
  const entries: number[] = [];
  if (!isDryRun) {
    for (let from = 0; from < due.length; from += batchMax) {
      entries.push(await eraseBatch(run, due.slice(from, from + batchMax)));
    }
    if (held.length > 0)
      await recordHeld(
        parts,
        held.map(({ hold }) => hold),
      );
  }
  const objects = due.map(({ place, groups }) => ({
    kind: place.kind,
    place: place.place,
    groups: groups.length,
  }));
  return { isDryRun, due: objects, held, entries };
}

/** Records that holds kept what retention would have erased. */
async function recordHeld(parts: ErasureParts, holds: readonly Hold[]): Promise<void> {
  const counts = Map.groupBy(holds, ({ kind, id }) => `${kind}:${id}`);
  const payload = { holds: [...counts].map(([hold, kept]) => ({ hold, kept: kept.length })) };
  await parts.commit({
    entries: [erasureEntry(parts, 'retention', 'retention-refused', payload)],
  });
}
