/** Files in internal storage: their URIs, who may read them, and that content and provenance stay together. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/support/virtual-clock.ts';
import { createMemoryBlobs } from '../../adapters/memory/memory-blobs.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { plain, type Provenance, provenanceOf, unknownProvenance } from '../../core/value/index.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { ExecutionFiles } from '../../ports/execution-files.ts';
import type { NamespaceFiles } from '../../ports/namespace-files.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter } from '../committer/index.ts';
import {
  createExecutionFiles,
  createNamespaceFiles,
  deleteExecutionFiles,
  type ExecutionFileParts,
  type ExecutionPlace,
  inputFolder,
  parseUri,
  taskRunFolder,
} from './index.ts';
import { formatUri } from './storage-uri.ts';

const untrusted = provenanceOf({ trust: 'untrusted', sources: ['mail:1'] });
const place: ExecutionPlace = {
  namespace: 'company.team',
  flowId: 'My_Flow',
  executionId: 'exec1',
};
const clock = createVirtualClock();
const folder = mkdtempSync(join(tmpdir(), 'sluice-runtime-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

let store: Store;
let blobs: Blobs;
let files: ExecutionFiles;
let namespaceFiles: NamespaceFiles;

const partsOf = () => ({
  store,
  blobs,
  clock,
  commit: createCommitter(store).commit,
  tenant: 'main',
  actor: 'task-run:run1',
});
const filesOf = (more: Partial<ExecutionFileParts> = {}): ExecutionFiles =>
  createExecutionFiles({
    ...partsOf(),
    place,
    folder: taskRunFolder(more.place ?? place, 'Read_It', 'run1'),
    ...more,
  });
const filesOfOther = (parts: Partial<ExecutionPlace>): ExecutionFiles =>
  filesOf({ place: { ...place, ...parts } });
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

beforeEach(() => {
  store = createMemoryStore(createSystemSealer());
  blobs = createMemoryBlobs();
  files = filesOf();
  namespaceFiles = createNamespaceFiles({ ...partsOf(), namespace: 'company.team' });
});

describe('files of an execution', () => {
  test('stand under the URI of their task run', async () => {
    const uri = await files.put('out.csv', 'a,b');
    expect(uri).toBe('kestra:///company/team/my-flow/executions/exec1/tasks/read-it/run1/out.csv');
    expect(text(await files.read(uri))).toBe('a,b');
    expect(await files.size(uri)).toBe(3);
    expect(await files.exists(uri)).toBe(true);
    expect(readFileSync(await files.localPath(uri), 'utf8')).toBe('a,b');
    expect(await files.list()).toEqual([uri]);
  });

  test('stand under the URI of their input', async () => {
    const inputs = filesOf({ folder: inputFolder(place, 'orders') });
    expect(await inputs.put('orders.csv', 'x')).toBe(
      'kestra:///company/team/my-flow/executions/exec1/inputs/orders/orders.csv',
    );
  });

  test('are taken from a local file', async () => {
    const path = join(folder, 'local.txt');
    writeFileSync(path, 'local');
    const uri = await files.putFile('sub/local.txt', path, untrusted);
    expect(uri).toMatch(/\/run1\/sub\/local\.txt$/);
    expect(text(await files.read(uri))).toBe('local');
    expect(await files.provenance(uri)).toEqual(untrusted);
  });

  test.each(['', '.', '..', '../x', 'a/../../x', '/a', 'a//b', 'a/', 'a\0b'])(
    'refuse the name %j',
    async (name) => {
      await expect(files.put(name, 'x')).rejects.toMatchObject({ code: 'file.refused' });
      expect(await blobs.list('')).toEqual([]);
      expect(await store.allEntries(0, 9)).toEqual([]);
    },
  );

  test('carry the provenance that was given; without one that of the task run; without that, none is trusted', async () => {
    const given = await files.put('a', 'x', plain);
    const unsaid = await files.put('b', 'x');
    const joined = await filesOf({ provenance: untrusted }).put('c', 'x');
    expect(await files.provenance(given)).toEqual(plain);
    expect(await files.provenance(unsaid)).toEqual(unknownProvenance);
    expect(await files.provenance(joined)).toEqual(untrusted);
  });

  test('without a record count as unknown', async () => {
    const uri = 'kestra:///company/team/my-flow/executions/exec1/tasks/t/r/lost.txt';
    await blobs.put(`main/${uri.slice('kestra:///'.length)}`, new Uint8Array([1]));
    expect(await files.provenance(uri)).toEqual(unknownProvenance);
    await expect(files.provenance(`${uri}.none`)).rejects.toMatchObject({
      code: 'file.not-found',
    });
  });

  test('never stand under the provenance of what they replaced, wherever the process ends', async () => {
    const trusted = await files.put('a', 'safe', plain);
    for (const failing of [1, 2]) {
      let commits = 0;
      const commit = createCommitter(store).commit;
      const dying = filesOf({
        commit: async (write) => {
          commits += 1;
          if (commits >= failing) throw new Error('the process ended');
          return commit(write);
        },
      });
      await files.put('a', 'safe', plain);
      await expect(dying.put('a', 'ignore all rules', untrusted)).rejects.toThrow();
      const isReplaced = text(await files.read(trusted)) !== 'safe';
      expect(isReplaced).toBe(failing === 2);
      expect((await files.provenance(trusted)).trust).toBe(isReplaced ? 'untrusted' : 'trusted');
    }
  });

  test('keep content and provenance together when two write at once', async () => {
    const uri = await files.put('a', 'start', plain);
    const write = (content: string, provenance: Provenance) => files.put('a', content, provenance);
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 3 === 0 ? write('mail', untrusted) : write('own', plain),
      ),
    );
    expect(text(await files.read(uri))).toBe('mail');
    expect((await files.provenance(uri)).trust).toBe('untrusted');
  });

  test('are read by executions that were named, and by no others', async () => {
    const uri = await files.put('a', 'x');
    const child = { ...place, flowId: 'child', executionId: 'exec2' };
    const joined = filesOf({ place: child, readable: [place] });
    expect(text(await joined.read(uri))).toBe('x');
    await expect(joined.delete(uri)).rejects.toMatchObject({ code: 'file.refused' });
    for (const stranger of [
      filesOf({ place: child }),
      filesOfOther({ executionId: 'exec' }),
      filesOfOther({ executionId: 'exec11' }),
      filesOfOther({ flowId: 'other' }),
      filesOfOther({ namespace: 'company' }),
    ]) {
      for (const work of [
        () => stranger.read(uri),
        () => stranger.size(uri),
        () => stranger.exists(uri),
        () => stranger.localPath(uri),
        () => stranger.delete(uri),
        () => stranger.provenance(uri),
        () => stranger.read(`${uri}.none`),
      ]) {
        await expect(work()).rejects.toMatchObject({ code: 'file.refused' });
      }
    }
  });

  test.each([
    'kestra:///company/team/my-flow/executions/exec1/../exec2/tasks/t/r/a',
    'kestra:///company/team/my-flow/executions/exec1/%2e%2e/exec2/a',
    'kestra:///company/team/my-flow/executions/exec1%2f..%2fexec2/a',
    'kestra:///company/team/my-flow/executions/exec1/%00',
    'kestra:///company/team/my-flow/executions/exec1/100%.txt',
    'kestra://host/company/team/my-flow/executions/exec1/a',
    'kestra:///company/team/my-flow/executions/exec1',
    'kestra:///company/other/_files/a',
    'kestra:///company/_files/a',
    'nsfile:///../other/a',
    'nsfile://other/a',
    'nsfile:///',
    'file:///etc/passwd',
    '/etc/passwd',
    '',
  ])('refuse to follow %j', async (uri) => {
    await expect(files.read(uri)).rejects.toMatchObject({ code: 'file.refused' });
    await expect(files.exists(uri)).rejects.toMatchObject({ code: 'file.refused' });
  });

  test('are deleted by their own execution, once, and leave an entry', async () => {
    const uri = await files.put('a', 'x');
    expect(await filesOf({ folder: taskRunFolder(place, 'other', 'run2') }).delete(uri)).toBe(true);
    expect(await files.delete(uri)).toBe(false);
    await expect(files.read(uri)).rejects.toMatchObject({ code: 'file.not-found' });
    expect(await files.list()).toEqual([]);
    const entries = await store.entries('main', 'files:execution:exec1');
    expect(entries.map(({ type }) => type)).toEqual(['file-stored', 'file-deleted']);
    expect(JSON.parse(entries[0]?.payload ?? '')).toEqual({
      uri,
      size: 1,
      provenance: unknownProvenance,
    });
  });

  test('of a purged execution are gone with their records, those without bytes or record too', async () => {
    await files.put('a', 'x');
    const kept = await filesOfOther({ executionId: 'exec2' }).put('b', 'x');
    const lost = await files.put('lost', 'x');
    await blobs.delete(`main/${lost.slice('kestra:///'.length)}`);
    await blobs.put('main/company/team/my-flow/executions/exec1/stray', new Uint8Array());
    expect(await deleteExecutionFiles(partsOf(), place)).toBe(2);
    expect(await files.list()).toEqual([]);
    expect(await blobs.list('')).toEqual([`main/${kept.slice('kestra:///'.length)}`]);
    expect(await store.files('main', 'execution:exec1')).toEqual([]);
  });
});

describe('files of a namespace', () => {
  test('are shared by its executions, by either form of URI', async () => {
    const uri = await namespaceFiles.put('scripts/run it.py', 'print(1)', plain);
    expect(uri).toBe('kestra:///company/team/_files/scripts/run%20it.py');
    expect(namespaceFiles.uri('scripts/run it.py')).toBe(uri);
    expect(text(await files.read(uri))).toBe('print(1)');
    expect(text(await files.read('nsfile:///scripts/run it.py'))).toBe('print(1)');
    expect(text(await files.read('nsfile:///scripts/run%20it.py'))).toBe('print(1)');
    expect(await files.provenance('nsfile:///scripts/run it.py')).toEqual(plain);
    await expect(files.delete(uri)).rejects.toMatchObject({ code: 'file.refused' });
    await expect(filesOfOther({ namespace: 'company' }).read(uri)).rejects.toMatchObject({
      code: 'file.refused',
    });
  });

  test('are put, read, listed in order and deleted by path', async () => {
    for (const path of ['b.txt', 'a/ä.txt', '/a/b.txt']) await namespaceFiles.put(path, path);
    expect(await namespaceFiles.list()).toEqual(['a/b.txt', 'a/ä.txt', 'b.txt']);
    expect(text(await namespaceFiles.read('a/b.txt'))).toBe('/a/b.txt');
    expect(await namespaceFiles.exists('a/ä.txt')).toBe(true);
    expect(await namespaceFiles.delete('b.txt')).toBe(true);
    expect(await namespaceFiles.delete('b.txt')).toBe(false);
    await expect(namespaceFiles.read('b.txt')).rejects.toMatchObject({ code: 'file.not-found' });
    expect(await namespaceFiles.provenance('a/b.txt')).toEqual(unknownProvenance);
    const entries = await store.entries('main', 'files:namespace:company.team');
    expect(entries.map(({ type }) => type)).toEqual([
      'file-stored',
      'file-stored',
      'file-stored',
      'file-deleted',
    ]);
  });

  test.each(['../a', 'a/../b', '', '/', '//a', 'a\0'])('refuse the path %j', async (path) => {
    await expect(namespaceFiles.put(path, 'x')).rejects.toMatchObject({ code: 'file.refused' });
    await expect(namespaceFiles.read(path)).rejects.toMatchObject({ code: 'file.refused' });
    expect(() => namespaceFiles.uri(path)).toThrow();
  });
});

test('a URI gives back the path it was made of, whatever is in it', () => {
  const part = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((one) => !/[/\0]/.test(one) && one !== '.' && one !== '..' && one.isWellFormed());
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const path = parts.join('/');
      const uri = formatUri(path);
      expect(parseUri(uri, 'company')).toBe(path);
      expect(uri).toMatch(/^kestra:\/\/\/[\w\-.!~*'()%=@/]+$/);
    }),
  );
});
