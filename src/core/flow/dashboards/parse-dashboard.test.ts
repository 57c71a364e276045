/**
 * The text of a dashboard: read whole where it is right, and named with line and column where it is wrong.
 */
import { expect, test } from 'vitest';
import { builtInDashboard } from './built-in-dashboard.ts';
import { parseChart, parseDashboard } from './parse-dashboard.ts';

const pie = `id: states
type: io.kestra.plugin.core.dashboard.chart.Pie
chartOptions: {colorByColumn: state}
data:
  type: io.kestra.plugin.core.dashboard.data.Executions
  columns:
    state: {field: STATE}
    total: {agg: COUNT}
`;

/** Returns what is wrong with the pie with `from` replaced, as code, line and column. */
function wrong(from: string, to: string): readonly (readonly [string, number, number])[] {
  expect(pie).toContain(from);
  const { chart, diagnostics } = parseChart(pie.replace(from, to), 'chart');
  expect(chart).toBeUndefined();
  return diagnostics.map((one) => [one.code, one.line, one.column] as const);
}

test('reads the dashboard that comes with the product', () => {
  const { dashboard, diagnostics } = parseDashboard(builtInDashboard.source, 'default');
  expect(diagnostics).toEqual([]);
  expect(dashboard?.charts.map(({ kind }) => kind)).toEqual([
    'KPI',
    'KPI',
    'TimeSeries',
    'Pie',
    'Bar',
    'Table',
    'TimeSeries',
  ]);
  expect(dashboard?.window).toEqual({ defaultMs: 30 * 86_400_000, maxMs: 366 * 86_400_000 });
});

test('reads types without their package, and texts', () => {
  const short = pie.replaceAll('io.kestra.plugin.', '');
  expect(parseChart(short, 'chart').chart?.query?.columns).toHaveLength(2);
  const text = 'id: t\ntype: io.kestra.plugin.core.dashboard.chart.Markdown\ncontent: "# Hi"\n';
  expect(parseChart(text, 'chart').chart).toEqual({ id: 't', kind: 'Markdown', content: '# Hi' });
});

test('says where a chart is wrong', () => {
  expect(wrong('chart.Pie', 'chart.Pies')).toEqual([['flow.type-unknown', 2, 7]]);
  expect(wrong('data.Executions', 'data.ExecutionsKPI')).toEqual([
    ['flow.property-value-wrong', 5, 9],
  ]);
  expect(wrong('field: STATE', 'field: INPUTS')).toEqual([['flow.property-value-wrong', 7, 20]]);
  expect(wrong('agg: COUNT', 'agg: MEDIAN')[0]).toEqual(['flow.property-value-wrong', 8, 18]);
  expect(wrong('total: {agg: COUNT}', 'total: {agg: SUM, field: STATE}')).toEqual([
    ['flow.property-value-wrong', 8, 18],
  ]);
  expect(wrong('colorByColumn: state', 'colorByColumn: stat')).toEqual([
    ['flow.property-value-wrong', 3, 31],
  ]);
  expect(wrong('    total: {agg: COUNT}\n', '')).toEqual([['flow.property-value-wrong', 7, 5]]);
  expect(wrong('id: states', 'id: "a b"')).toEqual([['flow.id-invalid', 1, 5]]);
  expect(wrong('  columns:', '  where: [{field: STATE, type: EQUAL_TO}]\n  columns:')).toEqual([
    ['flow.property-missing', 6, 11],
  ]);
  expect(wrong('  columns:', '  orderBy: [{column: nothing, order: ASC}]\n  columns:')).toEqual([
    ['flow.property-value-wrong', 6, 22],
  ]);
  expect(wrong('  columns:', '  wheer: []\n  columns:')).toEqual([['flow.property-unknown', 6, 3]]);
});

test('says where a dashboard is wrong', () => {
  const of = (source: string) =>
    parseDashboard(source, 'dashboard').diagnostics.map(({ code, line }) => [code, line]);
  expect(of('- a\n')).toEqual([['flow.not-a-map', 1]]);
  expect(of('id: d\ncharts: []\n')).toEqual([['flow.property-missing', 1]]);
  expect(of('id: d\ntitle: D\ncharts: {}\n')).toEqual([['flow.property-type-wrong', 3]]);
  expect(of('id: d\ntitle: D\ntimeWindow: {default: P9D, max: P2D}\ncharts: []\n')).toEqual([
    ['flow.property-value-wrong', 3],
  ]);
  const chart = pie.replaceAll('\n', '\n    ').trimEnd();
  const twice = `id: d\ntitle: D\ncharts:\n  - ${chart}\n  - ${chart}\n`;
  expect(of(twice)).toEqual([['flow.id-duplicate', 12]]);
  expect(of('id: d\ntitle: [\n')).toHaveLength(1);
});

test('needs dates for a time series', () => {
  const series = pie.replace('chart.Pie', 'chart.TimeSeries');
  expect(parseChart(series, 'chart').diagnostics.map(({ path }) => path)).toEqual([
    'chartOptions.column',
  ]);
  const named = series.replace('colorByColumn: state', 'column: state');
  expect(parseChart(named, 'chart').diagnostics.map(({ message }) => message)).toEqual([
    'the column `state` holds no dates',
  ]);
});
