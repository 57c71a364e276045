/** Pairs: what is read back, what is refused, and what the ledger says of it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../test/support/virtual-clock.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import {
  decodeValue,
  Double,
  encodeValue,
  type Marked,
  mapOf,
  marksOf,
  marksOfParts,
  plainMarks,
  provenanceOf,
  unmarked,
  type Value,
} from '../../core/value/index.ts';
import type { KeyValues, KeyValueType } from '../../ports/key-values.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter } from '../committer/index.ts';
import { createKeyValues } from './key-values.ts';

const outside = provenanceOf({ trust: 'untrusted' });
let store: Store;
let clock: VirtualClock;
let pairs: KeyValues;
const pairsOf = (namespace: string, tenant = 'main'): KeyValues =>
  createKeyValues({
    store,
    clock,
    commit: createCommitter(store).commit,
    tenant,
    namespace,
    actor: 'task-run:r1',
  });

beforeEach(() => {
  store = createMemoryStore(createSystemSealer());
  clock = createVirtualClock(Date.UTC(2026, 0, 1));
  pairs = pairsOf('company.team');
});

describe('a pair', () => {
  test.each<[Value, KeyValueType]>([
    ['text', 'STRING'],
    [12, 'NUMBER'],
    [12n ** 18n, 'NUMBER'],
    [new Double(3), 'NUMBER'],
    [true, 'BOOLEAN'],
    [null, 'JSON'],
    [[1, 'a'], 'JSON'],
    [mapOf({ $double: 'x', a: mapOf({ b: 1 }) }), 'JSON'],
    [Temporal.Instant.from('2026-01-01T00:00:00Z'), 'DATETIME'],
    [Temporal.PlainDate.from('2026-01-01'), 'DATE'],
    [Temporal.Duration.from('PT5M'), 'DURATION'],
  ])('gives back %s and knows its type %s', async (value, type) => {
    await pairs.set('key', unmarked(value));
    const read = await pairs.get('key');
    expect(encodeValue(read === undefined ? 'none' : read.value)).toBe(encodeValue(value));
    expect(read?.marks).toBe(plainMarks);
    expect((await pairs.list())[0]?.type).toBe(type);
  });

  test.each<[Value, KeyValueType, string]>([
    ['12', 'NUMBER', '12'],
    ['12.0', 'NUMBER', '{"$double":"12"}'],
    ['9007199254740993', 'NUMBER', '{"$integer":"9007199254740993"}'],
    ['true', 'BOOLEAN', 'true'],
    ['no', 'BOOLEAN', 'false'],
    ['2026-01-01', 'DATE', '{"$date":"2026-01-01"}'],
    ['2026-01-01T10:00:00', 'DATETIME', '{"$instant":"2026-01-01T10:00:00Z"}'],
    ['PT1H', 'DURATION', '{"$duration":"PT1H"}'],
    ['{"$double":"1","a":[{"$x":1}]}', 'JSON', '{"$$double":"1","a":[{"$$x":1}]}'],
    [12, 'STRING', '"12"'],
    [[1], 'STRING', '"[1]"'],
    [12, 'JSON', '12'],
  ])('forces %j to %s', async (value, type, kept) => {
    await pairs.set('key', unmarked(value), { type });
    expect(encodeValue((await pairs.get('key'))?.value ?? 'none')).toBe(kept);
    expect((await pairs.list())[0]?.type).toBe(type);
  });

  test.each<[Value, KeyValueType]>([
    ['x', 'NUMBER'],
    ['', 'NUMBER'],
    ['yesterday', 'DATE'],
    ['yesterday', 'DATETIME'],
    ['soon', 'DURATION'],
    ['{', 'JSON'],
  ])('refuses %j as %s', async (value, type) => {
    await expect(pairs.set('key', unmarked(value), { type })).rejects.toMatchObject({
      code: 'task.input-invalid',
    });
    expect(await pairs.get('key')).toBeUndefined();
  });

  test.each(['', '.a', '-a', 'a b', 'a/b', 'ä', '__proto__', 'a\n'])(
    'refuses the key %j',
    async (key) => {
      for (const work of [
        () => pairs.set(key, unmarked(1)),
        () => pairs.get(key),
        () => pairs.delete(key),
      ]) {
        await expect(work()).rejects.toMatchObject({ code: 'task.input-invalid' });
      }
    },
  );

  test('keeps the marks of its value, part by part', async () => {
    const marked: Marked = {
      value: mapOf({ id: 1, note: 'hello' }),
      marks: marksOfParts([['note', marksOf(outside)]]),
    };
    await pairs.set('key', marked);
    expect(await pairs.get('key')).toEqual(marked);
  });

  test('stays marked as a whole when its form is forced', async () => {
    const marks = marksOfParts([['note', marksOf(outside)]]);
    await pairs.set('key', { value: mapOf({ note: 'hello' }), marks }, { type: 'STRING' });
    expect((await pairs.get('key'))?.marks).toEqual(marksOf(outside));
  });

  test('is absent from the moment it expires, to everyone who reads', async () => {
    await pairs.set('key', unmarked(1), { ttlMs: 1_000 });
    clock.advance(999);
    expect((await pairs.get('key'))?.value).toBe(1);
    expect((await pairs.list())[0]?.expiresAt).toBe('2026-01-01T00:00:01Z');
    clock.advance(1);
    expect(await pairs.get('key')).toBeUndefined();
    expect(await pairs.list()).toEqual([]);
    expect(await pairs.delete('key')).toBe(false);
    await pairs.set('key', unmarked(2), { overwrite: false });
    expect((await pairs.list())[0]).toEqual({
      key: 'key',
      type: 'NUMBER',
      createdAt: '2026-01-01T00:00:01Z',
      updatedAt: '2026-01-01T00:00:01Z',
    });
  });

  test('is replaced unless that is refused; its birth stays', async () => {
    await pairs.set('key', unmarked(1), { description: 'first' });
    clock.advance(1_000);
    await pairs.set('key', unmarked('two'));
    expect(await pairs.list()).toEqual([
      {
        key: 'key',
        type: 'STRING',
        createdAt: '2026-01-01T00:00:00Z',
        updatedAt: '2026-01-01T00:00:01Z',
      },
    ]);
    await expect(pairs.set('key', unmarked(3), { overwrite: false })).rejects.toMatchObject({
      code: 'kv.exists',
    });
    expect((await pairs.get('key'))?.value).toBe('two');
  });

  test('that must not exist is set by one of many who try at once', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) =>
        pairsOf('company.team').set('key', unmarked(index), { overwrite: false }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await pairs.get('key'))?.value).toBe(0);
  });

  test('belongs to its tenant and namespace', async () => {
    await pairs.set('key', unmarked(1));
    expect(await pairsOf('company').get('key')).toBeUndefined();
    expect(await pairsOf('company.team', 'other').get('key')).toBeUndefined();
    expect(await pairsOf('company').delete('key')).toBe(false);
  });

  test('is listed by prefix, in order', async () => {
    for (const key of ['b', 'a2', 'a1', 'A']) await pairs.set(key, unmarked(1));
    expect((await pairs.list()).map(({ key }) => key)).toEqual(['A', 'a1', 'a2', 'b']);
    expect((await pairs.list('a')).map(({ key }) => key)).toEqual(['a1', 'a2']);
  });
});

test('each change is an entry, durable with it, that never holds the value', async () => {
  await pairs.set('key', { value: 'the-value-itself', marks: marksOf(outside) }, { ttlMs: 5 });
  await pairs.delete('key');
  await pairs.delete('key');
  const entries = await store.entries('main', 'kv:company.team');
  expect(entries.map(({ type, actor, tenant }) => [type, actor, tenant])).toEqual([
    ['kv-set', 'task-run:r1', 'main'],
    ['kv-deleted', 'task-run:r1', 'main'],
  ]);
  expect(decodeValue(entries[0]?.payload ?? 'null')).toEqual({
    key: 'key',
    type: 'STRING',
    expiresAt: clock.now() + 5,
    provenance: outside,
  });
  expect(JSON.stringify(entries)).not.toContain('the-value-itself');
});
