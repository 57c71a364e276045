/**
 * YAML text to a dashboard, or to what is wrong with it and where.
 *
 * INVARIANT: a dashboard is returned exactly when no diagnostic is an error; each of its charts reads
 * fields that its source has, and orders by columns that it has.
 */
import { createTypeCatalogue } from '../create-type-catalogue.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { DiagnosticList } from '../diagnostic-list.ts';
import { durationOf, optionalText, readId, reportDuplicates } from '../parse-parts.ts';
import { PluginDefaults } from '../plugin-defaults.ts';
import { readYamlNode } from '../read-yaml.ts';
import { checkShape, itemsOf, type Reading } from '../reading.ts';
import { didYouMean } from '../suggest.ts';
import { child, textOf, type YamlMap, type YamlNode } from '../yaml-tree.ts';
import {
  aggregations,
  type Chart,
  type ChartColumn,
  chartFields,
  type ChartFilter,
  type ChartKind,
  chartKinds,
  type ChartQuery,
  type ChartSource,
  type Comparison,
  type Dashboard,
  fieldKind,
} from './dashboard.ts';
import {
  chartShape,
  columnShape,
  dashboardShape,
  queryShape,
  filterShape,
  orderShape,
  windowShape,
} from './dashboard-shapes.ts';

/** The dashboard when there is no error, and everything worth saying. */
export interface ParsedDashboard {
  readonly dashboard?: Dashboard;
  readonly diagnostics: readonly Diagnostic[];
}

/** The chart when there is no error, and everything worth saying. */
export interface ParsedChart {
  readonly chart?: Chart;
  readonly diagnostics: readonly Diagnostic[];
}

const chartsMax = 50;
const columnsMax = 20;
const filtersMax = 50;
const dayMs = 86_400_000;
const windowDefault = { defaultMs: 8 * dayMs, maxMs: 366 * dayMs };
const prefixOfTypes = 'io.kestra.plugin.core.dashboard.';
const sources = Object.keys(chartFields) as ChartSource[];
const withoutValue: ReadonlySet<string> = new Set(['IS_NULL', 'IS_NOT_NULL']);

/** Returns the documents of one file: `read` reads its root. */
function readDocument<T>(
  source: string,
  file: string,
  help: string,
  read: (reader: DashboardReader, root: YamlMap) => T,
): { readonly found?: T; readonly diagnostics: readonly Diagnostic[] } {
  const list = new DiagnosticList(file, source);
  const root = readYamlNode(source, list);
  if (root === undefined) return { diagnostics: list.sorted() };
  if (root.kind !== 'map') {
    list.report('flow.not-a-map', root, '', 'the document is no map', { help });
    return { diagnostics: list.sorted() };
  }
  const found = read(new DashboardReader(list), root);
  return { ...(!list.hasErrors && { found }), diagnostics: list.sorted() };
}

/** Returns the dashboard that `source` describes, and what is wrong or doubtful in it. */
export function parseDashboard(source: string, file: string): ParsedDashboard {
  const help = 'a dashboard is a map with the keys `id`, `title` and `charts`';
  const { found, diagnostics } = readDocument(source, file, help, (reader, root) =>
    reader.dashboard(root, source),
  );
  return { ...(found !== undefined && { dashboard: found }), diagnostics };
}

/** Returns the one chart that `source` describes, and what is wrong or doubtful in it. */
export function parseChart(source: string, file: string): ParsedChart {
  const help = 'a chart is a map with the keys `id`, `type` and `data`';
  const { found, diagnostics } = readDocument(source, file, help, (reader, root) =>
    reader.chart(root, ''),
  );
  return { ...(found !== undefined && { chart: found }), diagnostics };
}

class DashboardReader {
  readonly #list: DiagnosticList;
  readonly #reading: Reading;

  constructor(list: DiagnosticList) {
    this.#list = list;
    this.#reading = {
      list,
      isStrict: false,
      catalogue: createTypeCatalogue([]),
      defaults: new PluginDefaults(),
      templates: [],
      sites: [],
      own: { namespace: undefined, id: undefined },
      hidesTasks: false,
    };
  }

  dashboard(root: YamlMap, source: string): Dashboard {
    const map = checkShape(this.#reading, root, dashboardShape, '', 'the dashboard') ?? root;
    const items = itemsOf(this.#reading, child(map, 'charts'), 'charts');
    if (items.length > chartsMax) {
      this.#wrong(items[chartsMax] ?? map, 'charts', `there are more than ${chartsMax} charts`);
    }
    const charts = items.slice(0, chartsMax).map((at, index) => {
      const path = `charts[${index}]`;
      return { ...this.chart(at, path), at, path };
    });
    reportDuplicates(
      this.#reading,
      charts.filter(({ id }) => id !== ''),
      'charts',
    );
    return {
      id: readId(this.#reading, map, '', 'dotted') ?? '',
      title: textOf(child(map, 'title')) ?? '',
      ...optionalText(map, 'description'),
      window: this.#window(child(map, 'timeWindow')),
      charts: charts.map(({ at: _at, path: _path, ...chart }) => chart),
      source,
    };
  }

  chart(node: YamlNode, path: string): Chart {
    const map = checkShape(this.#reading, node, chartShape, path, 'the chart');
    if (map === undefined) return { id: '', kind: 'Markdown' };
    const id = readId(this.#reading, map, path, 'dotted') ?? '';
    const kind = this.#kind(map, path);
    if (kind === undefined) return { id, kind: 'Markdown' };
    if (kind === 'Markdown') {
      this.#require(map, 'content', path, 'a text');
      return { id, kind, ...optionalText(map, 'content') };
    }
    const data = this.#require(map, 'data', path, 'a chart');
    const query = data && this.#query(data, inside(path, 'data'), kind);
    if (query !== undefined) this.#checkOptions(map, path, kind, query);
    return { id, kind, ...(query !== undefined && { query }) };
  }

  #wrong(at: YamlNode, path: string, message: string, help?: string | (() => string)): void {
    const options = help === undefined ? {} : { help };
    this.#list.report('flow.property-value-wrong', at, path, message, options);
  }

  #require(map: YamlMap, key: string, path: string, owner: string): YamlNode | undefined {
    const found = child(map, key);
    if (found === undefined) {
      const message = `${owner} has no \`${key}\``;
      this.#list.report('flow.property-missing', map, inside(path, key), message);
    }
    return found;
  }

  #window(node: YamlNode | undefined): Dashboard['window'] {
    if (node === undefined) return windowDefault;
    const path = 'timeWindow';
    const map = checkShape(this.#reading, node, windowShape, path, '`timeWindow`');
    if (map === undefined) return windowDefault;
    const maxMs = durationOf(map, 'max') ?? windowDefault.maxMs;
    const defaultMs = durationOf(map, 'default') ?? Math.min(windowDefault.defaultMs, maxMs);
    if (defaultMs <= 0 || maxMs <= 0) this.#wrong(node, path, 'the time is no time');
    if (defaultMs > maxMs) {
      this.#wrong(node, path, 'the usual time is longer than the longest one');
    }
    return { defaultMs, maxMs };
  }

  /** Returns what follows `prefix` in the type of `map`: a type is named with its package or without. */
  #typeIn(map: YamlMap, path: string, prefix: string, known: readonly string[]): string {
    const node = child(map, 'type');
    const text = textOf(node);
    if (node === undefined || text === undefined) return '';
    const full = `${prefixOfTypes}${prefix}.`;
    const short = full.slice('io.kestra.plugin.'.length);
    for (const start of [full, short]) {
      const name = text.startsWith(start) ? text.slice(start.length) : undefined;
      if (name !== undefined && known.includes(name)) return name;
    }
    const types = known.map((one) => `${full}${one}`);
    const message = `there is no type \`${text.slice(0, 100)}\``;
    const help = (): string => didYouMean(text, types, `one of ${known.join(', ')} of \`${full}\``);
    this.#list.report('flow.type-unknown', node, inside(path, 'type'), message, { help });
    return '';
  }

  #kind(map: YamlMap, path: string): ChartKind | undefined {
    const name = this.#typeIn(map, path, 'chart', chartKinds);
    return chartKinds.find((one) => one === name);
  }

  #query(node: YamlNode, path: string, kind: ChartKind): ChartQuery | undefined {
    const map = checkShape(this.#reading, node, queryShape, path, '`data`');
    if (map === undefined) return undefined;
    const known = sources.flatMap((one) => [one, `${one}KPI`]);
    const name = this.#typeIn(map, path, 'data', known);
    const source = sources.find((one) => name === one || name === `${one}KPI`);
    if (source === undefined) return undefined;
    if (name.endsWith('KPI') !== (kind === 'KPI')) {
      const wanted = kind === 'KPI' ? `${source}KPI` : source;
      this.#wrong(
        child(map, 'type') ?? map,
        inside(path, 'type'),
        `the data \`${name}\` is not for a chart \`${kind}\``,
        `write \`${prefixOfTypes}data.${wanted}\``,
      );
    }
    const columns = this.#columns(child(map, 'columns'), inside(path, 'columns'), source, kind);
    const numerator = child(map, 'numerator');
    if (numerator !== undefined && kind !== 'KPI') {
      this.#wrong(numerator, inside(path, 'numerator'), 'only a KPI is a share');
    }
    return {
      source,
      columns,
      where: this.#filters(child(map, 'where'), inside(path, 'where'), source),
      orderBy: this.#order(child(map, 'orderBy'), inside(path, 'orderBy'), columns),
      ...(numerator !== undefined && {
        numerator: this.#filters(numerator, inside(path, 'numerator'), source),
      }),
    };
  }

  #columns(
    node: YamlNode | undefined,
    path: string,
    source: ChartSource,
    kind: ChartKind,
  ): readonly ChartColumn[] {
    if (node?.kind !== 'map') return [];
    // A KPI may give its one column without a name.
    const isOne = kind === 'KPI' && (child(node, 'field') ?? child(node, 'agg'))?.kind === 'scalar';
    const entries: readonly (readonly [string, YamlNode])[] = isOne
      ? [['value', node]]
      : [...node.entries].map(([name, { value }]) => [name, value] as const);
    const isCountWrong = entries.length === 0 || (kind === 'KPI' && entries.length > 1);
    if (isCountWrong || entries.length > columnsMax) {
      const most = kind === 'KPI' ? 'one column' : `1 to ${columnsMax} columns`;
      this.#wrong(node, path, `a chart \`${kind}\` has ${most}`);
    }
    const columns = entries
      .slice(0, columnsMax)
      .map(([name, at]) => this.#column(name, at, isOne ? path : inside(path, name), source));
    const isAggregated = columns.some(({ agg }) => agg !== undefined);
    if (columns.length > 0 && kind !== 'Table' && !isAggregated) {
      this.#wrong(node, path, `a chart \`${kind}\` needs a column with \`agg\``);
    }
    return columns;
  }

  #column(name: string, node: YamlNode, path: string, source: ChartSource): ChartColumn {
    const map = checkShape(this.#reading, node, columnShape, path, 'the column');
    if (map === undefined) return { name };
    const given = textOf(child(map, 'agg'));
    // One that is unknown was reported; nothing follows from it.
    const known = aggregations.find((one) => one === given);
    const agg = given === undefined ? undefined : (known ?? 'COUNT');
    const at = child(map, 'field');
    const field = this.#field(at, inside(path, 'field'), source);
    if (at === undefined && agg !== 'COUNT') this.#require(map, 'field', path, 'the column');
    const fieldIs = field === undefined ? undefined : fieldKind(source, field);
    const isRanged = agg === 'MIN' || agg === 'MAX';
    const isComputable = fieldIs === 'number' || (fieldIs === 'date' && isRanged);
    if (agg !== undefined && agg !== 'COUNT' && fieldIs !== undefined && !isComputable) {
      const message = `\`${agg}\` cannot be computed of \`${field}\``;
      this.#wrong(child(map, 'agg') ?? map, inside(path, 'agg'), message, 'use `COUNT`');
    }
    return {
      name,
      ...(field !== undefined && { field }),
      ...(agg !== undefined && { agg }),
      ...optionalText(map, 'labelKey'),
    };
  }

  #field(node: YamlNode | undefined, path: string, source: ChartSource): string | undefined {
    const name = textOf(node);
    if (node === undefined || name === undefined) return undefined;
    if (fieldKind(source, name) !== undefined) return name;
    const fields = Object.keys(chartFields[source]);
    const message = `${source} have no field \`${name.slice(0, 60)}\``;
    this.#wrong(node, path, message, () =>
      didYouMean(name, fields, `there are ${fields.join(', ')}`),
    );
    return undefined;
  }

  #filters(node: YamlNode | undefined, path: string, source: ChartSource): readonly ChartFilter[] {
    const items = itemsOf(this.#reading, node, path);
    if (node !== undefined && items.length > filtersMax) {
      this.#wrong(node, path, `there are more than ${filtersMax} filters`);
    }
    return items.slice(0, filtersMax).flatMap((item, index) => {
      const at = `${path}[${index}]`;
      const map = checkShape(this.#reading, item, filterShape, at, 'the filter');
      if (map === undefined) return [];
      const field = this.#field(child(map, 'field'), inside(at, 'field'), source);
      const type = textOf(child(map, 'type')) as Comparison | undefined;
      if (field === undefined || type === undefined) return [];
      const values = this.#values(map, at);
      if (values.length === 0 && !withoutValue.has(type)) {
        this.#list.report('flow.property-missing', map, at, 'the filter compares with nothing', {
          help: 'add `value`, or `values` for `IN` and `NOT_IN`',
        });
      }
      return [{ field, type, ...optionalText(map, 'labelKey'), values }];
    });
  }

  #values(map: YamlMap, path: string): readonly string[] {
    const nodes = ['value', 'values'].flatMap((key) => {
      const node = child(map, key);
      if (node === undefined) return [];
      return node.kind === 'list' ? node.items : [node];
    });
    return nodes.flatMap((node) => {
      const text = textOf(node);
      if (text !== undefined) return [text];
      this.#list.report('flow.property-type-wrong', node, path, 'a value is no text or number');
      return [];
    });
  }

  #order(
    node: YamlNode | undefined,
    path: string,
    columns: readonly ChartColumn[],
  ): ChartQuery['orderBy'] {
    // One order may stand without a list.
    const items = node?.kind === 'map' ? [node] : itemsOf(this.#reading, node, path);
    return items.flatMap((item, index) => {
      const at = `${path}[${index}]`;
      const map = checkShape(this.#reading, item, orderShape, at, 'the order');
      const column = map && this.#known(child(map, 'column'), inside(at, 'column'), columns);
      if (map === undefined || column === undefined) return [];
      return [{ column, isDescending: textOf(child(map, 'order')) === 'DESC' }];
    });
  }

  /** Returns the name of a column that there is. */
  #known(
    node: YamlNode | undefined,
    path: string,
    columns: readonly ChartColumn[],
  ): string | undefined {
    const name = textOf(node);
    if (node === undefined || name === undefined) return undefined;
    const names = columns.map((one) => one.name);
    if (names.includes(name)) return name;
    this.#wrong(node, path, `there is no column \`${name.slice(0, 60)}\``, () =>
      didYouMean(name, names, `there are ${names.join(', ')}`),
    );
    return undefined;
  }

  /** How a chart is drawn is for who draws it; which columns it names is checked. */
  #checkOptions(
    map: YamlMap,
    path: string,
    kind: ChartKind,
    { columns, source }: ChartQuery,
  ): void {
    const options = child(map, 'chartOptions');
    const at = inside(path, 'chartOptions');
    const given = options?.kind === 'map' ? options : undefined;
    for (const key of ['column', 'colorByColumn']) {
      if (given !== undefined) this.#known(child(given, key), inside(at, key), columns);
    }
    if (kind !== 'TimeSeries') return;
    const name = given && textOf(child(given, 'column'));
    if (name === undefined) {
      const message = 'a time series has no `column`: it names the dates';
      this.#list.report('flow.property-missing', given ?? map, inside(at, 'column'), message);
      return;
    }
    const column = columns.find((one) => one.name === name);
    if (column?.field === undefined || fieldKind(source, column.field) === 'date') return;
    this.#wrong(options ?? map, inside(at, 'column'), `the column \`${name}\` holds no dates`);
  }
}

function inside(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
