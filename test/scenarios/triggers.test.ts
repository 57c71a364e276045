/** Schedules: one execution for each date, whoever looks, also after nobody did for a while. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: 'application/x-yaml' });
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come');
}

interface Found {
  readonly total: number;
  readonly results: readonly {
    id: string;
    inputs: Record<string, unknown>;
    trigger: Record<string, string>;
    outputs: Record<string, string>;
  }[];
}

const scheduled = flowText(
  'ticking',
  '  - {id: a, type: core.debug.Return, format: "{{ trigger.date }}"}',
  'inputs: [{id: at, type: STRING}]\noutputs: [{id: at, type: STRING, value: "{{ outputs.a.value }}"}]\ntriggers:\n  - {id: tick, type: core.trigger.Schedule, cron: "* * * * * *", withSeconds: true, timezone: Europe/Berlin, inputs: {at: "{{ trigger.date }}"}}\n',
);

test('a schedule starts executions with its date, one for each, until it is switched off', async () => {
  const world = await apiServerOfTest();
  await save(world, scheduled);
  const found = await until(async () => {
    const page = await world.json<Found>(
      'GET',
      `${executions}/search?flowId=ticking&state=SUCCESS`,
    );
    return page.total >= 2 ? page : undefined;
  });
  const dates = found.results.map((one) => one.trigger['date']);
  expect(new Set(dates).size).toBe(dates.length);
  expect(dates[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.000)?\+0[12]:00/);
  expect(found.results[0]?.inputs['at']).toBe(found.results[0]?.outputs['at']);
  const id = { namespace: 'demo', flowId: 'ticking', triggerId: 'tick' };
  const off = await world.json('PUT', '/api/v1/main/triggers', {
    body: JSON.stringify({ ...id, disabled: true }),
    type: 'application/json',
  });
  expect(off).toMatchObject({ ...id, disabled: true });
  const { total } = await world.json<Found>('GET', `${executions}/search?flowId=ticking`);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const later = await world.json<Found>('GET', `${executions}/search?flowId=ticking`);
  expect(later.total - total).toBeLessThan(2);
});

// [triggers.fire-schedule]
test('what was missed while nobody ran is caught up, each date once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await startApiServer({}, folder);
  await save(world, scheduled);
  await until(async () =>
    (await world.json<Found>('GET', `${executions}/search`)).total > 0 ? true : undefined,
  );
  await world.server.stop();
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  const next = await startApiServer({}, folder);
  const found = await until(async () => {
    const page = await next.json<Found>('GET', `${executions}/search?size=50&state=SUCCESS`);
    return page.total >= 3 ? page : undefined;
  });
  await next.server.stop();
  const seconds = found.results
    .map((one) => Date.parse((one.trigger['date'] ?? '').replace(/\[.*$/, '')))
    .toSorted((a, b) => a - b);
  const gaps = seconds.slice(1).map((one, index) => one - (seconds[index] ?? 0));
  expect(new Set(gaps)).toEqual(new Set([1_000]));
});
