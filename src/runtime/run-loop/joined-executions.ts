/**
 * Which executions share their files: those of which one caused the other, at any distance, and
 * repetitions of the same one (replays, retries), since what they hand each other names files.
 */
import type { Execution } from '../../core/engine/index.ts';
import type { ExecutionRecord } from '../../ports/store.ts';
import type { ExecutionPlace } from '../files/index.ts';
import type { RunLoopParts } from './parts.ts';

/** How far causes are followed; flows that start each other are refused long before. */
const distanceMax = 100;

/** Returns what finds the place of an execution that shares its files with `execution`. */
export function joinedTo(
  parts: Pick<RunLoopParts, 'store'>,
  execution: Execution,
): (executionId: string) => Promise<ExecutionPlace | undefined> {
  const find = (id: string): Promise<ExecutionRecord | undefined> =>
    parts.store.execution(execution.tenant, id);
  /** Tells whether `from`, or something that caused it, repeats `originalId`. */
  const leadsTo = async (
    from: ExecutionRecord | undefined,
    originalId: string,
  ): Promise<boolean> => {
    let at = from;
    for (let distance = 0; at !== undefined && distance < distanceMax; distance += 1) {
      if (at.originalId === originalId) return true;
      at = at.causedBy === null ? undefined : await find(at.causedBy);
    }
    return false;
  };
  return async (executionId) => {
    const other = await find(executionId);
    if (other === undefined) return undefined;
    const cause = execution.causedBy?.executionId;
    const isJoined =
      (await leadsTo(other, execution.originalId)) ||
      (cause !== undefined && (await leadsTo(await find(cause), other.originalId)));
    const { namespace, flowId } = other;
    return isJoined ? { namespace, flowId, executionId } : undefined;
  };
}
