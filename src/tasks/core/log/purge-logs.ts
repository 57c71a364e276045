/** `core.log.PurgeLogs`: deletes log lines that are old enough. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { logLevels } from '../../../ports/task-context.ts';
import { readInstant } from '../read-instant.ts';

/** Deletes log lines. */
export const purgeLogsTask = defineTask({
  type: 'core.log.PurgeLogs',
  summary: 'Deletes log lines written before a date.',
  input: z.strictObject({
    namespace: z.string().optional().describe('Only lines of this namespace.'),
    flowId: z.string().optional().describe('Only lines of this flow; needs `namespace`.'),
    logLevels: z
      .array(z.enum(logLevels))
      .optional()
      .describe('Only lines of these levels; all when absent.'),
    startDate: z.string().optional().describe('Only lines written at or after this date.'),
    endDate: z.string().describe('Only lines written before this date.'),
  }),
  output: z.strictObject({ count: z.int().describe('The number of deleted lines.') }),
  effect: { kind: 'idempotent', touches: ['store'] },
  provenance: { output: 'trusted' },
  failures: ['task.input-invalid'],
  examples: [
    {
      title: 'Delete debug lines of last year',
      flow: `id: purge-old-logs
namespace: shop.operations
tasks:
  - id: purge
    type: core.log.PurgeLogs
    namespace: shop.catalogue
    logLevels: [TRACE, DEBUG]
    endDate: "2026-01-01T00:00:00Z"
`,
      outputs: { purge: { count: 0 } },
    },
  ],
  async run({ namespace, flowId, logLevels: levels = [], startDate, endDate }, context) {
    if (flowId !== undefined && namespace === undefined) {
      throw new Failure('task.input-invalid', '`flowId` needs `namespace`');
    }
    const count = await context.executions.purgeLogs({
      ...(namespace === undefined ? {} : { namespace }),
      ...(flowId === undefined ? {} : { flowId }),
      levels,
      ...(startDate === undefined ? {} : { startDate: readInstant(startDate) }),
      endDate: readInstant(endDate),
    });
    return { count };
  },
});
