/**
 * Where values about people lie, as far as the store knows: executions (with their entries, documents,
 * lines and numbers), pairs, files and caches. What is erased is gathered here first.
 */
import type { DataClass } from '../../core/value/index.ts';
import type {
  ExecutionRecord,
  FileRecord,
  GroupRecord,
  KeyValueRecord,
  SubjectTrace,
} from '../../ports/store.ts';
import { mayConcern, protectedClasses } from '../subjects/index.ts';
import type { ErasureParts } from './erasure-parts.ts';

/** A place with what lies there; `record` is undefined where it was deleted meanwhile. */
export type SubjectPlace = {
  readonly place: string;
  readonly traces: readonly SubjectTrace[];
} & (
  | {
      readonly kind: 'execution';
      readonly id: string;
      readonly record: ExecutionRecord | undefined;
    }
  | { readonly kind: 'stream' }
  | {
      readonly kind: 'pair';
      readonly namespace: string;
      readonly key: string;
      readonly record: KeyValueRecord | undefined;
    }
  | { readonly kind: 'file'; readonly uri: string; readonly record: FileRecord | undefined }
  | { readonly kind: 'cache'; readonly prefix: string }
);

function restOf(place: string, start: string): string | undefined {
  return place.startsWith(start) ? place.slice(start.length) : undefined;
}

/** Returns the place that `traces`, which all lead to it, name. */
export async function placeOfTraces(
  { tenant, ledger }: Pick<ErasureParts, 'tenant' | 'ledger'>,
  place: string,
  traces: readonly SubjectTrace[],
): Promise<SubjectPlace> {
  const { store } = ledger;
  const id = restOf(place, 'execution:');
  if (id !== undefined) {
    return { kind: 'execution', place, traces, id, record: await store.execution(tenant, id) };
  }
  const pair = restOf(place, 'pair:');
  if (pair !== undefined) {
    // Namespaces hold no slash.
    const slash = pair.indexOf('/');
    const [namespace, key] = [pair.slice(0, slash), pair.slice(slash + 1)];
    const record = await store.keyValue(tenant, namespace, key);
    return { kind: 'pair', place, traces, namespace, key, record };
  }
  const uri = restOf(place, 'file:');
  if (uri !== undefined) {
    return { kind: 'file', place, traces, uri, record: await store.file(tenant, uri) };
  }
  const prefix = restOf(place, 'blob:');
  return prefix === undefined
    ? { kind: 'stream', place, traces }
    : { kind: 'cache', place, traces, prefix };
}

/** Returns the traces by place. */
export function tracesByPlace(
  traces: readonly SubjectTrace[],
): ReadonlyMap<string, readonly SubjectTrace[]> {
  return Map.groupBy(traces, ({ place }) => place);
}

/** Returns the groups that stand at a place. */
export async function groupsAt(
  { tenant, ledger }: Pick<ErasureParts, 'tenant' | 'ledger'>,
  { kind, place }: SubjectPlace,
): Promise<readonly GroupRecord[]> {
  if (kind !== 'execution' && kind !== 'stream') return [];
  return ledger.store.groups({ tenant, stream: place });
}

/** Returns what the content at a pair or file is about. */
export function classesAt(place: SubjectPlace): readonly DataClass[] {
  if (place.kind === 'pair') {
    const { marks } = place.record ?? { marks: null };
    return marks === null ? [] : classesInMarks(JSON.parse(marks));
  }
  if (place.kind !== 'file' || place.record === undefined) return [];
  const { provenance } = place.record;
  return mayConcern(provenance) ? classesInMarks({ own: JSON.parse(provenance) as unknown }) : [];
}

function classesInMarks(encoded: unknown): readonly DataClass[] {
  const { own, parts } = encoded as {
    own?: { classes: readonly DataClass[] };
    parts?: Readonly<Record<string, unknown>>;
  };
  const inner = Object.values(parts ?? {}).flatMap(classesInMarks);
  return protectedClasses([...(own?.classes ?? []), ...inner]);
}

/** Returns the namespace that a place belongs to, where it is known. */
export async function namespaceAt(
  { tenant, ledger }: Pick<ErasureParts, 'tenant' | 'ledger'>,
  place: SubjectPlace,
): Promise<string | undefined> {
  switch (place.kind) {
    case 'execution':
      return place.record?.namespace;
    case 'pair':
      return place.namespace;
    case 'cache': {
      // <tenant>/<namespace as folders>/<flow>/<task>/folder[/<value>]/
      const parts = place.prefix.replace(/\/folder(?:\/[^/]+)?\/$/, '').split('/');
      return parts.slice(1, -2).join('.');
    }
    case 'stream':
    case 'file': {
      const owner = place.kind === 'file' ? place.record?.owner : ownerOfStream(place.place);
      const id = owner && restOf(owner, 'execution:');
      if (id !== undefined) return (await ledger.store.execution(tenant, id))?.namespace;
      const [, namespace] = /^(?:namespace|flow|kv):([^/]+)/.exec(owner ?? '') ?? [];
      return namespace;
    }
  }
}

function ownerOfStream(stream: string): string {
  return restOf(stream, 'files:') ?? stream;
}

/** Returns the execution that a place belongs to, if it belongs to one. */
export function executionAt(place: SubjectPlace): string | undefined {
  if (place.kind === 'execution') return place.id;
  if (place.kind === 'file') return restOf(place.record?.owner ?? '', 'execution:');
  return place.kind === 'stream' ? restOf(place.place, 'files:execution:') : undefined;
}

/** Returns the subjects whom something at a place is about. */
export function subjectsAt({ traces }: SubjectPlace): readonly string[] {
  return [...new Set(traces.map(({ subject }) => subject))];
}
