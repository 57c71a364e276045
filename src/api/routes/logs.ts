/**
 * Log lines and numbers of executions: listed, searched, downloaded, followed, deleted. Lines say how it
 * went; what was done and decided is in the ledger.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import type { LogRecord } from '../../ports/store.ts';
import { logLevels } from '../../ports/task-context.ts';
import { logSchema, metricSchema, pageOf, pageQuery } from '../contract/index.ts';
import {
  answer,
  createHappenings,
  noContent,
  type Route,
  type RouteRequest,
  type ServerEvent,
} from '../server/index.ts';
import {
  asked,
  executionParams,
  flowId,
  listed,
  moment,
  namespace,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { isEnded, logAnswer, metricAnswer } from './execution-answer.ts';
import {
  checkFilters,
  filtersSchema,
  firstRow,
  isWithin,
  pageFrom,
  passes,
  scanMax,
  sorted,
} from './listing.ts';

const level = z.enum(logLevels);

const linesQuery = z.strictObject({
  minLevel: level.optional(),
  taskRunId: z.string().max(64).optional(),
  taskId: z.string().max(200).optional(),
  attempt: z.coerce.number().int().min(0).optional(),
});

type LinesQuery = z.output<typeof linesQuery>;

function from(minLevel: string | undefined): readonly string[] | undefined {
  return minLevel === undefined
    ? undefined
    : logLevels.slice(logLevels.indexOf(minLevel as (typeof logLevels)[number]));
}

async function linesOf(
  { view }: Pick<RouteRequest, 'view'>,
  executionId: string,
  query: LinesQuery,
): Promise<readonly LogRecord[]> {
  const levels = from(query.minLevel);
  const lines = await view.logs({
    executionId,
    ...(levels !== undefined && { levels }),
    ...(query.taskId !== undefined && { taskIds: [query.taskId] }),
  });
  return lines.filter(
    (one) =>
      (query.taskRunId === undefined || one.taskRunId === query.taskRunId) &&
      (query.attempt === undefined || one.attempt === query.attempt),
  );
}

/** Sends the lines there are, then those that come, each with its number, until the execution has ended. */
async function* followLines(
  request: Pick<RouteRequest, 'view' | 'signal' | 'header'>,
  executionId: string,
  query: LinesQuery,
): AsyncIterable<ServerEvent> {
  const { view, signal } = request;
  const happenings = createHappenings<true>(signal);
  const stop = view.follow((notice) => {
    if (notice.executionId === executionId) happenings.add(true);
  });
  const timer = setInterval(() => happenings.add(true), 1_000);
  try {
    const seen = Number(request.header('last-event-id') ?? 0);
    let sent = Number.isSafeInteger(seen) && seen > 0 ? seen : 0;
    if (sent === 0) yield { id: 'start', data: {} };
    happenings.add(true);
    for await (const _more of happenings) {
      const record = await view.record(executionId);
      for (const line of (await linesOf(request, executionId, query)).slice(sent)) {
        sent += 1;
        yield { id: String(sent), data: logAnswer(line) };
      }
      if (record !== undefined && !isEnded(record.state)) continue;
      yield { id: 'end', data: {} };
      return;
    }
  } finally {
    clearInterval(timer);
    stop();
    happenings.end();
  }
}

function lineText(line: LogRecord): string {
  const place = line.taskId === null ? '' : ` ${line.taskId}`;
  return `${new Date(line.at).toISOString()} ${line.level}${place} ${line.message}\n`;
}

const searchQuery = z.strictObject({
  ...pageQuery,
  q: z.string().optional(),
  namespace: z.string().optional(),
  flowId: z.string().optional(),
  triggerId: z.string().optional(),
  minLevel: level.optional(),
  startDate: moment.optional(),
  endDate: moment.optional(),
  filters: filtersSchema.optional(),
});

const lineFields = [
  'q',
  'query',
  'message',
  'namespace',
  'flowId',
  'executionId',
  'taskId',
  'taskRunId',
  'level',
  'minLevel',
  'timestamp',
  'startDate',
  'endDate',
];

function lineField(line: LogRecord, name: string): string | undefined {
  switch (name) {
    case 'q':
    case 'query':
    case 'message':
      return line.message;
    case 'namespace':
      return line.namespace;
    case 'flowId':
      return line.flowId;
    case 'executionId':
      return line.executionId;
    case 'taskId':
      return line.taskId ?? '';
    case 'taskRunId':
      return line.taskRunId ?? '';
    case 'level':
    case 'minLevel':
      return line.level;
    case 'timestamp':
    case 'startDate':
    case 'endDate':
      return new Date(line.at).toISOString();
    default:
      return undefined;
  }
}

/** The routes of logs and metrics. */
export const logRoutes: readonly Route[] = [
  route({
    id: 'searchLogs',
    method: 'GET',
    path: '/api/v1/{tenant}/logs/search',
    tag: 'Logs',
    summary: 'Lists log lines; of more than ten thousand the oldest.',
    access: listed('Execution'),
    params: tenantParams,
    query: searchQuery,
    answers: { 200: { description: 'A page of lines', schema: pageOf(logSchema) } },
    handle: async ({ view, query }) => {
      firstRow(query);
      checkFilters(query.filters, lineFields);
      const levels = from(query.minLevel);
      const text = query.q?.toLowerCase() ?? '';
      const lines = await view.logs({
        limit: scanMax,
        ...(query.flowId !== undefined && { flowId: query.flowId }),
        ...(levels !== undefined && { levels }),
        ...(query.startDate !== undefined && { from: query.startDate }),
        ...(query.endDate !== undefined && { to: query.endDate }),
      });
      const found = lines.filter(
        (one) =>
          (query.namespace === undefined || isWithin(one.namespace, query.namespace)) &&
          one.message.toLowerCase().includes(text) &&
          query.triggerId === undefined &&
          passes(query.filters ?? [], (field) => lineField(one, field)),
      );
      const page = pageFrom(sorted(found, query.sort, lineField), query);
      return answer({ results: page.results.map(logAnswer), total: page.total });
    },
  }),
  route({
    id: 'listLogsFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/logs/{executionId}',
    tag: 'Logs',
    summary: 'Lists the lines of an execution, the oldest first.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: linesQuery,
    answers: { 200: { description: 'The lines', schema: z.array(logSchema) } },
    handle: async (request) =>
      answer((await linesOf(request, request.params.executionId, request.query)).map(logAnswer)),
  }),
  route({
    id: 'downloadLogsFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/logs/{executionId}/download',
    tag: 'Logs',
    summary: 'Returns the lines of an execution as text.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: linesQuery,
    answers: { 200: { description: 'The lines', mediaType: 'text/plain' } },
    handle: async (request) => {
      const lines = await linesOf(request, request.params.executionId, request.query);
      const name = `logs-${request.params.executionId}.txt`;
      return {
        status: 200,
        mediaType: 'text/plain; charset=utf-8',
        headers: { 'content-disposition': `attachment; filename="${name}"` },
        body: lines.map(lineText).join(''),
      };
    },
  }),
  route({
    id: 'followLogsFromExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/logs/{executionId}/follow',
    tag: 'Logs',
    summary: 'Sends the lines of an execution as they come, until it has ended.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: z.strictObject({ minLevel: level.optional() }),
    answers: {
      200: {
        description: 'Events `start`, lines with their number, and `end`',
        mediaType: 'text/event-stream',
      },
    },
    handle: async (request) => ({
      status: 200,
      events: followLines(request, request.params.executionId, request.query),
    }),
  }),
  route({
    id: 'deleteLogsFromExecution',
    method: 'DELETE',
    path: '/api/v1/{tenant}/logs/{executionId}',
    tag: 'Logs',
    summary: 'Deletes lines of an execution.',
    access: asked('delete', 'Execution'),
    params: executionParams,
    query: linesQuery,
    answers: { 204: { description: 'They are deleted' } },
    handle: async ({ view, params, query }) => {
      if (query.taskRunId !== undefined || query.attempt !== undefined) {
        throw new Failure('request.malformed', 'lines are deleted by task and level only');
      }
      const levels = from(query.minLevel);
      await view.deleteLogs({
        executionId: params.executionId,
        ...(levels !== undefined && { levels }),
        ...(query.taskId !== undefined && { taskIds: [query.taskId] }),
      });
      return noContent();
    },
  }),
  route({
    id: 'deleteLogsFromFlow',
    method: 'DELETE',
    path: '/api/v1/{tenant}/logs/{namespace}/{flowId}',
    tag: 'Logs',
    summary: 'Deletes the lines of all executions of a flow.',
    access: asked('delete', 'Flow'),
    params: z.strictObject({ tenant, namespace, flowId }),
    answers: { 204: { description: 'They are deleted' } },
    handle: async ({ view, params }) => {
      await view.deleteLogs({ namespace: params.namespace, flowId: params.flowId });
      return noContent();
    },
  }),
  route({
    id: 'searchMetricsByExecution',
    method: 'GET',
    path: '/api/v1/{tenant}/metrics/{executionId}',
    tag: 'Metrics',
    summary: 'Lists the numbers that tasks of an execution kept.',
    access: asked('view', 'Execution'),
    params: executionParams,
    query: z.strictObject({
      ...pageQuery,
      taskRunId: z.string().max(64).optional(),
      taskId: z.string().max(200).optional(),
    }),
    answers: { 200: { description: 'A page of numbers', schema: pageOf(metricSchema) } },
    handle: async ({ view, params, query }) => {
      const record = await view.record(params.executionId);
      const of = { namespace: record?.namespace ?? '', flowId: record?.flowId ?? '' };
      const found = (await view.metrics(params.executionId))
        .filter(
          (one) =>
            (query.taskRunId === undefined || one.taskRunId === query.taskRunId) &&
            (query.taskId === undefined || one.taskId === query.taskId),
        )
        .map((one) => metricAnswer(one, of));
      const rows = sorted(
        found,
        query.sort,
        (row, name) => Object.entries(row).find(([key]) => key === name)?.[1],
      );
      return answer(pageFrom(rows, query));
    },
  }),
];
