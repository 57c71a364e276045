/** Deleting executions from what is read: the ledger keeps its entries, and gets one that says who deleted. */
import { isTerminated, type State } from '../core/engine/index.ts';
import { Failure } from '../core/failure/index.ts';
import { encodeValue } from '../core/value/index.ts';
import { deleteExecutionFiles } from '../runtime/files/index.ts';
import { fileParts, refuseHeldExecutions, type RunLoopParts } from '../runtime/run-loop/index.ts';

/** What goes with an execution. */
export interface DeletedParts {
  readonly logs: boolean;
  readonly metrics: boolean;
  readonly files: boolean;
}

/** Deletes ended executions and what `what` names of them; throws `execution.wrong-state` for others, and `hold.in-force`. */
export async function deleteExecutions(
  parts: RunLoopParts,
  ids: readonly string[],
  what: DeletedParts,
): Promise<void> {
  const { store, tenant, committer, clock, actor } = parts;
  const records = [];
  for (const id of ids) {
    const record = await store.execution(tenant, id);
    if (record === undefined) {
      throw new Failure('execution.not-found', `there is no execution \`${id}\``);
    }
    if (!isTerminated(record.state as State)) {
      throw new Failure(
        'execution.wrong-state',
        `the execution \`${id}\` is ${record.state} and cannot be deleted`,
        { help: 'wait until it has ended, or kill it' },
      );
    }
    records.push(record);
  }
  await refuseHeldExecutions(parts, records);
  for (const { id, namespace, flowId } of records) {
    await committer.commit({
      entries: [
        {
          tenant,
          at: clock.now(),
          stream: `deletions:${namespace}/${flowId}`,
          type: 'execution-deleted',
          actor,
          payload: encodeValue({ executionId: id, namespace, flowId, ...what }),
        },
      ],
    });
    if (what.files) {
      await deleteExecutionFiles(fileParts(parts), { namespace, flowId, executionId: id });
    }
    await store.purge({
      tenant,
      executionIds: [id],
      parts: [
        'execution',
        ...(what.logs ? (['log'] as const) : []),
        ...(what.metrics ? (['metric'] as const) : []),
      ],
    });
  }
}
