/** `core.execution.PurgeExecutions`: deletes ended executions that are old enough. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { readInstant } from '../read-instant.ts';

const part = (what: string) => z.boolean().default(true).describe(`Whether ${what} are deleted.`);

/** Deletes ended executions. */
export const purgeExecutionsTask = defineTask({
  type: 'core.execution.PurgeExecutions',
  aliases: ['core.storage.Purge', 'io.kestra.core.tasks.storages.Purge'],
  summary: 'Deletes ended executions that started before a date, and what belongs to them.',
  input: z.strictObject({
    namespace: z.string().optional().describe('Only executions of this namespace.'),
    flowId: z.string().optional().describe('Only executions of this flow; needs `namespace`.'),
    startDate: z.string().optional().describe('Only executions started at or after this date.'),
    endDate: z.string().describe('Only executions started before this date.'),
    states: z.array(z.string()).optional().describe('Only executions that ended in these states.'),
    purgeExecution: part('the executions'),
    purgeLog: part('their log lines'),
    purgeMetric: part('their metrics'),
    purgeStorage: part('their files'),
  }),
  output: z.strictObject({
    executionsCount: z.int().describe('The number of deleted executions.'),
    logsCount: z.int().describe('The number of deleted log lines.'),
    metricsCount: z.int().describe('The number of deleted metrics.'),
    storagesCount: z.int().describe('The number of deleted files.'),
  }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: ['task.input-invalid'],
  examples: [
    {
      title: 'Delete executions of last year',
      flow: `id: purge-old-executions
namespace: shop.operations
tasks:
  - id: purge
    type: core.execution.PurgeExecutions
    namespace: shop.catalogue
    endDate: "2026-01-01T00:00:00Z"
    states: [SUCCESS]
`,
      outputs: { purge: { executionsCount: 0 } },
    },
  ],
  async run(input, context) {
    const { namespace, flowId, startDate, endDate, states = [] } = input;
    if (flowId !== undefined && namespace === undefined) {
      throw new Failure('task.input-invalid', '`flowId` needs `namespace`');
    }
    const counts = await context.executions.purge({
      ...(namespace === undefined ? {} : { namespace }),
      ...(flowId === undefined ? {} : { flowId }),
      states,
      ...(startDate === undefined ? {} : { startDate: readInstant(startDate) }),
      endDate: readInstant(endDate),
      parts: [
        ...(input.purgeExecution ? (['execution'] as const) : []),
        ...(input.purgeLog ? (['log'] as const) : []),
        ...(input.purgeMetric ? (['metric'] as const) : []),
        ...(input.purgeStorage ? (['storage'] as const) : []),
      ],
    });
    return {
      executionsCount: counts.executions,
      logsCount: counts.logs,
      metricsCount: counts.metrics,
      storagesCount: counts.files,
    };
  },
});
