/**
 * What charts draw: grouped, cut by time, computed, filtered and ordered; shares of counts that the store
 * made.
 */
import { expect, test } from 'vitest';
import { drawChart, type FieldValue, type WeightedRow } from './draw-chart.ts';
import { parseChart } from './parse-dashboard.ts';
import { bucketFor } from './time-bucket.ts';

const day = 86_400_000;

function row(fields: Readonly<Record<string, FieldValue>>, weight = 1): WeightedRow {
  return { read: (field) => fields[field] ?? null, weight };
}

const rows = [
  row({ STATE: 'SUCCESS', DURATION: 2, START_DATE: 0, LABELS: ['team:a', 'x:y'] }),
  row({ STATE: 'SUCCESS', DURATION: 4, START_DATE: 1_000, LABELS: [] }),
  row({ STATE: 'FAILED', DURATION: null, START_DATE: day, LABELS: ['team:b'] }),
];

function drawn(kind: string, data: string, given = rows) {
  const type = kind === 'KPI' ? 'ExecutionsKPI' : 'Executions';
  const options = kind === 'TimeSeries' ? 'chartOptions: {column: date}\n' : '';
  const source = `id: c\ntype: core.dashboard.chart.${kind}\n${options}data:\n  type: core.dashboard.data.${type}\n${data}`;
  const { chart, diagnostics } = parseChart(source, 'chart');
  if (chart?.query === undefined) throw new Error(JSON.stringify(diagnostics));
  return drawChart({ kind: chart.kind, query: chart.query }, given, bucketFor(30 * day));
}

test('groups by what is not computed and computes the rest', () => {
  const columns =
    '  columns: {s: {field: STATE}, n: {agg: COUNT}, sum: {agg: SUM, field: DURATION}, avg: {agg: AVG, field: DURATION}, min: {agg: MIN, field: DURATION}, last: {agg: MAX, field: START_DATE}}\n';
  expect(drawn('Bar', columns)).toEqual([
    { s: 'SUCCESS', n: 2, sum: 6, avg: 3, min: 2, last: '1970-01-01T00:00:01Z' },
    { s: 'FAILED', n: 1, sum: 0, avg: null, min: null, last: '1970-01-02T00:00:00Z' },
  ]);
});

test('cuts time and goes with it', () => {
  const columns = '  columns: {date: {field: START_DATE}, n: {agg: COUNT}}\n';
  expect(drawn('TimeSeries', columns, rows.toReversed())).toEqual([
    { date: '1970-01-01T00:00:00Z', n: 2 },
    { date: '1970-01-02T00:00:00Z', n: 1 },
  ]);
});

test('filters, orders, and reads one label', () => {
  const data =
    '  columns: {t: {field: LABELS, labelKey: team}, all: {field: LABELS}, d: {field: DURATION}}\n  where: [{field: LABELS, labelKey: team, type: IS_NOT_NULL}]\n  orderBy: [{column: t, order: DESC}]\n';
  expect(drawn('Table', data)).toEqual([
    { t: 'b', all: 'team:b', d: null },
    { t: 'a', all: 'team:a, x:y', d: 2 },
  ]);
  const numbers = (filter: string) =>
    drawn('Table', `  columns: {d: {field: DURATION}}\n  where: [${filter}]\n`).map(
      (one) => one['d'],
    );
  expect(numbers('{field: DURATION, type: GREATER_THAN, value: 2}')).toEqual([4]);
  expect(numbers('{field: DURATION, type: IN, values: [2, 9]}')).toEqual([2]);
  expect(numbers('{field: STATE, type: NOT_EQUAL_TO, value: FAILED}')).toEqual([2, 4]);
  expect(numbers('{field: DURATION, type: IS_NULL}')).toEqual([null]);
  expect(
    numbers('{field: START_DATE, type: LESS_THAN, value: "1970-01-01T01:00:00.5+01:00"}'),
  ).toEqual([2]);
});

test('tells a number, a share, and a share of nothing', () => {
  const columns = '  columns: {field: ID, agg: COUNT}\n';
  const share = `${columns}  numerator: [{field: STATE, type: EQUAL_TO, value: SUCCESS}]\n`;
  const counted = [row({ ID: '', STATE: 'SUCCESS' }, 3), row({ ID: '', STATE: 'FAILED' }, 1)];
  expect(drawn('KPI', columns, counted)).toEqual([{ value: 4 }]);
  expect(drawn('KPI', share, counted)).toEqual([{ value: 75 }]);
  expect(drawn('KPI', share, [])).toEqual([{ value: 0 }]);
});
