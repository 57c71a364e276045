/** What starts executions without a person: schedules and webhooks; and what the process tells of itself. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

test('what was missed while nobody ran is caught up, each date once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await startApiServer({}, folder);
  await save(world, scheduled);
  await until(async () =>
    (await world.json<Found>('GET', `${executions}/search`)).total > 0 ? true : undefined,
  );
  await world.server.stop();
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const next = await startApiServer({}, folder);
  const found = await until(async () => {
    const page = await next.json<Found>('GET', `${executions}/search?size=50&state=SUCCESS`);
    return page.total >= 4 ? page : undefined;
  });
  await next.server.stop();
  const seconds = found.results
    .map((one) => Date.parse((one.trigger['date'] ?? '').replace(/\[.*$/, '')))
    .toSorted((a, b) => a - b);
  const gaps = seconds.slice(1).map((one, index) => one - (seconds[index] ?? 0));
  expect(new Set(gaps)).toEqual(new Set([1_000]));
});

const hooked = flowText(
  'hooked',
  '  - {id: a, type: core.debug.Return, format: "{{ trigger.body.order }} {{ trigger.parameters.shop[0] }}"}',
  'inputs: [{id: order, type: STRING}]\ntriggers:\n  - {id: hook, type: core.trigger.Webhook, key: "s3cret-key", when: "{{ trigger.body.order != 0 }}", inputs: {order: "{{ trigger.body.order }}"}}\n',
);

test('a webhook starts an execution for who knows its key, and what it brings is untrusted', async () => {
  const world = await apiServerOfTest();
  await save(world, hooked);
  const call = (key: string, body: string) =>
    fetch(`${world.url}${executions}/webhook/demo/hooked/${key}?shop=berlin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer not-theirs' },
      body,
    });
  const answered = await call('s3cret-key', '{"order":812}');
  expect(answered.status).toBe(200);
  const { id, inputs } = (await answered.json()) as { id: string; inputs: object };
  expect(inputs).toEqual({});
  const ended = await until(async () => {
    const one = await world.json<{
      state: { current: string };
      taskRunList: { outputs: { value: string } }[];
    }>('GET', `${executions}/${id}`);
    return one.state.current === 'SUCCESS' ? one : undefined;
  });
  expect(ended.taskRunList[0]?.outputs.value).toBe('812 berlin');
  expect((await call('s3cret-key', '{"order":0}')).status).toBe(204);
  expect((await call('another', '{}')).status).toBe(404);
  const entries = await world.json<{
    results: { type: string; actor: string; payload: Record<string, unknown> }[];
  }>('GET', `/api/v1/main/ledger/entries?stream=execution:${id}&type=execution-created`);
  expect(entries.results[0]?.actor).toBe('trigger:demo/hooked/hook');
  expect(JSON.stringify(entries.results[0]?.payload['triggerMarks'])).toContain('untrusted');
  expect(JSON.stringify(entries.results[0]?.payload['inputsMarks'])).toContain('untrusted');
  expect(JSON.stringify(entries.results)).not.toContain('not-theirs');
});

test('a trigger that is not evaluated says so', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'after',
      '  - {id: a, type: core.log.Log, message: x}',
      'triggers:\n  - {id: up, type: core.trigger.Flow}\n',
    ),
  );
  const page = await world.json<{ results: { trouble: string }[] }>(
    'GET',
    '/api/v1/main/triggers/search',
  );
  expect(page.results[0]?.trouble).toContain('core.trigger.Flow');
});

async function collector(): Promise<{ server: Server; url: string; got: Map<string, unknown[]> }> {
  const got = new Map<string, unknown[]>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      got.set(path, [
        ...(got.get(path) ?? []),
        { ...(JSON.parse(text) as object), key: request.headers['x-key'] },
      ]);
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

test('numbers and traces tell what happened', async () => {
  const { server, url, got } = await collector();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const world = await startApiServer(
    { SLUICE_TELEMETRY_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=s3cret' },
    folder,
  );
  await save(world, flowText('seen', '  - {id: a, type: core.log.Log, message: told}'));
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await world.json('POST', `${executions}/demo/seen?wait=true`, { headers: { traceparent } });
  const numbers = await (await world.call('GET', '/metrics')).text();
  expect(numbers).toMatch(
    /kestra_executor_execution_end_count_total\{tenant_id="main",namespace_id="demo",flow_id="seen",state="SUCCESS"\} 1/,
  );
  expect(numbers).toMatch(
    /^http_server_requests_seconds_count\{method="POST",uri="\/api\/v1\/\{tenant\}\/executions\/\{namespace\}\/\{id\}",status="200"\} 1$/m,
  );
  expect((await fetch(`${world.url}/metrics`)).status).toBe(401);
  await world.server.stop();
  const spans = JSON.stringify(got.get('/v1/traces'));
  expect(spans).toContain('"name":"demo.seen"');
  expect(spans).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"');
  expect(spans).toContain('"key":"s3cret"');
  expect(JSON.stringify(got.get('/v1/logs'))).toContain('"stringValue":"told"');
});
