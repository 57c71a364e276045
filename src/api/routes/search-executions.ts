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
import { checkFilters, filtersSchema, firstRow, passes, scanMax, sorted } from './listing.ts';

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
  readonly within?: string;
  readonly text?: string;
  readonly isCaused?: boolean;
  readonly flowId?: string;
  readonly states?: readonly string[];
  readonly causedBy?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

const scanPage = 500;
/** How many rows are looked at for labels and other filters that the store cannot narrow: labels about people are sealed there. */
const lookMax = 100_000;

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
    ...(query.namespace !== undefined && { within: query.namespace }),
    ...(query.q !== undefined && query.q !== '' && { text: query.q }),
    ...(query.childFilter !== undefined && { isCaused: query.childFilter === 'CHILD' }),
    ...(query.flowId !== undefined && { flowId: query.flowId }),
    ...(query.state !== undefined && { states: query.state }),
    ...(query.triggerExecutionId !== undefined && { causedBy: query.triggerExecutionId }),
    ...(from !== undefined && { createdFrom: from }),
    ...(query.endDate !== undefined && { createdTo: query.endDate }),
  };
}

/** Tells whether a record passes what the store cannot narrow; undefined when there is no such thing. */
function restOf(query: Partial<Query>): ((record: ExecutionRecord) => boolean) | undefined {
  const { scope, labels, filters } = query;
  if ([scope, labels, filters].every((one) => one === undefined)) return undefined;
  return (record) =>
    (labels ?? []).every((one) => (fieldOf(record, 'labels') as string[]).includes(one)) &&
    (scope === undefined || scope.includes(fieldOf(record, 'scope') as string)) &&
    passes(filters ?? [], (field) => filterField(record, field));
}

/** What a look through executions found. */
interface Scanned {
  readonly rows: readonly ExecutionRecord[];
  /** True where there were more rows to look at. */
  readonly isPartial: boolean;
}

async function scan(
  view: TenantView,
  base: Base,
  isMeant: (record: ExecutionRecord) => boolean,
  enough: number,
): Promise<Scanned> {
  const rows: ExecutionRecord[] = [];
  let after: string | undefined;
  for (let seen = 0; seen < lookMax; seen += scanPage) {
    const page = await view.executions({
      ...base,
      limit: scanPage,
      ...(after !== undefined && { after }),
    });
    rows.push(...page.filter(isMeant));
    if (page.length < scanPage) return { rows, isPartial: false };
    if (rows.length >= enough) return { rows, isPartial: true };
    after = page.at(-1)?.id;
  }
  return { rows, isPartial: true };
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
    const { rows } = await scan(view, base, () => true, first + query.size);
    return { results: rows.slice(first, first + query.size), total };
  }
  const { rows, isPartial } = await scan(view, base, rest ?? (() => true), scanMax);
  const inOrder = sorted(rows, query.sort, fieldOf);
  return {
    results: inOrder.slice(first, first + query.size),
    total: rows.length,
    ...(isPartial && { isPartial }),
  };
}

/** Returns the newest executions that `filters` mean, at most `most` of them. */
export async function newestExecutions(
  view: TenantView,
  filters: Partial<ExecutionFilters>,
  now: number,
  most: number,
): Promise<Scanned> {
  const isMeant = restOf(filters) ?? (() => true);
  const { rows, isPartial } = await scan(view, baseOf(filters, now), isMeant, most);
  return { rows: rows.slice(0, most), isPartial: isPartial || rows.length > most };
}

/** Returns the executions that `filters` mean, for a bulk operation; at most `scanMax`. */
export async function meantExecutions(
  view: TenantView,
  filters: Partial<ExecutionFilters>,
  now: number,
): Promise<readonly ExecutionRecord[]> {
  return (await newestExecutions(view, filters, now, scanMax)).rows;
}
