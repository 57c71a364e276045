/** `core.execution.Count`: counts executions of flows and keeps the flows whose count is remarkable. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { mapOf } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { readInstant } from '../read-instant.ts';

const flowProperty = z.strictObject({
  namespace: z.string().describe('The namespace of the flow.'),
  flowId: z.string().describe('The id of the flow.'),
});

/** Counts executions. */
export const countTask = defineTask({
  type: 'core.execution.Count',
  aliases: ['io.kestra.core.tasks.executions.Counts', 'core.execution.Counts'],
  summary: 'Counts the executions of flows and gives the flows for which an expression holds.',
  input: z.strictObject({
    flows: z
      .array(flowProperty)
      .optional()
      .describe('The flows whose executions to count; those without one count 0.'),
    namespaces: z.array(z.string()).optional().describe('Namespaces whose flows to count.'),
    states: z.array(z.string()).optional().describe('Only executions in these states.'),
    startDate: z.string().describe('Only executions started at or after this ISO date.'),
    endDate: z.string().optional().describe('Only executions started before this date.'),
    expression: z
      .string()
      .describe(
        'A condition over `count`, such as `{{ count < 1 }}`; flows for which it holds are given.',
      ),
  }),
  output: z.strictObject({
    results: z
      .array(flowProperty.extend({ count: z.int().describe('Its number of executions.') }))
      .describe('The flows for which the expression holds.'),
    total: z.int().describe('The sum of their counts.'),
  }),
  effect: { kind: 'read', touches: ['store'] },
  provenance: { output: 'join' },
  rendering: { expression: 'raw' },
  failures: ['task.input-invalid', 'expression.failed'],
  examples: [
    {
      title: 'Find import flows that did not run',
      flow: `id: find-silent-imports
namespace: shop.operations
tasks:
  - id: silent
    type: core.execution.Count
    flows:
      - namespace: shop.catalogue
        flowId: import-products
    startDate: "2026-01-01T00:00:00Z"
    expression: "{{ count == 0 }}"
`,
      outputs: { silent: { total: 0 } },
    },
  ],
  async run({ flows = [], namespaces = [], states = [], startDate, endDate, expression }, context) {
    if (flows.length === 0 && namespaces.length === 0) {
      throw new Failure('task.input-invalid', 'neither `flows` nor `namespaces` names a flow');
    }
    const counted = await context.executions.count({
      flows,
      namespaces,
      states,
      startDate: readInstant(startDate),
      ...(endDate === undefined ? {} : { endDate: readInstant(endDate) }),
    });
    const results = [];
    for (const { namespace, flowId, count } of counted) {
      const { value } = await context.render(expression, mapOf({ count }));
      if (context.isTruthy(value)) results.push({ namespace, flowId, count });
    }
    return { results, total: results.reduce((sum, { count }) => sum + count, 0) };
  },
});
