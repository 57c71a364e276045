/** Inputs: their types, their rules, and what an expression reads of them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure/index.ts';
import { unmarked, type Value } from '../../../src/core/value/index.ts';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

/** Returns a flow with `inputs` that renders `format`. */
function flowWith(inputs: string, format = '{{ inputs }}'): string {
  const indented = inputs.trim().replaceAll('\n', '\n  ');
  return `
id: f
namespace: shop
inputs:
  ${indented}
tasks:
  - id: seen
    type: core.debug.Return
    format: >-
      ${format}
`;
}

type Given = Readonly<Record<string, Value>>;

async function seen(
  world: FlowWorld,
  inputs: string,
  format: string,
  given: Given = {},
): Promise<unknown> {
  const result = await world.run(flowWith(inputs, format), { inputs: given });
  expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
  return result.taskRun('seen').outputs['value'];
}

async function refusal(world: FlowWorld, inputs: string, given: Given): Promise<Failure> {
  const before = (await world.application.executions({ limit: 10 })).length;
  const error = await world.run(flowWith(inputs), { inputs: given }).then(
    (result: FlowResult) => {
      throw new Error(`it ran: ${result.state}`);
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  expect(error.code).toBe('input.invalid');
  expect(error.message).toMatch(/^[a-z]/);
  expect(await world.application.executions({ limit: 10 }), 'nothing is stored').toHaveLength(
    before,
  );
  return error;
}

describe('the types of inputs', () => {
  // Type and its further lines, what is given, what to render, what it gives.
  const accepted: readonly (readonly [string, string, Value, string, string])[] = [
    ['[inputs.string]', 'STRING', 'a b', '{{ inputs.x }}', 'a b'],
    ['[inputs.string]', 'STRING', 12, '{{ inputs.x }}', '12'],
    ['[inputs.string]', 'STRING, validator: "[A-Z]{2}-\\\\d+"', 'AB-12', '{{ inputs.x }}', 'AB-12'],
    ['[inputs.email]', 'EMAIL', 'a@example.org', '{{ inputs.x }}', 'a@example.org'],
    ['[inputs.select]', 'SELECT, values: [a, b]', 'b', '{{ inputs.x }}', 'b'],
    ['[inputs.select]', 'SELECT, values: [1, true]', 1, '{{ inputs.x }}', '1'],
    ['[inputs.select]', 'ENUM, values: [a, b]', 'a', '{{ inputs.x }}', 'a'],
    ['[inputs.select]', 'SELECT, values: [a], allowCustomValue: true', 'z', '{{ inputs.x }}', 'z'],
    ['[inputs.select]', "SELECT, expression: '{{ [1, 2] }}'", '2', '{{ inputs.x }}', '2'],
    [
      '[inputs.select]',
      'SELECT, values: [p, q], autoSelectFirst: true',
      null,
      '{{ inputs.x }}',
      'p',
    ],
    [
      '[inputs.multiselect]',
      'MULTISELECT, values: [a, b, c]',
      '["a","c"]',
      '{{ inputs.x }}',
      '["a","c"]',
    ],
    ['[inputs.multiselect]', 'MULTISELECT, options: [a, b]', ['b'], '{{ inputs.x[0] }}', 'b'],
    [
      '[inputs.multiselect]',
      'MULTISELECT, values: [1, 2], itemType: INT',
      '[1, 2]',
      '{{ inputs.x[0] + inputs.x[1] }}',
      '3',
    ],
    ['[inputs.int]', 'INT, min: 1, max: 42', '42', '{{ inputs.x + 1 }}', '43'],
    ['[inputs.int]', 'INT', 7, '{{ inputs.x + 1 }}', '8'],
    ['[inputs.int]', 'INT', '-3', '{{ inputs.x }}', '-3'],
    ['[inputs.float]', 'FLOAT', '42.42', '{{ inputs.x }}', '42.42'],
    ['[inputs.float]', 'FLOAT', '42', '{{ inputs.x }}', '42.0'],
    ['[inputs.boolean]', 'BOOLEAN', 'true', '{{ inputs.x ? 1 : 2 }}', '1'],
    ['[inputs.boolean]', 'BOOLEAN', 'yes', '{{ inputs.x }}', 'false'],
    ['[inputs.boolean]', 'BOOL', false, '{{ inputs.x }}', 'false'],
    [
      '[inputs.datetime]',
      'DATETIME',
      '2024-05-01T10:00:00+02:00',
      '{{ inputs.x }}',
      '2024-05-01T08:00:00Z',
    ],
    [
      '[inputs.datetime]',
      "DATETIME, after: '2024-01-01T00:00:00Z'",
      '2024-05-01T08:00:00Z',
      '{{ inputs.x }}',
      '2024-05-01T08:00:00Z',
    ],
    [
      '[inputs.date]',
      "DATE, after: '2024-01-01', before: '2025-01-01'",
      '2024-05-01',
      '{{ inputs.x }}',
      '2024-05-01',
    ],
    ['[inputs.time]', 'TIME', '18:27', '{{ inputs.x }}', '18:27'],
    ['[inputs.duration]', 'DURATION, min: PT1S, max: PT1H', 'PT5M6S', '{{ inputs.x }}', 'PT5M6S'],
    [
      '[inputs.json]',
      'JSON',
      '{"a": [1, 2.0], "b": null}',
      '{{ inputs.x.a[0] }} {{ inputs.x }}',
      '1 {"a":[1,2.0]}',
    ],
    ['[inputs.json]', 'JSON', '[1]', '{{ inputs.x[0] }}', '1'],
    ['[inputs.yaml]', 'YAML', 'a:\n  - b: 1\n', '{{ inputs.x.a[0].b }}', '1'],
    [
      '[inputs.uri]',
      'URI',
      'https://example.org/a?b=c',
      '{{ inputs.x }}',
      'https://example.org/a?b=c',
    ],
    ['[inputs.secret]', 'SECRET', 'hush-hush', "{{ inputs.x == 'hush-hush' }}", 'true'],
    ['[inputs.array]', 'ARRAY, itemType: INT', '[1, "2"]', '{{ inputs.x[0] + inputs.x[1] }}', '3'],
    [
      '[inputs.array]',
      'ARRAY, itemType: DATE',
      '["2024-05-01"]',
      '{{ inputs.x[0] }}',
      '2024-05-01',
    ],
    [
      '[inputs.array]',
      'ARRAY, itemType: SECRET',
      '["hush-hush"]',
      "{{ inputs.x[0] == 'hush-hush' }}",
      'true',
    ],
    ['[inputs.array]', 'ARRAY, itemType: JSON', '[{"a": 1}]', '{{ inputs.x[0].a }}', '1'],
  ];

  test.each(accepted)('%s %s takes %j', async (_id, type, given, format, expected) => {
    const world = await createFlowWorld();
    const inputs = `- { id: x, type: ${type} }`;
    expect(await seen(world, inputs, format, { x: given })).toBe(expected);
  });

  const refused: readonly (readonly [string, string, Value, RegExp])[] = [
    [
      '[inputs.string]',
      'STRING, validator: "[A-Z]{2}"',
      'ABC',
      /input `x` cannot be `ABC`.*pattern/,
    ],
    ['[inputs.email]', 'EMAIL', 'nobody', /`x` cannot be `nobody`.*e-mail/],
    ['[inputs.select]', 'SELECT, values: [a, b]', 'c', /`x` cannot be `c`.*one of its values/],
    ['[inputs.multiselect]', 'MULTISELECT, values: [a, b]', '["a","c"]', /`x` cannot be `c`/],
    ['[inputs.multiselect]', 'MULTISELECT, values: [a]', 'a', /has to be a list/],
    ['[inputs.int]', 'INT, min: 1', '0', /`x` cannot be `0`.*at least 1/],
    ['[inputs.int]', 'INT, max: 9', '10', /at most 9/],
    ['[inputs.int]', 'INT', '1.5', /a whole number/],
    ['[inputs.int]', 'INT', 'abc', /a whole number/],
    ['[inputs.float]', 'FLOAT, max: 1.5', '2', /at most 1\.5/],
    ['[inputs.float]', 'FLOAT', 'x', /`x` cannot be `x`/],
    ['[inputs.datetime]', 'DATETIME', '2024-05-01', /date with time and zone/],
    ['[inputs.date]', "DATE, after: '2024-06-01'", '2024-05-01', /after 2024-06-01/],
    ['[inputs.date]', 'DATE', '2024-02-30', /a date/],
    ['[inputs.time]', "TIME, before: '12:00'", '18:27', /before 12:00/],
    ['[inputs.duration]', 'DURATION, max: PT1M', 'PT2M', /at most PT1M/],
    ['[inputs.duration]', 'DURATION', '5 minutes', /a duration/],
    ['[inputs.json]', 'JSON', '{"a": ', /JSON/],
    ['[inputs.yaml]', 'YAML', 'a: [1', /YAML/],
    ['[inputs.uri]', 'URI', 'http:/x', /a URI/],
    ['[inputs.secret]', 'SECRET, validator: "\\\\d+"', 'my-password', /cannot be the given text/],
    ['[inputs.array]', 'ARRAY, itemType: INT', '[1, "x"]', /`x` has item 2 that cannot be `x`/],
    ['[inputs.array]', 'ARRAY, itemType: INT', '[1, null]', /item 2/],
    ['[inputs.file]', 'FILE', 'ftp://example.org/a', /has to be a file/],
    ['[inputs.file]', 'FILE', 'file:///no-such-file.csv', /no-such-file\.csv/],
    ['[inputs.file]', 'FILE', 'no-such-file.csv', /no-such-file\.csv/],
    [
      '[inputs.file]',
      'FILE, allowedFileExtensions: [.csv]',
      'kestra:///shop/f/a.txt',
      /allowed extension/,
    ],
  ];

  test.each(refused)('%s %s refuses %j in a sentence', async (_id, type, given, message) => {
    const world = await createFlowWorld();
    const error = await refusal(world, `- { id: x, type: ${type} }`, { x: given });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('my-password');
  });
});

describe('the rules of inputs', () => {
  test('[inputs.required] a required input without a value refuses the start', async () => {
    const world = await createFlowWorld();
    const error = await refusal(world, '- { id: x, type: STRING }', {});
    expect(error.message).toBe('the input `x` is required, but no value is given');
  });

  test('[inputs.required] an optional one is present with null', async () => {
    const world = await createFlowWorld();
    const format = "[{{ inputs.x }}] {{ inputs.x is defined }} {{ inputs.x ?? 'none' }}";
    expect(await seen(world, '- { id: x, type: INT, required: false }', format)).toBe(
      '[] false none',
    );
  });

  test('[inputs.defaults] an empty text is a default, structures are defaults of JSON', async () => {
    const world = await createFlowWorld();
    const inputs = `
- { id: empty, type: STRING, defaults: '' }
- { id: map, type: JSON, defaults: { a: [1, 2] } }
- { id: list, type: ARRAY, itemType: INT, defaults: [1, 2] }
- { id: more, type: MULTISELECT, values: [a, b], defaults: [b] }
- { id: day, type: DATE, defaults: 2024-05-01 }
- { id: yes, type: BOOLEAN, defaults: true }`;
    expect(
      await seen(
        world,
        inputs,
        '[{{ inputs.empty }}] {{ inputs.map.a[1] }} {{ inputs.list[1] }} {{ inputs.more[0] }} {{ inputs.day }} {{ inputs.yes }}',
      ),
    ).toBe('[] 2 2 b 2024-05-01 true');
  });

  test('[inputs.defaults-templates] defaults read earlier inputs, pairs and secrets', async () => {
    const world = await createFlowWorld({ SECRET_PIN: btoa('4711-4712') });
    await world.application.keyValues('shop').set('city', unmarked('Bern'));
    const inputs = `
- { id: first, type: INT }
- { id: second, type: INT, defaults: "{{ inputs.first + 1 }}" }
- { id: city, type: STRING, defaults: "{{ kv('city') }}" }
- { id: pin, type: SECRET, defaults: "{{ secret('PIN') }}" }
- { id: list, type: ARRAY, itemType: STRING, defaults: ["{{ inputs.first }}", b] }`;
    const format =
      "{{ [inputs.second, inputs.city, inputs.pin, inputs.list] == [2, 'Bern', '4711-4712', ['1', 'b']] }}";
    expect(await seen(world, inputs, format, { first: '1' })).toBe('true');
  });

  test('[inputs.dotted] dotted ids nest, given flat or nested', async () => {
    const world = await createFlowWorld();
    const inputs = `
- { id: nested.more.int, type: INT }
- { id: nested.text, type: STRING }`;
    const format = '{{ inputs.nested.more.int + 1 }} {{ inputs.nested.text }}';
    expect(await seen(world, inputs, format, { 'nested.more.int': '1', 'nested.text': 'a' })).toBe(
      '2 a',
    );
    expect(await seen(world, inputs, format, { nested: { more: { int: '4' }, text: 'b' } })).toBe(
      '5 b',
    );
  });

  test('[inputs.undeclared] undeclared inputs that nothing reads are dropped', async () => {
    const world = await createFlowWorld();
    const result = await world.run(flowWith('- { id: x, type: STRING }'), {
      inputs: { x: 'a', y: 'b' },
    });
    expect(result.document.inputs).toEqual({ x: 'a' });
  });

  test('[inputs.all-at-once] all inputs are looked at before the start is refused', async () => {
    const world = await createFlowWorld();
    const inputs = `
- { id: a, type: INT }
- { id: b, type: DATE }
- { id: c, type: STRING }`;
    const error = await refusal(world, inputs, { a: 'x', b: 'y', c: 'fine' });
    expect(error.message).toMatch(/input `a`.*\(and 1 more\)/);
    expect(JSON.stringify(error.details)).toContain('the input `b` cannot be `y`');
  });

  test('[inputs.names] `name` is an older spelling of `id`', async () => {
    const world = await createFlowWorld();
    expect(await seen(world, '- { name: x, type: STRING }', '{{ inputs.x }}', { x: 'a' })).toBe(
      'a',
    );
  });

  const dependent = `
- { id: kind, type: SELECT, values: [car, bike] }
- id: seats
  type: INT
  min: 2
  dependsOn: { inputs: [kind], condition: "{{ inputs.kind == 'car' }}" }
- id: belts
  type: INT
  defaults: 4
  dependsOn: { inputs: [seats, unknown] }
- id: model
  type: SELECT
  expression: "{{ inputs.kind == 'car' ? ['van', 'cab'] : ['city', 'race'] }}"
  dependsOn: { inputs: [kind] }`;

  test('[inputs.depends-on] a condition that does not hold drops an input and what needs it', async () => {
    const world = await createFlowWorld();
    const given = { kind: 'bike', seats: 'nonsense', model: 'race' };
    const result = await world.run(flowWith(dependent), { inputs: given });
    expect(result.document.inputs).toEqual({ kind: 'bike', model: 'race' });
  });

  test('[inputs.depends-on] an enabled one is read, and chooses among rendered values', async () => {
    const world = await createFlowWorld();
    const given = { kind: 'car', seats: '5', model: 'van' };
    const result = await world.run(flowWith(dependent), { inputs: given });
    expect(result.document.inputs).toEqual({ kind: 'car', seats: 5, belts: 4, model: 'van' });
    const error = await refusal(world, dependent, { kind: 'car', seats: '5', model: 'race' });
    expect(error.message).toMatch(/`model` cannot be `race`/);
    const few = await refusal(world, dependent, { kind: 'car', seats: '1', model: 'van' });
    expect(few.message).toMatch(/`seats` cannot be `1`/);
  });

  test('[inputs.depends-on] a dependency may be declared later', async () => {
    const world = await createFlowWorld();
    const inputs = `
- id: late
  type: STRING
  defaults: "{{ inputs.base }}!"
  dependsOn: { inputs: [base] }
- { id: base, type: STRING }`;
    expect(await seen(world, inputs, '{{ inputs.late }}', { base: 'a' })).toBe('a!');
  });
});

describe('[inputs.file] files given for inputs', () => {
  const inputs = '- { id: doc, type: FILE }';

  test('are stored under the execution and read by their URI', async () => {
    const world = await createFlowWorld();
    const path = await world.file('my letter.txt', 'dear reader');
    const result = await world.run(
      flowWith(inputs, '{{ read(inputs.doc) }} {{ fileSize(inputs.doc) }}'),
      {
        inputs: { doc: path },
      },
    );
    expect(result.taskRun('seen').outputs['value']).toBe('dear reader 11');
    expect(String(result.document.inputs['doc'])).toMatch(
      new RegExp(`^kestra:///shop/f/executions/${result.document.id}/inputs/doc/`),
    );
  });

  test('leave nothing behind when the start is refused', async () => {
    const world = await createFlowWorld();
    const path = await world.file('letter.txt', 'dear reader');
    const two = `${inputs}\n- { id: n, type: INT }`;
    await refusal(world, two, { doc: path, n: 'x' });
    const more = `${inputs}\n- { id: other, type: FILE }`;
    const error = await refusal(world, more, { doc: path, other: join(world.folder, 'none') });
    expect(error.message).toMatch(/^the input `other` cannot be `.*none`: there is no file/);
    const stored = await readdir(join(world.application.dataFolder, 'files'), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => []);
    expect(stored.filter((one) => one.isFile())).toEqual([]);
  });

  test('may be files of the namespace, also by default', async () => {
    const world = await createFlowWorld();
    await world.application.namespaceFiles('shop').put('a/b.txt', 'of the namespace');
    const fallback = `- { id: doc, type: FILE, defaults: 'nsfile:///a/b.txt' }`;
    expect(await seen(world, fallback, '{{ read(inputs.doc) }}')).toBe('of the namespace');
  });

  test('are taken from this machine only for who starts the execution', async () => {
    const world = await createFlowWorld();
    const path = await world.file('private.txt', 'private');
    const fallback = `- { id: doc, type: FILE, defaults: "{{ '${path}' }}" }`;
    const error = await refusal(world, fallback, {});
    expect(error.message).toContain('`doc`');
    const result = await world.run([
      flowWith(inputs, '{{ read(inputs.doc) }}'),
      `
id: outer
namespace: shop
tasks:
  - id: child
    type: core.flow.Subflow
    namespace: shop
    flowId: f
    inputs:
      doc: ${path}
`,
    ]);
    expect(result.state).toBe('FAILED');
    expect(result.messages().join('\n')).not.toMatch(/^private$/m);
  });

  test('stay readable in a replay, with other inputs and without', async () => {
    const world = await createFlowWorld();
    const path = await world.file('a.txt', 'kept');
    const two = `${inputs}\n- { id: pin, type: SECRET, defaults: hush-hush }\n- { id: n, type: INT, defaults: 1 }`;
    const format = "{{ [read(inputs.doc), inputs.pin] == ['kept', 'hush-hush'] }}";
    const first = await world.run(flowWith(two, format), { inputs: { doc: path } });
    expect(first.taskRun('seen').outputs['value']).toBe('true');
    const same = await world.rest(await world.application.replay(first.document.id));
    expect(same.taskRun('seen').outputs['value']).toBe('true');
    const other = await world.rest(
      await world.application.replay(first.document.id, { inputs: { n: '2' } }),
    );
    expect(other.taskRun('seen').outputs['value']).toBe('true');
    expect(other.document.inputs['n']).toBe(2);
  });
});
