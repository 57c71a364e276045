/**
 * What a task may ask of other executions, over the run loop and the store. It acts in the name of whoever had
 * its execution started.
 *
 * INVARIANT: what is of another namespace is changed by nobody who may not do so there.
 */
import type { Execution } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { mapOf, marksOf, plain, type ValueMap } from '../../core/value/index.ts';
import { type ExecutionControl, logLevels } from '../../ports/task-context.ts';
import { assertMayDo, type Deed } from '../approvals/index.ts';
import { deleteExecutionFiles } from '../files/index.ts';
import { killExecution, resumeExecution } from './operations.ts';
import { fileParts } from './run-evaluation.ts';
import { refuseHeldExecutions, refuseHeldLines } from './refuse-held.ts';
import type { RunLoop } from './loop.ts';

function momentOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Temporal.Instant.from(iso).epochMilliseconds;
}

const pageSize = 500;

/**
 * Returns what tasks of `caller` may ask of other executions. Whoever had it started answers for it; in
 * another namespace than its own they are asked about as they would be at the door of the API.
 */
export function executionControl(loop: RunLoop, caller: Execution): ExecutionControl {
  const { store, tenant, actor, approvals, switchTrigger } = loop.parts;
  const { by = actor } = caller;
  const assertMay = async (
    action: Deed['action'],
    place: Pick<Deed, 'namespace' | 'flowId'>,
    resource: Deed['resource'] = 'Execution',
  ): Promise<void> => {
    if (approvals === undefined || place.namespace === caller.flow.namespace) return;
    await assertMayDo(approvals.parts, caller.by, { action, resource, ...place });
  };
  const assertMayTo = async (action: Deed['action'], executionId: string): Promise<void> => {
    const record = await store.execution(tenant, executionId);
    // One that is not there is refused by whatever is done with it.
    if (record === undefined) return;
    await assertMay(action, { namespace: record.namespace, flowId: record.flowId });
  };
  /** Where no namespace is named, all of them are meant. */
  const assertMayDelete = async (namespace: string | undefined, flowId?: string): Promise<void> => {
    const all = namespace === undefined ? await store.namespaces(tenant) : [namespace];
    for (const one of all) {
      await assertMay('delete', { namespace: one, ...(flowId !== undefined && { flowId }) });
    }
  };
  return {
    async resume(executionId, inputs, provenance = plain) {
      await assertMayTo('resume', executionId);
      await resumeExecution(loop, executionId, inputs, { by }, marksOf(provenance));
    },
    async kill(executionId) {
      await assertMayTo('kill', executionId);
      await killExecution(loop, executionId, by);
    },
    async switchTrigger(trigger, isEnabled) {
      const { namespace, flowId, triggerId } = trigger;
      await assertMay('edit', { namespace, flowId }, 'Trigger');
      if (switchTrigger === undefined) {
        const name = `${namespace}/${flowId}/${triggerId}`;
        throw new Failure('trigger.not-found', `nothing looks after the trigger \`${name}\` here`);
      }
      await switchTrigger(trigger, isEnabled, by);
    },
    async count(query) {
      const from = momentOf(query.startDate);
      const to = momentOf(query.endDate);
      const base = {
        tenant,
        ...(query.states.length > 0 && { states: query.states }),
        ...(from !== undefined && { createdFrom: from }),
        ...(to !== undefined && { createdTo: to }),
      };
      const named = query.flows.map(async ({ namespace, flowId }) => {
        const [found] = await store.countExecutions({ ...base, namespace, flowId });
        return [{ namespace, flowId, count: found?.count ?? 0 }];
      });
      const whole = query.namespaces.map(async (namespace) => {
        const counts = await store.countExecutions({ ...base, namespace });
        const flows = await store.flows(tenant, namespace);
        // A flow that never ran is counted too: finding those is what counting is for.
        const idle = flows.filter((flow) => !counts.some(({ flowId }) => flowId === flow.id));
        return [...counts, ...idle.map((flow) => ({ namespace, flowId: flow.id, count: 0 }))];
      });
      return (await Promise.all([...named, ...whole])).flat();
    },
    async purge(query) {
      await assertMayDelete(query.namespace, query.flowId);
      const totals = { executions: 0, logs: 0, metrics: 0, files: 0 };
      const from = momentOf(query.startDate);
      let after: string | undefined;
      for (;;) {
        const page = await store.executions({
          tenant,
          ...(query.namespace !== undefined && { namespace: query.namespace }),
          ...(query.flowId !== undefined && { flowId: query.flowId }),
          states:
            query.states.length > 0
              ? query.states
              : ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED'],
          ...(from !== undefined && { createdFrom: from }),
          createdTo: momentOf(query.endDate) ?? 0,
          limit: pageSize,
          ...(after !== undefined && { after }),
        });
        if (page.length === 0) return totals;
        after = page.at(-1)?.id;
        await refuseHeldExecutions(loop.parts, page);
        if (query.parts.includes('storage')) {
          for (const { namespace, flowId, id } of page) {
            totals.files += await deleteExecutionFiles(fileParts(loop.parts), {
              namespace,
              flowId,
              executionId: id,
            });
          }
        }
        const purged = await store.purge({
          tenant,
          executionIds: page.map((one) => one.id),
          parts: query.parts.filter((part) => part !== 'storage'),
        });
        totals.executions += purged.executions;
        totals.logs += purged.logs;
        totals.metrics += purged.metrics;
        if (page.length < pageSize) return totals;
      }
    },
    async logs(query): Promise<readonly ValueMap[]> {
      const levels = logLevels.slice(logLevels.indexOf(query.levelMin));
      const lines = await store.logs({
        tenant,
        executionId: query.executionId,
        levels,
        ...(query.taskIds.length > 0 && { taskIds: query.taskIds }),
      });
      return lines.map((line) =>
        mapOf({
          level: line.level,
          namespace: line.namespace,
          flowId: line.flowId,
          executionId: line.executionId,
          taskId: line.taskId,
          taskRunId: line.taskRunId,
          attemptNumber: line.attempt,
          timestamp: Temporal.Instant.fromEpochMilliseconds(line.at).toString(),
          message: line.message,
        }),
      );
    },
    async purgeLogs(query) {
      const to = momentOf(query.endDate);
      if (to === undefined) throw new Failure('task.input-invalid', '`endDate` is missing');
      const from = momentOf(query.startDate);
      await assertMayDelete(query.namespace, query.flowId);
      await refuseHeldLines(loop.parts, query);
      return store.purgeLogs({
        tenant,
        ...(query.namespace !== undefined && { namespace: query.namespace }),
        ...(query.flowId !== undefined && { flowId: query.flowId }),
        ...(query.levels.length > 0 && { levels: query.levels }),
        ...(from !== undefined && { from }),
        to,
      });
    },
  };
}
