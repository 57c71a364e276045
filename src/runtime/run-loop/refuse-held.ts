/** Asking whether a legal hold keeps what is to be deleted; its code is loaded by the first who deletes. */
import type { Deletable, DeletedLines, DeletionParts } from '../erasure/index.ts';
import type { RunLoopParts } from './parts.ts';

function deletionParts({ tenant, actor, store, clock, committer }: RunLoopParts): DeletionParts {
  return { tenant, actor, store, clock, commit: (write) => committer.commit(write) };
}

/** Throws `hold.in-force` where a hold covers one of `items`, before any of them is deleted. */
export async function refuseHeld(parts: RunLoopParts, items: readonly Deletable[]): Promise<void> {
  const { refuseDeletion } = await import('../erasure/index.ts');
  await refuseDeletion(deletionParts(parts), items);
}

/** Throws `hold.in-force` where a hold covers executions that are to be deleted. */
export function refuseHeldExecutions(
  parts: RunLoopParts,
  executions: readonly { readonly id: string; readonly namespace: string }[],
): Promise<void> {
  const items = executions.map(({ id, namespace }) => ({
    what: `the execution \`${id}\``,
    place: `execution:${id}`,
    executionId: id,
    namespace,
  }));
  return refuseHeld(parts, items);
}

/** Throws `hold.in-force` where a hold covers log lines that are to be deleted. */
export async function refuseHeldLines(parts: RunLoopParts, lines: DeletedLines): Promise<void> {
  const { refuseLogDeletion } = await import('../erasure/index.ts');
  await refuseLogDeletion(deletionParts(parts), lines);
}
