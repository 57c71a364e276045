/**
 * An execution as its entries say it is: its stream of the ledger, folded by the reducer; the present
 * one, or the one that it was at an earlier place of the ledger.
 */
import {
  applyEvent,
  blankExecution,
  decodeEvent,
  type Execution,
  type ExecutionCreated,
  type ExecutionEvent,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Entry } from '../../ports/store.ts';
import { mayConcern, openHidden } from '../subjects/index.ts';
import { Outstanding } from './active.ts';
import type { RunLoop } from './loop.ts';
import type { RunLoopParts } from './parts.ts';

/** An execution, folded. */
export interface FoldedExecution {
  readonly execution: Execution;
  readonly created: ExecutionCreated;
  /** How many of its entries are in it. */
  readonly known: number;
  readonly outstanding: Outstanding;
}

/** Returns the event of an entry with what was made of secrets readable, as it was when it happened. */
function readEvent({ cipher }: RunLoopParts, { type, at, stream, payload }: Entry): ExecutionEvent {
  // Beside what was hidden stands its mark; what somebody gave in this form has none.
  if (!mayConcern(payload)) return decodeEvent(type, at, payload);
  const open = (sealed: string): string => cipher.decrypt(sealed, undefined, stream);
  return decodeEvent(type, at, openHidden(payload, open));
}

/**
 * Folds the stored events of an execution, those up to the place `untilSeq` where one is named; throws
 * `execution.not-found` and `execution.erased`.
 */
export async function foldExecution(
  { parts, library }: Pick<RunLoop, 'parts' | 'library'>,
  executionId: string,
  untilSeq = Number.POSITIVE_INFINITY,
): Promise<FoldedExecution> {
  const stored = await parts.store.entries(parts.tenant, `execution:${executionId}`);
  const entries = stored.filter(({ seq }) => seq <= untilSeq);
  const [first] = entries;
  if (first === undefined) {
    throw new Failure('execution.not-found', `there is no execution \`${executionId}\``);
  }
  if (entries.some((entry) => entry.isErased)) {
    throw new Failure(
      'execution.erased',
      `values of the execution \`${executionId}\` were erased, so that it cannot go on`,
    );
  }
  const created = readEvent(parts, first) as ExecutionCreated;
  const { flow } = await library.find(created.namespace, created.flowId, created.revision);
  const execution = blankExecution(
    executionId,
    parts.tenant,
    created.loopTaskId === undefined ? flow : library.iteration(flow, created.loopTaskId),
    created.revision,
    created.loopTaskId,
  );
  const outstanding = new Outstanding();
  for (const entry of entries) {
    const event = readEvent(parts, entry);
    outstanding.note(event, applyEvent(execution, event).commands);
  }
  return { execution, created, known: entries.length, outstanding };
}
