/** `core.metric.Publish`: keeps numbers of this task run as metrics. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { parseDuration } from '../parse-duration.ts';

/** Keeps numbers as metrics. */
export const publishTask = defineTask({
  type: 'core.metric.Publish',
  summary: 'Keeps numbers as metrics of the execution.',
  input: z.strictObject({
    metrics: z
      .array(
        z.strictObject({
          name: z.string().min(1).describe('The name of the metric.'),
          type: z.enum(['counter', 'timer', 'gauge']).describe('The kind of the metric.'),
          value: z
            .union([z.number(), z.string()])
            .describe('The number; a timer takes an ISO duration or milliseconds.'),
          tags: z
            .record(z.string(), z.string())
            .optional()
            .describe('Names and values to group by.'),
        }),
      )
      .describe('The metrics to keep.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: ['task.input-invalid'],
  examples: [
    {
      title: 'Count packed parcels',
      flow: `id: count-parcels
namespace: shop.fulfilment
tasks:
  - id: publish
    type: core.metric.Publish
    metrics:
      - name: parcels.packed
        type: counter
        value: 42
        tags:
          warehouse: north
      - name: packing.time
        type: timer
        value: PT12M
`,
      outputs: { publish: {} },
    },
  ],
  async run({ metrics }, context) {
    for (const { name, type, value, tags } of metrics) {
      context.metric({ name, type, value: readNumber(name, type, value), ...(tags && { tags }) });
    }
    return {};
  },
});

function readNumber(name: string, type: string, value: number | string): number {
  if (typeof value === 'number') return value;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  if (type === 'timer') return parseDuration(value);
  throw new Failure('task.input-invalid', `the metric \`${name}\` has no number: \`${value}\``);
}
