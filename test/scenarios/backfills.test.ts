/** Backfills: past dates in order, one at a time, held, continued and ended, also after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';
const triggers = '/api/v1/main/triggers';
const id = { namespace: 'demo', flowId: 'nightly', triggerId: 'daily' };
const json = 'application/json';

const nightly = (task = '{id: a, type: core.log.Log, message: x}') =>
  flowText(
    'nightly',
    `  - ${task}`,
    'inputs: [{id: day, type: STRING}, {id: mode, type: STRING, defaults: normal}]\ntriggers:\n  - {id: daily, type: core.trigger.Schedule, cron: "0 9 * * *", timezone: UTC, inputs: {day: "{{ trigger.date | date(\'yyyy-MM-dd\') }}"}}\n',
  );

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: 'application/x-yaml' });
}

interface Row {
  readonly backfill?: Readonly<Record<string, unknown>>;
  readonly nextExecutionDate?: string;
  readonly trouble?: string;
  readonly disabled: boolean;
}

const put = (world: ApiWorld, path: string, more: object = {}, method = 'PUT') =>
  world.json<Row>(method, `${triggers}${path}`, {
    body: JSON.stringify({ ...id, ...more }),
    type: json,
  });
const row = async (world: ApiWorld): Promise<Row> =>
  (await world.json<{ results: Row[] }>('GET', `${triggers}/demo/nightly`)).results[0] as Row;

interface Found {
  readonly id: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly trigger: Readonly<Record<string, string>>;
  readonly state: { readonly startDate: string; readonly endDate?: string };
}

/** Returns the executions, oldest first. */
async function found(world: ApiWorld): Promise<readonly Found[]> {
  const page = await world.json<{ results: readonly Found[] }>(
    'GET',
    `${executions}/search?flowId=nightly&size=100`,
  );
  return page.results.toReversed();
}
const days = async (world: ApiWorld) => (await found(world)).map(({ inputs }) => inputs['day']);

const march = { start: '2025-03-01T00:00:00Z', end: '2025-03-05T12:00:00Z' };
const all = ['2025-03-01', '2025-03-02', '2025-03-03', '2025-03-04', '2025-03-05'];

// [triggers.backfill]
test('a backfill walks through the past dates of a schedule in order, with inputs and labels of its own', async () => {
  const world = await apiServerOfTest();
  await save(world, nightly());
  const backfill = {
    ...march,
    inputs: { mode: 'again' },
    labels: [{ key: 'why', value: 'repair' }],
  };
  const asked = await put(world, '', { backfill });
  expect(asked.backfill).toMatchObject({
    start: '2025-03-01T00:00:00.000Z',
    paused: false,
    total: 5,
  });
  await expect.poll(() => days(world), { timeout: 5_000 }).toEqual(all);
  await expect.poll(async () => (await row(world)).backfill).toBeUndefined();
  const done = await found(world);
  expect(done[1]).toMatchObject({ inputs: { mode: 'again' } });
  expect(done[1]?.trigger['date']).toContain('2025-03-02T09:00');
  expect(done[1]?.trigger['next']).toContain('2025-03-03T09:00');
  expect(done[1]?.labels).toContainEqual({ key: 'why', value: 'repair' });
  for (const [index, one] of done.slice(1).entries()) {
    expect(one.state.startDate >= (done[index]?.state.endDate ?? 'z')).toBe(true);
  }
  expect((await row(world)).nextExecutionDate).toMatch(/T09:00:00/);
});

// [triggers.backfill]
test('it is held, continued and ended', async () => {
  const world = await apiServerOfTest();
  await save(world, nightly('{id: a, type: core.flow.Pause}'));
  await put(world, '', { backfill: march });
  await expect.poll(() => days(world)).toEqual(all.slice(0, 1));
  // It waits for the execution of the date before.
  expect((await row(world)).backfill).toMatchObject({
    currentDate: '2025-03-02T09:00:00.000Z',
    done: 1,
  });
  const resume = async (): Promise<void> => {
    const last = (await found(world)).at(-1);
    await world.call('POST', `${executions}/${last?.id}/resume`);
  };
  expect((await put(world, '/backfill/pause')).backfill).toMatchObject({ paused: true });
  await resume();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await days(world)).toEqual(all.slice(0, 1));
  expect((await put(world, '/backfill/unpause')).backfill).toMatchObject({ paused: false });
  await expect.poll(() => days(world)).toEqual(all.slice(0, 2));
  // Somebody does not want to wait for it.
  await world.json('POST', `${triggers}/demo/nightly/daily/unlock`);
  await expect.poll(() => days(world)).toEqual(all.slice(0, 3));
  expect((await put(world, '/backfill/delete', {}, 'POST')).backfill).toBeUndefined();
  await resume();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await days(world)).toEqual(all.slice(0, 3));
});

// [triggers.backfill]
test('it goes on after a restart, each date once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-backfill-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await startApiServer({}, folder);
  await save(world, nightly());
  const end = '2025-03-20T12:00:00Z';
  await put(world, '', { backfill: { ...march, end } });
  await expect.poll(async () => (await days(world)).length).toBeGreaterThan(2);
  await world.server.stop();
  const next = await startApiServer({}, folder);
  onTestFinished(async () => void (await next.server.stop()));
  await expect.poll(async () => (await days(next)).length, { timeout: 5_000 }).toBe(20);
  expect(new Set(await days(next)).size).toBe(20);
});

test('what cannot be started holds it at that date, and what is no past is refused', async () => {
  const world = await apiServerOfTest();
  await save(world, nightly().replace('type: STRING}, {', 'type: INT}, {'));
  await put(world, '', { backfill: march });
  await expect.poll(async () => (await row(world)).trouble).toMatch(/day/);
  expect((await row(world)).backfill).toMatchObject({ paused: true, done: 0 });
  await put(world, '/backfill/delete', {}, 'POST');
  const refused = async (backfill: object): Promise<number> => {
    const body = JSON.stringify({ ...id, backfill });
    return (await world.call('PUT', triggers, { body, type: json })).status;
  };
  expect(await refused({ start: '2025-03-05T00:00:00Z', end: '2025-03-01T00:00:00Z' })).toBe(422);
  expect(await refused({ start: '2025-03-05T00:00:00Z', end: '2999-03-01T00:00:00Z' })).toBe(422);
  expect(await refused({ start: '2025-03-05T10:00:00Z', end: '2025-03-05T11:00:00Z' })).toBe(422);
  expect(await refused({ start: 'yesterday' })).toBe(400);
  const labels = { 'system.from': 'me' };
  expect(await refused({ ...march, labels })).toBe(422);
  const unknown = { ...id, triggerId: 'none' };
  const body = JSON.stringify(unknown);
  expect((await world.call('PUT', `${triggers}/backfill/pause`, { body, type: json })).status).toBe(
    404,
  );
  expect((await world.call('PUT', triggers, { body, type: json })).status).toBe(404);
});

test('several are switched, unlocked and forgotten at once, by name and by query', async () => {
  const world = await apiServerOfTest();
  await save(world, nightly());
  await save(world, nightly().replace('id: nightly', 'id: weekly'));
  const both = [id, { ...id, flowId: 'weekly' }];
  const post = (path: string, body: object) =>
    world.json<{ count: number; failed?: object[] }>('POST', `${triggers}${path}`, {
      body: JSON.stringify(body),
      type: json,
    });
  expect(await post('/set-disabled/by-triggers', { triggers: both, disabled: true })).toEqual({
    count: 2,
  });
  expect((await row(world)).disabled).toBe(true);
  expect(await post('/set-disabled/by-query?disabled=false&namespace=demo', {})).toEqual({
    count: 2,
  });
  expect((await row(world)).disabled).toBe(false);
  expect(await post('/unlock/by-triggers', both)).toEqual({ count: 2 });
  expect(await post('/backfill/pause/by-query?flowId=weekly', {})).toMatchObject({
    count: 0,
    failed: [{ id: 'demo/weekly/daily' }],
  });
  const missing = { ...id, triggerId: 'none' };
  expect(await post('/delete/by-triggers', [...both, missing])).toMatchObject({
    count: 2,
    failed: [{ id: 'demo/nightly/none' }],
  });
  const gone = await world.call('DELETE', `${triggers}/demo/weekly/daily`);
  expect(gone.status).toBe(204);
});

test('a flow that is deleted and comes again has triggers that begin anew', async () => {
  const world = await apiServerOfTest();
  await save(world, nightly());
  await put(world, '', { disabled: true });
  await world.call('DELETE', '/api/v1/main/flows/demo/nightly');
  await save(world, nightly());
  expect((await row(world)).disabled).toBe(false);
});
