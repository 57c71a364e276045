/** The functions of expressions that need the world, and the context they read, in flows. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld({ SECRET_PAIR: btoa('{"user": "ada"}'), ENV_REGION: 'eu' });
});

async function valuesOf(expressions: readonly string[], more = ''): Promise<string[]> {
  const tasks = expressions.map(
    (one, index) => `
  - id: t${index}
    type: core.debug.Return
    format: ${JSON.stringify(one)}`,
  );
  const result = await world.run(
    `id: values\nnamespace: shop.tests\n${more}tasks:${tasks.join('')}\n`,
  );
  expect([result.state, result.document.error?.message]).toEqual(['SUCCESS', undefined]);
  return expressions.map((_, index) => String(result.taskRun(`t${index}`).outputs['value']));
}

async function failing(expression: string): Promise<FlowResult> {
  return world.run(`id: failing
namespace: shop.tests
tasks:
  - id: t
    type: core.debug.Return
    format: ${JSON.stringify(expression)}
`);
}

test('ids, chance and the time are different each time and look as they should [functions.chance]', async () => {
  const [uuid, id, ksuid, nano, number, port, now] = await valuesOf([
    '{{ uuid() }}',
    '{{ id() }}',
    '{{ ksuid() }}',
    '{{ nanoId() }}',
    '{{ randomInt(5, 7) }}',
    '{{ randomPort() }}',
    "{{ now() | date('yyyy') }}",
  ]);
  expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(id).toMatch(/^\w{20,24}$/);
  expect(ksuid).toMatch(/^[0-9A-Za-z]{27}$/);
  expect(nano).toMatch(/^[\w-]{21}$/);
  expect(['5', '6']).toContain(number);
  expect(Number(port)).toBeGreaterThanOrEqual(1024);
  expect(now).toMatch(/^20\d\d$/);
  expect((await failing('{{ randomInt(7, 5) }}')).state).toBe('FAILED');
  expect((await failing("{{ randomInt('1', '5') }}")).state).toBe('FAILED');
});

test('`render` renders until nothing changes, once where told so [functions.render]', async () => {
  const [raw, all, once, lists] = await valuesOf(
    [
      '{{ vars.outer }}',
      '{{ render(vars.outer) }}',
      '{{ renderOnce(vars.outer) }} {{ render(vars.outer, recursive=false) }}',
      '{{ render(vars.list)[0] }} {{ render(7) }}',
    ],
    `variables:
  inner: "{{ flow.id }}"
  outer: "of {{ vars.inner }}"
  list: ["{{ 1 + 1 }}"]
`,
  );
  expect(raw).toBe('of {{ vars.inner }}');
  expect(all).toBe('of values');
  expect(once).toBe('of {{ flow.id }} of {{ flow.id }}');
  expect(lists).toBe('2 7');
});

test('secrets, their parts, the environment [functions.secret]', async () => {
  const [secret, env] = await valuesOf([
    "{{ (secret('PAIR', subkey='user') | length) == 3 }}",
    "{{ env('REGION') }} {{ envs.region }}",
  ]);
  expect(secret).toBe('true');
  expect(env).toBe('eu eu');
  const missing = await failing("{{ secret('NONE') }}");
  expect(missing.document.error?.message).toContain('`NONE`');
});

test('`encrypt` and `decrypt` are each other’s inverse [functions.encrypt]', async () => {
  const key = btoa('0123456789abcdef0123456789abcdef');
  const [opened, hidden] = await valuesOf([
    `{{ decrypt('${key}', encrypt('${key}', 'my text')) | length }}`,
    `{{ encrypt('${key}', 'my text') }}`,
  ]);
  expect(opened).toBe('7');
  expect(hidden).not.toContain('my text');
});

test('files are read, measured and named [functions.files]', async () => {
  const files = world.application.namespaceFiles('shop.tests');
  await files.put('a.txt', 'hello');
  await files.put('empty.txt', '');
  const [read, size, uri, filter] = await valuesOf([
    "{{ read('a.txt') }}",
    "{{ fileSize(fileURI('a.txt')) }} {{ fileExists('b.txt') }} {{ isFileEmpty('empty.txt') }} {{ fileEmpty('a.txt') }}",
    "{{ fileURI('a.txt') }}",
    "{{ 'a.txt' | fileRead }}",
  ]);
  expect(read).toBe('hello');
  expect(size).toBe('5 false true false');
  expect(uri).toBe('kestra:///shop/tests/_files/a.txt');
  expect(filter).toBe('hello');
});

test('errors and states of the execution are read by functions [functions.execution]', async () => {
  const result = await world.run(`id: failing
namespace: shop.tests
tasks:
  - id: stop
    type: core.execution.Fail
    errorMessage: out of stock
errors:
  - id: tell
    type: core.debug.Return
    format: "{{ errorLogs()[0].taskId }}: {{ errorLogs()[0].message }}"
  - id: states
    type: core.debug.Return
    format: "{{ tasksWithState('FAILED') | jq('.[].taskId') }}"
  - id: why
    type: core.debug.Return
    format: "{{ error.taskId }} {{ error.message }}"
`);
  expect(result.taskRun('tell').outputs).toEqual({ value: 'stop: out of stock' });
  expect(result.taskRun('states').outputs).toEqual({ value: '["stop"]' });
  expect(result.taskRun('why').outputs).toEqual({ value: 'stop out of stock' });
});

test('outputs of loops are found by the values around [functions.loops]', async () => {
  const result = await world.run(`id: loops
namespace: shop.tests
tasks:
  - id: outer
    type: core.flow.ForEach
    values: [a, b]
    tasks:
      - id: say
        type: core.debug.Return
        format: "{{ taskrun.value }}"
      - id: again
        type: core.debug.Return
        format: "{{ currentEachOutput(outputs.say).value }} {{ currentOutput(outputs.say).value }}"
  - id: loop
    type: core.flow.Loop
    values: [x, y]
    outputs:
      - id: said
        type: STRING
        value: "{{ outputs.inner.value }}"
    tasks:
      - id: inner
        type: core.debug.Return
        format: "{{ item.value }}{{ item.index }}"
  - id: gathered
    type: core.debug.Return
    format: "{{ loopOutputs(outputs.loop, 'said') }}"
`);
  expect(result.taskRun('again', 'b').outputs).toEqual({ value: 'b b' });
  expect(result.taskRun('gathered').outputs).toEqual({ value: '["x0","y1"]' });
});

test('`printContext` shows what templates may read [functions.print-context]', async () => {
  const [whole, old] = await valuesOf(['{{ printContext() }}', '{{ fetchContext() }}']);
  expect(JSON.parse(whole ?? '')).toMatchObject({ flow: { id: 'values' }, task: { id: 't0' } });
  expect(JSON.parse(old ?? '')).toMatchObject({ task: { id: 't1' } });
});

test('`now` takes a format and a zone, `yaml` reads text [functions.now]', async () => {
  const [year, yaml] = await valuesOf([
    "{{ now(format='yyyy', timeZone='Europe/Paris') }}",
    "{{ yaml('a: [1, 2]').a[1] }}{{ yaml(null) }}",
  ]);
  expect(year).toMatch(/^20\d\d$/);
  expect(yaml).toBe('2');
});

test('`isPublicHoliday` knows the holidays of a country and of a part of it [functions.holidays]', async () => {
  const values = await valuesOf([
    "{{ isPublicHoliday('2026-12-25', 'AT') }} {{ isPublicHoliday('2026-06-04T10:00:00Z', 'DE', 'BY') }} {{ isPublicHoliday('2026-06-04', 'DE') }}",
  ]);
  expect(values).toEqual(['true true false']);
  const result = await failing("{{ isPublicHoliday('2026-12-25', 'XX') }}");
  expect(result.document.error?.message).toContain('not known');
});

test.each(['appLink', 'credential'])(
  '`%s` is unknown and says so [functions.enterprise]',
  async (name) => {
    const result = await failing(`{{ ${name}('x') }}`);
    expect(result.document.error?.message).toBe(`the function \`${name}\` is unknown`);
  },
);
