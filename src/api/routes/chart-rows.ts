/**
 * The rows that a chart reads: executions, log lines, numbers, flows, triggers of a view, and so only what
 * its reader may see. Of more than are looked at the answer says that it is partial.
 *
 * INVARIANT: what goes into a flow or comes out of it is in no row.
 */
import type { TenantView } from '../../app/application.ts';
import { states } from '../../core/engine/index.ts';
import type { ResourceType } from '../../core/policy/index.ts';
import type { ChartQuery, ChartSource, ReadField, WeightedRow } from '../../core/flow/index.ts';
import type { ExecutionQuery, ExecutionRecord, LogRecord } from '../../ports/store.ts';
import { isWithin, scanMax } from './listing.ts';

/** Which rows are looked for, whatever the chart says. */
export interface ChartReach {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** This namespace and those below it. */
  readonly within?: string | undefined;
}

/** What was found. */
export interface ChartRows {
  readonly rows: readonly WeightedRow[];
  /** True where there were more rows to look at. */
  readonly isPartial: boolean;
}

/** What somebody has to be allowed to see for the rows of a source. */
export const seenFor: Readonly<Record<ChartSource, ResourceType>> = {
  Executions: 'Execution',
  Logs: 'Execution',
  Metrics: 'Execution',
  Flows: 'Flow',
  Triggers: 'Trigger',
};

const pageSize = 500;
/** How many executions are looked at for the numbers that they kept. */
const measuredMax = 500;
/** What the store counts without reading a row. */
const counted: ReadonlySet<string> = new Set(['NAMESPACE', 'FLOW_ID', 'STATE']);

type Fields = Readonly<Record<string, ReturnType<ReadField>>>;
type Reach = Pick<ExecutionQuery, 'within' | 'createdFrom' | 'createdTo'>;

function rowOf(fields: Fields, weight = 1): WeightedRow {
  return { read: (field) => fields[field] ?? null, weight };
}

function executionRow(record: ExecutionRecord): WeightedRow {
  const { createdAt, endedAt } = record;
  return rowOf({
    ID: record.id,
    NAMESPACE: record.namespace,
    FLOW_ID: record.flowId,
    FLOW_REVISION: record.revision,
    STATE: record.state,
    START_DATE: createdAt,
    END_DATE: endedAt,
    DURATION: endedAt === null ? null : (endedAt - createdAt) / 1_000,
    LABELS: Object.entries(record.labels).map(([key, value]) => `${key}:${value}`),
    TRIGGER_EXECUTION_ID: record.causedBy,
  });
}

function reachOf({ from, to, within }: ChartReach): Reach {
  return { createdFrom: from, createdTo: to, ...(within !== undefined && { within }) };
}

/** Returns what of the filters of a chart the store can narrow by. */
function narrowed({ where }: ChartQuery): Pick<ExecutionQuery, 'namespace' | 'flowId' | 'states'> {
  const single = (name: string): string | undefined =>
    where.find((one) => one.field === name && one.type === 'EQUAL_TO' && one.values.length === 1)
      ?.values[0];
  const [namespace, flowId] = [single('NAMESPACE'), single('FLOW_ID')];
  const wanted = where.find(
    ({ field, type }) => field === 'STATE' && (type === 'EQUAL_TO' || type === 'IN'),
  )?.values;
  return {
    ...(namespace !== undefined && { namespace }),
    ...(flowId !== undefined && { flowId }),
    ...(wanted !== undefined && { states: wanted }),
  };
}

/** Tells whether the store can count what a chart draws, so that not one row has to be read. */
function isCountable({ columns, where, numerator = [] }: ChartQuery): boolean {
  return (
    columns.every(({ agg, field }) =>
      agg === 'COUNT'
        ? field === undefined || field === 'ID' || counted.has(field)
        : agg === undefined && field !== undefined && counted.has(field),
    ) &&
    columns.some(({ agg }) => agg === 'COUNT') &&
    [...where, ...numerator].every(({ field }) => counted.has(field))
  );
}

async function countedRows(
  view: TenantView,
  query: ChartQuery,
  reach: Reach,
): Promise<readonly WeightedRow[]> {
  const { columns, where, numerator = [] } = query;
  const isByState = [...columns, ...where, ...numerator].some(({ field }) => field === 'STATE');
  const narrow = narrowed(query);
  const rows: WeightedRow[] = [];
  for (const state of isByState ? states : [undefined]) {
    if (state !== undefined && narrow.states?.includes(state) === false) continue;
    const found = await view.executionCounts({
      ...reach,
      ...narrow,
      ...(state !== undefined && { states: [state] }),
    });
    for (const { namespace, flowId, count } of found) {
      const fields = { ID: '', NAMESPACE: namespace, FLOW_ID: flowId, STATE: state ?? null };
      rows.push(rowOf(fields, count));
    }
  }
  return rows;
}

/** Reads executions, the newest first, page by page; of each only what `keep` makes of it stays. */
async function scanned<T>(
  view: TenantView,
  query: Omit<ExecutionQuery, 'tenant' | 'limit' | 'after'>,
  most: number,
  keep: (record: ExecutionRecord) => T,
): Promise<{ readonly kept: readonly T[]; readonly isPartial: boolean }> {
  const kept: T[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await view.executions({
      ...query,
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    for (const record of page) {
      if (kept.length >= most) return { kept, isPartial: true };
      kept.push(keep(record));
    }
    if (page.length < pageSize) return { kept, isPartial: false };
    after = page.at(-1)?.id;
  }
}

async function executionRows(
  view: TenantView,
  query: ChartQuery,
  reach: ChartReach,
  needsRows: boolean,
): Promise<ChartRows> {
  if (!needsRows && isCountable(query)) {
    return { rows: await countedRows(view, query, reachOf(reach)), isPartial: false };
  }
  const narrow = { ...reachOf(reach), ...narrowed(query) };
  const { kept, isPartial } = await scanned(view, narrow, scanMax, executionRow);
  return { rows: kept, isPartial };
}

function lineRow(line: LogRecord): WeightedRow {
  return rowOf({
    NAMESPACE: line.namespace,
    FLOW_ID: line.flowId,
    EXECUTION_ID: line.executionId,
    TASK_ID: line.taskId,
    TASK_RUN_ID: line.taskRunId,
    LEVEL: line.level,
    ATTEMPT_NUMBER: line.attempt,
    MESSAGE: line.message,
    DATE: line.at,
  });
}

async function lineRows(
  view: TenantView,
  query: ChartQuery,
  { from, to, within }: ChartReach,
): Promise<ChartRows> {
  const { states: _states, ...narrow } = narrowed(query);
  const lines = await view.logs({ ...narrow, from, to, limit: scanMax + 1 });
  const rows = lines
    .slice(0, scanMax)
    .filter((one) => within === undefined || isWithin(one.namespace, within));
  return { rows: rows.map(lineRow), isPartial: lines.length > scanMax };
}

async function metricRows(
  view: TenantView,
  query: ChartQuery,
  reach: ChartReach,
): Promise<ChartRows> {
  const { states: _states, ...narrow } = narrowed(query);
  const executions = await scanned(
    view,
    { ...reachOf(reach), ...narrow },
    measuredMax,
    ({ id, namespace, flowId }) => ({ id, namespace, flowId }),
  );
  const rows: WeightedRow[] = [];
  for (const { id, namespace, flowId } of executions.kept) {
    for (const one of await view.metrics(id)) {
      if (rows.length >= scanMax) return { rows, isPartial: true };
      rows.push(
        rowOf({
          NAMESPACE: namespace,
          FLOW_ID: flowId,
          EXECUTION_ID: id,
          TASK_ID: one.taskId,
          TASK_RUN_ID: one.taskRunId,
          NAME: one.name,
          TYPE: one.type,
          VALUE: one.value,
          DATE: one.at,
        }),
      );
    }
  }
  return { rows, isPartial: executions.isPartial };
}

function bounded<T>(all: readonly T[], rowFrom: (one: T) => WeightedRow): ChartRows {
  return { rows: all.slice(0, scanMax).map(rowFrom), isPartial: all.length > scanMax };
}

/** Returns the rows of the source of `query` that `view` shows; `needsRows`: each by itself, none counted together. */
export async function readChartRows(
  view: TenantView,
  query: ChartQuery,
  reach: ChartReach,
  needsRows: boolean,
): Promise<ChartRows> {
  const isMeant = (namespace: string): boolean =>
    reach.within === undefined || isWithin(namespace, reach.within);
  switch (query.source) {
    case 'Executions':
      return executionRows(view, query, reach, needsRows);
    case 'Logs':
      return lineRows(view, query, reach);
    case 'Metrics':
      return metricRows(view, query, reach);
    case 'Flows': {
      const flows = (await view.flows()).filter((one) => isMeant(one.namespace));
      return bounded(flows, ({ id, namespace, revision }) =>
        rowOf({ ID: id, NAMESPACE: namespace, REVISION: revision }),
      );
    }
    case 'Triggers': {
      const triggers = (await view.triggers()).filter(({ place }) => isMeant(place.namespace));
      return bounded(triggers, ({ place, state }) =>
        rowOf({
          NAMESPACE: place.namespace,
          FLOW_ID: place.flowId,
          TRIGGER_ID: place.trigger.id,
          EXECUTION_ID: state.executionId ?? null,
          NEXT_EXECUTION_DATE: state.nextAt ?? null,
        }),
      );
    }
  }
}
