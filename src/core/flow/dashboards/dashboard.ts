/**
 * A dashboard: charts over what happens in a tenant, described by a text of its author. What a chart may
 * read is a closed list of fields: none of them holds what goes into a flow or comes out of it.
 */

/** What charts draw. */
export const chartKinds = ['Bar', 'KPI', 'Markdown', 'Pie', 'Table', 'TimeSeries'] as const;

/** What a chart is. */
export type ChartKind = (typeof chartKinds)[number];

/** What is known of a field: how it is compared, and what may be computed of it. */
type FieldKind = 'text' | 'number' | 'date' | 'labels';

/** What rows may be read, with their fields. */
export const chartFields = {
  Executions: {
    ID: 'text',
    NAMESPACE: 'text',
    FLOW_ID: 'text',
    FLOW_REVISION: 'number',
    STATE: 'text',
    START_DATE: 'date',
    END_DATE: 'date',
    DURATION: 'number',
    LABELS: 'labels',
    TRIGGER_EXECUTION_ID: 'text',
  },
  Logs: {
    NAMESPACE: 'text',
    FLOW_ID: 'text',
    EXECUTION_ID: 'text',
    TASK_ID: 'text',
    TASK_RUN_ID: 'text',
    LEVEL: 'text',
    ATTEMPT_NUMBER: 'number',
    MESSAGE: 'text',
    DATE: 'date',
  },
  Metrics: {
    NAMESPACE: 'text',
    FLOW_ID: 'text',
    EXECUTION_ID: 'text',
    TASK_ID: 'text',
    TASK_RUN_ID: 'text',
    NAME: 'text',
    TYPE: 'text',
    VALUE: 'number',
    DATE: 'date',
  },
  Flows: { ID: 'text', NAMESPACE: 'text', REVISION: 'number' },
  Triggers: {
    NAMESPACE: 'text',
    FLOW_ID: 'text',
    TRIGGER_ID: 'text',
    EXECUTION_ID: 'text',
    NEXT_EXECUTION_DATE: 'date',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;

/** Where the rows of a chart come from. */
export type ChartSource = keyof typeof chartFields;

/** Returns what kind of field `name` of a source is; undefined when it has none. */
export function fieldKind(source: ChartSource, name: string): FieldKind | undefined {
  const fields: Readonly<Record<string, FieldKind>> = chartFields[source];
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** How rows of a group become one number. */
export const aggregations = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX'] as const;

/** How rows of a group become one number. */
export type Aggregation = (typeof aggregations)[number];

/** How a field is compared. */
export const comparisons = [
  'EQUAL_TO',
  'NOT_EQUAL_TO',
  'CONTAINS',
  'STARTS_WITH',
  'ENDS_WITH',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL_TO',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL_TO',
  'IN',
  'NOT_IN',
  'IS_NULL',
  'IS_NOT_NULL',
] as const;

/** How a field is compared. */
export type Comparison = (typeof comparisons)[number];

/** A column of what a chart draws. */
export interface ChartColumn {
  readonly name: string;
  /** Absent where rows are counted. */
  readonly field?: string;
  readonly agg?: Aggregation;
  /** Of labels: the one that is read. */
  readonly labelKey?: string;
}

/** Which rows are meant. */
export interface ChartFilter {
  readonly field: string;
  readonly type: Comparison;
  readonly labelKey?: string;
  readonly values: readonly string[];
}

/** What a chart reads. */
export interface ChartQuery {
  readonly source: ChartSource;
  readonly columns: readonly ChartColumn[];
  readonly where: readonly ChartFilter[];
  readonly orderBy: readonly { readonly column: string; readonly isDescending: boolean }[];
  /** Of a number that is a share: which of the rows count. */
  readonly numerator?: readonly ChartFilter[];
}

/** A chart. */
export interface Chart {
  readonly id: string;
  readonly kind: ChartKind;
  /** What it reads; a text reads nothing. */
  readonly query?: ChartQuery;
  /** What a text says. */
  readonly content?: string;
}

/** A dashboard. */
export interface Dashboard {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** How long a time is shown when nobody says, and at most. */
  readonly window: { readonly defaultMs: number; readonly maxMs: number };
  readonly charts: readonly Chart[];
  /** As it stands in its file. */
  readonly source: string;
}
