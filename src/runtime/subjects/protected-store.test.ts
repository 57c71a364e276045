/** A store through which values about people pass: what reaches the store below, and what readers see. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createMemorySubjectKeys } from '../../adapters/memory/memory-subject-keys.ts';
import { createKeyFileCipher } from '../../adapters/system/key-file-cipher.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { marksOf, encodeMarks, provenanceOf } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';
import {
  entryOf,
  executionOf,
  keyValueOf,
  logOf,
  metricOf,
  recordOf,
  writeOf,
} from '../../../test/support/store-records.ts';
import { mayConcern, openText, redactText } from './protect-record.ts';
import { createProtectedStore } from './protected-store.ts';
import { createVault, guardedClasses, protectedClasses } from './vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-protected-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
const cipher = createKeyFileCipher(join(folder, 'encryption.key'));

const about = (subject: string | null, name = 'personal.name') => ({ name, subject });
const marksAbout = (...subjects: string[]) =>
  encodeMarks(marksOf(provenanceOf({ classes: subjects.map((one) => about(one)) })));

let keys: SubjectKeys;
let below: Store;
let store: Store;
beforeEach(() => {
  keys = createMemorySubjectKeys();
  keys.create('subject-a');
  keys.create('subject-b');
  below = createMemoryStore(createSystemSealer());
  store = createProtectedStore(below, createVault(keys, cipher));
});
const put = (payload: object, type = 'task-ended') =>
  store.commit([writeOf({ entries: [entryOf({ type, payload: JSON.stringify(payload) })] })]);
const [stored, read] = [
  async () => (await below.allEntries(0, 10)).map(({ payload }) => payload),
  async () => (await store.allEntries(0, 10)).map(({ payload }) => JSON.parse(payload) as unknown),
];

describe('entries', () => {
  test('that are about nobody pass letter by letter', async () => {
    const odd = '{ "outputs" : {"a": 1e2}, "outputsMarks": null }';
    await store.commit([writeOf({ entries: [entryOf({ payload: odd })] })]);
    expect(await stored()).toEqual([odd]);
    const [entry] = await store.entries('main', 'execution:e1');
    expect(entry?.payload).toBe(odd);
    expect(await below.groups({})).toEqual([]);
  });

  test('keep a field whose marks name a subject apart, and give it back in its place', async () => {
    const event = {
      taskRunId: 'r1',
      outputs: { greeting: 'Hello Jane', list: ['Jane', 2, null], 'odd key': { $double: '1' } },
      outputsMarks: marksAbout('subject-a'),
    };
    await put(event);
    expect((await stored()).join('')).not.toContain('Jane');
    expect((await stored()).join('')).toContain('"taskRunId":"r1"');
    expect(await below.groups({})).toMatchObject([
      { name: 'subject-1', classes: [about('subject-a')] },
    ]);
    expect(await read()).toEqual([event]);
    expect(await below.traces('main')).toEqual([
      { tenant: 'main', subject: 'subject-a', place: 'execution:e1' },
    ]);
  });

  test('part what is about different people, where their marks do', async () => {
    const classes = (subject: string) => ({ own: provenanceOf({ classes: [about(subject)] }) });
    const inputs = { a: 'Jane', b: 'John', c: 'nobody' };
    const parts = { a: classes('subject-a'), b: classes('subject-b') };
    const event = { inputs, inputsMarks: { own: provenanceOf({}), parts } };
    await put(event);
    expect((await stored())[0]).toContain('"c":"nobody"');
    expect(await below.groups({})).toHaveLength(2);
    keys.destroy('subject-a');
    const [entry] = await store.allEntries(0, 1);
    expect(entry?.isErased).toBe(true);
    expect(JSON.parse(entry?.payload ?? '')).toMatchObject({
      inputs: { a: { type: 'sluice:sealed', value: '' }, b: 'John', c: 'nobody' },
    });
  });

  test('take the message of an error with what the record is about', async () => {
    const error = { code: 'task.failed', message: 'no Jane' };
    await put({ error, seenMarks: marksAbout('subject-a') });
    expect((await stored()).join('')).not.toContain('Jane');
    expect((await stored()).join('')).toContain('task.failed');
    expect(await read()).toMatchObject([{ error }]);
  });

  test('about somebody whose key is gone are written without the value', async () => {
    keys.destroy('subject-a');
    await put({ value: 'Jane', marks: marksAbout('subject-a', 'subject-b') });
    expect((await stored()).join('')).not.toContain('Jane');
    expect(await below.groups({})).toEqual([]);
    expect(await store.allEntries(0, 1)).toMatchObject([{ isErased: true }]);
  });

  test('do not open what somebody gave in the form of a seal', async () => {
    const seal = { type: 'sluice:sealed', value: '', group: 'subject-1', at: 0 };
    const inputs = { a: 'Jane', b: seal };
    const parts = { a: { own: provenanceOf({ classes: [about('subject-a')] }) } };
    await put({ inputs, inputsMarks: { own: provenanceOf({}), parts } });
    expect(JSON.stringify(await read())).toContain('Jane');
    expect(((await read()) as { inputs: { b: unknown } }[])[0]?.inputs.b).not.toBe('Jane');
  });
});

describe('what is read', () => {
  test('executions, lines, tags and pairs are kept and given back', async () => {
    const document = JSON.stringify({
      inputs: { name: 'Jane' },
      inputsMarks: marksAbout('subject-a'),
      labelsMarks: marksAbout('subject-a'),
    });
    const labels = { to: 'Jane', 'system.correlationId': 'e1' };
    const value = '"Jane"';
    await store.commit([
      writeOf({
        executions: [executionOf({ document, labels })],
        logs: [logOf({ message: 'wrote to Jane', about: [about('subject-a')] })],
        metrics: [metricOf({ tags: { to: 'Jane' }, about: [about('subject-a')] })],
        keyValues: [keyValueOf({ value, marks: JSON.stringify(marksAbout('subject-a')) })],
      }),
    ]);
    const all = async (from: Store) => ({
      execution: await from.execution('main', 'e1'),
      logs: await from.logs({ tenant: 'main' }),
      metrics: await from.metrics('main', 'e1'),
      pairs: await from.keyValues('main', keyValueOf().namespace),
    });
    expect(JSON.stringify(await all(below))).not.toContain('Jane');
    expect((await below.execution('main', 'e1'))?.labels['system.correlationId']).toBe('e1');
    expect(await all(store)).toMatchObject({
      execution: { labels, document },
      logs: [{ message: 'wrote to Jane' }],
      metrics: [{ tags: { to: 'Jane' } }],
      pairs: [{ value }],
    });
    keys.destroy('subject-a');
    expect(await all(store)).toMatchObject({
      execution: { labels: { to: '«erased»' } },
      logs: [{ message: '«erased»' }],
      metrics: [{ tags: { to: '«erased»' } }],
    });
    expect((await all(store)).logs[0]).not.toHaveProperty('about');
  });

  test('records of registers are kept like documents', async () => {
    const document = JSON.stringify({ value: 'Jane', valueMarks: marksAbout('subject-a') });
    await store.commit([writeOf({ registerRecords: [recordOf({ document })] })]);
    const [kept] = await below.registerRecords({ tenant: 'main', kind: 'user', limit: 1 });
    expect(kept?.document).not.toContain('Jane');
    expect(await store.registerRecord(recordOf())).toMatchObject({ document });
    expect(await store.registerRecords({ tenant: 'main', kind: 'user', limit: 1 })).toMatchObject([
      { document },
    ]);
  });

  test('what was sealed for one place opens at no other', async () => {
    const vault = createVault(keys, cipher);
    const sealed = vault.seal('Jane', [about('subject-a')], 'execution:e1');
    expect(sealed && vault.open(sealed, 'execution:e1')).toBe('Jane');
    expect(sealed && vault.open(sealed, 'execution:e2')).toBeUndefined();
  });
});

test('classes without a handle, and files of which nothing is known, have no key', () => {
  const classes = [
    about(null, 'credential'),
    about('many', 'confidential'),
    about('customer 812'),
    about('many'),
    about('subject-a'),
  ];
  expect(protectedClasses(classes)).toEqual([about('many'), about('subject-a')]);
  expect(mayConcern(JSON.stringify({ classes: classes.slice(0, 3) }))).toBe(true);
  expect(guardedClasses(classes)).toEqual([
    about('many'),
    about('subject-a'),
    about(null, 'credential'),
  ]);
  expect(mayConcern('{"classes":[{"name":"internal","subject":null}]}')).toBe(false);
});

test('redaction takes what matches and leaves the rest letter by letter', () => {
  const seal = (subject: string) => ({
    type: 'sluice:sealed',
    value: 'AAAA',
    classes: [about(subject)],
  });
  const isA = (classes: readonly { readonly subject: string | null }[]): boolean =>
    classes.some(({ subject }) => subject === 'subject-a');
  const text = JSON.stringify({ a: [seal('subject-a')], b: seal('subject-b') });
  const redacted = redactText(text, isA);
  expect(redacted).not.toContain('subject-a');
  expect(redacted).toContain('subject-b');
  expect(redactText(redacted, isA)).toBe(redacted);
  const line = (subject: string) =>
    `sluice:sealed:${JSON.stringify({ classes: [about(subject)], value: 'AAAA' })}`;
  expect(redactText(line('subject-a'), isA)).toBe('«erased»');
  expect(redactText(line('subject-b'), isA)).toBe(line('subject-b'));
  expect(redactText(JSON.stringify({ to: line('subject-a') }), isA)).toBe('{"to":"«erased»"}');
  for (const other of ['sluice:sealed: no seal', 'a sluice:sealed line', '{"sluice:sealed":']) {
    expect(redactText(other, isA)).toBe(other);
  }
  expect(openText(text, () => '"x"')).toBe('{"a":["x"],"b":"x"}');
});
