/**
 * Which executions a list or a bulk operation means, in the parameters of Kestra: what the store can narrow
 * is left to it, the rest is looked at here.
 */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration } from '../../core/flow/index.ts';
import type { ExecutionRecord } from '../../ports/store.ts';
import { type Page, pageQuery, textsSchema } from '../contract/index.ts';
import { moment } from './define-route.ts';
import {
  checkFilters,
  filtersSchema,
  firstRow,
  isWithin,
  passes,
  scanMax,
  sorted,
} from './listing.ts';

/** The filters of executions. */
export const executionFilters = {
  q: z.string().optional(),
  scope: textsSchema.optional(),
  namespace: z.string().optional(),
  flowId: z.string().optional(),
  startDate: moment.optional(),
  endDate: moment.optional(),
  timeRange: z.string().optional().describe('An ISO duration up to now'),
  state: textsSchema.optional(),
  labels: textsSchema.optional(),
  triggerExecutionId: z.string().optional(),
  childFilter: z.enum(['CHILD', 'MAIN']).optional(),
  filters: filtersSchema.optional(),
};

/** The query of a list of executions. */
export const executionQuery = z.strictObject({ ...pageQuery, ...executionFilters });

const filterQuery = z.strictObject(executionFilters);

/** Filters of executions. */
export type ExecutionFilters = z.output<typeof filterQuery>;

type Query = z.output<typeof executionQuery>;

/** What the store itself can narrow. */
interface Base {
  readonly namespace?: string;
  readonly flowId?: string;
  readonly states?: readonly string[];
  readonly causedBy?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

const scanPage = 500;

function fieldOf(
  record: ExecutionRecord,
  name: string,
): string | number | readonly string[] | undefined {
  switch (name) {
    case 'id':
      return record.id;
    case 'namespace':
      return record.namespace;
    case 'flowId':
      return record.flowId;
    case 'state':
    case 'state.current':
      return record.state;
    case 'startDate':
    case 'state.startDate':
      return record.createdAt;
    case 'endDate':
    case 'state.endDate':
      return record.endedAt ?? 0;
    case 'duration':
    case 'state.duration':
      return (record.endedAt ?? record.createdAt) - record.createdAt;
    case 'labels':
      return Object.entries(record.labels).map(([key, value]) => `${key}:${value}`);
    case 'triggerExecutionId':
      return record.causedBy ?? '';
    case 'childFilter':
      return record.causedBy === null ? 'MAIN' : 'CHILD';
    case 'scope':
      return record.namespace === 'system' ? 'SYSTEM' : 'USER';
    case 'q':
    case 'query':
      return [record.id, record.namespace, record.flowId];
    default:
      return undefined;
  }
}

function filterField(
  record: ExecutionRecord,
  name: string,
): string | readonly string[] | undefined {
  const value = fieldOf(record, name);
  // Dates are compared as the texts that they are sent as.
  if (typeof value === 'number') {
    return name.endsWith('Date') ? new Date(value).toISOString() : String(value);
  }
  return value;
}

const filterFields = [
  'q',
  'query',
  'id',
  'namespace',
  'flowId',
  'state',
  'startDate',
  'endDate',
  'labels',
  'triggerExecutionId',
  'childFilter',
  'scope',
];

function baseOf(query: Partial<Query>, now: number): Base {
  checkFilters(query.filters, filterFields);
  const range = query.timeRange === undefined ? undefined : parseDuration(query.timeRange);
  if (query.timeRange !== undefined && range === undefined) {
    throw new Failure('request.malformed', `\`${query.timeRange}\` is no ISO duration`);
  }
  const from = query.startDate ?? (range === undefined ? undefined : now - range);
  return {
    ...(query.flowId !== undefined && { flowId: query.flowId }),
    ...(query.state !== undefined && { states: query.state }),
    ...(query.triggerExecutionId !== undefined && { causedBy: query.triggerExecutionId }),
    ...(from !== undefined && { createdFrom: from }),
    ...(query.endDate !== undefined && { createdTo: query.endDate }),
  };
}

/** Tells whether a record passes what the store cannot narrow; undefined when there is no such thing. */
function restOf(query: Partial<Query>): ((record: ExecutionRecord) => boolean) | undefined {
  const { q, scope, namespace, labels, childFilter, filters } = query;
  const isNarrow = [q, scope, namespace, labels, childFilter, filters].some(
    (one) => one !== undefined,
  );
  if (!isNarrow) return undefined;
  const text = q?.toLowerCase() ?? '';
  return (record) =>
    (namespace === undefined || isWithin(record.namespace, namespace)) &&
    (text === '' ||
      [record.id, record.namespace, record.flowId].some((one) =>
        one.toLowerCase().includes(text),
      )) &&
    (labels ?? []).every((one) => (fieldOf(record, 'labels') as string[]).includes(one)) &&
    (childFilter === undefined || fieldOf(record, 'childFilter') === childFilter) &&
    (scope === undefined || scope.includes(fieldOf(record, 'scope') as string)) &&
    passes(filters ?? [], (field) => filterField(record, field));
}

async function scan(
  view: TenantView,
  base: Base,
  isMeant: (record: ExecutionRecord) => boolean,
  enough: number,
): Promise<ExecutionRecord[]> {
  const found: ExecutionRecord[] = [];
  let after: string | undefined;
  for (let seen = 0; seen < scanMax && found.length < enough; seen += scanPage) {
    const page = await view.executions({
      ...base,
      limit: scanPage,
      ...(after !== undefined && { after }),
    });
    found.push(...page.filter(isMeant));
    if (page.length < scanPage) break;
    after = page.at(-1)?.id;
  }
  return found;
}

const newestFirst = new Set(['state.startDate:desc', 'startDate:desc']);

/** Returns the page of executions that `query` asks for. */
export async function searchExecutions(
  view: TenantView,
  query: Partial<Query> & { readonly page: number; readonly size: number },
  now: number,
): Promise<Page<ExecutionRecord>> {
  const first = firstRow(query);
  const base = baseOf(query, now);
  const rest = restOf(query);
  const isNewestFirst = (query.sort ?? []).every((one) => newestFirst.has(one));
  if (rest === undefined && isNewestFirst) {
    const counts = await view.executionCounts(base);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const rows = await scan(view, base, () => true, first + query.size);
    return { results: rows.slice(first, first + query.size), total };
  }
  const rows = await scan(view, base, rest ?? (() => true), scanMax);
  const inOrder = sorted(rows, query.sort, fieldOf);
  return { results: inOrder.slice(first, first + query.size), total: rows.length };
}

/** Returns the executions that `filters` mean, for a bulk operation; at most `scanMax`. */
export async function meantExecutions(
  view: TenantView,
  filters: Partial<ExecutionFilters>,
  now: number,
): Promise<readonly ExecutionRecord[]> {
  return scan(view, baseOf(filters, now), restOf(filters) ?? (() => true), scanMax);
}
