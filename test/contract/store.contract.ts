/**
 * What every store must do. An adapter's own test file calls `testStore` with a way to open an empty
 * store; `testStoreAgainst` compares it with another store in random runs.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/core/failure/index.ts';
import { formatVerifierKey, readHeader } from '../../src/core/ledger/index.ts';
import type { ExecutionRecord, Store, Write } from '../../src/ports/store.ts';
import { makeCheckpoint, verifyStore } from '../../src/runtime/sealer/index.ts';
import { checks, hasher, logSigner } from '../support/ledger-world.ts';
import {
  entryOf,
  executionOf,
  fileOf,
  flowOf,
  keyValueOf,
  logOf,
  metricOf,
  recordOf,
  snapshot,
  taskRunOf,
  timerOf,
  writeOf,
} from '../support/store-records.ts';

/** Opens an empty store. */
export type OpenStore = () => Promise<Store>;

/** A write that touches everything a write can touch. */
export const fullWrite: Write = {
  entries: [entryOf(), entryOf({ type: 'execution-ended', payload: '{"state":"SUCCESS"}' })],
  executions: [executionOf({ labels: { team: 'pricing' } }), executionOf({ id: 'e2' })],
  taskRuns: [taskRunOf(), taskRunOf({ id: 'r2', ordinal: 1, parentId: 'r1' })],
  removedTaskRuns: [{ tenant: 'main', executionId: 'e1', id: 'r0' }],
  setTimers: [timerOf(), timerOf({ id: 'timeout', dueAt: 5_000 })],
  clearedTimers: [{ executionId: 'e1', id: 'retry' }],
  logs: [logOf(), logOf({ level: 'ERROR', taskRunId: null, taskId: null })],
  metrics: [metricOf({ value: 1.5, tags: { shop: 'north' } })],
  flows: [flowOf()],
  keyValues: [keyValueOf()],
  removedKeyValues: [{ tenant: 'main', namespace: 'company.team', key: 'gone' }],
  files: [fileOf()],
  removedFiles: [{ tenant: 'main', uri: 'kestra:///company/team/_files/gone.txt' }],
  registerRecords: [recordOf({ keys: { role: 'admin' } }), recordOf({ version: 2, document: '1' })],
  removedRegisterRecords: [{ tenant: 'main', kind: 'user', id: 'u1' }],
};

/** What `fullWrite` replaces and removes. */
export const earlierWrite: Write = {
  entries: [entryOf({ type: 'execution-created' })],
  executions: [executionOf({ state: 'CREATED' })],
  taskRuns: [taskRunOf({ id: 'r0' }), taskRunOf({ state: 'CREATED' })],
  setTimers: [timerOf({ id: 'retry', dueAt: 1_500 })],
  keyValues: [keyValueOf({ key: 'gone' }), keyValueOf({ value: '"blue"' })],
  files: [fileOf({ uri: 'kestra:///company/team/_files/gone.txt' })],
  registerRecords: [recordOf({ keys: { role: 'viewer' } })],
};

const oddTexts = ['', 'é 😀 ‮', 'a\0b', 'it\'s "quoted"', 'line\nline\r\n', '%_\\', '  '];

/** Calls the tests of a store. */
export function testStore(title: string, open: OpenStore): void {
  describe(`${title} keeps the contract of a store`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const put = (parts: Partial<Write>) => store.commit([writeOf(parts)]);
    const ids = (records: readonly { readonly id: string }[]): string[] =>
      records.map(({ id }) => id);

    describe('commit', () => {
      test('counts places from 1 without gaps', async () => {
        expect(await store.commit([])).toEqual({ lastSeq: 0 });
        expect(await put({ entries: [entryOf(), entryOf()] })).toEqual({ lastSeq: 2 });
        expect(await put({ executions: [executionOf()] })).toEqual({ lastSeq: 2 });
        expect(await put({ entries: [entryOf()] })).toEqual({ lastSeq: 3 });
        expect((await store.allEntries(0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      });

      test('seals each entry with a header that says the same and a salt of its own', async () => {
        const given = entryOf({ type: 'é "odd" \u202e', payload: '{"text":"\ud83d\ude00"}' });
        await put({ entries: [given, given] });
        const sealed = await store.sealedEntries(0, 10);
        const { payload, ...columns } = given;
        for (const [index, one] of sealed.entries()) {
          expect(one).toMatchObject({ ...columns, seq: index + 1 });
          expect(Buffer.from(one.payload).toString()).toBe(payload);
          expect(readHeader(one.header)).toMatchObject({ ...columns, seq: index + 1 });
          expect(one.salt).toHaveLength(32);
        }
        expect(sealed).toHaveLength(2);
        expect(sealed[0]!.salt).not.toEqual(sealed[1]!.salt);
        expect((await store.sealedEntries(1, 10)).map(({ seq }) => seq)).toEqual([2]);
      });

      test('finds entries by what they say, the newest first', async () => {
        await put({
          entries: [
            entryOf({ actor: 'user:ada', at: 1, payload: '{"note":"50% off"}' }),
            entryOf({ type: 'flow-saved', stream: 'flow:shop/x', at: 2 }),
            entryOf({ tenant: 'other', at: 3 }),
            entryOf({ at: 4 }),
          ],
        });
        const found = async (query: object) =>
          (await store.searchEntries({ tenant: 'main', limit: 10, ...query })).map(
            ({ seq }) => seq,
          );
        expect(await found({})).toEqual([4, 2, 1]);
        expect(await found({ limit: 2 })).toEqual([4, 2]);
        expect(await found({ actor: 'user:ada' })).toEqual([1]);
        expect(await found({ type: 'flow-saved' })).toEqual([2]);
        expect(await found({ stream: 'flow:shop/x' })).toEqual([2]);
        expect(await found({ stream: 'flow:shop/none' })).toEqual([]);
        expect(await found({ from: 2, to: 4 })).toEqual([4, 2]);
        expect(await found({ before: 4 })).toEqual([2, 1]);
        expect(await found({ before: 2, limit: 5 })).toEqual([1]);
        expect(await found({ before: 1 })).toEqual([]);
        expect(await found({ text: '50%' })).toEqual([1]);
        expect(await found({ text: '5_%' })).toEqual([]);
        expect(await found({ tenant: 'other' })).toEqual([3]);
      });

      test('grows a tree that verifies, over full tiles and refused commits', async () => {
        const signer = { ...logSigner, ...checks.verifier };
        const parts = { store, hasher, signer, clock: { now: () => 7 } };
        const sizes = [0, 1, 255, 1, 1, 300, 77];
        let size = 0;
        for (const count of sizes) {
          await put({ entries: Array.from({ length: count }, () => entryOf()) });
          size += count;
          await expect(
            put({
              entries: [entryOf()],
              expects: { tenant: 'main', stream: 'x', length: 9 },
            }),
          ).rejects.toMatchObject({ code: 'store.conflict' });
          const checkpoint = await makeCheckpoint(parts);
          expect(checkpoint.size).toBe(size);
          expect(await verifyStore(parts)).toMatchObject({
            verdict: 'valid',
            size,
            unsealedCount: 0,
          });
        }
        expect((await store.checkpoints()).map((one) => one.size)).toEqual([
          0, 1, 256, 257, 258, 558, 635,
        ]);
        const key = formatVerifierKey(hasher, 'ledger.example/other', new Uint8Array(32));
        expect(await verifyStore(parts, { verifierKeys: [key] })).toMatchObject({
          verdict: 'broken',
        });
      });

      test('counts as one however many writes share it, and as none when there is nothing', async () => {
        await store.commit([]);
        expect(store.commitCount).toBe(0);
        await store.commit([fullWrite, fullWrite, fullWrite]);
        expect(store.commitCount).toBe(1);
      });

      test('refuses a write whose writer was overtaken in a stream, whole', async () => {
        const stream = 'execution:e1';
        const expecting = (length: number): Partial<Write> => ({
          entries: [entryOf({ stream })],
          expects: { tenant: 'main', stream, length },
        });
        await put(expecting(0));
        await put(expecting(1));
        expect(await store.streamLength('main', stream)).toBe(2);
        await expect(put(expecting(1))).rejects.toMatchObject({ code: 'store.conflict' });
        await expect(put(expecting(3))).rejects.toMatchObject({ code: 'store.conflict' });
        expect((await store.entries('main', stream)).length).toBe(2);
        expect(await store.streamLength('main', 'execution:other')).toBe(0);
      });

      test('keeps streams of one name apart by their tenants', async () => {
        const stream = 'kv:company.team';
        const first = ['main', 'other'].map((tenant) =>
          writeOf({
            entries: [entryOf({ tenant, stream, payload: `"${tenant}"` })],
            expects: { tenant, stream, length: 0 },
          }),
        );
        await store.commit(first);
        for (const tenant of ['main', 'other']) {
          const found = await store.entries(tenant, stream);
          expect(found.map(({ payload }) => payload)).toEqual([`"${tenant}"`]);
          expect(await store.streamLength(tenant, stream)).toBe(1);
          const matching = await store.searchEntries({ tenant, stream, limit: 9 });
          expect(matching.map((one) => one.tenant)).toEqual([tenant]);
        }
      });

      test('applies writes in order, removals of a write first', async () => {
        await store.commit([
          writeOf({ taskRuns: [taskRunOf({ state: 'CREATED' })], setTimers: [timerOf()] }),
          writeOf({
            taskRuns: [taskRunOf({ state: 'SUCCESS' })],
            removedTaskRuns: [{ tenant: 'main', executionId: 'e1', id: 'r1' }],
            setTimers: [timerOf({ dueAt: 9_000 })],
            clearedTimers: [{ executionId: 'e1', id: 'delay' }],
          }),
        ]);
        expect((await store.taskRuns('main', 'e1')).map(({ state }) => state)).toEqual(['SUCCESS']);
        expect(await store.nextTimer()).toBe(9_000);
      });

      test('keeps any text exactly', async () => {
        await put({ entries: oddTexts.map((payload) => entryOf({ payload })) });
        expect((await store.allEntries(0, 99)).map(({ payload }) => payload)).toEqual(oddTexts);
      });

      test.each(
        Object.entries({
          'a whole number that is none': { taskRuns: [taskRunOf({ ordinal: 0.5 })] },
          'a number that is none': { metrics: [metricOf({ value: Number.NaN })] },
          'a missing text': { logs: [logOf({ message: undefined as never })] },
          'a missing payload': { entries: [entryOf({ payload: undefined as never })] },
          'another source of a revision': { flows: [flowOf({ source: 'id: other' })] },
          'an execution of another flow': { executions: [executionOf({ flowId: 'bye' })] },
        }),
      )('leaves nothing when one write among many has %s', async (_, bad) => {
        await store.commit([earlierWrite, writeOf({ flows: [flowOf()] })]);
        const before = await snapshot(store);
        const count = store.commitCount;
        for (const place of [0, 1, 2]) {
          const writes = [fullWrite, writeOf({ executions: [executionOf({ id: 'e3' })] })];
          writes.splice(place, 0, { ...fullWrite, ...bad });
          await expect(store.commit(writes)).rejects.toThrow();
          expect(await snapshot(store)).toEqual(before);
        }
        expect(store.commitCount).toBe(count);
        expect(await store.commit([fullWrite])).toEqual({ lastSeq: 3 });
      });
    });

    describe('entries', () => {
      test('come back per stream and in full, in order, after a place', async () => {
        const entries = ['a', 'b', 'a', 'b', 'a'].map((stream, index) =>
          entryOf({ stream, at: 100 - index, payload: `"${index}"` }),
        );
        await put({ entries });
        const placed = entries.map((entry, index) => ({ ...entry, seq: index + 1 }));
        expect(await store.entries('main', 'a')).toStrictEqual([placed[0], placed[2], placed[4]]);
        expect(await store.entries('main', 'a', 3)).toStrictEqual([placed[4]]);
        expect(await store.entries('main', 'none')).toEqual([]);
        expect(await store.allEntries(1, 2)).toStrictEqual([placed[1], placed[2]]);
        expect(await store.allEntries(5, 2)).toEqual([]);
      });

      test('of some types are found part by part, and the last place of a part is told', async () => {
        const entries = ['seen', 'other', 'seen', 'seen'].map((type, index) =>
          entryOf({ type, payload: `"${index}"` }),
        );
        await put({ entries: [...entries, entryOf({ type: 'seen', tenant: 'other' })] });
        const scan = async (afterSeq: number, span: number, types?: readonly string[]) => {
          const query = { tenant: 'main', afterSeq, span, ...(types !== undefined && { types }) };
          const found = await store.scanEntries(query);
          return [found.entries.map(({ seq }) => seq), found.lastSeq];
        };
        expect(await scan(0, 100, ['seen'])).toEqual([[1, 3, 4], 5]);
        expect(await scan(0, 3, ['seen', 'none'])).toEqual([[1, 3], 3]);
        expect(await scan(3, 1, ['seen'])).toEqual([[4], 4]);
        expect(await scan(0, 2)).toEqual([[1, 2], 2]);
        expect(await scan(5, 10, ['seen'])).toEqual([[], 5]);
        expect(await scan(9, 10)).toEqual([[], 9]);
        const [first] = (await store.scanEntries({ tenant: 'main', afterSeq: 0, span: 1 })).entries;
        expect(first).toStrictEqual({ ...entries[0], seq: 1 });
      });
    });

    describe('flows', () => {
      const two = flowOf({ revision: 2, source: 'id: hello # 2' });

      test('are found by revision, the newest without one', async () => {
        await put({ flows: [two, flowOf()] });
        expect(await store.flow('main', 'company.team', 'hello')).toStrictEqual(two);
        expect(await store.flow('main', 'company.team', 'hello', 1)).toStrictEqual(flowOf());
        expect(await store.flow('main', 'company.team', 'hello', 3)).toBeUndefined();
        expect(await store.flow('other', 'company.team', 'hello')).toBeUndefined();
        expect(await store.flowRevisions('main', 'company.team', 'hello')).toEqual([flowOf(), two]);
      });

      test('are not found once deleted, save by revision, and come back with a later one', async () => {
        await put({ flows: [flowOf(), { ...two, isDeleted: true }] });
        expect(await store.flow('main', 'company.team', 'hello')).toBeUndefined();
        expect(await store.flows('main')).toEqual([]);
        expect(await store.flow('main', 'company.team', 'hello', 2)).toMatchObject({
          isDeleted: true,
        });
        await put({ flows: [flowOf({ revision: 3 })] });
        expect(await store.flows('main')).toEqual([flowOf({ revision: 3 })]);
      });

      test('and executions name the namespaces there are, deleted flows included', async () => {
        expect(await store.namespaces('main')).toEqual([]);
        await put({
          flows: [flowOf({ namespace: 'shop' }), flowOf({ namespace: 'attic', isDeleted: true })],
          executions: [
            executionOf({ id: 'n1', namespace: 'shop' }),
            executionOf({ id: 'n2', namespace: 'shop.eu' }),
            executionOf({ id: 'n3', namespace: 'foreign', tenant: 'other' }),
          ],
        });
        expect(await store.namespaces('main')).toEqual(['attic', 'shop', 'shop.eu']);
        expect(await store.namespaces('other')).toEqual(['foreign']);
      });

      test('are deleted in place by the same source', async () => {
        await put({ flows: [flowOf()] });
        await put({ flows: [flowOf({ isDeleted: true, at: 2_000 })] });
        expect(await store.flowRevisions('main', 'company.team', 'hello')).toEqual([
          flowOf({ isDeleted: true, at: 2_000 }),
        ]);
        expect(await store.flow('main', 'company.team', 'hello')).toBeUndefined();
      });

      test('refuse another source under an existing revision', async () => {
        await put({ flows: [flowOf()] });
        await expect(put({ flows: [flowOf({ source: 'id: other' })] })).rejects.toMatchObject({
          code: 'store.conflict',
        });
      });

      test('are listed in order of namespace and id', async () => {
        await put({
          flows: [
            flowOf({ namespace: 'b', id: 'x' }),
            flowOf({ namespace: 'a', id: 'y' }),
            flowOf({ namespace: 'a', id: 'B' }),
            flowOf({ namespace: 'a', id: 'y', revision: 2 }),
            flowOf({ tenant: 'other', namespace: 'a', id: 'z' }),
          ],
        });
        const listed = await store.flows('main');
        expect(listed.map((one) => `${one.namespace}.${one.id}.${one.revision}`)).toEqual([
          'a.B.1',
          'a.y.2',
          'b.x.1',
        ]);
        expect(ids(await store.flows('main', 'b'))).toEqual(['x']);
      });
    });

    describe('executions', () => {
      const many = (count: number, parts: (index: number) => Partial<ExecutionRecord>) =>
        put({
          executions: Array.from({ length: count }, (_, index) =>
            executionOf({ id: `x${index}`, ...parts(index) }),
          ),
        });

      test('come back as they were written, and only to their tenant', async () => {
        const one = executionOf({
          startedAt: 1,
          endedAt: 2,
          parentId: 'p',
          causedBy: 'c',
          holdsSlot: true,
          labels: JSON.parse('{"a":"b","__proto__":"c","":"é"}') as Record<string, string>,
          document: '{"inputs":{}}',
        });
        await put({ executions: [one] });
        expect(await store.execution('main', 'e1')).toStrictEqual(one);
        expect(await store.execution('other', 'e1')).toBeUndefined();
        const ended = { ...one, state: 'SUCCESS', endedAt: 3, holdsSlot: false, labels: {} };
        await put({ executions: [ended] });
        expect(await store.execution('main', 'e1')).toStrictEqual(ended);
      });

      test.each([
        { tenant: 'other' },
        { namespace: 'company' },
        { flowId: 'bye' },
        { createdAt: 1 },
        { causedBy: 'e9' },
      ])('refuse to become another one: %o', async (parts) => {
        await put({ executions: [executionOf()] });
        await expect(put({ executions: [executionOf(parts)] })).rejects.toMatchObject({
          code: 'store.conflict',
        });
        expect(await store.execution('main', 'e1')).toEqual(executionOf());
      });

      test('are listed newest first; of one millisecond the last that came first', async () => {
        await many(6, (index) => ({ createdAt: 1_000 + (index % 2) }));
        const all = await store.executions({ tenant: 'main', limit: 99 });
        expect(ids(all)).toEqual(['x5', 'x3', 'x1', 'x4', 'x2', 'x0']);
      });

      test('are listed page by page without loss or repetition, whatever the page size', async () => {
        await many(23, (index) => ({
          createdAt: 1_000 + (index % 3),
          flowId: index % 5 === 0 ? 'bye' : 'hello',
        }));
        const query = { tenant: 'main', flowId: 'hello' };
        const all = ids(await store.executions({ ...query, limit: 99 }));
        expect(all.length).toBe(18);
        for (const limit of [1, 4, 17, 18, 19]) {
          const seen: string[] = [];
          for (;;) {
            const after = seen.at(-1);
            const page = await store.executions({
              ...query,
              limit,
              ...(after === undefined ? {} : { after }),
            });
            if (page.length === 0) break;
            expect(page.length).toBeLessThanOrEqual(limit);
            seen.push(...ids(page));
          }
          expect(seen).toEqual(all);
        }
      });

      test('refuse a page after an execution that is not there', async () => {
        await put({ executions: [executionOf({ tenant: 'other', id: 'foreign' })] });
        for (const after of ['none', 'foreign']) {
          await expect(store.executions({ tenant: 'main', limit: 1, after })).rejects.toMatchObject(
            { code: 'execution.not-found' },
          );
        }
      });

      test('are filtered by all that is named, bounds included', async () => {
        await many(8, (index) => ({
          createdAt: 1_000 + index,
          state: ['SUCCESS', 'FAILED', 'RUNNING', 'PAUSED'][index % 4] ?? '',
          namespace: index < 4 ? 'company' : 'company.team',
          causedBy: index === 7 ? 'x0' : null,
        }));
        const list = async (query: object) =>
          ids(await store.executions({ tenant: 'main', limit: 99, ...query }));
        expect(await list({ namespace: 'company' })).toEqual(['x3', 'x2', 'x1', 'x0']);
        expect(await list({ within: 'company' })).toHaveLength(8);
        expect(await list({ within: 'company.team', limit: 2 })).toEqual(['x7', 'x6']);
        expect(await list({ within: 'compan' })).toEqual([]);
        expect(await list({ text: 'Y.TEAM' })).toEqual(['x7', 'x6', 'x5', 'x4']);
        expect(await list({ text: 'x3' })).toEqual(['x3']);
        expect(await list({ text: '%' })).toEqual([]);
        expect(await list({ namespaces: ['company', 'elsewhere'] })).toEqual([
          'x3',
          'x2',
          'x1',
          'x0',
        ]);
        expect(await list({ namespaces: ['company.team'], after: 'x6', limit: 1 })).toEqual(['x5']);
        expect(await list({ namespaces: [] })).toEqual([]);
        const some = { tenant: 'main', namespaces: ['company'] };
        expect((await store.countExecutions(some)).map(({ count }) => count)).toEqual([4]);
        expect(await list({ isCaused: true })).toEqual(['x7']);
        expect(await list({ isCaused: false, states: ['PAUSED'] })).toEqual(['x3']);
        const counts = await store.countExecutions({ tenant: 'main', within: 'company.team' });
        expect(counts.map(({ count }) => count)).toEqual([4]);
        expect(await list({ states: ['FAILED', 'PAUSED'] })).toEqual(['x7', 'x5', 'x3', 'x1']);
        expect(await list({ states: [] })).toEqual([]);
        expect(await list({ causedBy: 'x0' })).toEqual(['x7']);
        expect(await list({ createdFrom: 1_002, createdTo: 1_003 })).toEqual(['x3', 'x2']);
        expect(await list({ namespace: 'company', states: ['SUCCESS'], createdTo: 1_007 })).toEqual(
          ['x0'],
        );
        expect(await store.executions({ tenant: 'other', limit: 99 })).toEqual([]);
      });

      test('are unfinished while they are under way; the oldest come first', async () => {
        await many(10, (index) => ({
          isUnderWay: index % 2 === 0,
          createdAt: 2_000 - (index % 4),
        }));
        expect(await store.unfinishedExecutions('main')).toEqual(['x2', 'x6', 'x0', 'x4', 'x8']);
        expect(await store.unfinishedExecutions('other')).toEqual([]);
        await put({
          executions: [executionOf({ id: 'x0', isUnderWay: false, createdAt: 2_000 })],
        });
        expect(await store.unfinishedExecutions('main')).not.toContain('x0');
      });

      test('take a slot only where fewer than the limit are held, in the same write or before', async () => {
        const take = (id: string, limit = 2) =>
          writeOf({
            slot: {
              tenant: 'main',
              namespace: 'company.team',
              flowId: 'hello',
              executionId: id,
              limit,
            },
            executions: [executionOf({ id, holdsSlot: true })],
          });
        await store.commit([take('x0')]);
        const refused = { code: 'store.conflict', details: { slots: true } };
        await expect(store.commit([take('x1'), take('x2')])).rejects.toMatchObject(refused);
        expect(await store.execution('main', 'x1')).toBeUndefined();
        await store.commit([take('x1')]);
        await store.commit([take('x1')]);
        await expect(store.commit([take('x2')])).rejects.toMatchObject(refused);
        await store.commit([writeOf({ executions: [executionOf({ id: 'x0' })] }), take('x2')]);
        expect(await store.slotsHeld('main', 'company.team', 'hello')).toBe(2);
      });

      test('are counted while they hold a slot', async () => {
        await many(5, (index) => ({ holdsSlot: index % 2 === 0 }));
        await put({ executions: [executionOf({ id: 'b', flowId: 'bye', holdsSlot: true })] });
        expect(await store.slotsHeld('main', 'company.team', 'hello')).toBe(3);
        await put({ executions: [executionOf({ id: 'x0', holdsSlot: false })] });
        expect(await store.slotsHeld('main', 'company.team', 'hello')).toBe(2);
        expect(await store.slotsHeld('other', 'company.team', 'hello')).toBe(0);
      });

      test('leave the queue oldest first', async () => {
        await many(4, (index) => ({
          state: 'QUEUED',
          createdAt: index === 3 ? 999 : 1_000,
        }));
        const of = { tenant: 'main', namespace: 'company.team', flowId: 'hello', limit: 2 };
        expect(await store.queuedExecutions(of)).toEqual(['x3', 'x0']);
        await put({ executions: [executionOf({ id: 'x3', createdAt: 999 })] });
        expect(await store.queuedExecutions(of)).toEqual(['x0', 'x1']);
        expect(await store.queuedExecutions({ ...of, after: 'x0' })).toEqual(['x1', 'x2']);
        // What came before may have left the queue meanwhile.
        expect(await store.queuedExecutions({ ...of, after: 'x3' })).toEqual(['x0', 'x1']);
        expect(await store.queuedExecutions({ ...of, flowId: 'bye' })).toEqual([]);
      });

      test('are queued in flows, each named once', async () => {
        await many(9, (index) => ({
          state: index === 8 ? 'RUNNING' : 'QUEUED',
          namespace: index < 3 ? 'company' : 'company.team',
          flowId: index % 2 === 0 ? 'hello' : 'bye',
        }));
        expect(await store.queuedFlows('main')).toEqual([
          { namespace: 'company', flowId: 'bye' },
          { namespace: 'company', flowId: 'hello' },
          { namespace: 'company.team', flowId: 'bye' },
          { namespace: 'company.team', flowId: 'hello' },
        ]);
        expect(await store.queuedFlows('other')).toEqual([]);
      });

      test('are counted per flow', async () => {
        await many(6, (index) => ({
          flowId: index % 3 === 0 ? 'bye' : 'hello',
          state: index < 2 ? 'FAILED' : 'SUCCESS',
        }));
        expect(await store.countExecutions({ tenant: 'main' })).toEqual([
          { namespace: 'company.team', flowId: 'bye', count: 2 },
          { namespace: 'company.team', flowId: 'hello', count: 4 },
        ]);
        expect(await store.countExecutions({ tenant: 'main', states: ['FAILED'] })).toEqual([
          { namespace: 'company.team', flowId: 'bye', count: 1 },
          { namespace: 'company.team', flowId: 'hello', count: 1 },
        ]);
      });
    });

    describe('task runs', () => {
      test('come back in order of creation, whatever the order of writing', async () => {
        const runs = [2, 0, 1].map((ordinal) => taskRunOf({ id: `r${ordinal}`, ordinal }));
        await put({ taskRuns: [...runs, taskRunOf({ executionId: 'e2' })] });
        expect(ids(await store.taskRuns('main', 'e1'))).toEqual(['r0', 'r1', 'r2']);
        expect(await store.taskRuns('main', 'e2')).toStrictEqual([
          taskRunOf({ executionId: 'e2' }),
        ]);
        expect(await store.taskRuns('main', 'none')).toEqual([]);
      });

      test('are replaced as a whole', async () => {
        await put({ taskRuns: [taskRunOf()] });
        const ended = taskRunOf({
          state: 'SUCCESS',
          ordinal: 4,
          taskId: 'second',
          parentId: 'p',
          startedAt: 5,
          endedAt: 6,
          document: '{"outputs":{}}',
        });
        await put({ taskRuns: [ended] });
        expect(await store.taskRuns('main', 'e1')).toStrictEqual([ended]);
      });

      test('are removed by id; removing what is not there is no fault', async () => {
        await put({ taskRuns: [taskRunOf(), taskRunOf({ id: 'r2', ordinal: 1 })] });
        await put({
          removedTaskRuns: [
            { tenant: 'main', executionId: 'e1', id: 'r1' },
            { tenant: 'main', executionId: 'e1', id: 'r9' },
            { tenant: 'other', executionId: 'e1', id: 'r2' },
            { tenant: 'main', executionId: 'e2', id: 'r2' },
          ],
        });
        expect(ids(await store.taskRuns('main', 'e1'))).toEqual(['r2']);
      });
    });

    describe('timers', () => {
      test('are due at or before the moment, earliest first, as many as asked for', async () => {
        expect(await store.nextTimer()).toBeUndefined();
        await put({
          setTimers: [
            timerOf({ id: 'c', dueAt: 30 }),
            timerOf({ id: 'a', dueAt: 10 }),
            timerOf({ id: 'b', dueAt: 20, tenant: 'other', executionId: 'e2' }),
          ],
        });
        expect(await store.nextTimer()).toBe(10);
        expect(ids(await store.dueTimers(20, 9))).toEqual(['a', 'b']);
        expect(ids(await store.dueTimers(99, 2))).toEqual(['a', 'b']);
        expect(await store.dueTimers(9, 9)).toEqual([]);
        expect(await store.dueTimers(10, 9)).toStrictEqual([timerOf({ id: 'a', dueAt: 10 })]);
      });

      test('are set again and cleared by execution and id', async () => {
        await put({ setTimers: [timerOf(), timerOf({ executionId: 'e2' })] });
        await put({ setTimers: [timerOf({ dueAt: 5 })] });
        expect(await store.nextTimer()).toBe(5);
        await put({ clearedTimers: [{ executionId: 'e1', id: 'delay' }] });
        expect(await store.dueTimers(9_999, 9)).toStrictEqual([timerOf({ executionId: 'e2' })]);
      });
    });

    describe('logs and metrics', () => {
      test('log lines are filtered by all that is named, oldest first, bounds included', async () => {
        const lines = [
          logOf({ at: 3, message: 'c' }),
          logOf({ at: 1, message: 'a', level: 'ERROR' }),
          logOf({ at: 2, message: 'b', executionId: 'e2', flowId: 'bye', taskId: 'second' }),
          logOf({ at: 3, message: 'd', taskRunId: null, taskId: null, namespace: 'company' }),
          logOf({ at: 1, message: 'z', tenant: 'other' }),
        ];
        await put({ logs: lines });
        const read = async (query: object) =>
          (await store.logs({ tenant: 'main', ...query })).map(({ message }) => message).join('');
        expect(await read({})).toBe('abcd');
        expect(await read({ limit: 2 })).toBe('ab');
        expect(await read({ executionId: 'e1' })).toBe('acd');
        expect(await read({ executionId: 'none' })).toBe('');
        expect(await read({ levels: ['ERROR', 'WARN'] })).toBe('a');
        expect(await read({ taskIds: ['second'] })).toBe('b');
        expect(await read({ taskIds: [] })).toBe('');
        expect(await read({ flowId: 'bye' })).toBe('b');
        expect(await read({ namespace: 'company' })).toBe('d');
        expect(await read({ namespaces: ['company', 'company.team'] })).toBe('abcd');
        expect(await read({ namespaces: ['company'] })).toBe('d');
        expect(await read({ namespaces: [] })).toBe('');
        expect(await read({ from: 2, to: 3 })).toBe('bcd');
        expect(await store.logs({ tenant: 'other' })).toStrictEqual([lines[4]]);
      });

      test('purged log lines are those that match, and are counted', async () => {
        await put({ logs: [1, 2, 3, 4].map((at) => logOf({ at })) });
        expect(await store.purgeLogs({ tenant: 'main', to: 2 })).toBe(2);
        expect(await store.purgeLogs({ tenant: 'main', to: 2 })).toBe(0);
        expect(await store.purgeLogs({ tenant: 'other' })).toBe(0);
        expect((await store.logs({ tenant: 'main' })).map(({ at }) => at)).toEqual([3, 4]);
      });

      test('metrics come back per execution in order of arrival', async () => {
        const values = [0.1, -3, 2 ** 40, 1e300].map((value) =>
          metricOf({ value, tags: { __proto__x: 'y' } }),
        );
        await put({ metrics: [...values, metricOf({ executionId: 'e2' })] });
        expect(await store.metrics('main', 'e1')).toStrictEqual(values);
      });
    });

    describe('purge', () => {
      test('removes the named parts of the named executions of the tenant, and counts them', async () => {
        await store.commit([
          fullWrite,
          writeOf({
            executions: [executionOf({ id: 'e3', tenant: 'other' })],
            taskRuns: [taskRunOf({ executionId: 'e2' })],
            logs: [logOf({ executionId: 'e2' })],
          }),
        ]);
        const named = { tenant: 'main', executionIds: ['e1', 'e3', 'none'] };
        expect(await store.purge({ ...named, parts: [] })).toEqual({
          executions: 0,
          logs: 0,
          metrics: 0,
        });
        expect(await store.purge({ ...named, parts: ['log', 'metric'] })).toEqual({
          executions: 0,
          logs: 2,
          metrics: 1,
        });
        expect(await store.taskRuns('main', 'e1')).toHaveLength(2);
        expect(await store.purge({ ...named, parts: ['execution'] })).toEqual({
          executions: 1,
          logs: 0,
          metrics: 0,
        });
        expect(await store.execution('main', 'e1')).toBeUndefined();
        expect(await store.taskRuns('main', 'e1')).toEqual([]);
        expect(await store.nextTimer()).toBeUndefined();
        expect(await store.execution('other', 'e3')).toBeDefined();
        expect(await store.taskRuns('main', 'e2')).toHaveLength(1);
        expect(await store.logs({ tenant: 'main' })).toHaveLength(1);
      });

      test('leaves the ledger alone', async () => {
        await store.commit([fullWrite]);
        const before = await store.allEntries(0, 99);
        await store.purge({
          tenant: 'main',
          executionIds: ['e1'],
          parts: ['execution', 'log', 'metric'],
        });
        expect(await store.allEntries(0, 99)).toEqual(before);
        expect(await store.entries('main', 'execution:e1')).toEqual(before);
      });
    });

    describe('pairs and files', () => {
      test('pairs come back raw, expired or not, replaced as a whole, in order of key', async () => {
        const pair = keyValueOf({
          description: 'd',
          expiresAt: 1,
          marks: '{"own":{}}',
          value: '{"$double":"1"}',
        });
        await put({
          keyValues: [pair, keyValueOf({ key: 'Zebra' }), keyValueOf({ key: 'color2' })],
        });
        expect(await store.keyValue('main', 'company.team', 'color')).toStrictEqual(pair);
        expect(await store.keyValue('main', 'company', 'color')).toBeUndefined();
        expect(await store.keyValue('other', 'company.team', 'color')).toBeUndefined();
        const list = async (prefix?: string) =>
          (await store.keyValues('main', 'company.team', prefix)).map(({ key }) => key);
        expect(await list()).toEqual(['Zebra', 'color', 'color2']);
        expect(await list('color')).toEqual(['color', 'color2']);
        expect(await list('%')).toEqual([]);
        await put({ keyValues: [keyValueOf()] });
        expect(await store.keyValue('main', 'company.team', 'color')).toStrictEqual(keyValueOf());
        await put({
          removedKeyValues: [{ tenant: 'main', namespace: 'company.team', key: 'color' }],
        });
        expect(await list()).toEqual(['Zebra', 'color2']);
      });

      test('file records come back per owner in order of URI, and are replaced and removed', async () => {
        await put({
          files: [
            fileOf({ uri: 'b' }),
            fileOf({ uri: 'a' }),
            fileOf({ uri: 'c', owner: 'execution:e1' }),
            fileOf({ uri: 'a', tenant: 'other' }),
          ],
        });
        await put({ files: [fileOf({ uri: 'a', size: 9, provenance: '{"x":1}' })] });
        const files = await store.files('main', 'namespace:company.team');
        expect(files).toStrictEqual([
          fileOf({ uri: 'a', size: 9, provenance: '{"x":1}' }),
          fileOf({ uri: 'b' }),
        ]);
        expect(await store.file('main', 'c')).toStrictEqual(
          fileOf({ uri: 'c', owner: 'execution:e1' }),
        );
        await put({ removedFiles: [{ tenant: 'main', uri: 'a' }] });
        expect(await store.file('main', 'a')).toBeUndefined();
        expect(await store.file('other', 'a')).toBeDefined();
      });
    });

    test('refuses work once it is closed, and closes twice', async () => {
      await store.close();
      await store.close();
      for (const work of [
        () => store.commit([fullWrite]),
        () => store.commit([]),
        () => store.entries('main', 'a'),
        () => store.purgeLogs({ tenant: 'main' }),
      ]) {
        const error = await work().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(Failure);
        expect(error).toMatchObject({ code: 'store.unreachable' });
      }
    });
  });
}

const small = fc.integer({ min: 0, max: 2 });
const moment = fc.integer({ min: 995, max: 1_005 });
const text = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'grapheme', maxLength: 8 }));
const tenant = fc.constantFrom('main', 'main', 'main', 'other');
const namespace = fc.constantFrom('company.team', 'company');
const flowId = fc.constantFrom('hello', 'bye');
const executionId = fc.constantFrom('e1', 'e2', 'e3');
const state = fc.constantFrom('CREATED', 'RUNNING', 'QUEUED', 'PAUSED', 'SUCCESS', 'FAILED');
const list = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });

const write: fc.Arbitrary<Write> = fc.record({
  entries: list(
    fc
      .record({ tenant, stream: executionId, at: moment, payload: text })
      .map(({ stream, ...rest }) => entryOf({ ...rest, stream: `execution:${stream}` })),
  ),
  // Most of an execution follows from its id; one in a while claims another flow and is refused.
  executions: list(
    fc
      .record({
        id: executionId,
        state,
        holdsSlot: fc.boolean(),
        isUnderWay: fc.boolean(),
        startedAt: fc.option(moment),
        labels: fc.dictionary(text, text, { maxKeys: 2 }),
        flowId: fc.constantFrom(...Array<string>(20).fill('hello'), 'bye'),
      })
      .map((parts) => executionOf({ ...parts, createdAt: parts.id === 'e3' ? 999 : 1_000 })),
  ),
  taskRuns: list(
    fc
      .record({ tenant, executionId, id: small.map(String), ordinal: small, state, document: text })
      .map(taskRunOf),
  ),
  removedTaskRuns: list(fc.record({ tenant, executionId, id: small.map(String) })),
  setTimers: list(fc.record({ executionId, id: small.map(String), dueAt: moment }).map(timerOf)),
  clearedTimers: list(fc.record({ executionId, id: small.map(String) })),
  logs: list(fc.record({ tenant, executionId, at: moment, message: text }).map(logOf)),
  metrics: list(
    fc.record({ tenant, executionId, value: fc.double({ noNaN: true }), at: moment }).map(metricOf),
  ),
  flows: list(
    fc
      .record({
        tenant,
        namespace,
        id: flowId,
        revision: small,
        isDeleted: fc.boolean(),
        source: fc.constantFrom(...Array<string>(9).fill('a'), 'b'),
      })
      .map(flowOf),
  ),
  keyValues: list(
    fc
      .record({ tenant, namespace, key: text, value: text, expiresAt: fc.option(moment) })
      .map(keyValueOf),
  ),
  removedKeyValues: list(fc.record({ tenant, namespace, key: text })),
  files: list(fc.record({ tenant, uri: text, size: small, provenance: text }).map(fileOf)),
  removedFiles: list(fc.record({ tenant, uri: text })),
  registerRecords: list(
    fc
      .record({
        tenant,
        id: small.map(String),
        version: fc.constantFrom(1, 1, 1, 2),
        document: text,
      })
      .chain((parts) =>
        fc.dictionary(text, text, { maxKeys: 2 }).map((keys) => recordOf({ ...parts, keys })),
      ),
  ),
  removedRegisterRecords: list(
    fc.record({ tenant, kind: fc.constant('user'), id: small.map(String) }),
  ),
});

type Act =
  | { readonly kind: 'commit'; readonly writes: readonly Write[] }
  | {
      readonly kind: 'purge';
      readonly ids: readonly string[];
      readonly parts: ('execution' | 'log' | 'metric')[];
    }
  | { readonly kind: 'purge-logs'; readonly to: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      writes: fc.array(write, { maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('purge' as const),
      ids: fc.array(executionId, { maxLength: 2 }),
      parts: fc.subarray<'execution' | 'log' | 'metric'>(['execution', 'log', 'metric']),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('purge-logs' as const), to: moment }),
  },
);

async function perform(store: Store, one: Act): Promise<unknown> {
  const work = {
    commit: () => store.commit(one.kind === 'commit' ? one.writes : []),
    purge: () =>
      store.purge({
        tenant: 'main',
        executionIds: one.kind === 'purge' ? one.ids : [],
        parts: one.kind === 'purge' ? one.parts : [],
      }),
    'purge-logs': () =>
      store.purgeLogs({ tenant: 'main', to: one.kind === 'purge-logs' ? one.to : 0 }),
  };
  try {
    return await work[one.kind]();
  } catch (error) {
    return error instanceof Failure ? error.code : error;
  }
}

/** Calls the random comparison of a store with `openOracle`'s: the same acts give the same answers and the same state. */
export function testStoreAgainst(title: string, open: OpenStore, openOracle: OpenStore): void {
  test(`${title} answers like the reference in random runs`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
        const [store, oracle] = [await open(), await openOracle()];
        try {
          for (const one of acts) {
            expect(await perform(store, one)).toEqual(await perform(oracle, one));
          }
          expect(await snapshot(store)).toEqual(await snapshot(oracle));
        } finally {
          await Promise.all([store.close(), oracle.close()]);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);
}
