/** What the run loop is made of: the ports it drives. */
import type { OuterNames } from '../../core/engine/index.ts';
import type { TypeCatalogue } from '../../core/flow/index.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Cipher, Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Folders } from '../../ports/folders.ts';
import type { LeftProcesses } from '../../ports/left-processes.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Presence } from '../../ports/presence.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import type { Random } from '../../ports/random.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Store } from '../../ports/store.ts';
import type { ExecutionControl } from '../../ports/task-context.ts';
import type { TaskRegistry } from '../../ports/task-registry.ts';
import type { ApprovalParts, RunDoor } from '../approvals/index.ts';
import type { Committer } from '../committer/index.ts';
import type { FileProtection, SubjectRegister } from '../subjects/index.ts';
import type { Places } from './places.ts';

/** What the run loop is made of. */
export interface RunLoopParts {
  readonly tenant: string;
  /** Handle of who acts through this loop; stands in the ledger. */
  readonly actor: string;
  readonly store: Store;
  readonly committer: Committer;
  readonly blobs: Blobs;
  readonly folders: Folders;
  /** Keeps files about people out of clear. */
  readonly fileProtection?: FileProtection;
  /** Whom values are about. */
  readonly subjects: SubjectRegister;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly random: Random;
  readonly cipher: Cipher & Digests;
  readonly secrets: Secrets;
  readonly processes: ProcessRunner;
  readonly leftProcesses: LeftProcesses;
  readonly fetch: typeof globalThis.fetch;
  /** By which tasks send mail. */
  readonly mailer: Mailer;
  readonly places: Places;
  /** Decides about runs, and keeps what people decide; absent: nothing is asked. */
  readonly approvals?: { readonly parts: ApprovalParts; readonly door: RunDoor };
  /** Switches triggers on and off for the tasks of a loop; absent where there are none. */
  readonly switchTrigger?: (
    ...order: [...Parameters<ExecutionControl['switchTrigger']>, actor: string]
  ) => Promise<void>;
  readonly registry: TaskRegistry;
  readonly catalogue: TypeCatalogue;
  readonly outer: OuterNames;
  readonly environment: Readonly<Record<string, string | undefined>>;
}
