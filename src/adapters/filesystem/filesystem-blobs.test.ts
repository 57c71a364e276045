/** The bytes in a folder keep the contract of blobs, and a failed write leaves nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { testBlobs } from '../../../test/contract/blobs.contract.ts';
import { createFilesystemBlobs } from './filesystem-blobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-files-'));
let count = 0;
const freshFolder = (): string => {
  count += 1;
  return join(folder, `${count}`);
};
afterAll(() => rmSync(folder, { recursive: true }));

testBlobs('the bytes in a folder', async () => createFilesystemBlobs(freshFolder()));

test('the bytes in a folder stay when it is opened again, readable by their owner only', async () => {
  const root = freshFolder();
  await createFilesystemBlobs(root).put('a/b.txt', new Uint8Array([1, 2]));
  const again = createFilesystemBlobs(root);
  expect(await again.get('a/b.txt')).toEqual(new Uint8Array([1, 2]));
  expect(statSync(await again.localPath('a/b.txt')).mode & 0o077).toBe(0);
});

test('a plain name stays legible as a path, with its ending', async () => {
  const root = freshFolder();
  const blobs = createFilesystemBlobs(root);
  await blobs.put('company/team/report-1.csv', new Uint8Array([1]));
  expect(await blobs.localPath('company/team/report-1.csv')).toBe(
    join(root, 'content/company/team/report-1.csv'),
  );
});

test('a write that fails leaves neither content nor draft', async () => {
  const root = freshFolder();
  const blobs = createFilesystemBlobs(root);
  await blobs.put('a', new Uint8Array([1]));
  writeFileSync(join(root, 'source'), 'x');
  await expect(blobs.put('a/b', new Uint8Array([2]))).rejects.toMatchObject({
    code: 'file.refused',
  });
  await expect(blobs.putFile('a/b', join(root, 'source'))).rejects.toMatchObject({
    code: 'file.refused',
  });
  expect(readdirSync(join(root, 'drafts'))).toEqual([]);
  expect(await blobs.list('')).toEqual(['a']);
});

test('a stored file does not change when the file it came from does', async () => {
  const root = freshFolder();
  const blobs = createFilesystemBlobs(root);
  const source = join(folder, 'source.txt');
  writeFileSync(source, 'before');
  await blobs.putFile('a', source);
  writeFileSync(source, 'after!');
  expect(readFileSync(await blobs.localPath('a'), 'utf8')).toBe('before');
});
