/** The properties that tasks which start executions of other flows have in common. */
import { z } from 'zod';

/** Labels: a map, or a list of keys and values. */
export const labelsProperty = z.union([
  z.record(z.string(), z.unknown()),
  z.array(z.strictObject({ key: z.string(), value: z.unknown() })),
]);

/** What to start, with what, and what its end means. */
export const startedExecutionProperties = {
  namespace: z.string().describe('The namespace of the flow to start.'),
  flowId: z.string().describe('The id of the flow to start.'),
  revision: z.int().optional().describe('The revision to start; the newest when absent.'),
  inputs: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Values for the inputs of the flow.'),
  labels: labelsProperty.optional().describe('Labels to add to the started execution.'),
  wait: z
    .boolean()
    .default(true)
    .describe('Whether to wait until the started execution has ended.'),
  transmitFailed: z
    .boolean()
    .default(true)
    .describe('Whether a started execution that ends badly ends this task the same way.'),
  inheritLabels: z
    .boolean()
    .default(false)
    .describe('Whether the started execution gets the labels of this one.'),
  scheduleDate: z
    .string()
    .optional()
    .describe('When to start, as an ISO date; at once when absent.'),
} as const;
