/**
 * The documents of Kestra's API: flows, executions, logs, metrics, triggers, pairs, files. Clients that
 * know Kestra read them as they stand here; what is ours beyond is optional for them.
 */
import { z } from 'zod';

const isoDate = z.string().describe('An ISO instant');
const labels = z.array(z.object({ key: z.string(), value: z.string() }));
const anything = z.record(z.string(), z.unknown());

/** A flow with its source. */
export const flowSchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    revision: z.int(),
    tenantId: z.string(),
    disabled: z.boolean(),
    deleted: z.boolean(),
    description: z.string().optional(),
    labels,
    tasks: z.array(anything),
    source: z.string().optional(),
    updated: isoDate.optional(),
  })
  .loose()
  .describe('A flow, with the properties of its YAML');

/** A state and since when. */
export const stateSchema = z.object({
  current: z.string(),
  histories: z.array(z.object({ state: z.string(), date: isoDate })),
  startDate: isoDate.optional(),
  endDate: isoDate.optional(),
  duration: z.string().optional().describe('An ISO duration'),
});

/** A task run of an execution. */
export const taskRunSchema = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    executionId: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    taskId: z.string(),
    parentTaskRunId: z.string().optional(),
    value: z.string().optional(),
    iteration: z.int().optional(),
    state: stateSchema,
    attempts: z.array(z.object({ state: stateSchema, logFile: z.string().optional() })),
    outputs: anything,
  })
  .describe('A task run');

/** An execution. */
export const executionSchema = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    flowRevision: z.int(),
    state: stateSchema,
    inputs: anything,
    outputs: anything,
    labels,
    variables: anything.optional(),
    trigger: anything.optional(),
    originalId: z.string(),
    parentId: z.string().optional(),
    deleted: z.boolean(),
    metadata: z.object({ attemptNumber: z.int() }).optional(),
    taskRunList: z.array(taskRunSchema),
    url: z.string().optional().describe('Where it is shown'),
    error: z
      .object({
        message: z.string(),
        taskId: z.string().optional(),
        code: z.string().optional(),
      })
      .optional(),
  })
  .describe('An execution');

/** A log line. */
export const logSchema = z
  .object({
    namespace: z.string(),
    flowId: z.string(),
    tenantId: z.string(),
    executionId: z.string(),
    taskId: z.string().optional(),
    taskRunId: z.string().optional(),
    attemptNumber: z.int(),
    timestamp: isoDate,
    level: z.string(),
    message: z.string(),
    deleted: z.boolean(),
  })
  .describe('A log line');

/** A number that a task kept. */
export const metricSchema = z
  .object({
    namespace: z.string(),
    flowId: z.string(),
    tenantId: z.string(),
    executionId: z.string(),
    taskId: z.string(),
    taskRunId: z.string(),
    type: z.string(),
    name: z.string(),
    value: z.number(),
    timestamp: isoDate,
    tags: z.record(z.string(), z.string()),
    deleted: z.boolean(),
  })
  .describe('A number that a task kept');

/** A trigger of a flow and how it stands. */
export const triggerSchema = z
  .object({
    tenantId: z.string(),
    namespace: z.string(),
    flowId: z.string(),
    triggerId: z.string(),
    type: z.string(),
    date: isoDate,
    nextExecutionDate: isoDate.optional(),
    executionId: z.string().optional(),
    disabled: z.boolean(),
  })
  .describe('A trigger of a flow and how it stands');

/** What validating one flow found. */
export const violationSchema = z
  .object({
    index: z.int(),
    flow: z.string().optional(),
    namespace: z.string().optional(),
    constraints: z.string().optional().describe('What is wrong; absent: the flow is valid'),
    outdated: z.boolean(),
    deprecationPaths: z.array(z.string()),
    warnings: z.array(z.string()),
    infos: z.array(z.string()),
  })
  .loose()
  .describe('What validating one flow found');

/** A pair without its value. */
export const keyEntrySchema = z.object({
  namespace: z.string(),
  key: z.string(),
  type: z.string(),
  description: z.string().optional(),
  creationDate: isoDate,
  updateDate: isoDate,
  expirationDate: isoDate.optional(),
});

/** A namespace. */
export const namespaceSchema = z
  .object({ id: z.string(), deleted: z.boolean(), disabled: z.boolean().optional() })
  .loose();

/** A file or folder of a namespace. */
export const fileAttributesSchema = z.object({
  type: z.enum(['File', 'Directory']),
  fileName: z.string(),
  size: z.int(),
  lastModifiedTime: z.number(),
  creationTime: z.number(),
  uri: z.string().optional(),
});

/** How many things something was done to. */
export const bulkSchema = z.object({
  count: z.int(),
  failed: z
    .array(z.object({ id: z.string(), message: z.string() }))
    .optional()
    .describe('Those it could not be done to, and why'),
});

/** A graph of tasks. */
export const graphSchema = z.object({
  nodes: z.array(anything),
  edges: z.array(anything),
  clusters: z.array(anything),
  flowables: z.array(z.string()),
});

/** A flow. */
export type FlowAnswer = z.infer<typeof flowSchema>;
/** An execution. */
export type ExecutionAnswer = z.infer<typeof executionSchema>;
/** A task run. */
export type TaskRunAnswer = z.infer<typeof taskRunSchema>;
/** A log line. */
export type LogAnswer = z.infer<typeof logSchema>;
/** A graph of tasks. */
export type GraphAnswer = z.infer<typeof graphSchema>;
