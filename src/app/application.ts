/**
 * The system as its surfaces (command line, API, tests) use it: flows, executions, pairs and files of
 * one data folder. Built by `createApplication`, the only place that chooses adapters.
 */
import type { ExecutionDocument } from '../api/contract/index.ts';
import type {
  Diagnostic,
  Flow,
  InputDefinition,
  ParsedFlow,
  TypeCatalogue,
} from '../core/flow/index.ts';
import type { LedgerVerdict } from '../core/ledger/index.ts';
import type { Principal } from '../core/policy/index.ts';
import type { Value, ValueMap } from '../core/value/index.ts';
import type {
  Entry,
  EntryQuery,
  ExecutionQuery,
  ExecutionRecord,
  FileRecord,
  FlowRecord,
  LogQuery,
  LogRecord,
  MetricRecord,
  SealedEntry,
  Store,
} from '../ports/store.ts';
import type { Cipher, Digests } from '../ports/cipher.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeyValues } from '../ports/key-values.ts';
import type { NamespaceFiles } from '../ports/namespace-files.ts';
import type { BackupRequest, MadeBackup } from './backup/make-backup.ts';
import type { Random } from '../ports/random.ts';
import type { Committer } from '../runtime/committer/index.ts';
import type { AddedAnchor, Anchor, AnchorOutcome } from '../runtime/anchors/index.ts';
import type {
  ErasureCertificate,
  ErasureCounts,
  EraseOrder,
  Hold,
  HoldTarget,
  RetentionOutcome,
  RetentionRule,
} from '../runtime/erasure/index.ts';
import type { ApprovalDesk } from './approval-desk.ts';
import type { Deciding } from './deciding.ts';
import type { IdentityDesk } from './identity-desk.ts';
import type { PolicyDesk } from './policy-desk.ts';
import type { KeptAnswers } from '../runtime/subjects/index.ts';
import type {
  ExecutionStateByHand,
  Notice,
  RunStateByHand,
  StateOrder,
} from '../runtime/run-loop/index.ts';
import type {
  Cosigned,
  CosigningRequest,
  ExportRequest,
  KeptCosignature,
  LedgerExport,
  Receipt,
  Rotated,
} from '../runtime/sealer/index.ts';

import type { GovernanceDesk } from './governance-desk.ts';
import type { TriggerName, TriggerOrder, TriggerRow } from './triggers.ts';

/** Which flow to start, with what. */
export interface StartRequest {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision?: number;
  /** Values as a form gives them (text; a local path for FILE) or already typed. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly labels?: readonly { readonly key: string; readonly value: string }[];
  /** Epoch milliseconds; starts no earlier. */
  readonly startsAt?: number;
}

/** Something that happened and is durable; for live displays. */
export type ApplicationEvent = Notice;

/** What `save` did. */
export interface SavedFlow {
  readonly flow: Flow;
  readonly revision: number;
  /** False when the source equals the newest revision. */
  readonly isChanged: boolean;
  /** Of a live flow the revision that goes on running, where it is another one. */
  readonly liveRevision?: number;
  readonly warnings: readonly Diagnostic[];
}

/** A signed statement of how the ledger looks, and the key that shows who signed it. */
export interface SignedCheckpoint {
  /** How many entries it covers. */
  readonly size: number;
  /** The C2SP signed note. */
  readonly note: string;
  readonly verifierKey: string;
}

/** What a ledger is verified against beside its own checkpoints. */
export interface LedgerQuestion {
  /** Checkpoints kept elsewhere. */
  readonly notes?: readonly string[];
  /** Trusted instead of the own key. */
  readonly verifierKeys?: readonly string[];
  /** Places where anchors kept checkpoints; each must hold some of this ledger. */
  readonly anchorPlaces?: readonly string[];
  /** Verifier keys of witnesses, each of whom must have cosigned a checkpoint. */
  readonly witnesses?: readonly string[];
}

/** The verdict on a ledger, and who else vouches for it. */
export type LedgerReport = LedgerVerdict & {
  readonly anchors: readonly (Anchor & { readonly trouble?: string })[];
  readonly cosignatures: readonly KeptCosignature[];
};

/** The anchors of the ledger: where its checkpoints are kept outside the data folder. */
export interface AnchorDesk {
  list(): Promise<readonly Anchor[]>;
  /** Throws `input.invalid`. The secret of a webhook is told once, here. */
  add(place: {
    readonly kind: string;
    readonly target: string;
    readonly secret?: string;
  }): Promise<AddedAnchor>;
  /** Throws `anchor.not-found`. */
  remove(id: string): Promise<void>;
  /** Takes a checkpoint there, due or not; throws `anchor.not-found`. */
  test(id: string): Promise<AnchorOutcome>;
  /** Takes a checkpoint to every anchor that has not seen what happened since. Never throws for what is outside. */
  run(): Promise<readonly AnchorOutcome[]>;
}

/** The ledger as people ask about it. */
export interface LedgerDesk {
  verify(question?: LedgerQuestion): Promise<LedgerReport>;
  /** Signs how the ledger looks now. */
  checkpoint(): Promise<SignedCheckpoint>;
  /** Returns the proof file of an entry; throws `ledger.entry-not-found`. */
  prove(seq: number): Promise<string>;
  /** Returns a file that shows that the ledger grew from a checkpoint; throws `ledger.fork-found`. */
  proveGrowth(note: string): Promise<string>;
  /** Returns the receipt of an entry, for approvals and evidence; throws `ledger.entry-not-found`. */
  receipt(seq: number): Promise<Receipt>;
  /** Returns an entry with its seal; throws `ledger.entry-not-found`. */
  entry(seq: number): Promise<SealedEntry>;
  search(query: Omit<EntryQuery, 'tenant'>): Promise<readonly Entry[]>;
  /** Returns entries with their seals in order, page by page, bounds included. */
  read(from: number, to: number): AsyncIterable<SealedEntry>;
  /** Returns a part of the ledger as lines that prove themselves. */
  export(request?: ExportRequest): Promise<LedgerExport>;
  /** Writes the ledger into a folder that any web server can serve; throws `ledger.fork-found`. */
  publish(
    folder: string,
    options?: { readonly hasPayloads?: boolean },
  ): Promise<{ readonly size: number; readonly fileCount: number }>;
  /** Changes the key that signs; throws `store.conflict` while another does. */
  rotateKey(): Promise<Rotated>;
  /** Cosigns a checkpoint of another ledger; throws `ledger.checkpoint-refused` and `ledger.fork-found`. */
  cosign(request: CosigningRequest): Promise<Cosigned>;
  /** Returns the verifier key under which this data folder cosigns. */
  witnessKey(): string;
  /** Keeps the cosignature of a witness; throws `ledger.checkpoint-refused`. */
  addCosignature(text: string, witness: string): Promise<KeptCosignature>;
  readonly anchors: AnchorDesk;
}

/** Somebody whom values are about, as people see them. */
export interface SubjectCard {
  /** Opaque; stands in headers of the ledger. */
  readonly handle: string;
  /** The id outside; null where none is known. */
  readonly name: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** True while an erasure was begun and not completed. */
  readonly isErasing: boolean;
}

/** The people whom values are about. */
export interface SubjectDesk {
  /** Returns who is known, page by page; `place` of the last one leads to the next page. */
  list(
    limit: number,
    after?: string,
  ): Promise<readonly (SubjectCard & { readonly place: string })[]>;
  /** Returns who has the id `name` outside: `customer:812`. */
  find(name: string): Promise<SubjectCard | undefined>;
  /** Returns what is known where; throws `subject.not-found`. */
  show(handle: string): Promise<
    SubjectCard & {
      readonly counts: ErasureCounts;
      /** Values about more people than are kept apart, whoever they are. */
      readonly many: ErasureCounts;
      readonly executions: readonly string[];
    }
  >;
  /**
   * Erases somebody and gives the certificate; that of before where it was done before. Throws
   * `subject.not-found`, `hold.in-force`, `execution.unfinished`.
   */
  erase(handle: string, order: EraseOrder): Promise<ErasureCertificate>;
  /** Completes erasures that ended processes had begun; gives their handles. */
  resume(): Promise<readonly string[]>;
}

/** Legal holds. */
export interface HoldDesk {
  list(): Promise<readonly Hold[]>;
  set(target: HoldTarget, reason: string): Promise<void>;
  /** Throws `hold.not-found`. */
  release(target: HoldTarget, reason: string): Promise<void>;
}

/** How long values are kept. */
export interface RetentionDesk {
  list(): Promise<readonly RetentionRule[]>;
  set(rule: RetentionRule): Promise<void>;
  /** Throws `retention.rule-not-found`. */
  remove(rule: Pick<RetentionRule, 'dataClass' | 'namespace'>): Promise<void>;
  /** Erases what has had its time, or only lists it. */
  run(options?: {
    readonly isDryRun?: boolean;
  }): Promise<RetentionOutcome & { readonly certificates: readonly ErasureCertificate[] }>;
}

/** What people ask about those whom values are about. */
export interface ErasureDesks {
  readonly subjects: SubjectDesk;
  readonly holds: HoldDesk;
  readonly retention: RetentionDesk;
}

/** The system as its surfaces use it. */
export interface Application extends ErasureDesks {
  readonly dataFolder: string;
  readonly catalogue: TypeCatalogue;

  /**
   * Parses and stores a flow; throws `Failure('flow.invalid')` with `details.diagnostics` when it is
   * invalid, `store.conflict` when `expectedRevision` is not the newest.
   */
  saveFlow(source: string, file: string, expectedRevision?: number): Promise<SavedFlow>;
  flows(namespace?: string): Promise<readonly FlowRecord[]>;
  flow(namespace: string, id: string, revision?: number): Promise<FlowRecord | undefined>;
  flowRevisions(namespace: string, id: string): Promise<readonly FlowRecord[]>;

  /** Creates an execution; throws `input.invalid`, `flow.not-found`, `flow.disabled` or a check that blocks. */
  start(request: StartRequest): Promise<string>;
  /** Waits until executions rest that left their queue because one of this application ended. */
  restPromoted(): Promise<void>;
  /**
   * Waits until the execution rests: ended, or nothing of it goes on without somebody. A timer that is
   * due within `timerPatienceMs` (a minute, if not said) is waited for.
   */
  rest(
    executionId: string,
    options?: { readonly timerPatienceMs?: number },
  ): Promise<ExecutionDocument>;
  execution(id: string): Promise<ExecutionDocument | undefined>;
  executions(query: Omit<ExecutionQuery, 'tenant'>): Promise<readonly ExecutionRecord[]>;
  logs(query: Omit<LogQuery, 'tenant'>): Promise<readonly LogRecord[]>;
  /** Throws `execution.wrong-state` when it is not paused, `input.invalid` when the form refuses. */
  resume(id: string, inputs: Readonly<Record<string, Value>>): Promise<void>;
  /**
   * Says what became of an effect that may or may not have taken place when a process ended; throws
   * `execution.wrong-state` when nothing of the kind is asked.
   */
  answer(
    id: string,
    given: {
      readonly answer: 'happened' | 'retry' | 'fail';
      /** For `happened`: what the task gave. */
      readonly outputs?: Readonly<Record<string, Value>>;
      /** Which question, where there are several. */
      readonly taskRunId?: string;
    },
  ): Promise<void>;
  /** Returns triggers and how they stand. */
  triggers(namespace?: string, flowId?: string): Promise<readonly TriggerRow[]>;
  /** Does to a trigger what `order` says; throws `trigger.not-found` and `trigger.backfill-invalid`. */
  changeTrigger(name: TriggerName, order: TriggerOrder): Promise<TriggerRow>;
  kill(id: string): Promise<void>;
  /** Holds a running execution until it is resumed; throws `execution.wrong-state` when it does not run. */
  pause(id: string): Promise<void>;
  /** Gives the id of the execution that goes on: the same, or another one for another revision. */
  restart(id: string, options?: { readonly revision?: number }): Promise<string>;
  /** Gives the id of the new execution. `taskId` or `taskRunId` name where to begin; absent: the start. */
  replay(
    id: string,
    options?: {
      readonly taskId?: string;
      readonly taskRunId?: string;
      readonly revision?: number;
      readonly inputs?: Readonly<Record<string, Value>>;
    },
  ): Promise<string>;
  /** Loads executions that were running when the process ended last and lets them go on. */
  recover(): Promise<readonly string[]>;

  keyValues(namespace: string): KeyValues;
  namespaceFiles(namespace: string): NamespaceFiles;
  /** Returns the bytes of a `kestra://` URI, for people who look at results. */
  readFile(uri: string): Promise<Uint8Array>;

  readonly ledger: LedgerDesk;
  /**
   * Opens the desk of governance: budgets, kill switches, registers; its code is loaded for those who ask
   * it. Policy is asked about `principal`; absent: about whoever may write the data folder.
   */
  governance(principal?: Principal): Promise<GovernanceDesk>;
  /**
   * Opens the desk of policies; its engine is loaded for those who ask it. Changes are those of `principal`;
   * absent, of the owner of the data folder: that is for the command line, never for callers from elsewhere.
   */
  policies(principal?: Principal): Promise<PolicyDesk>;
  /** Opens the desk of users and tokens, for whoever owns the data folder. */
  identity(): Promise<IdentityDesk>;

  /** Opens the desk of approvals, for whoever acts through this view. */
  approvals(): Promise<ApprovalDesk>;

  /** Copies the data folder as it is at this moment to another folder, while others work on it. */
  backup(request: BackupRequest): Promise<MadeBackup>;

  /** Calls `listener` for each durable event until the returned function is called. */
  follow(listener: (event: ApplicationEvent) => void): () => void;
  close(): Promise<void>;
}

/** The system as one who acts in one tenant uses it: all of `Application`, and what the API needs beyond. */
export interface TenantView extends Application {
  /** Whose flows and executions these are. */
  readonly tenant: string;
  /** Handle of who acts; stands in the ledger. */
  readonly actor: string;
  /** Returns the same view, whose inputs may name files below `folder` and no others of this machine. */
  withFilesBelow(folder: string): TenantView;
  /** Returns the same view, whose lists show what is of `namespaces` and nothing else. */
  limitedTo(namespaces: readonly string[]): TenantView;
  /** Returns the namespaces that hold a flow, deleted or not, or an execution, in order. */
  namespaces(): Promise<readonly string[]>;

  /** Returns the JSON Schema of flow files. */
  flowSchema(): unknown;
  /** Reads a flow and tells everything that is wrong in it; stores nothing. */
  checkFlow(source: string, file: string): ParsedFlow;
  /** The same, and what is wrong with it among the flows that there are: circles of triggers. */
  checkFlowAmong(source: string, file: string): Promise<ParsedFlow>;
  /** Throws `flow.not-found`. The revisions before stay readable. */
  deleteFlow(namespace: string, id: string, expectedRevision?: number): Promise<void>;

  /** Returns what is stored of an execution. */
  record(executionId: string): Promise<ExecutionRecord | undefined>;
  /** Returns what is wrong with the inputs of a start, by input; starts nothing. */
  checkInputs(
    request: StartRequest,
  ): Promise<readonly { readonly id: string; readonly message: string; readonly help: string }[]>;
  /** Returns what a pause asks, and what is wrong with what is given; throws `execution.wrong-state`. */
  checkResume(
    id: string,
    inputs: Readonly<Record<string, Value>>,
  ): Promise<{
    readonly inputs: readonly InputDefinition[];
    readonly problems: readonly {
      readonly id: string;
      readonly message: string;
      readonly help: string;
    }[];
  }>;
  /** Returns what a template gives in a task run, secrets as stars; throws `expression.failed`. */
  evaluate(executionId: string, taskRunId: string, template: string): Promise<string>;
  /** Counts executions per flow. */
  executionCounts(
    query: Omit<ExecutionQuery, 'tenant' | 'limit' | 'after'>,
  ): Promise<
    readonly { readonly namespace: string; readonly flowId: string; readonly count: number }[]
  >;
  /** Returns stored executions as documents, without the executions they caused. */
  executionDocuments(records: readonly ExecutionRecord[]): Promise<readonly ExecutionDocument[]>;
  metrics(executionId: string): Promise<readonly MetricRecord[]>;
  /** Gives the number of lines. */
  deleteLogs(query: Omit<LogQuery, 'tenant' | 'limit'>): Promise<number>;
  /** Sets the state of an execution that has ended; throws `execution.wrong-state`. */
  changeState(id: string, order: StateOrder<ExecutionStateByHand>): Promise<void>;
  /** Sets the state of a task run of an ended execution, which goes on from there. */
  changeRunState(
    id: string,
    order: StateOrder<RunStateByHand> & { readonly taskRunId: string },
  ): Promise<void>;
  /** Lets a queued execution run beyond the limit of its flow; throws `execution.wrong-state`. */
  unqueue(id: string): Promise<void>;
  /** Lets an execution run whatever holds it back: its date, the limit of its flow, a pause. */
  forceRun(id: string): Promise<void>;
  /** Adds labels to an execution that has ended; an equal key is replaced. */
  changeLabels(
    id: string,
    labels: readonly { readonly key: string; readonly value: string }[],
  ): Promise<void>;
  /** Deletes ended executions from what is read; the ledger keeps its entries. */
  deleteExecutions(
    ids: readonly string[],
    what: { readonly logs: boolean; readonly metrics: boolean; readonly files: boolean },
  ): Promise<void>;
  /** Starts what a webhook asks for; undefined when its conditions do not hold. */
  callWebhook(call: {
    readonly namespace: string;
    readonly flowId: string;
    readonly key: string;
    readonly variables: ValueMap;
    readonly from: string;
  }): Promise<string | undefined>;
  /** Returns what is known of a stored file. */
  file(uri: string): Promise<FileRecord | undefined>;
  /** Returns the entries of an execution in order, after the place `seq`. */
  entriesAfter(executionId: string, seq: number): Promise<readonly Entry[]>;
}

/** The system of one data folder, from which each who acts gets a view of one tenant. */
export interface System {
  readonly dataFolder: string;
  readonly store: Store;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly random: Random;
  readonly digests: Digests;
  readonly cipher: Cipher;
  readonly catalogue: TypeCatalogue;
  /** Seals answers that are kept for requests sent again. */
  readonly keptAnswers: KeptAnswers;
  /** Returns the view of `viewer`; the tenant is not looked up. */
  view(viewer: {
    readonly tenant: string;
    readonly actor: string;
    /** True for somebody at this machine, whose inputs may name its files. */
    readonly isLocal?: boolean;
    /** Who it is, as they proved it; absent: whoever is behind the handle. */
    readonly principal?: Principal;
  }): TenantView;
  /** Returns what decides in a tenant: the same for every door. */
  deciding(tenant: string): Deciding;
  /** Returns the tenants in order; `main` is always one. */
  tenants(): Promise<readonly string[]>;
  /** Throws `tenant.exists`. */
  addTenant(id: string, actor: string): Promise<void>;
  /** Starts looking after the schedules of every tenant; `complain` hears what goes wrong. */
  schedule(complain: (about: string, error: unknown) => void): Promise<void>;
  /** Does what is due from time to time: what has had its time goes, the ledger is signed and anchored. */
  keepHouse(): Promise<void>;
  /** Calls `listener` for each durable event of every tenant. */
  follow(listener: (tenant: string, event: ApplicationEvent) => void): void;
  /** Returns why a tenant could not be written, after which nothing of it goes on here; undefined when all can. */
  stranded(): unknown;
  /** Tells whether another process works on the data folder too. */
  isShared(): boolean;
  /** Lets what runs come to its end and begins nothing more; tells whether nothing was left. */
  drain(patienceMs: number): Promise<boolean>;
  close(): Promise<void>;
}
