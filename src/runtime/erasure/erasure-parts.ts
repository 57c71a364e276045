/** What erasing is made of: the ports it drives, and what it asks of the run loop. */
import type { Flow } from '../../core/flow/index.ts';
import { encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { NewEntry, Write } from '../../ports/store.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';
import type { LedgerParts } from '../sealer/index.ts';
import type { SubjectRegister } from '../subjects/index.ts';

/** What erasing is made of. */
export interface ErasureParts {
  readonly tenant: string;
  /** Handle of who erases; stands in the ledger. */
  readonly actor: string;
  /** The ledger, with the store below the protection of values. */
  readonly ledger: LedgerParts;
  readonly commit: (write: Write) => Promise<void>;
  readonly blobs: Pick<Blobs, 'delete' | 'list'>;
  readonly keys: SubjectKeys;
  readonly subjects: SubjectRegister;
  /** Kills an execution and waits until it has ended. */
  readonly kill: (executionId: string) => Promise<void>;
  /** Returns the flow of an execution, if it is still known. */
  readonly flowOf: (namespace: string, id: string, revision: number) => Promise<Flow | undefined>;
}

/** Returns an entry about erasing. */
export function erasureEntry(
  { tenant, actor, ledger }: ErasureParts,
  stream: string,
  type: string,
  payload: Readonly<Record<string, Value>>,
): NewEntry {
  const at = ledger.clock.now();
  return { tenant, at, stream, type, actor, payload: encodeValue(mapOf(payload)) };
}
