/** What a task may ask of other executions, over the run loop and the store. */
import { Failure } from '../../core/failure/index.ts';
import { mapOf, marksOf, plain, type ValueMap } from '../../core/value/index.ts';
import { type ExecutionControl, logLevels } from '../../ports/task-context.ts';
import { deleteExecutionFiles } from '../files/index.ts';
import { killExecution, resumeExecution } from './operations.ts';
import { fileParts } from './run-evaluation.ts';
import { refuseHeldExecutions, refuseHeldLines } from './refuse-held.ts';
import type { RunLoop } from './loop.ts';

function momentOf(iso: string | undefined): number | undefined {
  return iso === undefined ? undefined : Temporal.Instant.from(iso).epochMilliseconds;
}

const pageSize = 500;

/** Returns what tasks may ask of other executions. */
export function executionControl(loop: RunLoop): ExecutionControl {
  const { store, tenant, actor, switchTrigger } = loop.parts;
  return {
    resume: (executionId, inputs, provenance = plain) =>
      resumeExecution(loop, executionId, inputs, { by: actor }, marksOf(provenance)),
    kill: (executionId) => killExecution(loop, executionId, actor),
    async switchTrigger(trigger, isEnabled) {
      if (switchTrigger === undefined) {
        const name = `${trigger.namespace}/${trigger.flowId}/${trigger.triggerId}`;
        throw new Failure('trigger.not-found', `nothing looks after the trigger \`${name}\` here`);
      }
      await switchTrigger(trigger, isEnabled, actor);
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
