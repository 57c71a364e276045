/**
 * Dashboards over the API: saved, checked, changed, removed, each change an entry; what charts draw is of
 * what their reader sees, and holds nothing that went into a flow or came out of it.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly results: readonly Row[];
  readonly total: number;
  readonly isPartial?: boolean;
}

let world: ApiWorld;
let mine: Readonly<Record<string, string>>;
const at = '/api/v1/main';
const yaml = (body: string) => ({ body, type: 'application/x-yaml' });
const json = (body: unknown) => ({ body: JSON.stringify(body), type: 'application/json' });

const flow = (namespace: string) => `id: greet
namespace: ${namespace}
inputs: [{id: name, type: STRING, defaults: a-value-of-somebody}]
triggers: [{id: nightly, type: core.trigger.Schedule, cron: "0 3 * * *"}]
tasks:
  - {id: say, type: core.log.Log, message: said in ${namespace}}
  - {id: give, type: core.debug.Return, format: "{{ inputs.name }}"}
  - id: fail
    type: core.execution.Fail
    runIf: "{{ inputs.name == 'fail' }}"
`;
const chart = (id: string, kind: string, source: string, data: string, options = '{}') => `
id: ${id}
type: io.kestra.plugin.core.dashboard.chart.${kind}
chartOptions: ${options}
data:
  type: io.kestra.plugin.core.dashboard.data.${source}
${data.replaceAll(/^/gm, '  ')}
`;
const byNamespace = chart(
  'spaces',
  'Bar',
  'Executions',
  'columns: {space: {field: NAMESPACE}, n: {agg: COUNT}}\norderBy: [{column: n, order: DESC}]',
);
const board = (title = 'Mine') => `id: mine
title: ${title}
description: of one's own
timeWindow: {default: P7D, max: P30D}
charts:
  - ${byNamespace.trim().replaceAll('\n', '\n    ')}
  - id: said
    type: io.kestra.plugin.core.dashboard.chart.Markdown
    content: "# What ran"
`;

beforeAll(async () => {
  world = await startApiServer();
  for (const [namespace, runs] of [
    ['shop', 3],
    ['shop.eu', 1],
    ['payroll', 4],
  ] as const) {
    await world.json('POST', `${at}/flows`, yaml(flow(namespace)));
    for (let run = 0; run < runs; run += 1) {
      await world.json('POST', `${at}/executions/${namespace}/greet?wait=true`);
    }
  }
  const roles = [{ role: 'operator', namespace: 'shop', tenant: 'main' }];
  const id = await world.server.identity.users.create({ tenant: 'main', name: 'olga', roles }, 't');
  mine = await sessionFor(world.server, id);
}, 30_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const preview = (text: string, globalFilter: object = {}, headers = world.session) =>
  world.json<Page>('POST', `${at}/dashboards/charts/preview`, {
    ...json({ chart: text, globalFilter }),
    headers,
  });

describe('a dashboard', () => {
  test('is saved, listed, read, changed and removed, each time with an entry', async () => {
    const saved = await world.json('POST', `${at}/dashboards`, yaml(board()));
    expect(saved).toMatchObject({
      id: 'mine',
      title: 'Mine',
      timeWindow: { default: 'P7D', max: 'P30D' },
      charts: [{ id: 'spaces' }, { id: 'said', content: '# What ran' }],
      sourceCode: board(),
    });
    const again = await world.call('POST', `${at}/dashboards`, yaml(board()));
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'dashboard.exists' }]);
    const list = await world.json<Page>('GET', `${at}/dashboards?q=m`);
    expect(list.results.map((one) => one['id'])).toEqual(['mine']);
    await world.json('PUT', `${at}/dashboards/mine`, yaml(board('Ours')));
    expect(await world.json('GET', `${at}/dashboards/mine`)).toMatchObject({ title: 'Ours' });
    const other = board().replace('id: mine', 'id: yours');
    expect((await world.call('PUT', `${at}/dashboards/mine`, yaml(other))).status).toBe(400);
    expect((await world.call('PUT', `${at}/dashboards/yours`, yaml(other))).status).toBe(404);
    const drawn = await world.json<Page>('POST', `${at}/dashboards/mine/charts/spaces`, json({}));
    expect(drawn).toEqual({
      results: [
        { space: 'payroll', n: 4 },
        { space: 'shop', n: 3 },
        { space: 'shop.eu', n: 1 },
      ],
      total: 3,
    });
    const text = await world.json<Page>('POST', `${at}/dashboards/mine/charts/said`);
    expect(text.results).toEqual([]);
    const none = await world.call('POST', `${at}/dashboards/mine/charts/nothing`, json({}));
    expect(none.status).toBe(404);
    expect((await world.call('DELETE', `${at}/dashboards/mine`)).status).toBe(204);
    expect((await world.call('GET', `${at}/dashboards/mine`)).status).toBe(404);
    expect((await world.call('DELETE', `${at}/dashboards/mine`)).status).toBe(404);
    const store = world.server.system.store;
    const entries = await store.entries('main', 'dashboard:mine');
    expect(entries.map(({ type }) => type)).toEqual([
      'dashboard-saved',
      'dashboard-saved',
      'dashboard-removed',
    ]);
  });

  test('is checked before it is saved, and says line and column', async () => {
    const wrong = board().replace('field: NAMESPACE', 'field: OUTPUTS');
    const said = await world.json<{ constraints: string; diagnostics: Row[] }>(
      'POST',
      `${at}/dashboards/validate`,
      yaml(wrong),
    );
    expect(said.constraints).toContain('`OUTPUTS` (line 11)');
    expect(said.diagnostics[0]).toMatchObject({ line: 11, column: 32 });
    const refused = await world.call('POST', `${at}/dashboards`, yaml(wrong));
    expect([refused.status, await refused.json()]).toMatchObject([
      422,
      { code: 'dashboard.invalid', diagnostics: [{ line: 11 }] },
    ]);
    const fine = await world.json('POST', `${at}/dashboards/validate`, yaml(board()));
    expect(fine).not.toHaveProperty('constraints');
    const one = await world.json<Row>(
      'POST',
      `${at}/dashboards/validate/chart`,
      yaml(byNamespace.replace('Bar', 'Bars')),
    );
    expect(one['constraints']).toContain('there is no type');
  });

  test('comes with the product, and is nobody’s to change', async () => {
    const board1 = await world.json<{ charts: { id: string }[] }>(
      'GET',
      `${at}/dashboards/default`,
    );
    for (const { id } of board1.charts) {
      const drawn = await world.json<Page>('POST', `${at}/dashboards/default/charts/${id}`);
      expect([id, drawn.results.length > 0]).toEqual([id, true]);
      expect(drawn.isPartial).toBeUndefined();
    }
    const ratio = `${at}/dashboards/default/charts/success_ratio`;
    expect((await world.json<Page>('POST', ratio)).results).toEqual([{ value: 100 }]);
    const own = board().replace('id: mine', 'id: default');
    expect((await world.call('POST', `${at}/dashboards`, yaml(own))).status).toBe(409);
    expect((await world.call('PUT', `${at}/dashboards/default`, yaml(own))).status).toBe(404);
    expect((await world.call('DELETE', `${at}/dashboards/default`)).status).toBe(404);
  });
});

describe('a chart', () => {
  test('[surfaces.dashboards] counts the same with the rows read and without', async () => {
    const counted = await preview(byNamespace);
    const read = await preview(
      byNamespace.replace('columns: {', 'columns: {d: {field: DURATION, agg: SUM}, '),
    );
    expect(read.results.map(({ d: _d, ...row }) => row)).toEqual(counted.results);
    const narrowed = await preview(byNamespace, {
      filters: [{ field: 'namespace', operation: 'PREFIX', value: 'shop' }],
    });
    expect(narrowed.results).toEqual((await preview(byNamespace, { namespace: 'shop' })).results);
    expect(narrowed.total).toBe(2);
    const past = { startDate: '2020-01-01T00:00:00Z', endDate: '2020-02-01T00:00:00Z' };
    expect((await preview(byNamespace, past)).results).toEqual([]);
  });

  test('draws lines, numbers, flows and triggers', async () => {
    const lines = chart('l', 'Table', 'Logs', 'columns: {m: {field: MESSAGE}, at: {field: DATE}}');
    const said = (await preview(lines)).results.map((one) => one['m']);
    expect(said.filter((one) => one === 'said in payroll')).toHaveLength(4);
    const flows = chart('f', 'KPI', 'FlowsKPI', 'columns: {field: ID, agg: COUNT}');
    expect((await preview(flows)).results).toEqual([{ value: 3 }]);
    const data = 'columns: {f: {field: FLOW_ID}, next: {field: NEXT_EXECUTION_DATE}}';
    expect((await preview(chart('t', 'Table', 'Triggers', data))).total).toBe(3);
    const numbers = 'columns: {name: {field: NAME}, most: {agg: MAX, field: VALUE}}';
    expect((await preview(chart('m', 'Bar', 'Metrics', numbers))).results).toEqual([]);
  });

  test('shows pages, and refuses what it does not know', async () => {
    const page = await preview(byNamespace, { pageSize: 2, pageNumber: 2 });
    expect([page.total, page.results]).toEqual([3, [{ space: 'shop.eu', n: 1 }]]);
    for (const globalFilter of [
      { filters: [{ field: 'level', operation: 'EQUALS', value: 'INFO' }] },
      { startDate: '2026-02-01T00:00:00Z', endDate: '2026-01-01T00:00:00Z' },
      { startDate: '2001-01-01T00:00:00Z', endDate: '2026-01-01T00:00:00Z' },
      { pageSize: 1_000, pageNumber: 10_000 },
      { inputs: true },
    ]) {
      const body = json({ chart: byNamespace, globalFilter });
      const { status } = await world.call('POST', `${at}/dashboards/charts/preview`, body);
      expect([globalFilter, status >= 400 && status < 500]).toEqual([globalFilter, true]);
    }
    const broken = json({ chart: 'id: [' });
    expect((await world.call('POST', `${at}/dashboards/charts/preview`, broken)).status).toBe(422);
  });

  test('shows who holds a role in one namespace what is of it and nothing else', async () => {
    const spaces = (await preview(byNamespace, {}, mine)).results.map((one) => one['space']);
    expect(spaces).toEqual(['shop', 'shop.eu']);
    for (const [source, field] of [
      ['Executions', 'ID'],
      ['Logs', 'MESSAGE'],
      ['Metrics', 'NAME'],
      ['Flows', 'ID'],
      ['Triggers', 'TRIGGER_ID'],
    ] as const) {
      const columns = `columns: {space: {field: NAMESPACE}, what: {field: ${field}}}`;
      const text = JSON.stringify(await preview(chart('t', 'Table', source, columns), {}, mine));
      expect([source, text.includes('payroll')]).toEqual([source, false]);
    }
    const kpi = `${at}/dashboards/default/charts/success_ratio`;
    expect((await world.call('POST', kpi, { headers: mine })).status).toBe(200);
    await world.json('POST', `${at}/dashboards`, yaml(board()));
    const list = await world.json<Page>('GET', `${at}/dashboards`, { headers: mine });
    expect(list.results.map((one) => one['id'])).toEqual(['default']);
    expect((await world.call('GET', `${at}/dashboards/mine`, { headers: mine })).status).toBe(403);
    await world.call('DELETE', `${at}/dashboards/mine`);
  });

  test('never holds what goes into a flow or comes out of it', async () => {
    for (const field of ['INPUTS', 'OUTPUTS', 'VARIABLES', 'document']) {
      const text = chart('x', 'Table', 'Executions', `columns: {x: {field: ${field}}}`);
      const body = json({ chart: text });
      expect((await world.call('POST', `${at}/dashboards/charts/preview`, body)).status).toBe(422);
    }
    const all =
      'columns: {a: {field: ID}, b: {field: LABELS}, c: {field: STATE}, d: {field: DURATION}}';
    const drawn = await preview(chart('x', 'Table', 'Executions', all));
    expect(drawn.total).toBe(8);
    expect(JSON.stringify(drawn)).not.toContain('a-value-of-somebody');
  });
});
