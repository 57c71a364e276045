/**
 * Dashboards over the API, in Kestra's shapes: saved as the YAML of their authors, and what their charts
 * draw. Who may see a dashboard sees in it only what of namespaces he may see without it.
 */
import { z } from 'zod';
import type { DashboardDesk } from '../../app/dashboard-desk.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  bucketFor,
  builtInDashboard as builtIn,
  type Chart,
  type ChartQuery,
  type ChartSource,
  type Dashboard,
  type Diagnostic,
  drawChart,
  flowDocument,
  parseChart,
  parseDashboard,
} from '../../core/flow/index.ts';
import { readDashboard, type StoredDashboard } from '../../runtime/dashboards/index.ts';
import { pageOf, pageQuery, pageReachMax, violationSchema } from '../contract/index.ts';
import {
  answer,
  noContent,
  type ReadRequest,
  type Route,
  type RouteRequest,
  type Target,
} from '../server/index.ts';
import {
  anywhere,
  asked,
  flowId,
  listed,
  moment,
  namespace,
  route,
  tenant,
  tenantParams,
} from './define-route.ts';
import { readChartRows, seenFor } from './chart-rows.ts';
import { checkFilters, filtersSchema, pageFrom, passes, sorted } from './listing.ts';

const yaml = { kind: 'yaml' } as const;
const dayMs = 86_400_000;
const id = flowId.describe('The id of a dashboard; `default` comes with the product');
const oneParams = z.strictObject({ tenant, id });

const dashboardSchema = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    title: z.string(),
    description: z.string().optional(),
    charts: z.array(z.object({ id: z.string(), type: z.string() }).loose()),
    deleted: z.boolean(),
    created: z.string().optional(),
    updated: z.string().optional(),
    sourceCode: z.string().optional(),
  })
  .loose()
  .describe('A dashboard');

/** What a chart is drawn for. */
const drawSchema = z.strictObject({
  startDate: moment.nullish(),
  endDate: moment.nullish(),
  namespace: namespace.nullish().describe('This namespace and those below it'),
  labels: z.record(z.string().max(200), z.string().max(1_000)).nullish(),
  filters: filtersSchema.nullish(),
  pageNumber: z.int().min(1).max(pageReachMax).nullish(),
  pageSize: z.int().min(1).max(1_000).nullish(),
});
type DrawOrder = z.output<typeof drawSchema>;

const drawnSchema = pageOf(
  z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
).describe('What a chart draws, by the names of its columns');
const drawnAnswers = { 200: { description: 'What the chart draws', schema: drawnSchema } };

/** By which fields the charts of a source are narrowed for a reader. */
const readerFilters: Readonly<Record<ChartSource, Readonly<Record<string, string>>>> = {
  Executions: { namespace: 'NAMESPACE', flowId: 'FLOW_ID', state: 'STATE', labels: 'LABELS' },
  Logs: { namespace: 'NAMESPACE', flowId: 'FLOW_ID', level: 'LEVEL' },
  Metrics: { namespace: 'NAMESPACE', flowId: 'FLOW_ID' },
  Flows: { namespace: 'NAMESPACE', flowId: 'ID' },
  Triggers: { namespace: 'NAMESPACE', flowId: 'FLOW_ID' },
};

type View = Pick<RouteRequest, 'view' | 'principal'>;

async function deskOf({ view, principal }: View): Promise<DashboardDesk> {
  return (await view.governance(principal)).dashboards;
}

async function sourceOf(request: View, wanted: string): Promise<Pick<StoredDashboard, 'source'>> {
  return wanted === builtIn.id ? builtIn : (await deskOf(request)).find(wanted);
}

/** Returns what policy is asked about: what comes with the product belongs to nobody. */
function dashboardTarget({ params }: ReadRequest): readonly Target[] {
  if (params['id'] === builtIn.id) return [];
  return [{ namespace: null, resourceId: String(params['id']) }];
}

const seesOne = asked('view', 'Dashboard', dashboardTarget);

/** Returns a dashboard as it is answered; `hasSource` adds its text. */
function dashboardAnswer(
  one: Pick<StoredDashboard, 'id' | 'title' | 'source'> & Partial<StoredDashboard>,
  tenantId: string,
  hasSource: boolean,
) {
  const { charts, ...document } = flowDocument(one.source) ?? {};
  return {
    ...document,
    id: one.id,
    tenantId,
    title: one.title,
    charts: (Array.isArray(charts) ? charts : []) as { id: string; type: string }[],
    deleted: false,
    ...(one.createdAt !== undefined && { created: new Date(one.createdAt).toISOString() }),
    ...(one.savedAt !== undefined && { updated: new Date(one.savedAt).toISOString() }),
    ...(hasSource && { sourceCode: one.source }),
  };
}

function violationOf(diagnostics: readonly Diagnostic[]) {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const constraints = errors.map((one) => `${one.path}: ${one.message} (line ${one.line})`);
  return {
    index: 0,
    ...(errors.length > 0 && { constraints: constraints.join('\n') }),
    outdated: false,
    deprecationPaths: [],
    warnings: diagnostics.filter((one) => one.severity === 'warning').map((one) => one.message),
    infos: [],
    diagnostics,
  };
}

const found = { 200: { description: 'What was found', schema: violationSchema } };

/** Returns the time that is asked for; throws `request.malformed` when it is none, or too long. */
function timeOf(order: DrawOrder, { defaultMs, maxMs }: Dashboard['window']) {
  const to = order.endDate ?? Date.now();
  const from = order.startDate ?? to - defaultMs;
  if (from > to) throw new Failure('request.malformed', 'the time ends before it begins');
  if (to - from > maxMs) {
    throw new Failure('request.malformed', 'the time is longer than the dashboard shows', {
      help: `ask for at most ${Math.floor(maxMs / dayMs)} days`,
    });
  }
  return { from, to };
}

/** Returns the chart narrowed by what its reader asks for; throws `request.malformed`. */
function narrowing(query: ChartQuery, order: DrawOrder) {
  const fields = readerFilters[query.source];
  const filters = order.filters ?? [];
  checkFilters(filters, Object.keys(fields));
  const labels = Object.entries(order.labels ?? {}).map(([key, value]) => `${key}:${value}`);
  if (labels.length > 0 && fields['labels'] === undefined) {
    throw new Failure('request.malformed', `${query.source} have no labels`);
  }
  if (filters.length === 0 && labels.length === 0) return undefined;
  return (read: (field: string) => unknown): boolean =>
    labels.every((one) => (read('LABELS') as readonly string[]).includes(one)) &&
    passes(filters, (name) => {
      const value = read(fields[name] ?? '');
      return Array.isArray(value) ? (value as string[]) : typeof value === 'string' ? value : '';
    });
}

/** Returns what a chart draws, of what whoever asks sees. */
async function draw(
  request: Pick<RouteRequest, 'seen'>,
  chart: Chart,
  window: Dashboard['window'],
  order: DrawOrder,
) {
  const { query, kind } = chart;
  if (query === undefined) return answer({ results: [], total: 0 });
  const { from, to } = timeOf(order, window);
  const view = await request.seen(seenFor[query.source]);
  const isMeant = narrowing(query, order);
  const within = order.namespace ?? undefined;
  // What the reader narrows by is read from rows: then nothing is counted without reading them.
  const read = await readChartRows(view, query, { from, to, within }, isMeant !== undefined);
  const rows = isMeant === undefined ? read.rows : read.rows.filter((one) => isMeant(one.read));
  const drawn = drawChart({ kind, query }, rows, bucketFor(to - from));
  const page = pageFrom(drawn, {
    page: order.pageNumber ?? 1,
    size: order.pageSize ?? 1_000,
  });
  return answer({ ...page, ...(read.isPartial && { isPartial: true }) });
}

/** The routes of dashboards. */
export const dashboardRoutes: readonly Route[] = [
  route({
    id: 'searchDashboards',
    method: 'GET',
    path: '/api/v1/{tenant}/dashboards',
    tag: 'Dashboards',
    summary: 'Lists dashboards, the one that comes with the product first.',
    access: listed('Dashboard'),
    params: tenantParams,
    query: z.strictObject({ ...pageQuery, q: z.string().optional() }),
    answers: { 200: { description: 'A page of dashboards', schema: pageOf(dashboardSchema) } },
    async handle(request) {
      const { query, view, sees } = request;
      // Dashboards of people belong to the whole tenant.
      const kept = sees('') ? await (await deskOf(request)).list() : [];
      const text = (query.q ?? '').toLowerCase();
      const rows = [builtIn, ...kept]
        .filter((one) => `${one.id} ${one.title}`.toLowerCase().includes(text))
        .map((one) => dashboardAnswer(one, view.tenant, false));
      const read = (row: (typeof rows)[number], name: string): unknown =>
        (row as Readonly<Record<string, unknown>>)[name];
      return answer(pageFrom(sorted(rows, query.sort, read), query));
    },
  }),
  route({
    id: 'createDashboard',
    method: 'POST',
    path: '/api/v1/{tenant}/dashboards',
    tag: 'Dashboards',
    summary: 'Saves a dashboard.',
    access: asked('edit', 'Dashboard'),
    params: tenantParams,
    body: yaml,
    answers: { 200: { description: 'The dashboard', schema: dashboardSchema } },
    async handle(request) {
      const saved = await (await deskOf(request)).add(request.body);
      return answer(dashboardAnswer(saved, request.view.tenant, true));
    },
  }),
  route({
    id: 'validateDashboard',
    method: 'POST',
    path: '/api/v1/{tenant}/dashboards/validate',
    tag: 'Dashboards',
    summary: 'Tells what is wrong with a dashboard, without saving it.',
    access: anywhere('view', 'Dashboard'),
    params: tenantParams,
    body: yaml,
    answers: found,
    handle: async ({ body }) => answer(violationOf(parseDashboard(body, 'dashboard').diagnostics)),
  }),
  route({
    id: 'validateChart',
    method: 'POST',
    path: '/api/v1/{tenant}/dashboards/validate/chart',
    tag: 'Dashboards',
    summary: 'Tells what is wrong with one chart.',
    access: anywhere('view', 'Dashboard'),
    params: tenantParams,
    body: yaml,
    answers: found,
    handle: async ({ body }) => answer(violationOf(parseChart(body, 'chart').diagnostics)),
  }),
  route({
    id: 'previewChart',
    method: 'POST',
    path: '/api/v1/{tenant}/dashboards/charts/preview',
    tag: 'Dashboards',
    summary: 'Returns what a chart draws that is not saved.',
    access: anywhere('view', 'Dashboard'),
    params: tenantParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        chart: z.string().min(1).describe('The YAML of the chart'),
        globalFilter: drawSchema.nullish(),
      }),
    },
    answers: drawnAnswers,
    async handle(request) {
      const { chart, diagnostics } = parseChart(request.body.chart, 'chart');
      if (chart === undefined) {
        throw new Failure('dashboard.invalid', 'the chart has errors', {
          details: { diagnostics },
        });
      }
      const { window } = readDashboard(builtIn.source);
      return draw(request, chart, window, request.body.globalFilter ?? {});
    },
  }),
  route({
    id: 'getDashboard',
    method: 'GET',
    path: '/api/v1/{tenant}/dashboards/{id}',
    tag: 'Dashboards',
    summary: 'Returns a dashboard with its text.',
    access: seesOne,
    params: oneParams,
    answers: { 200: { description: 'The dashboard', schema: dashboardSchema } },
    async handle(request) {
      const { view, params } = request;
      const one =
        params.id === builtIn.id ? builtIn : await (await deskOf(request)).find(params.id);
      return answer(dashboardAnswer(one, view.tenant, true));
    },
  }),
  route({
    id: 'updateDashboard',
    method: 'PUT',
    path: '/api/v1/{tenant}/dashboards/{id}',
    tag: 'Dashboards',
    summary: 'Saves another text of a dashboard.',
    access: asked('edit', 'Dashboard'),
    params: oneParams,
    body: yaml,
    answers: { 200: { description: 'The dashboard', schema: dashboardSchema } },
    async handle(request) {
      const saved = await (await deskOf(request)).change(request.params.id, request.body);
      return answer(dashboardAnswer(saved, request.view.tenant, true));
    },
  }),
  route({
    id: 'deleteDashboard',
    method: 'DELETE',
    path: '/api/v1/{tenant}/dashboards/{id}',
    tag: 'Dashboards',
    summary: 'Removes a dashboard.',
    access: asked('delete', 'Dashboard'),
    params: oneParams,
    answers: { 204: { description: 'It is removed' } },
    async handle(request) {
      await (await deskOf(request)).remove(request.params.id);
      return noContent();
    },
  }),
  route({
    id: 'getDashboardChartData',
    method: 'POST',
    path: '/api/v1/{tenant}/dashboards/{id}/charts/{chartId}',
    tag: 'Dashboards',
    summary: 'Returns what a chart of a dashboard draws.',
    access: seesOne,
    params: z.strictObject({ ...oneParams.shape, chartId: flowId }),
    body: { kind: 'json', schema: drawSchema, isOptional: true },
    answers: drawnAnswers,
    async handle(request) {
      const { params, body } = request;
      const { charts, window } = readDashboard((await sourceOf(request, params.id)).source);
      const chart = charts.find((one) => one.id === params.chartId);
      if (chart === undefined) {
        throw new Failure('dashboard.not-found', `there is no chart \`${params.chartId}\``);
      }
      return draw(request, chart, window, body ?? {});
    },
  }),
];
