/** What every store must do with fields of entries that stand apart, and with erasing. An adapter's own test file calls `testFieldGroups`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatVerifierKey, readHeader } from '../../src/core/ledger/index.ts';
import type { Erasure, FieldGroup, Store } from '../../src/ports/store.ts';
import { makeCheckpoint, verifyStore } from '../../src/runtime/sealer/index.ts';
import { checks, hasher, logSigner } from '../support/ledger-world.ts';
import {
  entryOf,
  executionOf,
  logOf,
  metricOf,
  taskRunOf,
  writeOf,
} from '../support/store-records.ts';
import type { OpenStore } from './store.contract.ts';

const groupOf = (name: string, subject: string, payload = 'sealed'): FieldGroup => ({
  name,
  classes: [{ name: 'personal', subject }],
  payload,
});

/** Calls the tests of the groups of a store. */
export function testFieldGroups(title: string, open: OpenStore): void {
  describe(`${title} keeps the contract of field groups`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const put = (...groups: FieldGroup[]) =>
      store.commit([writeOf({ entries: [groups.length === 0 ? entryOf() : entryOf({ groups })] })]);
    const erase = (parts: Partial<Erasure>) =>
      store.erase({
        tenant: 'main',
        writes: [],
        groups: [],
        executions: [],
        redact: (text) => text,
        forgotten: () => [],
        ...parts,
      });
    const names = async (query: object): Promise<string[]> =>
      (await store.groups(query)).map(({ seq, name }) => `${seq} ${name}`);

    test('gives groups back as they were put, with the place and time of their entry', async () => {
      await put();
      await put(groupOf('b', 'subject-2', 'é 😀'), groupOf('a', 'subject-1'));
      expect(await store.groups({ tenant: 'main' })).toStrictEqual([
        { ...groupOf('a', 'subject-1'), seq: 2, at: 1_000, stream: 'execution:e1', tenant: 'main' },
        {
          ...groupOf('b', 'subject-2', 'é 😀'),
          seq: 2,
          at: 1_000,
          stream: 'execution:e1',
          tenant: 'main',
        },
      ]);
      const [, entry] = await store.entries('main', 'execution:e1');
      expect(entry).not.toHaveProperty('groups');
    });

    test('finds groups by tenant, stream, entry and time', async () => {
      const groups = [groupOf('a', 'subject-1')];
      await store.commit([
        writeOf({
          entries: [
            entryOf({ groups }),
            entryOf({ groups, stream: 'execution:e2', at: 2_000 }),
            entryOf({ groups, tenant: 'other' }),
          ],
        }),
      ]);
      expect(await names({})).toEqual(['1 a', '2 a', '3 a']);
      expect(await names({ tenant: 'main' })).toEqual(['1 a', '2 a']);
      expect(await names({ tenant: 'main', stream: 'execution:e2' })).toEqual(['2 a']);
      expect(await names({ tenant: 'main', stream: 'execution:e3' })).toEqual([]);
      expect(await names({ seqs: [1, 3] })).toEqual(['1 a', '3 a']);
      expect(await names({ until: 1_999 })).toEqual(['1 a', '3 a']);
      expect(await names({ afterSeq: 1, limit: 1 })).toEqual(['2 a']);
    });

    test('commits to each group in the header, which names whom it is about', async () => {
      await put(groupOf('subject-1', 'subject-b'), groupOf('subject-2', 'subject-a'));
      const [sealed] = await store.sealedEntries(0, 1);
      const header = readHeader(sealed!.header);
      expect(header?.subjects).toEqual(['subject-a', 'subject-b']);
      expect(header?.commitments.map(({ group }) => group)).toEqual([
        'payload',
        'subject-1',
        'subject-2',
      ]);
      const salts = sealed!.groups.map(({ salt }) => Buffer.from(salt).toString('hex'));
      expect(new Set(salts).size).toBe(2);
      expect(salts.every((salt) => salt.length === 64)).toBe(true);
    });

    test('verifies with its groups, and without those whose erasure an entry records', async () => {
      const { verifier } = checks;
      const signer = { ...logSigner, ...verifier };
      const parts = { store, hasher, signer, clock: { now: () => 1 } };
      const verdict = async () => {
        await makeCheckpoint(parts);
        const verifierKeys = [formatVerifierKey(hasher, logSigner.name, logSigner.publicKey)];
        return verifyStore(parts, { verifierKeys });
      };
      await put(groupOf('subject-1', 'subject-a'), groupOf('subject-2', 'subject-b'));
      await put(groupOf('subject-1', 'subject-a'));
      expect(await verdict()).toMatchObject({ verdict: 'valid' });
      const erased = { 'subject-1': [[1, 2]] };
      const payload = JSON.stringify({ erased });
      const groups = [
        { seq: 1, name: 'subject-1' },
        { seq: 2, name: 'subject-1' },
      ];
      const entries = [entryOf({ type: 'subject-erased', payload })];
      expect(await erase({ groups, writes: [writeOf({ entries })] })).toMatchObject({ lastSeq: 3 });
      expect(await names({})).toEqual(['1 subject-2']);
      expect(await verdict()).toMatchObject({ verdict: 'erased', erasedCount: 2, firstSeq: 1 });
      await erase({ groups: [{ seq: 1, name: 'subject-2' }] });
      expect(await verdict()).toMatchObject({ verdict: 'broken', seq: 1 });
    });

    test('redacts every text of the executions that are named, and no other', async () => {
      const labels = { to: 'secret' };
      const document = '"secret"';
      const tags = { to: 'secret' };
      for (const [tenant, id] of [
        ['main', 'e1'],
        ['main', 'e2'],
      ] as const) {
        await store.commit([
          writeOf({
            executions: [executionOf({ tenant, id, labels, document })],
            taskRuns: [taskRunOf({ tenant, executionId: id, document })],
            logs: [
              logOf({ tenant, executionId: id, message: 'secret' }),
              logOf({ executionId: id }),
            ],
            metrics: [metricOf({ tenant, executionId: id, tags })],
          }),
        ]);
      }
      const seen = new Set<string>();
      const { textCount } = await erase({
        executions: ['e1'],
        redact: (text, id) => {
          seen.add(id);
          return text.replace('secret', 'gone');
        },
      });
      expect(textCount).toBe(5);
      expect([...seen]).toEqual(['e1']);
      const textsOf = async (id: string) => [
        (await store.execution('main', id))?.labels,
        (await store.execution('main', id))?.document,
        (await store.taskRuns('main', id))[0]?.document,
        (await store.logs({ tenant: 'main', executionId: id }))[0]?.message,
        (await store.metrics('main', id))[0]?.tags,
      ];
      expect(await textsOf('e1')).toEqual([
        { to: 'gone' },
        '"gone"',
        '"gone"',
        'gone',
        { to: 'gone' },
      ]);
      expect(await textsOf('e2')).toEqual([labels, document, document, 'secret', tags]);
    });

    test('keeps traces once, and forgets those that are named', async () => {
      const trace = (subject: string, place: string, tenant = 'main') => ({
        tenant,
        subject,
        place,
      });
      const traces = [trace('b', 'file:1'), trace('a', 'file:1'), trace('a', 'file:1')];
      await store.commit([writeOf({ traces }), writeOf({ traces: [trace('a', 'x', 'other')] })]);
      expect(await store.traces('main')).toEqual([trace('a', 'file:1'), trace('b', 'file:1')]);
      expect(await store.traces('main', 'b')).toEqual([trace('b', 'file:1')]);
      await erase({ forgotten: () => [trace('a', 'file:1')] });
      expect(await store.traces('main')).toEqual([trace('b', 'file:1')]);
      expect(await store.traces('other')).toHaveLength(1);
    });

    test('an erasure that fails has erased nothing', async () => {
      await put(groupOf('subject-1', 'subject-a'));
      await store.commit([writeOf({ executions: [executionOf({ document: '"secret"' })] })]);
      const failing = erase({
        groups: [{ seq: 1, name: 'subject-1' }],
        executions: ['e1'],
        redact: () => '"gone"',
        writes: [writeOf({ expects: { tenant: 'main', stream: 'execution:e1', length: 7 } })],
      });
      await expect(failing).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await names({})).toEqual(['1 subject-1']);
      expect((await store.execution('main', 'e1'))?.document).toBe('"secret"');
    });
  });
}
