/**
 * A store through which values about people reach the store below only under their keys, and values made
 * of secrets under the key of the data folder. Entries keep the former in groups apart, all else where they
 * stand. Readers see them while the keys exist, then that they were erased; of secrets they see stars.
 *
 * INVARIANT: nothing that marks tell to be about somebody passes to the store below in clear.
 */
import type { DataClass, Provenance, Value } from '../../core/value/index.ts';
import { decodeMarks, flatten, isMap } from '../../core/value/index.ts';
import type {
  Entry,
  ExecutionRecord,
  FieldGroup,
  GroupRecord,
  KeyValueRecord,
  LogRecord,
  MetricRecord,
  NewEntry,
  RegisterId,
  RegisterRecord,
  Store,
  SubjectTrace,
  TaskRunRecord,
  Write,
} from '../../ports/store.ts';
import {
  erasedValue,
  holdsCredential,
  isSealed,
  mapParts,
  sealedType,
} from '../rendering/index.ts';
import {
  mayConcern,
  maySeal,
  openLine,
  openText,
  protectText,
  sealedLine,
  sealedPart,
} from './protect-record.ts';
import { guardedClasses, protectedClasses, subjectsOf, type Vault } from './vault.ts';

/** Returns the place of the texts of an execution. */
function executionPlace(id: string): string {
  return `execution:${id}`;
}

/** Returns the place of a pair. */
export function pairPlace({ namespace, key }: { namespace: string; key: string }): string {
  return `pair:${namespace}/${key}`;
}

/** Returns the place of a file. */
function filePlace(uri: string): string {
  return `file:${uri}`;
}

function recordPlace({ kind, id }: RegisterId): string {
  return `register:${kind}/${id}`;
}

/** Protects one write and gathers where it leaves values about whom. */
class WriteProtection {
  readonly traces = new Map<string, SubjectTrace>();
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  #trace(tenant: string, classes: readonly DataClass[], place: string): void {
    for (const subject of subjectsOf(classes)) {
      this.traces.set(`${subject}\n${place}`, { tenant, subject, place });
    }
  }

  entry(one: NewEntry): NewEntry {
    if (!mayConcern(one.payload)) return one;
    const apart = new Map<string, { classes: readonly DataClass[]; values: Value[] }>();
    const payload = protectText(one.payload, (given, all, isForPeople) => {
      const { value, classes } = this.#hidden(given, all, isForPeople, one.stream);
      if (classes.length === 0) return value;
      const key = JSON.stringify(classes);
      const group = apart.get(key) ?? { classes, values: [] };
      if (!apart.has(key)) apart.set(key, group);
      group.values.push(value);
      const name = groupName([...apart.keys()].indexOf(key));
      return { type: sealedType, value: '', group: name, at: group.values.length - 1 };
    });
    const groups: FieldGroup[] = [];
    for (const [index, { classes, values }] of [...apart.values()].entries()) {
      const sealed = this.#vault.seal(JSON.stringify(values), classes, one.stream);
      // Somebody who was erased meanwhile: the reference without its group reads as erased.
      if (sealed === undefined) continue;
      groups.push({ name: groupName(index), classes, payload: sealed.value });
      this.#trace(one.tenant, classes, one.stream);
    }
    return groups.length === 0 ? { ...one, payload } : { ...one, payload, groups };
  }

  /** Returns a value with what is made of secrets hidden, and what is to protect it still. */
  #hidden(
    value: Value,
    classes: readonly DataClass[],
    isForPeople: boolean,
    place: string,
  ): { readonly value: Value; readonly classes: readonly DataClass[] } {
    if (isForPeople || !holdsCredential(classes)) return { value, classes };
    const rest = protectedClasses(classes);
    // Yes and no tell one bit; what was sealed where its secret was found shows more of itself.
    const isSafe = value === 'true' || value === 'false' || typeof value === 'boolean';
    if (isSafe || isSealed(value)) return { value, classes: rest };
    return { value: this.#vault.hide(value, place), classes: rest };
  }

  document(tenant: string, text: string, place: string): string {
    if (!mayConcern(text)) return text;
    return protectText(text, (given, all, isForPeople) => {
      const { value, classes } = this.#hidden(given, all, isForPeople, place);
      if (classes.length === 0) return value;
      this.#trace(tenant, classes, place);
      return sealedPart(this.#vault.seal(JSON.stringify(value), classes, place));
    });
  }

  line(tenant: string, text: string, about: readonly DataClass[], place: string): string {
    const classes = guardedClasses(about);
    if (classes.length === 0) return text;
    this.#trace(tenant, classes, place);
    return sealedLine(this.#vault.seal(text, classes, place));
  }

  execution(one: ExecutionRecord): ExecutionRecord {
    if (!mayConcern(one.document)) return one;
    const { tenant } = one;
    const place = executionPlace(one.id);
    const about = labelClasses(one.document);
    const labels = Object.entries(one.labels).map(([key, value]) =>
      // What the system labels by itself is about executions.
      [key, key.startsWith('system.') ? value : this.line(tenant, value, about, place)],
    );
    const document = this.document(tenant, one.document, place);
    return { ...one, labels: Object.fromEntries(labels) as Record<string, string>, document };
  }

  taskRun(one: TaskRunRecord): TaskRunRecord {
    if (!mayConcern(one.document)) return one;
    const document = this.document(one.tenant, one.document, executionPlace(one.executionId));
    return { ...one, document };
  }

  log({ about, ...one }: LogRecord): LogRecord {
    if (about === undefined) return one;
    const place = executionPlace(one.executionId);
    return { ...one, message: this.line(one.tenant, one.message, about, place) };
  }

  metric({ about, ...one }: MetricRecord): MetricRecord {
    if (about === undefined) return one;
    const place = executionPlace(one.executionId);
    const tags = Object.entries(one.tags).map(([key, value]) => [
      key,
      this.line(one.tenant, value, about, place),
    ]);
    return { ...one, tags: Object.fromEntries(tags) as Record<string, string> };
  }

  pair(one: KeyValueRecord): KeyValueRecord {
    if (one.marks === null || !mayConcern(one.marks)) return one;
    const all = guardedClasses(flatten(decodeMarks(JSON.parse(one.marks))).classes);
    if (all.length === 0) return one;
    const place = pairPlace(one);
    const { value, classes } = this.#hidden(JSON.parse(one.value) as Value, all, false, place);
    const text = JSON.stringify(value);
    if (classes.length === 0) return { ...one, value: text };
    this.#trace(one.tenant, classes, place);
    return { ...one, value: JSON.stringify(sealedPart(this.#vault.seal(text, classes, place))) };
  }

  record(one: RegisterRecord): RegisterRecord {
    if (!mayConcern(one.document)) return one;
    return { ...one, document: this.document(one.tenant, one.document, recordPlace(one)) };
  }

  file(tenant: string, uri: string, provenance: string): void {
    if (!mayConcern(provenance)) return;
    const { classes } = JSON.parse(provenance) as Provenance;
    this.#trace(tenant, protectedClasses(classes), filePlace(uri));
  }
}

function groupName(index: number): string {
  return `subject-${index + 1}`;
}

function labelClasses(document: string): readonly DataClass[] {
  const { labelsMarks } = JSON.parse(document) as { labelsMarks?: unknown };
  return labelsMarks === undefined ? [] : flatten(decodeMarks(labelsMarks)).classes;
}

/** Returns `write` as it may reach the store; the same where nothing is about somebody. */
function protectedWrite(write: Write, vault: Vault): Write {
  const { entries, executions, taskRuns, logs, metrics, keyValues, files, registerRecords } = write;
  const isConcerned =
    entries.some(({ payload }) => mayConcern(payload)) ||
    executions?.some(({ document }) => mayConcern(document)) === true ||
    taskRuns?.some(({ document }) => mayConcern(document)) === true ||
    logs?.some(({ about }) => about !== undefined) === true ||
    metrics?.some(({ about }) => about !== undefined) === true ||
    keyValues?.some(({ marks }) => marks !== null && mayConcern(marks)) === true ||
    files?.some(({ provenance }) => mayConcern(provenance)) === true ||
    registerRecords?.some(({ document }) => mayConcern(document)) === true;
  if (!isConcerned) return write;
  const protection = new WriteProtection(vault);
  const kept: Write = {
    ...write,
    entries: entries.map((one) => protection.entry(one)),
    ...(executions !== undefined && {
      executions: executions.map((one) => protection.execution(one)),
    }),
    ...(taskRuns !== undefined && { taskRuns: taskRuns.map((one) => protection.taskRun(one)) }),
    ...(logs !== undefined && { logs: logs.map((one) => protection.log(one)) }),
    ...(metrics !== undefined && { metrics: metrics.map((one) => protection.metric(one)) }),
    ...(keyValues !== undefined && { keyValues: keyValues.map((one) => protection.pair(one)) }),
    ...(registerRecords !== undefined && {
      registerRecords: registerRecords.map((one) => protection.record(one)),
    }),
  };
  for (const { tenant, uri, provenance } of files ?? []) protection.file(tenant, uri, provenance);
  const traces = [...(write.traces ?? []), ...protection.traces.values()];
  return traces.length === 0 ? kept : { ...kept, traces };
}

function groupKey(seq: number, name: string): string {
  return `${seq} ${name}`;
}

/** Returns `entry` with the values of its groups in their places. */
function withGroups(entry: Entry, groups: ReadonlyMap<string, GroupRecord>, vault: Vault): Entry {
  if (!maySeal(entry.payload)) return entry;
  let isErased = false;
  const opened = new Map<string, readonly Value[] | undefined>();
  const valuesOf = (name: string): readonly Value[] | undefined => {
    if (opened.has(name)) return opened.get(name);
    const group = groups.get(groupKey(entry.seq, name));
    const sealed = group && { classes: group.classes, value: group.payload };
    const text = sealed && vault.open(sealed, entry.stream);
    const values = text === undefined ? undefined : (JSON.parse(text) as readonly Value[]);
    opened.set(name, values);
    return values;
  };
  const read = mapParts(JSON.parse(entry.payload) as Value, (part) => {
    if (!isMap(part)) return undefined;
    const { type, group, at } = part;
    if (type !== sealedType || typeof group !== 'string' || typeof at !== 'number') {
      return undefined;
    }
    const value = valuesOf(group)?.[at];
    if (value === undefined) isErased = true;
    return value ?? erasedValue();
  });
  const payload = JSON.stringify(read);
  return isErased ? { ...entry, payload, isErased } : { ...entry, payload };
}

/** Returns `store` with values about people under their keys. */
export function createProtectedStore(store: Store, vault: Vault): Store {
  const opening =
    (place: string) =>
    (sealed: { classes: readonly DataClass[]; value: string }): string | undefined =>
      vault.open(sealed, place);
  const document = (text: string, place: string): string =>
    maySeal(text) ? openText(text, opening(place)) : text;
  const lines = (map: Readonly<Record<string, string>>, place: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(map).map(([key, line]) => [key, openLine(line, opening(place))]),
    );
  const execution = (one: ExecutionRecord): ExecutionRecord => {
    const place = executionPlace(one.id);
    if (!maySeal(one.document) && !Object.values(one.labels).some(maySeal)) return one;
    return { ...one, labels: lines(one.labels, place), document: document(one.document, place) };
  };
  const pair = (one: KeyValueRecord): KeyValueRecord => ({
    ...one,
    value: document(one.value, pairPlace(one)),
  });
  const record = (one: RegisterRecord): RegisterRecord =>
    maySeal(one.document) ? { ...one, document: document(one.document, recordPlace(one)) } : one;
  const entries = async (found: readonly Entry[]): Promise<readonly Entry[]> => {
    const seqs = found.filter(({ payload }) => maySeal(payload)).map(({ seq }) => seq);
    if (seqs.length === 0) return found;
    const groups = await store.groups({ seqs });
    const bySeq = new Map(groups.map((one) => [groupKey(one.seq, one.name), one]));
    return found.map((one) => withGroups(one, bySeq, vault));
  };
  return {
    ...store,
    commit: (writes) => store.commit(writes.map((write) => protectedWrite(write, vault))),
    entries: async (tenant, stream, afterSeq) =>
      entries(await store.entries(tenant, stream, afterSeq)),
    allEntries: async (afterSeq, limit) => entries(await store.allEntries(afterSeq, limit)),
    searchEntries: async (query) => entries(await store.searchEntries(query)),
    async scanEntries(scan) {
      const found = await store.scanEntries(scan);
      return { ...found, entries: await entries(found.entries) };
    },
    async execution(owner, id) {
      const found = await store.execution(owner, id);
      return found && execution(found);
    },
    executions: async (query) => (await store.executions(query)).map(execution),
    taskRuns: async (tenant, id) =>
      (await store.taskRuns(tenant, id)).map((one) =>
        maySeal(one.document)
          ? { ...one, document: document(one.document, executionPlace(id)) }
          : one,
      ),
    logs: async (query) =>
      (await store.logs(query)).map((one) =>
        maySeal(one.message)
          ? { ...one, message: openLine(one.message, opening(executionPlace(one.executionId))) }
          : one,
      ),
    metrics: async (tenant, id) =>
      (await store.metrics(tenant, id)).map((one) =>
        Object.values(one.tags).some(maySeal)
          ? { ...one, tags: lines(one.tags, executionPlace(id)) }
          : one,
      ),
    async keyValue(owner, namespace, key) {
      const found = await store.keyValue(owner, namespace, key);
      return found && pair(found);
    },
    keyValues: async (owner, namespace, prefix) =>
      (await store.keyValues(owner, namespace, prefix)).map(pair),
    async registerRecord(id) {
      const found = await store.registerRecord(id);
      return found && record(found);
    },
    registerRecords: async (query) => (await store.registerRecords(query)).map(record),
    get besideFrom() {
      return store.besideFrom;
    },
    get commitCount() {
      return store.commitCount;
    },
  };
}
