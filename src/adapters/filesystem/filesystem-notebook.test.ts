/** Texts that are only ever added to: in one file, in a folder, and where neither can be written. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../../../test/support/ledger-system.ts';
import { createFilesystemNotebook } from './filesystem-notebook.ts';

const notebook = createFilesystemNotebook();
const note = (size: number): string => `origin\n${size}\nroot\n\n— origin abcd\n`;

test('a file is added to, and gives back what it holds, the newest of many', async () => {
  const place = join(testFolder(), 'deep', 'log.txt');
  for (let size = 1; size <= 5; size += 1) await notebook.keep(place, `${size}`, note(size));
  expect(await notebook.kept(place, 10)).toEqual([1, 2, 3, 4, 5].map(note));
  expect(await notebook.kept(place, 2)).toEqual([4, 5].map(note));
  const before = readFileSync(place, 'utf8');
  await notebook.keep(place, '6', note(6));
  expect(readFileSync(place, 'utf8').startsWith(before)).toBe(true);
});

test('a folder gets a file for each, which nobody replaces', async () => {
  const place = testFolder();
  await notebook.keep(place, '1.checkpoint', note(1));
  await notebook.keep(place, '2.checkpoint', note(2));
  await notebook.keep(place, '1.checkpoint', note(9));
  expect(readdirSync(place)).toEqual(['1.checkpoint', '2.checkpoint']);
  expect(await notebook.kept(place, 10)).toEqual([note(1), note(2)]);
});

test('a place that cannot be used is told', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'file'), '');
  const inside = join(folder, 'file', 'log.txt');
  await expect(notebook.keep(inside, '1', note(1))).rejects.toMatchObject({
    code: 'anchor.not-kept',
  });
  await expect(notebook.kept(join(folder, 'nothing'), 1)).rejects.toMatchObject({
    code: 'anchor.not-kept',
    message: expect.stringContaining('ENOENT'),
  });
});
