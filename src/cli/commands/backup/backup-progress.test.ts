/** How far a backup is stands on one line of a terminal, and nowhere else. */
import { expect, test } from 'vitest';
import type { Call } from '../../command.ts';
import { ScriptedSurroundings } from '../../test-support/scripted-surroundings.ts';
import { withBackupProgress } from './backup-progress.ts';

const call = (...switches: string[]): Call =>
  ({ has: (name: string) => switches.includes(name) }) as Call;

test('a terminal shows the part and how far it is, not too often, and is wiped at the end', async () => {
  const surroundings = new ScriptedSurroundings(undefined, { columns: 80, rows: 24 });
  const result = await withBackupProgress(call(), surroundings, async (onProgress) => {
    onProgress({ part: 'store', done: 1, total: 4 });
    onProgress({ part: 'store', done: 2, total: 4 });
    surroundings.at += 60;
    onProgress({ part: 'store', done: 3, total: 4 });
    onProgress({ part: 'store', done: 4, total: 4 });
    onProgress({ part: 'files', done: 0, total: 0 });
    return 'done';
  });
  expect(result).toBe('done');
  expect(surroundings.err.text.split('\r\u001b[2K')).toEqual([
    '',
    'store: 25 % (1 of 4)',
    'store: 75 % (3 of 4)',
    'store: 100 % (4 of 4)',
    'files: 100 % (0 of 0)',
    '',
  ]);
  expect(surroundings.out.text).toBe('');
});

test('a pipe and a quiet call show nothing', async () => {
  const pipe = new ScriptedSurroundings();
  const terminal = new ScriptedSurroundings(undefined, { columns: 80, rows: 24 });
  for (const [one, at] of [
    [call(), pipe],
    [call('quiet'), terminal],
  ] as const) {
    await withBackupProgress(one, at, async (onProgress) => {
      onProgress({ part: 'store', done: 1, total: 1 });
    });
    expect(at.err.text).toBe('');
  }
});
