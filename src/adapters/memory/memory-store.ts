/**
 * The store in memory: the reference that says in few lines what every store must do, and the oracle
 * the others are compared with. It keeps nothing across a restart and is not made for speed.
 *
 * INVARIANT: a commit that throws leaves the state as it was before.
 */
import { assert, Failure } from '../../core/failure/index.ts';
import { createTileWriter } from '../../core/ledger/index.ts';
import { slotConflict } from '../../ports/slot-conflict.ts';
import type { Seal, Sealer } from '../../ports/sealer.ts';
import type {
  CheckpointRecord,
  Entry,
  EntryQuery,
  Erasure,
  ExecutionQuery,
  ExecutionRecord,
  FieldGroup,
  FileRecord,
  FlowRecord,
  KeyValueRecord,
  LogQuery,
  LogRecord,
  MetricRecord,
  RegisterRecord,
  Store,
  SubjectTrace,
  TaskRunRecord,
  TimerRecord,
  Write,
} from '../../ports/store.ts';
import { Lines, Rows, type Undo } from './row-store.ts';

/** Compares texts by their UTF-8 bytes, as databases do. */
function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Returns the first difference of two lists of keys. */
function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, x] of a.entries()) {
    const y = b[index] ?? 0;
    const order = typeof x === 'number' ? x - Number(y) : compareTexts(x, String(y));
    if (order !== 0) return order;
  }
  return 0;
}

function sorted<T>(rows: readonly T[], key: (row: T) => readonly (string | number)[]): T[] {
  return rows.toSorted((a, b) => compareKeys(key(a), key(b)));
}

/** Throws on a row that a database would refuse: a text or whole number that is none. */
function check(row: object, fractions: readonly string[] = []): void {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'number') {
      const isGood = fractions.includes(name) ? !Number.isNaN(value) : Number.isSafeInteger(value);
      assert(isGood, `\`${name}\` is no whole number`);
    }
    assert(value !== undefined, `\`${name}\` is missing`);
  }
}

function holdsText({ id, namespace, flowId }: ExecutionRecord, text: string): boolean {
  return [id, namespace, flowId].some((one) => one.toLowerCase().includes(text));
}

function matchesExecution(query: Omit<ExecutionQuery, 'limit' | 'after'>) {
  return (one: ExecutionRecord): boolean =>
    one.tenant === query.tenant &&
    (query.namespace === undefined || one.namespace === query.namespace) &&
    (query.within === undefined || `${one.namespace}.`.startsWith(`${query.within}.`)) &&
    (query.namespaces === undefined || query.namespaces.includes(one.namespace)) &&
    (query.text === undefined || holdsText(one, query.text.toLowerCase())) &&
    (query.isCaused === undefined || (one.causedBy !== null) === query.isCaused) &&
    (query.flowId === undefined || one.flowId === query.flowId) &&
    (query.states === undefined || query.states.includes(one.state)) &&
    (query.causedBy === undefined || one.causedBy === query.causedBy) &&
    (query.createdFrom === undefined || one.createdAt >= query.createdFrom) &&
    (query.createdTo === undefined || one.createdAt <= query.createdTo);
}

function matchesEntry(query: Omit<EntryQuery, 'limit'>) {
  return (one: Entry): boolean =>
    one.tenant === query.tenant &&
    (query.actor === undefined || one.actor === query.actor) &&
    (query.type === undefined || one.type === query.type) &&
    (query.stream === undefined || one.stream === query.stream) &&
    (query.from === undefined || one.at >= query.from) &&
    (query.to === undefined || one.at <= query.to) &&
    (query.before === undefined || one.seq < query.before) &&
    (query.text === undefined || one.payload.includes(query.text));
}

function matchesLog(query: Omit<LogQuery, 'limit'>) {
  return (one: LogRecord): boolean =>
    one.tenant === query.tenant &&
    (query.executionId === undefined || one.executionId === query.executionId) &&
    (query.namespace === undefined || one.namespace === query.namespace) &&
    (query.namespaces === undefined || query.namespaces.includes(one.namespace)) &&
    (query.flowId === undefined || one.flowId === query.flowId) &&
    (query.taskIds === undefined || (one.taskId !== null && query.taskIds.includes(one.taskId))) &&
    (query.levels === undefined || query.levels.includes(one.level)) &&
    (query.from === undefined || one.at >= query.from) &&
    (query.to === undefined || one.at <= query.to);
}

interface SealedGroup extends FieldGroup {
  readonly seq: number;
  readonly salt: Uint8Array;
}

/** Returns an empty store that lives in memory. */
export function createMemoryStore(sealer: Sealer): Store {
  const undo: Undo = [];
  const entries = new Lines<Entry>(undo);
  const seals = new Lines<Seal>(undo);
  const checkpoints = new Lines<CheckpointRecord>(undo);
  const streamLengths = new Rows<{ readonly length: number }>(undo);
  const flows = new Rows<FlowRecord>(undo);
  const executions = new Rows<ExecutionRecord>(undo);
  const taskRuns = new Rows<TaskRunRecord>(undo);
  const timers = new Rows<TimerRecord>(undo);
  const logs = new Lines<LogRecord>(undo);
  const metrics = new Lines<MetricRecord>(undo);
  const keyValues = new Rows<KeyValueRecord>(undo);
  const files = new Rows<FileRecord>(undo);
  const registers = new Rows<RegisterRecord>(undo);
  const groups = new Rows<SealedGroup>(undo);
  const traces = new Rows<SubjectTrace>(undo);
  let commitCount = 0;
  let isOpen = true;

  const reading = (): void => {
    if (!isOpen) throw new Failure('store.unreachable', 'the store is closed');
  };

  const transaction = <T>(work: () => T): T => {
    reading();
    try {
      const result = work();
      commitCount += 1;
      return result;
    } catch (error) {
      for (const takeBack of undo.toReversed()) takeBack();
      throw error;
    } finally {
      undo.length = 0;
    }
  };

  const putExecution = (one: ExecutionRecord): void => {
    check(one);
    const before = executions.get(one.id);
    const keeps =
      before === undefined ||
      (['tenant', 'namespace', 'flowId', 'createdAt', 'causedBy'] as const).every(
        (name) => before[name] === one[name],
      );
    if (!keeps)
      throw new Failure('store.conflict', `the execution \`${one.id}\` belongs elsewhere`);
    executions.set(one, one.id);
  };

  const putFlow = (one: FlowRecord): void => {
    check(one);
    const { tenant, namespace, id, revision, source } = one;
    if ((flows.get(tenant, namespace, id, revision)?.source ?? source) !== source) {
      throw new Failure(
        'store.conflict',
        `revision ${revision} of the flow \`${namespace}.${id}\` exists with another source`,
      );
    }
    flows.set(one, tenant, namespace, id, revision);
  };

  const putRecord = (one: RegisterRecord): void => {
    check(one);
    const { tenant, kind, id, version } = one;
    if (version !== (registers.get(tenant, kind, id)?.version ?? 0) + 1) {
      throw new Failure('store.conflict', `the ${kind} \`${id}\` was changed meanwhile`);
    }
    registers.set(one, tenant, kind, id);
  };

  const lengthOf = (tenant: string, stream: string): number =>
    streamLengths.get(tenant, stream)?.length ?? 0;

  const checkLength = ({ expects }: Write): void => {
    if (expects === undefined) return;
    const { tenant, stream, length } = expects;
    if (lengthOf(tenant, stream) !== length) {
      throw new Failure('store.conflict', `somebody else wrote to \`${stream}\` meanwhile`);
    }
  };

  const takeSlot = ({ slot }: Write): void => {
    if (slot === undefined) return;
    const { tenant, namespace, flowId, executionId, limit } = slot;
    const matches = matchesExecution({ tenant, namespace, flowId });
    const held = executions.where(
      (one) => one.holdsSlot && one.id !== executionId && matches(one),
    ).length;
    if (held >= limit) throw slotConflict(flowId);
  };

  const put = (write: Write): void => {
    checkLength(write);
    takeSlot(write);
    for (const one of write.entries) {
      const { groups: apart, ...rest } = one;
      check(rest);
      const entry = { ...rest, seq: entries.length + 1 };
      entries.push(entry);
      const length = lengthOf(entry.tenant, entry.stream) + 1;
      streamLengths.set({ length }, entry.tenant, entry.stream);
      const seal = sealer.seal(apart === undefined ? entry : { ...entry, groups: apart });
      seals.push(seal);
      for (const [index, group] of (apart ?? []).entries()) {
        const salt = seal.groupSalts?.[index] ?? new Uint8Array(0);
        groups.set({ ...group, seq: entry.seq, salt }, entry.seq, group.name);
      }
    }
    for (const one of write.removedTaskRuns ?? []) {
      taskRuns.delete(one.tenant, one.executionId, one.id);
    }
    for (const one of write.clearedTimers ?? []) timers.delete(one.executionId, one.id);
    for (const one of write.removedKeyValues ?? []) {
      keyValues.delete(one.tenant, one.namespace, one.key);
    }
    for (const one of write.removedFiles ?? []) files.delete(one.tenant, one.uri);
    for (const { tenant, kind, id } of write.removedRegisterRecords ?? []) {
      registers.delete(tenant, kind, id);
    }

    for (const one of write.executions ?? []) putExecution(one);
    for (const one of write.taskRuns ?? []) {
      check(one);
      taskRuns.set(one, one.tenant, one.executionId, one.id);
    }
    for (const one of write.setTimers ?? []) {
      check(one);
      timers.set(one, one.executionId, one.id);
    }
    for (const one of write.logs ?? []) {
      check(one);
      logs.push(one);
    }
    for (const one of write.metrics ?? []) {
      check(one, ['value']);
      // Databases know one zero.
      metrics.push({ ...one, value: one.value + 0 });
    }
    for (const one of write.flows ?? []) putFlow(one);
    for (const one of write.keyValues ?? []) {
      check(one);
      keyValues.set(one, one.tenant, one.namespace, one.key);
    }
    for (const one of write.files ?? []) {
      check(one);
      files.set(one, one.tenant, one.uri);
    }
    for (const one of write.registerRecords ?? []) putRecord(one);
    for (const one of write.traces ?? []) traces.set(one, one.tenant, one.subject, one.place);
  };

  const redactTexts = ({ tenant, executions: ids, redact }: Erasure): number => {
    let textCount = 0;
    const redacted = (text: string, id: string): string => {
      const kept = redact(text, id);
      if (kept !== text) textCount += 1;
      return kept;
    };
    const redactedMap = (
      map: Readonly<Record<string, string>>,
      id: string,
    ): Record<string, string> =>
      JSON.parse(redacted(JSON.stringify(map), id)) as Record<string, string>;
    for (const id of ids) {
      const one = executions.get(id);
      if (one?.tenant === tenant) {
        const [labels, document] = [redactedMap(one.labels, id), redacted(one.document, id)];
        executions.set({ ...one, labels, document }, id);
      }
      const isOwn = (run: TaskRunRecord): boolean =>
        run.tenant === tenant && run.executionId === id;
      for (const run of taskRuns.where(isOwn)) {
        taskRuns.set({ ...run, document: redacted(run.document, id) }, tenant, id, run.id);
      }
    }
    const isNamed = (one: { readonly tenant: string; readonly executionId: string }): boolean =>
      one.tenant === tenant && ids.includes(one.executionId);
    logs.change(isNamed, (line) => ({
      ...line,
      message: redacted(line.message, line.executionId),
    }));
    metrics.change(isNamed, (metric) => ({
      ...metric,
      tags: redactedMap(metric.tags, metric.executionId),
    }));
    return textCount;
  };

  const newestFlows = (tenant: string, namespace?: string): FlowRecord[] => {
    const newest = new Map<string, FlowRecord>();
    const all = flows.where(
      (one) => one.tenant === tenant && (namespace === undefined || one.namespace === namespace),
    );
    for (const one of sorted(all, (flow) => [flow.namespace, flow.id, flow.revision])) {
      newest.set(JSON.stringify([one.namespace, one.id]), one);
    }
    return [...newest.values()].filter((one) => !one.isDeleted);
  };

  return {
    async commit(writes) {
      reading();
      if (writes.length > 0) {
        transaction(() => {
          for (const write of writes) put(write);
        });
      }
      return { lastSeq: entries.length };
    },

    async erase(erasure) {
      return transaction(() => {
        for (const { seq, name } of erasure.groups) groups.delete(seq, name);
        const textCount = redactTexts(erasure);
        for (const one of erasure.forgotten()) traces.delete(one.tenant, one.subject, one.place);
        for (const write of erasure.writes) put(write);
        return { lastSeq: entries.length, textCount };
      });
    },
    async groups({ tenant, stream, seqs, until = Infinity, afterSeq = 0, limit }) {
      reading();
      const found = sorted(
        groups.where(({ seq }) => seq > afterSeq && (seqs === undefined || seqs.includes(seq))),
        ({ seq, name }) => [seq, name],
      );
      const all = entries.where(() => true);
      return found
        .map(({ salt: _salt, ...group }) => {
          const { at, stream: own, tenant: owner } = all[group.seq - 1]!;
          return { ...group, at, stream: own, tenant: owner };
        })
        .filter((one) => one.tenant === (tenant ?? one.tenant) && one.at <= until)
        .filter((one) => stream === undefined || one.stream === stream)
        .slice(0, limit);
    },
    async traces(tenant, subject) {
      reading();
      const found = traces.where(
        (one) => one.tenant === tenant && (subject === undefined || one.subject === subject),
      );
      return sorted(found, (one) => [one.subject, one.place]);
    },

    async entries(tenant, stream, afterSeq = 0) {
      reading();
      return entries.where(
        (one) => one.tenant === tenant && one.stream === stream && one.seq > afterSeq,
      );
    },
    async streamLength(tenant, stream) {
      reading();
      return lengthOf(tenant, stream);
    },
    async changesElsewhere() {
      return 0;
    },
    async allEntries(afterSeq, limit) {
      reading();
      return entries.where((one) => one.seq > afterSeq).slice(0, limit);
    },

    async scanEntries({ tenant, types, afterSeq, span }) {
      reading();
      const end = afterSeq + span;
      const found = entries.where(
        (one) =>
          one.seq > afterSeq &&
          one.seq <= end &&
          one.tenant === tenant &&
          (types === undefined || types.includes(one.type)),
      );
      const all = entries.where(() => true).length;
      return { entries: found, lastSeq: Math.max(afterSeq, Math.min(all, end)) };
    },

    async searchEntries({ limit, ...query }) {
      reading();
      return entries.where(matchesEntry(query)).toReversed().slice(0, limit);
    },
    async sealedEntries(afterSeq, limit) {
      reading();
      const allSeals = seals.where(() => true);
      return entries
        .where((one) => one.seq > afterSeq)
        .slice(0, limit)
        .map((one) => {
          const { header, salt } = allSeals[one.seq - 1]!;
          const own = groups.where(({ seq }) => seq === one.seq);
          return {
            ...one,
            payload: Buffer.from(one.payload),
            header,
            salt,
            groups: sorted(own, ({ name }) => [name]).map((group) => ({
              name: group.name,
              payload: Buffer.from(group.payload),
              salt: group.salt,
            })),
          };
        });
    },
    async treeTile({ level, index }) {
      reading();
      const tree = createTileWriter(sealer.hasher);
      const full = tree.append(seals.where(() => true).map(({ leaf }) => leaf));
      return [...full, ...tree.partial()].find((one) => one.level === level && one.index === index)
        ?.bytes;
    },
    async addCheckpoint(checkpoint) {
      transaction(() => checkpoints.push(checkpoint));
    },
    async checkpoints() {
      reading();
      return checkpoints.where(() => true);
    },

    async flow(tenant, namespace, id, revision) {
      reading();
      if (revision !== undefined) return flows.get(tenant, namespace, id, revision);
      return newestFlows(tenant, namespace).find((one) => one.id === id);
    },
    async flows(tenant, namespace) {
      reading();
      return newestFlows(tenant, namespace);
    },
    async flowRevisions(tenant, namespace, id) {
      reading();
      const all = flows.where(
        (one) => one.tenant === tenant && one.namespace === namespace && one.id === id,
      );
      return sorted(all, (one) => [one.revision]);
    },
    async namespaces(tenant) {
      reading();
      const isOwn = (one: { readonly tenant: string }): boolean => one.tenant === tenant;
      const all = [...flows.where(isOwn), ...executions.where(isOwn)];
      return [...new Set(all.map(({ namespace }) => namespace))].toSorted();
    },

    async execution(tenant, id) {
      reading();
      const found = executions.get(id);
      return found?.tenant === tenant ? found : undefined;
    },
    async executions({ limit, after, ...query }) {
      reading();
      const all = sorted(
        executions.where(({ tenant }) => tenant === query.tenant),
        (one) => [one.createdAt],
      ).toReversed();
      const last = after === undefined ? -1 : all.findIndex(({ id }) => id === after);
      if (after !== undefined && last === -1) {
        throw new Failure(
          'execution.not-found',
          `there is no execution \`${after}\` to list after`,
        );
      }
      return all
        .slice(last + 1)
        .filter(matchesExecution(query))
        .slice(0, limit);
    },
    async unfinishedExecutions(tenant) {
      reading();
      const all = executions.where((one) => one.tenant === tenant && one.isUnderWay);
      return sorted(all, (one) => [one.createdAt]).map(({ id }) => id);
    },
    async slotsHeld(tenant, namespace, flowId) {
      reading();
      const matches = matchesExecution({ tenant, namespace, flowId });
      return executions.where((one) => one.holdsSlot && matches(one)).length;
    },
    async queuedFlows(tenant) {
      reading();
      const all = executions.where((one) => one.tenant === tenant && one.state === 'QUEUED');
      const flows = all.map(({ namespace, flowId }) => ({ namespace, flowId }));
      const distinct = new Map(flows.map((one) => [`${one.namespace}/${one.flowId}`, one]));
      return sorted([...distinct.values()], (one) => [one.namespace, one.flowId]);
    },
    async queuedExecutions({ tenant, namespace, flowId, limit, after }) {
      reading();
      const matches = matchesExecution({ tenant, namespace, flowId });
      const ofFlow = sorted(executions.where(matches), (one) => [one.createdAt]);
      const last = ofFlow.findIndex(({ id }) => id === after);
      if (after !== undefined && last < 0) return [];
      const from = last + 1;
      const queued = ofFlow.slice(from).filter(({ state }) => state === 'QUEUED');
      return queued.slice(0, limit).map(({ id }) => id);
    },
    async countExecutions(query) {
      reading();
      const all = executions.where(matchesExecution(query));
      const groups = Map.groupBy(all, (one) => JSON.stringify([one.namespace, one.flowId]));
      const counts = [...groups].map(([key, members]) => {
        const [namespace = '', flowId = ''] = JSON.parse(key) as string[];
        return { namespace, flowId, count: members.length };
      });
      return sorted(counts, (one) => [one.namespace, one.flowId]);
    },

    async taskRuns(tenant, executionId) {
      reading();
      const all = taskRuns.where((one) => one.tenant === tenant && one.executionId === executionId);
      return sorted(all, (one) => [one.ordinal, one.id]);
    },
    async dueTimers(now, limit) {
      reading();
      const due = timers.where((one) => one.dueAt <= now);
      return sorted(due, (one) => [one.dueAt, one.executionId, one.id]).slice(0, limit);
    },
    async nextTimer() {
      reading();
      return sorted(
        timers.where(() => true),
        (one) => [one.dueAt],
      )[0]?.dueAt;
    },

    async logs({ limit, ...query }) {
      reading();
      return sorted(logs.where(matchesLog(query)), (one) => [one.at]).slice(0, limit);
    },
    async purgeLogs(query) {
      return transaction(() => logs.remove(matchesLog(query)));
    },
    async metrics(tenant, executionId) {
      reading();
      return metrics.where((one) => one.tenant === tenant && one.executionId === executionId);
    },
    async purge({ tenant, executionIds, parts }) {
      const isNamed = (one: { readonly tenant: string; readonly executionId: string }): boolean =>
        one.tenant === tenant && executionIds.includes(one.executionId);
      return transaction(() => {
        const counts = { executions: 0, logs: 0, metrics: 0 };
        for (const id of parts.includes('execution') ? new Set(executionIds) : []) {
          if (executions.get(id)?.tenant !== tenant) continue;
          executions.delete(id);
          counts.executions += 1;
          const isOwn = (one: { readonly executionId: string }): boolean => one.executionId === id;
          for (const one of timers.where(isOwn)) timers.delete(id, one.id);
          for (const one of taskRuns.where(isOwn)) {
            if (one.tenant === tenant) taskRuns.delete(tenant, id, one.id);
          }
        }
        if (parts.includes('log')) counts.logs = logs.remove(isNamed);
        if (parts.includes('metric')) counts.metrics = metrics.remove(isNamed);
        return counts;
      });
    },

    async keyValue(tenant, namespace, key) {
      reading();
      return keyValues.get(tenant, namespace, key);
    },
    async keyValues(tenant, namespace, prefix = '') {
      reading();
      const all = keyValues.where(
        (one) => one.tenant === tenant && one.namespace === namespace && one.key.startsWith(prefix),
      );
      return sorted(all, (one) => [one.key]);
    },

    async file(tenant, uri) {
      reading();
      return files.get(tenant, uri);
    },
    async files(tenant, owner) {
      reading();
      const all = files.where((one) => one.tenant === tenant && one.owner === owner);
      return sorted(all, (one) => [one.uri]);
    },

    async registerRecord({ tenant, kind, id }) {
      reading();
      return registers.get(tenant, kind, id);
    },
    async registerRecords({ tenant, kind, key, after, limit }) {
      reading();
      const all = registers.where(
        (one) =>
          one.tenant === tenant &&
          one.kind === kind &&
          (key === undefined || one.keys[key.name] === key.value),
      );
      return sorted(all, (one) => [one.id])
        .filter((one) => after === undefined || compareTexts(one.id, after) > 0)
        .slice(0, limit);
    },

    get commitCount() {
      return commitCount;
    },
    async close() {
      isOpen = false;
    },
  };
}
