/**
 * The system as its surfaces (command line, API, tests) use it: flows, executions, pairs and files of
 * one data folder. Built by `createApplication`, the only place that chooses adapters.
 */
import type { ExecutionDocument } from '../api/contract/index.ts';
import type { Diagnostic, Flow, TypeCatalogue } from '../core/flow/index.ts';
import type { LedgerVerdict } from '../core/ledger/index.ts';
import type { Value } from '../core/value/index.ts';
import type {
  Entry,
  EntryQuery,
  ExecutionRecord,
  FlowRecord,
  LogQuery,
  LogRecord,
  SealedEntry,
} from '../ports/store.ts';
import type { KeyValues } from '../ports/key-values.ts';
import type { NamespaceFiles } from '../ports/namespace-files.ts';
import type { BackupRequest, MadeBackup } from './backup/make-backup.ts';
import type { Notice } from '../runtime/run-loop/index.ts';

/** Which flow to start, with what. */
export interface StartRequest {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision?: number;
  /** Values as a form gives them (text; a local path for FILE) or already typed. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly labels?: readonly { readonly key: string; readonly value: string }[];
}

/** Something that happened and is durable; for live displays. */
export type ApplicationEvent = Notice;

/** What `save` did. */
export interface SavedFlow {
  readonly flow: Flow;
  readonly revision: number;
  /** False when the source equals the newest revision. */
  readonly isChanged: boolean;
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

/** The ledger as people ask about it. */
export interface LedgerDesk {
  /** `notes` are checkpoints kept elsewhere; `verifierKeys` are trusted instead of the own key. */
  verify(request?: {
    readonly notes?: readonly string[];
    readonly verifierKeys?: readonly string[];
  }): Promise<LedgerVerdict>;
  /** Signs how the ledger looks now. */
  checkpoint(): Promise<SignedCheckpoint>;
  /** Returns the proof file of an entry; throws `ledger.entry-not-found`. */
  prove(seq: number): Promise<string>;
  /** Returns an entry with its seal; throws `ledger.entry-not-found`. */
  entry(seq: number): Promise<SealedEntry>;
  search(query: Omit<EntryQuery, 'tenant'>): Promise<readonly Entry[]>;
  /** Returns entries with their seals in order, page by page, bounds included. */
  read(from: number, to: number): AsyncIterable<SealedEntry>;
}

/** The system as its surfaces use it. */
export interface Application {
  readonly dataFolder: string;
  readonly catalogue: TypeCatalogue;

  /** Parses and stores a flow; throws `Failure('flow.invalid')` with `details.diagnostics` when it is invalid. */
  saveFlow(source: string, file: string): Promise<SavedFlow>;
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
  executions(query: {
    readonly namespace?: string;
    readonly flowId?: string;
    readonly states?: readonly string[];
    readonly limit: number;
    readonly after?: string;
  }): Promise<readonly ExecutionRecord[]>;
  logs(query: Omit<LogQuery, 'tenant'>): Promise<readonly LogRecord[]>;
  /** Throws `execution.wrong-state` when it is not paused, `input.invalid` when the form refuses. */
  resume(id: string, inputs: Readonly<Record<string, Value>>): Promise<void>;
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

  /** Copies the data folder as it is at this moment to another folder, while others work on it. */
  backup(request: BackupRequest): Promise<MadeBackup>;

  /** Calls `listener` for each durable event until the returned function is called. */
  follow(listener: (event: ApplicationEvent) => void): () => void;
  close(): Promise<void>;
}
