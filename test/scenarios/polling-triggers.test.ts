/** Triggers that ask: an address, a query, a program; what they may, what is wrong, when they fire. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';
/** Servers of tests are on this machine, which requests may not reach unless the configuration says so. */
const allowed = { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' };

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: 'application/x-yaml' });
}

interface Found {
  readonly id: string;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly state: { readonly current: string };
  readonly taskRunList: readonly { readonly outputs: Readonly<Record<string, string>> }[];
}

const found = async (world: ApiWorld, flowId: string): Promise<readonly Found[]> =>
  (
    await world.json<{ results: readonly Found[] }>(
      'GET',
      `${executions}/search?flowId=${flowId}&size=50`,
    )
  ).results;

/** Returns what the first task of the first execution gave. */
const valueOf = async (world: ApiWorld, flowId: string): Promise<string | undefined> =>
  (await found(world, flowId)).at(-1)?.taskRunList[0]?.outputs['value'];

const typesOf = async (world: ApiWorld, trigger: string): Promise<readonly string[]> => {
  const { results } = await world.json<{ results: { type: string }[] }>(
    'GET',
    `/api/v1/main/ledger/entries?stream=trigger:demo/${trigger}&limit=100`,
  );
  return results.map(({ type }) => type).toReversed();
};

const rowOf = async (world: ApiWorld, flowId: string) =>
  (
    await world.json<{
      results: {
        trouble?: string;
        troubleCount?: number;
        troubleDate?: string;
        nextExecutionDate: string;
      }[];
    }>('GET', `/api/v1/main/triggers/demo/${flowId}`)
  ).results[0];

/** Returns a server that answers with what `answers` gives, one after the other, the last for ever. */
async function answering(
  ...answers: readonly (readonly [code: number, body: string])[]
): Promise<string> {
  let count = 0;
  const server: Server = createServer((_request, response) => {
    const [code, body] = answers[Math.min(count, answers.length - 1)] ?? [500, ''];
    count += 1;
    response.writeHead(code, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/stock`;
}

function polling(id: string, trigger: string, format = '{{ trigger | toJson }}'): string {
  return flowText(
    id,
    `  - {id: a, type: core.debug.Return, format: "${format}"}`,
    `triggers:\n  - id: poll\n    interval: PT0.25S\n${trigger}`,
  );
}

// [triggers.fire-polling]
test("an address is asked until its answer is as wanted; what it says is a stranger's", async () => {
  const world = await apiServerOfTest(allowed);
  const uri = await answering(
    [200, '{"left":4}'],
    [404, ''],
    [200, '{"left":0}'],
    [200, '{"left":3}'],
  );
  await save(
    world,
    polling(
      'stock',
      `    type: core.http.Trigger\n    uri: ${uri}\n    responseCondition: "{{ response.statusCode == 200 and fromJson(response.body).left == 0 }}"\n`,
      '{{ fromJson(trigger.body).left }} {{ trigger.code }}',
    ),
  );
  await expect.poll(async () => (await found(world, 'stock')).length, { timeout: 6_000 }).toBe(1);
  await expect.poll(() => valueOf(world, 'stock')).toBe('0 200');
  const [fired] = await found(world, 'stock');
  expect(await typesOf(world, 'stock/poll')).toEqual([
    'trigger-evaluated',
    'trigger-evaluated',
    'trigger-fired',
  ]);
  const entries = await world.json<{
    results: { actor: string; payload: Record<string, unknown> }[];
  }>('GET', `/api/v1/main/ledger/entries?stream=execution:${fired?.id}&type=execution-created`);
  expect(entries.results[0]?.actor).toBe('trigger:demo/stock/poll');
  for (const marks of ['triggerMarks', 'controlMarks']) {
    expect(JSON.stringify(entries.results[0]?.payload[marks])).toContain('untrusted');
  }
});

// [triggers.fire-polling]
test('what fails is told, and tried again after ever longer waits', async () => {
  const world = await apiServerOfTest();
  const uri = await answering([200, '{}']);
  await save(world, polling('refused', `    type: core.http.Trigger\n    uri: ${uri}\n`));
  await expect
    .poll(async () => (await rowOf(world, 'refused'))?.troubleCount, { timeout: 4_000 })
    .toBe(2);
  const row = await rowOf(world, 'refused');
  expect(row?.trouble).toMatch(/private|local|refused/);
  const waits = Date.parse(row?.nextExecutionDate ?? '') - Date.parse(row?.troubleDate ?? '');
  expect(waits).toBeGreaterThan(300);
  expect(await found(world, 'refused')).toEqual([]);
});

// [duckdb.trigger]
test('a query fires when it finds rows, and not while what it started runs', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'rows',
      '  - {id: a, type: core.debug.Return, format: "{{ trigger.size }} {{ trigger.rows[0].sku }}"}\n  - {id: wait, type: core.flow.Pause}',
      'triggers:\n  - {id: poll, type: jdbc.duckdb.Trigger, interval: PT0.25S, sql: "SELECT * FROM (VALUES (\'mug\', 1)) AS t(sku, stock) WHERE stock < 3"}\n',
    ),
  );
  await save(
    world,
    polling('none', '    type: jdbc.duckdb.Trigger\n    sql: SELECT 1 WHERE false\n'),
  );
  await expect.poll(async () => (await found(world, 'rows')).length, { timeout: 5_000 }).toBe(1);
  await expect
    .poll(async () => (await typesOf(world, 'none/poll')).length, { timeout: 5_000 })
    .toBe(4);
  expect(await found(world, 'none')).toEqual([]);
  expect(await found(world, 'rows')).toHaveLength(1);
  expect(await valueOf(world, 'rows')).toBe('1 mug');
  // What may change something outside is written down before it is done.
  expect((await typesOf(world, 'rows/poll')).at(-1)).toBe('trigger-fired');
});

// [scripts.triggers]
test('a program fires when it begins to end as wanted, or to say it', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    polling(
      'edge',
      '    type: scripts.shell.CommandsTrigger\n    exitCondition: exit 3\n    commands: ["exit 3"]\n',
      '{{ trigger.exitCode }} {{ trigger.condition }}',
    ),
  );
  await save(
    world,
    polling(
      'said',
      '    type: scripts.shell.ScriptTrigger\n    exitCondition: "ready|done"\n    edge: false\n    script: |\n      echo \'::{"outputs":{"stand":"done"}}::\'\n',
      '{{ trigger.vars.stand }}',
    ),
  );
  await save(
    world,
    polling(
      'never',
      '    type: scripts.shell.CommandsTrigger\n    exitCondition: exit 1\n    commands: ["true"]\n',
    ),
  );
  await expect
    .poll(async () => (await found(world, 'said')).length, { timeout: 8_000 })
    .toBeGreaterThan(1);
  await expect
    .poll(async () => (await typesOf(world, 'edge/poll')).length, { timeout: 5_000 })
    .toBeGreaterThan(3);
  const [edge, ...others] = await found(world, 'edge');
  expect(others).toEqual([]);
  expect(edge).toBeDefined();
  await expect.poll(() => valueOf(world, 'edge')).toBe('3 exit 3');
  await expect.poll(() => valueOf(world, 'said')).toBe('done');
  expect(await found(world, 'never')).toEqual([]);
  // The intent of a program is an entry before it runs; what allowed it stands in it.
  expect((await typesOf(world, 'edge/poll')).slice(0, 2)).toEqual([
    'trigger-effect-intended',
    'trigger-fired',
  ]);
});

// [triggers.fire-polling]
test('what policy forbids is not asked, and a switch stops it', async () => {
  let isAsked = false;
  const server = createServer((_request, response) => {
    isAsked = true;
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const world = await apiServerOfTest(allowed);
  const asking = (id: string) => polling(id, `    type: core.http.Trigger\n    uri: ${uri}\n`);
  await save(world, `${asking('forbidden')}governance: {riskTier: prohibited}\n`);
  await expect
    .poll(async () => (await rowOf(world, 'forbidden'))?.trouble)
    .toMatch(/may not ask.*prohibited/);
  const reason = JSON.stringify({ kind: 'flow', id: 'demo/stopped', reason: 'it asks too much' });
  await world.json('POST', '/api/v1/main/kill-switches', {
    body: reason,
    type: 'application/json',
  });
  await save(world, asking('stopped'));
  await expect.poll(async () => (await rowOf(world, 'stopped'))?.trouble).toMatch(/stopped/);
  expect(isAsked).toBe(false);
  expect(await found(world, 'forbidden')).toEqual([]);
});

test('a trigger of a flow that is only designed asks nobody', async () => {
  const world = await apiServerOfTest(allowed);
  let asked = 0;
  const server: Server = createServer((_request, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const trigger = `    type: core.http.Trigger\n    uri: ${uri}\n    responseCondition: "{{ true }}"\n`;
  await save(world, `${polling('drawn', trigger)}governance: { stage: design }\n`);
  await expect.poll(async () => (await rowOf(world, 'drawn'))?.trouble).toMatch(/in design/);
  expect(asked).toBe(0);
});
