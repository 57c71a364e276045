/** Working folders on a real disk. */
import { mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFilesystemFolders } from './filesystem-folders.ts';

async function folders() {
  const root = await mkdtemp(join(tmpdir(), 'folders-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return createFilesystemFolders(root);
}

test('a folder is made once, only for its owner, and removed with everything in it', async () => {
  const all = await folders();
  const path = await all.make('run-1');
  expect(await all.make('run-1')).toBe(path);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  await all.write(path, 'a/b.txt', 'x');
  expect(await all.list()).toEqual(['run-1']);
  await all.remove('run-1');
  expect(await all.list()).toEqual([]);
  await expect(stat(path)).rejects.toThrow();
});

test('a folder that is gone is not opened as if it were empty', async () => {
  const all = await folders();
  const path = await all.make('run-1');
  expect(await all.open('run-1')).toBe(path);
  await all.remove('run-1');
  await expect(all.open('run-1')).rejects.toMatchObject({ code: 'file.not-found' });
});

test('files are written, read and found by patterns, in order', async () => {
  const all = await folders();
  const path = await all.make('run-1');
  for (const name of ['b.csv', 'a.csv', 'deep/c.csv', 'd.txt']) await all.write(path, name, name);
  expect(new TextDecoder().decode(await all.read(path, 'deep/c.csv'))).toBe('deep/c.csv');
  const found = async (...globs: string[]) => (await all.find(path, globs)).map((one) => one.path);
  expect(await found('*.csv')).toEqual(['a.csv', 'b.csv']);
  expect(await found('**/*.csv')).toEqual(['a.csv', 'b.csv', 'deep/c.csv']);
  expect(await found('./d.txt', 'glob:*.none')).toEqual(['d.txt']);
});

test('paths and links that lead out of the folder are refused', async () => {
  const all = await folders();
  const path = await all.make('run-1');
  for (const bad of ['../x', '/etc/passwd', 'a/../../x', 'a\0b']) {
    await expect(all.write(path, bad, 'x')).rejects.toMatchObject({ code: 'file.refused' });
  }
  await symlink('/etc/hostname', join(path, 'link'));
  expect(await all.find(path, ['*'])).toEqual([]);
  expect((await readFile('/etc/hostname')).length).toBeGreaterThan(0);
});
