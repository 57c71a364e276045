/**
 * What a chart draws: rows that pass its filters, grouped by what is not computed, cut by time, computed,
 * put in order.
 *
 * INVARIANT: only fields that the chart names are in what it draws.
 */
import {
  type Chart,
  type ChartColumn,
  type ChartFilter,
  type ChartQuery,
  type ChartSource,
  fieldKind,
} from './dashboard.ts';
import { bucketStart, type TimeBucket } from './time-bucket.ts';

/** A value of a field; dates are epoch milliseconds, labels `key:value`. */
export type FieldValue = string | number | readonly string[] | null;

/** Returns the value of a field of one row. */
export type ReadField = (field: string) => FieldValue;

/** A value of what is drawn. */
type DrawnValue = string | number | null;

/** A row of what is drawn, by the names of the columns. */
export type DrawnRow = Readonly<Record<string, DrawnValue>>;

/** How much a row counts: several rows may be given as one. */
export interface WeightedRow {
  readonly read: ReadField;
  readonly weight: number;
}

/** Returns the value of a label, or all labels as one text. */
function labelIn(labels: readonly string[], key: string | undefined): string | null {
  if (key === undefined) return labels.length === 0 ? null : labels.join(', ');
  const found = labels.find((one) => one.startsWith(`${key}:`));
  return found === undefined ? null : found.slice(key.length + 1);
}

function isoOf(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** Returns a value as filters compare it: dates as texts. */
function comparable(
  source: ChartSource,
  filter: ChartFilter,
  read: ReadField,
): readonly DrawnValue[] {
  const value = read(filter.field);
  if (value === null || typeof value === 'string') return [value];
  if (typeof value === 'number') {
    return [fieldKind(source, filter.field) === 'date' ? isoOf(value) : value];
  }
  if (filter.labelKey === undefined) return value.length === 0 ? [null] : value;
  return [labelIn(value, filter.labelKey)];
}

/** Returns a negative number, 0 or a positive one; numbers are compared as such. */
function order(own: string | number, wanted: string): number {
  if (typeof own === 'number') return own - Number(wanted);
  const [left, right] = [instantOf(own), instantOf(wanted)];
  if (left !== undefined && right !== undefined) return left - right;
  return own < wanted ? -1 : Number(own > wanted);
}

const instant = /^\d{4}-\d\d-\d\dT/;

function instantOf(text: string): number | undefined {
  if (!instant.test(text)) return undefined;
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    // It only looks like a date: it is compared as the text that it is.
    return undefined;
  }
}

function holds(own: DrawnValue, type: ChartFilter['type'], wanted: string): boolean {
  if (own === null) return false;
  const text = String(own);
  switch (type) {
    case 'EQUAL_TO':
    case 'IN':
    case 'NOT_EQUAL_TO':
    case 'NOT_IN':
      return text === wanted || order(own, wanted) === 0;
    case 'CONTAINS':
      return text.toLowerCase().includes(wanted.toLowerCase());
    case 'STARTS_WITH':
      return text.startsWith(wanted);
    case 'ENDS_WITH':
      return text.endsWith(wanted);
    case 'GREATER_THAN':
      return order(own, wanted) > 0;
    case 'GREATER_THAN_OR_EQUAL_TO':
      return order(own, wanted) >= 0;
    case 'LESS_THAN':
      return order(own, wanted) < 0;
    case 'LESS_THAN_OR_EQUAL_TO':
      return order(own, wanted) <= 0;
    case 'IS_NULL':
    case 'IS_NOT_NULL':
      return false;
  }
}

const negated: ReadonlySet<string> = new Set(['NOT_EQUAL_TO', 'NOT_IN']);

/** Tells whether a row passes all `filters`. */
export function passesFilters(
  source: ChartSource,
  filters: readonly ChartFilter[],
  read: ReadField,
): boolean {
  return filters.every((filter) => {
    const owns = comparable(source, filter, read);
    const { type, values } = filter;
    if (type === 'IS_NULL') return owns.every((one) => one === null);
    if (type === 'IS_NOT_NULL') return owns.some((one) => one !== null);
    const isFound = owns.some((own) => values.some((one) => holds(own, type, one)));
    return negated.has(type) ? !isFound : isFound;
  });
}

function drawn(
  source: ChartSource,
  { field = '', labelKey }: ChartColumn,
  read: ReadField,
  bucket: TimeBucket | undefined,
): DrawnValue {
  const value = read(field);
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object') return labelIn(value, labelKey);
  if (fieldKind(source, field) !== 'date') return value;
  return bucket === undefined ? isoOf(value) : bucketStart(value, bucket);
}

/** Returns one number, or date, of the rows of a group. */
function computed(
  source: ChartSource,
  { field, agg, labelKey }: ChartColumn,
  rows: readonly WeightedRow[],
): DrawnValue {
  const isMeant = ({ read }: WeightedRow): boolean => {
    if (field === undefined) return true;
    const value = read(field);
    return typeof value === 'object' && value !== null
      ? labelIn(value, labelKey) !== null
      : value !== null;
  };
  const meant = rows.filter(isMeant);
  if (agg === 'COUNT') return meant.reduce((all, { weight }) => all + weight, 0);
  let [count, sum, least, most] = [0, 0, Infinity, -Infinity];
  for (const { read, weight } of meant) {
    const value = read(field ?? '');
    if (typeof value !== 'number') continue;
    count += weight;
    sum += value * weight;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (count === 0) return agg === 'SUM' ? 0 : null;
  if (agg === 'SUM') return sum;
  if (agg === 'AVG') return sum / count;
  const end = agg === 'MIN' ? least : most;
  return fieldKind(source, field ?? '') === 'date' ? isoOf(end) : end;
}

function groupsOf(
  { source, columns }: ChartQuery,
  rows: readonly WeightedRow[],
  bucket: TimeBucket,
): readonly DrawnRow[] {
  const own = columns.filter(({ agg }) => agg === undefined);
  const groups = new Map<string, { values: DrawnValue[]; rows: WeightedRow[] }>();
  for (const row of rows) {
    const values = own.map((column) => drawn(source, column, row.read, bucket));
    const key = JSON.stringify(values);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { values, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()].map((group) =>
    named(columns, (column) =>
      column.agg === undefined
        ? (group.values[own.indexOf(column)] ?? null)
        : computed(source, column, group.rows),
    ),
  );
}

function named(
  columns: readonly ChartColumn[],
  read: (column: ChartColumn) => DrawnValue,
): DrawnRow {
  return Object.fromEntries(columns.map((column) => [column.name, read(column)]));
}

function compared(a: DrawnValue, b: DrawnValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : Number(left > right);
}

function ordered(rows: readonly DrawnRow[], orderBy: ChartQuery['orderBy']): readonly DrawnRow[] {
  return rows.toSorted((a, b) => {
    for (const { column, isDescending } of orderBy) {
      const found = compared(a[column] ?? null, b[column] ?? null);
      if (found !== 0) return isDescending ? -found : found;
    }
    return 0;
  });
}

/** Returns a share in percent, or the number itself where the chart names no numerator. */
function indicator(query: ChartQuery, rows: readonly WeightedRow[]): readonly DrawnRow[] {
  const [column] = query.columns;
  if (column === undefined) return [];
  const whole = computed(query.source, column, rows);
  if (query.numerator === undefined) return [{ value: whole }];
  const filters = query.numerator;
  const counted = rows.filter(({ read }) => passesFilters(query.source, filters, read));
  const part = computed(query.source, column, counted);
  const isShare = typeof part === 'number' && typeof whole === 'number' && whole !== 0;
  return [{ value: isShare ? (part / whole) * 100 : 0 }];
}

/** Returns what `chart` draws of `rows`, of which those count that pass its filters. */
export function drawChart(
  chart: Pick<Chart, 'kind'> & { readonly query: ChartQuery },
  rows: readonly WeightedRow[],
  bucket: TimeBucket,
): readonly DrawnRow[] {
  const { kind, query } = chart;
  const meant = rows.filter(({ read }) => passesFilters(query.source, query.where, read));
  if (kind === 'KPI') return indicator(query, meant);
  const isGrouped = query.columns.some(({ agg }) => agg !== undefined);
  const found = isGrouped
    ? groupsOf(query, meant, bucket)
    : meant.map(({ read }) =>
        named(query.columns, (column) => drawn(query.source, column, read, undefined)),
      );
  // A time series without an order of its own goes with the time.
  const isPlain = query.orderBy.length === 0 && kind === 'TimeSeries';
  const dates = query.columns.find(
    ({ agg, field = '' }) => agg === undefined && fieldKind(query.source, field) === 'date',
  );
  if (isPlain && dates !== undefined) {
    return ordered(found, [{ column: dates.name, isDescending: false }]);
  }
  return ordered(found, query.orderBy);
}
