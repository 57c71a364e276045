/**
 * Everything that lasts, in one place: the ledger's entries and the projections that are read (flows,
 * executions, task runs, timers, logs, metrics, pairs, file records). One `commit` is one transaction.
 *
 * INVARIANT: an entry and the projections of its event become visible together or not at all, and only
 * after they would survive a loss of power.
 */
import type { TileId } from '../core/ledger/index.ts';
import type { DataClass } from '../core/value/index.ts';

/**
 * Fields of an entry that stand apart from its payload, because they are about somebody: they are
 * committed to on their own, and can be erased on their own.
 */
export interface FieldGroup {
  /** Unique inside the entry. */
  readonly name: string;
  /** What they are about, and whom. */
  readonly classes: readonly DataClass[];
  /** Their text, encrypted by whoever writes it. */
  readonly payload: string;
}

/** An entry of the ledger, before it has a place in it. */
export interface NewEntry {
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What it belongs to inside its tenant: `execution:<id>`, `flow:<namespace>/<id>`, `kv:<namespace>`. */
  readonly stream: string;
  /** Past tense: `task-ended`. */
  readonly type: string;
  /** Handle of who caused it. */
  readonly actor: string;
  /** The event, as `encodeValue` text. */
  readonly payload: string;
  /** What of the event stands apart. */
  readonly groups?: readonly FieldGroup[];
}

/** An entry in its place; its groups are read by `groups`. */
export interface Entry extends NewEntry {
  readonly seq: number;
  /** True where a group of it was erased; said only by who reads groups into payloads. */
  readonly isErased?: boolean;
}

/** A group of fields of an entry, as it is stored. */
export interface GroupRecord extends FieldGroup {
  readonly seq: number;
  readonly tenant: string;
  readonly stream: string;
  /** Epoch milliseconds; the time of its entry. */
  readonly at: number;
}

/** Which groups to read, in order of their entries. Bounds are included. */
export interface GroupQuery {
  readonly tenant?: string;
  /** A stream of the tenant, which is then named. */
  readonly stream?: string;
  readonly seqs?: readonly number[];
  /** Epoch milliseconds: of entries no later than this. */
  readonly until?: number;
  /** Of entries after this one. */
  readonly afterSeq?: number;
  readonly limit?: number;
}

/**
 * A place where values about a subject lie: `execution:<id>` and every other stream with groups,
 * `pair:<namespace>/<key>`, `file:<uri>`.
 */
export interface SubjectTrace {
  readonly tenant: string;
  /** Opaque handle. */
  readonly subject: string;
  readonly place: string;
}

/** What is erased in one transaction, with the writes that say so. */
export interface Erasure {
  readonly tenant: string;
  readonly writes: readonly Write[];
  /** Groups whose payload and salt are deleted. */
  readonly groups: readonly { readonly seq: number; readonly name: string }[];
  /** Executions whose stored texts (documents, labels, log lines, tags) pass `redact`. */
  readonly executions: readonly string[];
  /** Returns the text to keep in place of `text`, which belongs to an execution. */
  readonly redact: (text: string, executionId: string) => string;
  /** Returns the traces that go; asked when everything has been redacted. */
  readonly forgotten: () => readonly SubjectTrace[];
}

/** An entry as it is stored, with what it is verified by; nothing of it is believed. */
export interface SealedEntry extends Omit<Entry, 'payload' | 'groups' | 'isErased'> {
  readonly payload: Uint8Array;
  /** The header as it was hashed. */
  readonly header: Uint8Array;
  /** The salt of the commitment to the payload; empty when both were erased. */
  readonly salt: Uint8Array;
  /** Groups of fields that stand apart and are not erased. */
  readonly groups: readonly {
    readonly name: string;
    readonly payload: Uint8Array;
    readonly salt: Uint8Array;
  }[];
}

/** A signed checkpoint of the ledger. */
export interface CheckpointRecord {
  /** How many entries it covers. */
  readonly size: number;
  readonly at: number;
  /** The signed note. */
  readonly note: string;
}

/** A stored revision of a flow. The source of a revision never changes: another one is refused with `store.conflict`. */
export interface FlowRecord {
  readonly tenant: string;
  readonly namespace: string;
  readonly id: string;
  readonly revision: number;
  readonly source: string;
  readonly isDeleted: boolean;
  readonly at: number;
}

/**
 * What is listed of an execution; its state in full is the fold of its stream. Tenant, namespace, flow,
 * cause and creation time of an id never change: others are refused with `store.conflict`.
 */
export interface ExecutionRecord {
  readonly tenant: string;
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  readonly state: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly originalId: string;
  readonly parentId: string | null;
  /** The execution that caused it (subflow, trigger). */
  readonly causedBy: string | null;
  /** Counted against the flow's concurrency limit. */
  readonly holdsSlot: boolean;
  /** Something was begun for it that a process is to go on with; what only waits is found by its timers. */
  readonly isUnderWay: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** `encodeValue` text of `{inputs, outputs, histories, trigger, error, …}`; what a reader needs beyond the columns. */
  readonly document: string;
}

/** A task run as it is read; the same execution and id replaces it. */
export interface TaskRunRecord {
  readonly tenant: string;
  readonly executionId: string;
  readonly id: string;
  /** Place in creation order, from 0. */
  readonly ordinal: number;
  readonly taskId: string;
  readonly parentId: string | null;
  readonly state: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** `encodeValue` text of `{value, iteration, histories, attempts, outputs, marks}`; times count from `startedAt`. */
  readonly document: string;
}

/** A moment at which an execution must be looked at. */
export interface TimerRecord {
  readonly tenant: string;
  readonly executionId: string;
  /** Unique inside the execution. */
  readonly id: string;
  readonly dueAt: number;
}

/** A log line. */
export interface LogRecord {
  readonly tenant: string;
  readonly at: number;
  readonly level: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly executionId: string;
  readonly taskRunId: string | null;
  readonly taskId: string | null;
  readonly attempt: number;
  readonly message: string;
  /** Whom and what the message may tell of; for who protects it, not stored. */
  readonly about?: readonly DataClass[];
}

/** A stored number. */
export interface MetricRecord {
  readonly tenant: string;
  readonly at: number;
  readonly executionId: string;
  readonly taskRunId: string;
  readonly taskId: string;
  readonly name: string;
  readonly type: string;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Whom and what the tags may tell of; for who protects them, not stored. */
  readonly about?: readonly DataClass[];
}

/** A stored key–value pair. */
export interface KeyValueRecord {
  readonly tenant: string;
  readonly namespace: string;
  readonly key: string;
  readonly type: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
  /** `encodeValue` text. */
  readonly value: string;
  /** JSON text of its marks; null when nothing is marked. */
  readonly marks: string | null;
}

/** What is known of a stored file; its bytes are in the blobs. */
export interface FileRecord {
  readonly tenant: string;
  readonly uri: string;
  /** The execution or namespace it belongs to: `execution:<id>`, `namespace:<name>`. */
  readonly owner: string;
  readonly size: number;
  readonly at: number;
  /** JSON text of its provenance. */
  readonly provenance: string;
}

/**
 * A record of a register (users, tokens, policies, approvals, holds): small, found by its id or by a key.
 * Whoever writes it writes the entry that says why in the same `Write`.
 */
export interface RegisterRecord {
  readonly tenant: string;
  /** Which register: `user`, `token`, `hold`. */
  readonly kind: string;
  readonly id: string;
  /** 1 for one that comes to be, else one more than the record it replaces has; another is refused with `store.conflict`. */
  readonly version: number;
  /** What it is found by apart from its id: names with their values. */
  readonly keys: Readonly<Record<string, string>>;
  /** `encodeValue` text. */
  readonly document: string;
}

/** Names a record of a register. */
export type RegisterId = Pick<RegisterRecord, 'tenant' | 'kind' | 'id'>;

/** Work of one execution, or of one request, that becomes durable together. Removals come before what is set. */
export interface Write {
  readonly entries: readonly NewEntry[];
  /**
   * How many entries the writer knows in a stream. A stream of another length refuses the write with
   * `store.conflict`: somebody else wrote to it meanwhile.
   */
  readonly expects?: {
    readonly tenant: string;
    readonly stream: string;
    readonly length: number;
  };
  /**
   * The limit under which an execution of this write takes a slot of its flow. Where as many others hold
   * one already, the write is refused with `store.conflict` and the detail `slots`.
   */
  readonly slot?: {
    readonly tenant: string;
    readonly namespace: string;
    readonly flowId: string;
    readonly executionId: string;
    readonly limit: number;
  };
  readonly executions?: readonly ExecutionRecord[];
  readonly taskRuns?: readonly TaskRunRecord[];
  /** Ids of task runs of an execution that no longer exist (loop rounds, restarts). */
  readonly removedTaskRuns?: readonly {
    readonly tenant: string;
    readonly executionId: string;
    readonly id: string;
  }[];
  readonly setTimers?: readonly TimerRecord[];
  readonly clearedTimers?: readonly { readonly executionId: string; readonly id: string }[];
  readonly logs?: readonly LogRecord[];
  readonly metrics?: readonly MetricRecord[];
  readonly flows?: readonly FlowRecord[];
  readonly keyValues?: readonly KeyValueRecord[];
  readonly removedKeyValues?: readonly {
    readonly tenant: string;
    readonly namespace: string;
    readonly key: string;
  }[];
  readonly files?: readonly FileRecord[];
  readonly removedFiles?: readonly { readonly tenant: string; readonly uri: string }[];
  readonly registerRecords?: readonly RegisterRecord[];
  readonly removedRegisterRecords?: readonly RegisterId[];
  /** Traces that are known already stay as they are. */
  readonly traces?: readonly SubjectTrace[];
}

/** Which executions to list; newest first, those of one millisecond in reverse order of arrival. Bounds are included. */
export interface ExecutionQuery {
  readonly tenant: string;
  readonly namespace?: string;
  /** This namespace and those below it. */
  readonly within?: string;
  /** Only in these namespaces, each by itself. */
  readonly namespaces?: readonly string[];
  /** What the id, the namespace or the flow holds somewhere, whatever the case of its letters. */
  readonly text?: string;
  /** Whether another execution caused it. */
  readonly isCaused?: boolean;
  readonly flowId?: string;
  readonly states?: readonly string[];
  readonly causedBy?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
  readonly limit: number;
  /** The id of the last execution of the page before. */
  readonly after?: string;
}

/** Which queued executions to list. */
export interface QueueQuery {
  readonly tenant: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly limit: number;
  /** The id of the last execution of the page before; it may have left the queue. */
  readonly after?: string;
}

/** Which entries to find; the newest first. Bounds are included. */
export interface EntryQuery {
  readonly tenant: string;
  readonly actor?: string;
  readonly type?: string;
  readonly stream?: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** What the payload holds somewhere, letter by letter. */
  readonly text?: string;
  /** Only entries before this place; excluded: the place of the last entry of the page before. */
  readonly before?: number;
  readonly limit: number;
}

/** Which part of the ledger to look through. */
export interface EntryScan {
  readonly tenant: string;
  /** Absent: entries of every type. */
  readonly types?: readonly string[];
  /** Only entries after this place. */
  readonly afterSeq: number;
  /** How many places of the ledger are looked at, at most. */
  readonly span: number;
}

/** Which records of a register to list, in order of their ids. */
export interface RegisterQuery {
  readonly tenant: string;
  readonly kind: string;
  /** Only those with this value under this name. */
  readonly key?: { readonly name: string; readonly value: string };
  /** The id of the last record of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Which log lines to read; oldest first. Bounds are included. */
export interface LogQuery {
  readonly tenant: string;
  readonly executionId?: string;
  readonly namespace?: string;
  /** Only in these namespaces, each by itself. */
  readonly namespaces?: readonly string[];
  readonly flowId?: string;
  readonly taskIds?: readonly string[];
  readonly levels?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}

/** What `purge` deletes. */
export interface PurgeQuery {
  readonly tenant: string;
  readonly executionIds: readonly string[];
  readonly parts: readonly ('execution' | 'log' | 'metric')[];
}

/** Everything that lasts. */
export interface Store {
  /** Makes all of `writes` durable in one transaction, in order; gives the place of the last entry. */
  commit(writes: readonly Write[]): Promise<{ readonly lastSeq: number }>;

  /**
   * Erases in one transaction; what is deleted or replaced is overwritten, and nothing of it stays in
   * the log of writes. Gives the place of the last entry and how many stored texts were changed.
   */
  erase(erasure: Erasure): Promise<{ readonly lastSeq: number; readonly textCount: number }>;
  groups(query: GroupQuery): Promise<readonly GroupRecord[]>;
  /** Returns the traces of one subject, or of all, in order. */
  traces(tenant: string, subject?: string): Promise<readonly SubjectTrace[]>;

  /** Returns the entries of a stream of a tenant in order, after `afterSeq`. */
  entries(tenant: string, stream: string, afterSeq?: number): Promise<readonly Entry[]>;
  /** Returns how many entries a stream has. */
  streamLength(tenant: string, stream: string): Promise<number>;
  /** Returns a number that changes when another process has written; for looking again only then. */
  changesElsewhere(): Promise<number>;
  /** Returns entries of the whole ledger in order, after `afterSeq`, at most `limit`. */
  allEntries(afterSeq: number, limit: number): Promise<readonly Entry[]>;

  /** Returns the entries that match, the newest first. */
  searchEntries(query: EntryQuery): Promise<readonly Entry[]>;
  /** Returns entries of a part of the ledger, in order, and the last place that was looked at. */
  scanEntries(
    scan: EntryScan,
  ): Promise<{ readonly entries: readonly Entry[]; readonly lastSeq: number }>;
  /** Returns entries of the whole ledger with their seals, in order, after `afterSeq`, at most `limit`. */
  sealedEntries(afterSeq: number, limit: number): Promise<readonly SealedEntry[]>;
  /** Returns the bytes of a tile of the tree over the entries; also of one that still grows. */
  treeTile(tile: TileId): Promise<Uint8Array | undefined>;
  addCheckpoint(checkpoint: CheckpointRecord): Promise<void>;
  /** Returns the checkpoints in the order in which they were made. */
  checkpoints(): Promise<readonly CheckpointRecord[]>;

  /** Returns a revision of a flow, the newest when none is named; deleted flows are not found without a revision. */
  flow(
    tenant: string,
    namespace: string,
    id: string,
    revision?: number,
  ): Promise<FlowRecord | undefined>;
  /** Returns the newest revision of each flow that is not deleted, in order of namespace and id. */
  flows(tenant: string, namespace?: string): Promise<readonly FlowRecord[]>;
  flowRevisions(tenant: string, namespace: string, id: string): Promise<readonly FlowRecord[]>;
  /** Returns the namespaces that hold a flow, deleted or not, or an execution, in order. */
  namespaces(tenant: string): Promise<readonly string[]>;

  execution(tenant: string, id: string): Promise<ExecutionRecord | undefined>;
  executions(query: ExecutionQuery): Promise<readonly ExecutionRecord[]>;
  /** Returns ids of executions that are under way, oldest first: what a process goes on with that finds nobody else. */
  unfinishedExecutions(tenant: string): Promise<readonly string[]>;
  /** Counts executions of a flow that hold a slot. */
  slotsHeld(tenant: string, namespace: string, flowId: string): Promise<number>;
  /** Returns the flows with QUEUED executions, in order of namespace and id. */
  queuedFlows(
    tenant: string,
  ): Promise<readonly { readonly namespace: string; readonly flowId: string }[]>;
  /** Returns ids of QUEUED executions of a flow, oldest first. */
  queuedExecutions(query: QueueQuery): Promise<readonly string[]>;
  countExecutions(
    query: Omit<ExecutionQuery, 'limit' | 'after'>,
  ): Promise<
    readonly { readonly namespace: string; readonly flowId: string; readonly count: number }[]
  >;

  taskRuns(tenant: string, executionId: string): Promise<readonly TaskRunRecord[]>;
  /** Returns timers due at or before `now`, earliest first. */
  dueTimers(now: number, limit: number): Promise<readonly TimerRecord[]>;
  /** Returns the moment of the earliest timer. */
  nextTimer(): Promise<number | undefined>;

  logs(query: LogQuery): Promise<readonly LogRecord[]>;
  /** Deletes log lines; gives the number. */
  purgeLogs(query: Omit<LogQuery, 'limit'>): Promise<number>;
  metrics(tenant: string, executionId: string): Promise<readonly MetricRecord[]>;
  /** Deletes projections of executions; the ledger keeps its entries. */
  purge(query: PurgeQuery): Promise<Readonly<Record<'executions' | 'logs' | 'metrics', number>>>;

  /** Returns a pair, expired or not; undefined when there is none. */
  keyValue(tenant: string, namespace: string, key: string): Promise<KeyValueRecord | undefined>;
  keyValues(tenant: string, namespace: string, prefix?: string): Promise<readonly KeyValueRecord[]>;

  file(tenant: string, uri: string): Promise<FileRecord | undefined>;
  /** Returns file records of an owner in order of URI. */
  files(tenant: string, owner: string): Promise<readonly FileRecord[]>;

  registerRecord(id: RegisterId): Promise<RegisterRecord | undefined>;
  registerRecords(query: RegisterQuery): Promise<readonly RegisterRecord[]>;

  /**
   * From how many writes on a commit leaves this thread free, so that the next ones are prepared
   * meanwhile; undefined where a commit always holds it up.
   */
  readonly besideFrom?: number | undefined;
  /** How often the store made something durable; for measurements. */
  readonly commitCount: number;
  close(): Promise<void>;
}
