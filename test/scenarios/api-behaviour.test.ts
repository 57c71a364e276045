/** What clients rely on beyond single answers: once only, nobody overwritten, going on where one was, order at the end. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const yaml = 'application/x-yaml';
const flows = '/api/v1/main/flows';
const executions = '/api/v1/main/executions';
const log = '  - {id: a, type: core.log.Log, message: "hi {{ inputs.name ?? \'\' }}"}';
const root = new URL('../../', import.meta.url).pathname;

interface Execution {
  readonly id: string;
  readonly state: { readonly current: string };
  readonly inputs: Readonly<Record<string, string>>;
}

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', flows, { body: source, type: yaml });
}

test('a request with a key runs once; the key is good for no other request', async () => {
  const world = await apiServerOfTest();
  await save(world, flowText('once', log, 'inputs: [{id: name, type: STRING, defaults: x}]\n'));
  const start = (name: string) => {
    const body = new FormData();
    body.set('name', name);
    return world.call('POST', `${executions}/demo/once`, {
      body,
      headers: { 'idempotency-key': 'k1' },
    });
  };
  const both = await Promise.all([start('Ada'), start('Ada')]);
  const first = both.find((one) => one.status === 200) as Response;
  const { id } = (await first.json()) as Execution;
  const again = await start('Ada');
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(((await again.json()) as Execution).id).toBe(id);
  expect((await start('Bob')).status).toBe(422);
  const found = await world.json<{ total: number }>('GET', `${executions}/search`);
  expect(found.total).toBe(1);
});

test('a flow, a pair and a file change only as whoever changes them has seen them', async () => {
  const world = await apiServerOfTest();
  await save(world, flowText('seen', log));
  const path = `${flows}/demo/seen`;
  const tag = (await world.call('GET', path)).headers.get('etag') ?? '';
  const put = (text: string) =>
    world.call('PUT', path, {
      body: flowText('seen', `${log}\n${text}`),
      type: yaml,
      headers: { 'if-match': tag },
    });
  expect((await put('  - {id: b, type: core.log.Log, message: b}')).status).toBe(200);
  expect((await put('  - {id: c, type: core.log.Log, message: c}')).status).toBe(412);
  const file = '/api/v1/main/namespaces/demo/files?path=a.txt';
  const form = (text: string) => {
    const body = new FormData();
    body.set('fileContent', new Blob([text]), 'a.txt');
    return body;
  };
  expect((await world.call('POST', file, { body: form('one') })).status).toBe(200);
  const seen = (await world.call('GET', file)).headers.get('etag') ?? '';
  const over = (text: string) =>
    world.call('POST', file, { body: form(text), headers: { 'if-match': seen } });
  expect([(await over('two')).status, (await over('three')).status]).toEqual([200, 412]);
  expect(await (await world.call('GET', file)).text()).toBe('two');
});

test('a file comes with its form and no other file of the machine is reached', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'reads',
      '  - {id: a, type: core.debug.Return, format: "{{ read(inputs.file) }}"}',
      'inputs: [{id: file, type: FILE}]\n',
    ),
  );
  const body = new FormData();
  body.set('file', new Blob(['from afar']), '../../note.txt');
  const good = await world.json<Execution>('POST', `${executions}/demo/reads?wait=true`, { body });
  expect(JSON.stringify(good)).toContain('from afar');
  expect(good.inputs['file']).toMatch(/^kestra:\/\/\/.*\/note\.txt$/);
  for (const given of [
    '/etc/hostname',
    'file:///etc/hostname',
    join(world.dataFolder, 'encryption.key'),
  ]) {
    for (const withFile of [false, true]) {
      const form = new FormData();
      form.set('file', given);
      if (withFile) form.set('other', new Blob(['x']), 'x.txt');
      const answered = await world.call('POST', `${executions}/demo/reads?wait=true`, {
        body: form,
      });
      const text = await answered.text();
      expect(text).not.toContain('"SUCCESS"');
      expect(text).not.toContain(readFileSync('/etc/hostname', 'utf8').trim() || 'nothing');
    }
  }
});

test('who follows the entries goes on behind the last one he has seen', async () => {
  const world = await apiServerOfTest();
  await save(world, flowText('told', log));
  const { id } = await world.json<Execution>('POST', `${executions}/demo/told?wait=true`);
  const path = `${executions}/${id}/entries`;
  const all = await (await world.call('GET', path)).text();
  const ids = [...all.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  expect(ids.length).toBeGreaterThan(2);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  const headers = { 'last-event-id': String(ids[1]) };
  const rest = await (await world.call('GET', path, { headers })).text();
  expect([...rest.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))).toEqual(
    ids.slice(2),
  );
  expect(all).toMatch(/^event: execution-created\n/);
});

test('entries name who did it; a page of them leads to the next', async () => {
  const world = await apiServerOfTest();
  await save(world, flowText('named', log));
  const ledger = '/api/v1/main/ledger/entries';
  interface Entries {
    readonly results: readonly { seq: number; actor: string; type: string }[];
    readonly next?: number;
  }
  const saved = await world.json<Entries>('GET', `${ledger}?type=flow-saved`);
  expect(saved.results[0]?.actor).toMatch(/^user:/);
  const first = await world.json<Entries>('GET', `${ledger}?limit=1`);
  const second = await world.json<Entries>('GET', `${ledger}?limit=1&before=${first.next}`);
  expect(second.results[0]?.seq).toBe((first.results[0]?.seq ?? 0) - 1);
  expect(await world.json('POST', '/api/v1/main/ledger/verify')).toMatchObject({
    verdict: 'valid',
  });
});

test('tenants share nothing', async () => {
  const world = await apiServerOfTest();
  await save(world, flowText('apart', log));
  await world.json('POST', '/api/v1/tenants', { body: '{"id":"other"}', type: 'application/json' });
  const { id } = await world.json<Execution>('POST', `${executions}/demo/apart?wait=true`);
  const of = (path: string) => world.call('GET', path.replace('/main/', '/other/'));
  const there = await of(`${flows}/demo/apart`);
  expect([there.status, await there.text()]).toEqual([404, expect.any(String)]);
  expect((await of(`${executions}/${id}`)).status).toBe(404);
  expect((await of(`/api/v1/main/logs/${id}`)).status).toBe(404);
  expect(await (await of(`${flows}/search`)).json()).toEqual({ results: [], total: 0 });
  await world.json('POST', flows.replace('/main/', '/other/'), {
    body: flowText('theirs', log),
    type: yaml,
  });
  const ran = await world.json<Execution>('POST', '/api/v1/other/executions/demo/theirs?wait=true');
  expect(ran.state.current).toBe('SUCCESS');
});

test('whoever sends too much waits; pages of other sites get nothing', async () => {
  const world = await apiServerOfTest({
    SLUICE_SERVER_REQUEST_BURST: '5',
    SLUICE_SERVER_REQUESTS_PER_MINUTE: '1',
    SLUICE_SERVER_CORS_ORIGINS: 'https://console.example',
  });
  const statuses = [];
  for (let count = 0; count < 7; count += 1) {
    const answered = await world.call('GET', `${flows}/search`);
    statuses.push(answered.status);
    if (answered.status === 429)
      expect(Number(answered.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  const from = (origin: string) =>
    fetch(`${world.url}/api/v1/main/flows/search`, { method: 'OPTIONS', headers: { origin } });
  expect((await from('https://console.example')).headers.get('access-control-allow-origin')).toBe(
    'https://console.example',
  );
  expect(
    (await from('https://evil.example')).headers.get('access-control-allow-origin'),
  ).toBeNull();
  const misnamed = await world.server.inject({ url: '/health', headers: { host: 'evil.example' } });
  expect(misnamed.statusCode).toBe(403);
});

test('stopping lets what runs come to its end, and the rest goes on at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await startApiServer({}, folder);
  await save(
    world,
    flowText(
      'slow',
      '  - {id: nap, type: core.flow.Sleep, duration: PT0.3S}\n  - {id: after, type: core.debug.Return, format: woke}',
    ),
  );
  const { id } = await world.json<Execution>('POST', `${executions}/demo/slow`);
  const following = await world.call('GET', `${executions}/${id}/follow`);
  expect(await world.server.stop()).toBe(true);
  expect(await following.text()).not.toContain('"current":"SUCCESS"');
  await expect(world.call('GET', '/health')).rejects.toThrow();
  const next = await startApiServer({}, folder);
  const ended = await (await next.call('GET', `${executions}/${id}/follow`)).text();
  expect(ended).toMatch(/id: end\ndata: .*"current":"SUCCESS"/);
  const runs = JSON.parse(/id: end\ndata: (.*)/.exec(ended)?.[1] ?? '{}') as {
    taskRunList: { attempts: unknown[]; taskId: string }[];
  };
  expect(runs.taskRunList.map((one) => [one.taskId, one.attempts.length])).toEqual([
    ['nap', 1],
    ['after', 1],
  ]);
  await next.server.stop();
});

test('the set-up link works once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const world = await startApiServer({}, folder);
  expect(world.server.setupUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/setup#[\w-]{32}$/);
  const secret = new URL(world.server.setupUrl ?? '').hash.slice(1);
  const body = JSON.stringify({ secret, username: 'eve', password: 'another long sentence' });
  const again = await world.call('POST', '/api/v1/setup', { body, type: 'application/json' });
  expect(again.status).toBe(403);
  await world.server.stop();
  const next = await startApiServer({}, folder);
  expect(next.server.setupUrl).toBeUndefined();
  expect((await next.call('GET', `${flows}/search`)).status).toBe(200);
  await next.server.stop();
});

test('the description of the API is OpenAPI 3.1, and a client written with its types compiles', async () => {
  const text = readFileSync(join(root, 'generated/openapi.json'), 'utf8');
  const told = await new Validator().validate(JSON.parse(text) as Record<string, unknown>);
  expect(told).toMatchObject({ valid: true });
  const folder = mkdtempSync(join(root, 'node_modules/.client-'.replace('node_modules/', '')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const client = `import type { Execution, Operations } from '../generated/api-client.generated.ts';
type Takes<K extends keyof Operations> = Operations[K]['takes'];
type Gives<K extends keyof Operations> = Operations[K]['gives'];
export async function call<K extends keyof Operations>(
  url: string, operation: { method: Operations[K]['method']; path: Operations[K]['path'] }, takes: Takes<K>,
): Promise<Gives<K>> {
  const path = operation.path.replaceAll(/\\{(\\w+)\\}/g, (_all, key: string) => String((takes as Record<string, unknown>)[key]));
  return (await (await fetch(url + path, { method: operation.method })).json()) as Gives<K>;
}
export async function state(url: string): Promise<string> {
  const given: Execution = await call<'getExecution'>(url, { method: 'GET', path: '/api/v1/{tenant}/executions/{executionId}' }, { tenant: 'main', executionId: 'x' });
  return given.state.current;
}
export async function correct(url: string): Promise<Execution> {
  const body = { taskRunId: 'x-0', state: 'SUCCESS', reason: 'paid by hand' } as const;
  return call<'updateTaskRunState'>(url, { method: 'POST', path: '/api/v1/{tenant}/executions/{executionId}/state' }, { tenant: 'main', executionId: 'x', body });
}
export async function copy(url: string): Promise<string> {
  const body = { templateArgumentsInputs: { namespace: 'shop' } };
  return (await call<'useBlueprintTemplate'>(url, { method: 'POST', path: '/api/v1/{tenant}/blueprints/flows/{id}/use-template' }, { tenant: 'main', id: 'x', body })).generatedFlowSource;
}
// @ts-expect-error an execution has no such thing
export const wrong = (given: Execution): string => given.nothing;
`;
  writeFileSync(join(folder, 'client.ts'), client);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { lib: ['es2025', 'dom'], types: [] },
      include: ['client.ts'],
    }),
  );
  const compiled = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder], {
    encoding: 'utf8',
  });
  expect(compiled.stdout).toBe('');
  expect(compiled.status).toBe(0);
});

test('people look into an execution: inputs before it, expressions in it, outputs after it', async () => {
  const world = await apiServerOfTest({ SECRET_KEY: Buffer.from('sesame').toString('base64') });
  await save(
    world,
    flowText(
      'asked',
      '  - {id: a, type: core.debug.Return, format: "{{ inputs.count * 2 }}"}',
      'inputs: [{id: count, type: INT}, {id: pin, type: SECRET, defaults: "{{ secret(\'KEY\') }}"}]\n',
    ),
  );
  const path = `${executions}/demo/asked`;
  const form = (count: string) => {
    const body = new FormData();
    body.set('count', count);
    return body;
  };
  interface Checked {
    readonly inputs: readonly { readonly errors: readonly { readonly message: string }[] }[];
  }
  const wrong = await world.json<Checked>('POST', `${path}/validate`, { body: form('many') });
  expect(wrong.inputs[0]?.errors[0]?.message).toContain('many');
  const right = await world.json<Checked>('POST', `${path}/validate`, { body: form('4') });
  expect(right.inputs.flatMap((one) => one.errors)).toEqual([]);
  const ran = await world.json<Execution & { taskRunList: { id: string }[] }>(
    'POST',
    `${path}?wait=true`,
    { body: form('4') },
  );
  const run = ran.taskRunList[0]?.id ?? '';
  expect(await world.json('GET', `/api/v1/main/outputs/${ran.id}/${run}`)).toMatchObject({
    value: '8',
  });
  const evaluate = async (template: string) => {
    const answered = await world.call('POST', `${executions}/${ran.id}/eval/${run}`, {
      body: template,
      type: 'text/plain',
    });
    return (await answered.json()) as { result?: string; error?: string };
  };
  expect(await evaluate('{{ outputs.a.value }} of {{ flow.id }}')).toEqual({
    result: '8 of asked',
  });
  expect((await evaluate('{{ nothing.here }}')).error).toBeDefined();
  for (const template of [
    "{{ secret('KEY') }}",
    '{{ inputs.pin | upper }}',
    "{{ http('http://127.0.0.1') }}",
  ]) {
    const told = JSON.stringify(await evaluate(template));
    expect(told).toContain('error');
    expect(told.toLowerCase()).not.toContain('sesame');
  }
});

test('several at once: flows are switched off, executions are killed, and each refusal is told', async () => {
  const world = await apiServerOfTest();
  const pause = '  - {id: wait, type: core.flow.Pause}';
  for (const id of ['one', 'two']) await save(world, flowText(id, pause));
  const ids = [];
  for (const id of ['one', 'two'])
    ids.push((await world.json<Execution>('POST', `${executions}/demo/${id}?wait=true`)).id);
  const bulk = (method: string, path: string, body: unknown) =>
    world.json<{ count: number; failed?: { id: string }[] }>(method, path, {
      body: JSON.stringify(body),
      type: 'application/json',
    });
  const killed = await bulk('DELETE', `${executions}/kill/by-ids`, [...ids, 'absent']);
  expect(killed).toMatchObject({ count: 2, failed: [{ id: 'absent' }] });
  const labelled = await bulk('POST', `${executions}/labels/by-ids`, {
    executionsId: ids,
    executionLabels: [{ key: 'seen', value: 'yes' }],
  });
  expect(labelled.count).toBe(2);
  const found = await world.json<{ total: number }>(
    'GET',
    `${executions}/search?labels=seen:yes&namespace=demo`,
  );
  expect(found.total).toBe(2);
  expect(await bulk('POST', `${flows}/disable/by-ids`, [{ namespace: 'demo', id: 'one' }])).toEqual(
    { count: 1 },
  );
  expect((await world.call('POST', `${executions}/demo/one`)).status).toBe(409);
  expect(await world.json('POST', `${flows}/enable/by-query?q=one`)).toEqual({ count: 1 });
  expect((await world.call('POST', `${executions}/demo/one`)).status).toBe(200);
  const deleted = await world.json<{ count: number }>(
    'DELETE',
    `${executions}/by-query?flowId=two`,
  );
  expect(deleted.count).toBe(1);
  expect((await world.call('GET', `${executions}/${ids[1]}`)).status).toBe(404);
  expect(await world.json('POST', '/api/v1/main/ledger/verify')).toMatchObject({
    verdict: 'valid',
  });
});

test('a form that is too large is refused and leaves nothing behind', async () => {
  const world = await apiServerOfTest({ SLUICE_SERVER_UPLOAD_BYTES_MAX: '2048' });
  vi.stubEnv('TMPDIR', world.dataFolder);
  onTestFinished(() => void vi.unstubAllEnvs());
  await save(world, flowText('takes', log, 'inputs: [{id: file, type: FILE, required: false}]\n'));
  const form = (...sizes: number[]) => {
    const body = new FormData();
    for (const [index, size] of sizes.entries()) {
      body.set(index === 0 ? 'file' : `file${index}`, new Blob(['x'.repeat(size)]), 'x.txt');
    }
    return body;
  };
  const send = (body: FormData) =>
    world.call('POST', `${executions}/demo/takes?wait=true`, { body });
  expect((await send(form(3_000))).status).toBe(413);
  expect((await send(form(1_500, 1_500))).status).toBe(413);
  expect((await send(form(1_500))).status).toBe(200);
  await expect
    .poll(() => readdirSync(tmpdir()).filter((one) => one.startsWith('sluice-upload-')))
    .toEqual([]);
});
