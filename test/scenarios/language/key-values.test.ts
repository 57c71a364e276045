/** Pairs of a namespace: set, read, listed, deleted by tasks, and read by `kv()`. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

function flow(tasks: string, id = 'stock'): string {
  return `id: ${id}\nnamespace: shop.stock\ntasks:${tasks}\n`;
}

test('Set keeps the type of a lone expression; Get and `kv()` give it back [kv.set]', async () => {
  const result = await world.run(
    flow(`
  - id: map
    type: core.kv.Set
    key: sizes
    value: "{{ {'m': 3, 'l': [1, 2]} }}"
  - id: number
    type: core.kv.Set
    key: count
    value: "{{ 40 + 2 }}"
  - id: text
    type: core.kv.Set
    key: note
    value: "{{ 40 }} + 2"
  - id: flag
    type: core.kv.Set
    key: "flag.{{ flow.id }}"
    value: true
  - id: get
    type: core.kv.Get
    key: sizes
  - id: read
    type: core.debug.Return
    format: "{{ kv('count') + 1 }} {{ kv('note') }} {{ outputs.get.value.l[1] }} {{ kv('flag.stock') }}"`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('get').outputs).toEqual({ value: { m: 3, l: [1, 2] } });
  expect(result.taskRun('read').outputs).toEqual({ value: '43 40 + 2 2 true' });
  expect(result.taskRun('map').outputs).toEqual({});
});

test('`kvType` forces a type, `kvDescription` says what a pair is for [kv.type]', async () => {
  await world.run(
    flow(`
  - id: number
    type: core.kv.Set
    key: count
    value: "42"
    kvType: NUMBER
    kvDescription: how many are left
  - id: date
    type: core.kv.Set
    key: day
    value: "2026-03-02"
    kvType: DATE
  - id: json
    type: core.kv.Set
    key: map
    value: '{"a": 1}'
    kvType: JSON
  - id: wrong
    type: core.kv.Set
    key: wrong
    value: many
    kvType: NUMBER
    allowFailure: true`),
  );
  const pairs = await world.application.keyValues('shop.stock').list();
  expect(pairs.map(({ key, type }) => [key, type])).toEqual([
    ['count', 'NUMBER'],
    ['day', 'DATE'],
    ['map', 'JSON'],
  ]);
  expect(pairs[0]?.description).toBe('how many are left');
  const read = await world.run(
    flow(`
  - id: read
    type: core.debug.Return
    format: "{{ kv('count') + 1 }} {{ kv('map').a }} {{ kv('day') }}"`),
  );
  expect(read.taskRun('read').outputs).toEqual({ value: '43 1 2026-03-02' });
});

test('an existing key is refused with `overwrite: false` [kv.overwrite]', async () => {
  const result = await world.run(
    flow(`
  - id: first
    type: core.kv.Set
    key: lock
    value: a
    overwrite: false
  - id: second
    type: core.kv.Set
    key: lock
    value: b
    overwrite: false`),
  );
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('`lock` exists');
  expect((await world.application.keyValues('shop.stock').get('lock'))?.value).toBe('a');
});

test('a pair with a `ttl` vanishes [kv.ttl]', async () => {
  const result = await world.run(
    flow(`
  - id: set
    type: core.kv.Set
    key: short
    value: a
    ttl: PT0.05S
  - id: before
    type: core.kv.Get
    key: short
  - id: wait
    type: core.flow.Sleep
    duration: PT0.08S
  - id: after
    type: core.kv.Get
    key: short`),
  );
  expect(result.taskRun('before').outputs).toEqual({ value: 'a' });
  expect(result.taskRun('after').outputs).toEqual({ value: null });
});

test('a missing key gives null, or an error where told so [kv.missing]', async () => {
  const result = await world.run(
    flow(`
  - id: get
    type: core.kv.Get
    key: none
  - id: strict
    type: core.kv.Get
    key: none
    errorOnMissing: true
    allowFailure: true
  - id: lenient
    type: core.debug.Return
    format: "{{ kv('none', errorOnMissing=false) ?? 'nothing' }}"
  - id: call
    type: core.debug.Return
    format: "{{ kv('none') }}"`),
  );
  expect(result.taskRun('get').outputs).toEqual({ value: null });
  expect(result.taskRun('strict').state.current).toBe('WARNING');
  expect(result.taskRun('lenient').outputs).toEqual({ value: 'nothing' });
  expect(result.taskRun('call').state.current).toBe('FAILED');
  expect(result.document.error?.message).toContain('no key `none`');
});

test('GetKeys lists by prefix, Delete tells whether there was one, PurgeKV removes [kv.keys]', async () => {
  const result = await world.run(
    flow(`
  - id: each
    type: core.flow.ForEach
    values: [price-a, price-b, other]
    tasks:
      - id: set
        type: core.kv.Set
        key: "{{ taskrun.value }}"
        value: 1
  - id: keys
    type: core.kv.GetKeys
    prefix: price-
  - id: gone
    type: core.kv.Delete
    key: price-a
  - id: twice
    type: core.kv.Delete
    key: price-a
  - id: strict
    type: core.kv.Delete
    key: price-a
    errorOnMissing: true
    allowFailure: true
  - id: purge
    type: core.kv.PurgeKV
    keyPattern: price-*
    expiredOnly: false
  - id: left
    type: core.kv.GetKeys`),
  );
  expect(result.taskRun('keys').outputs).toEqual({ keys: ['price-a', 'price-b'] });
  expect(result.taskRun('gone').outputs).toEqual({ deleted: true });
  expect(result.taskRun('twice').outputs).toEqual({ deleted: false });
  expect(result.taskRun('strict').state.current).toBe('WARNING');
  expect(result.taskRun('purge').outputs).toEqual({ size: 1 });
  expect(result.taskRun('left').outputs).toEqual({ keys: ['other'] });
});

test('pairs of another namespace are read by naming it [kv.namespace]', async () => {
  const result = await world.run(
    flow(`
  - id: set
    type: core.kv.Set
    namespace: shop.prices
    key: base
    value: 10
  - id: read
    type: core.debug.Return
    format: "{{ kv('base', 'shop.prices') }}"
  - id: own
    type: core.kv.Get
    key: base`),
  );
  expect(result.taskRun('read').outputs).toEqual({ value: '10' });
  expect(result.taskRun('own').outputs).toEqual({ value: null });
});

test('a value stays for the next execution, with where it comes from [kv.provenance]', async () => {
  await world.run(
    flow(`
  - id: script
    type: scripts.shell.Script
    script: |
      echo '::{"outputs": {"left": 3}}::'
  - id: keep
    type: core.kv.Set
    key: left
    value: "{{ outputs.script.vars.left }}"`),
  );
  const pair = await world.application.keyValues('shop.stock').get('left');
  expect(pair?.value).toBe(3);
  expect(pair?.marks.own.trust).toBe('untrusted');
  const next = await world.run(
    flow(
      `
  - id: read
    type: core.debug.Return
    format: "{{ kv('left') * 2 }}"`,
      'next',
    ),
  );
  expect(next.taskRun('read').outputs).toEqual({ value: '6' });
});
