/**
 * Numbers that tasks kept, over the executions of a flow: which there are, of which tasks, and how they
 * went over time.
 *
 * INVARIANT: of a flow with more executions than are looked at, the newest count, and the answer is the
 * same for whoever asks again.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { bucketFor, bucketStart } from '../../core/flow/index.ts';
import type { MetricRecord } from '../../ports/store.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, flowId, moment, namespace, route, tenant } from './define-route.ts';

const executionsMax = 500;
const dayMs = 86_400_000;
const name = z.string().min(1).max(200);
const params = z.strictObject({ tenant, namespace, flowId });
const aggregations = ['sum', 'avg', 'min', 'max'] as const;

const aggregateQuery = z.strictObject({
  startDate: moment.optional(),
  endDate: moment.optional(),
  aggregation: z.enum(aggregations).default('sum'),
});

const aggregateSchema = z
  .object({
    groupBy: z.enum(['minute', 'hour', 'day', 'month']),
    aggregations: z.array(z.object({ date: z.string(), value: z.number() })),
  })
  .describe('Numbers over time');

interface FlowName {
  readonly namespace: string;
  readonly flowId: string;
}

/** Returns the numbers of the newest executions of a flow within a time. */
async function metricsOf(
  view: TenantView,
  { namespace: space, flowId: id }: FlowName,
  from?: number,
  to?: number,
): Promise<readonly MetricRecord[]> {
  const records = await view.executions({
    namespace: space,
    flowId: id,
    limit: executionsMax,
    ...(from !== undefined && { createdFrom: from }),
    ...(to !== undefined && { createdTo: to }),
  });
  const found: MetricRecord[] = [];
  for (const record of records) found.push(...(await view.metrics(record.id)));
  return found;
}

function combined(values: readonly number[], how: (typeof aggregations)[number]): number {
  const sum = values.reduce((all, one) => all + one, 0);
  switch (how) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
  }
}

async function aggregate(
  view: TenantView,
  of: FlowName & { readonly metric: string; readonly taskId?: string },
  query: z.output<typeof aggregateQuery>,
) {
  const to = query.endDate ?? Date.now();
  const from = query.startDate ?? to - 30 * dayMs;
  if (from > to) throw new Failure('request.malformed', 'the time ends before it begins');
  const groupBy = bucketFor(to - from);
  const meant = (await metricsOf(view, of, from, to)).filter(
    (one) => one.name === of.metric && (of.taskId === undefined || one.taskId === of.taskId),
  );
  const groups = Map.groupBy(meant, ({ at }) => bucketStart(at, groupBy));
  const points = [...groups].map(([date, rows]) => ({
    date,
    value: combined(
      rows.map(({ value }) => value),
      query.aggregation,
    ),
  }));
  return { groupBy, aggregations: points.toSorted((a, b) => (a.date < b.date ? -1 : 1)) };
}

const texts = { 200: { description: 'In order', schema: z.array(z.string()) } };
const aggregates = { 200: { description: 'Numbers over time', schema: aggregateSchema } };
const access = asked('view', 'Execution');

function distinct(rows: readonly MetricRecord[], read: (row: MetricRecord) => string) {
  return answer([...new Set(rows.map(read))].toSorted());
}

/** The routes of numbers over the executions of a flow. */
export const metricRoutes: readonly Route[] = [
  route({
    id: 'listFlowMetrics',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/names/{namespace}/{flowId}',
    tag: 'Metrics',
    summary: 'Lists the names of the numbers that executions of a flow kept.',
    access,
    params,
    answers: texts,
    handle: async ({ view, params: of }) => distinct(await metricsOf(view, of), (one) => one.name),
  }),
  route({
    id: 'listTaskMetrics',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/names/{namespace}/{flowId}/{taskId}',
    tag: 'Metrics',
    summary: 'Lists the names of the numbers that a task of a flow kept.',
    access,
    params: params.extend({ taskId: name }),
    answers: texts,
    handle: async ({ view, params: of }) => {
      const rows = await metricsOf(view, of);
      return distinct(
        rows.filter((one) => one.taskId === of.taskId),
        (one) => one.name,
      );
    },
  }),
  route({
    id: 'listTasksWithMetrics',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/tasks/{namespace}/{flowId}',
    tag: 'Metrics',
    summary: 'Lists the tasks of a flow that kept numbers.',
    access,
    params,
    answers: texts,
    handle: async ({ view, params: of }) =>
      distinct(await metricsOf(view, of), (one) => one.taskId),
  }),
  route({
    id: 'aggregateMetricsFromFlow',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/aggregates/{namespace}/{flowId}/{metric}',
    tag: 'Metrics',
    summary: 'Returns a number over time, of the executions of a flow.',
    access,
    params: params.extend({ metric: name }),
    query: aggregateQuery,
    answers: aggregates,
    handle: async ({ view, params: of, query }) => answer(await aggregate(view, of, query)),
  }),
  route({
    id: 'aggregateMetricsFromTask',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/aggregates/{namespace}/{flowId}/{taskId}/{metric}',
    tag: 'Metrics',
    summary: 'Returns a number over time, of one task of a flow.',
    access,
    params: params.extend({ taskId: name, metric: name }),
    query: aggregateQuery,
    answers: aggregates,
    handle: async ({ view, params: of, query }) => answer(await aggregate(view, of, query)),
  }),
];
