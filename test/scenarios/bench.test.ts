/**
 * The bench runs: every workload, at the smallest size, through the same runner as `npm run bench`. What
 * it measures is not looked at, because a machine that runs tests is no place to measure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workloads } from '../../bench/workloads.ts';

interface Result {
  readonly id: string;
  readonly measures: readonly { readonly value: number }[];
}

test('every workload of the bench gives numbers', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-test-'));
  const bench = join(import.meta.dirname, '../../bench/bench.ts');
  const sizes = ['--scale', '0.002', '--rounds', '1', '--folder', folder];
  const { stdout } = spawnSync(process.execPath, [bench, '--output', 'json', ...sizes], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  const results = JSON.parse(stdout) as readonly Result[];
  expect(results.map(({ id }) => id)).toEqual(['raw', ...workloads.map(({ id }) => id)]);
  for (const { id, measures } of results) {
    expect(measures.length, id).toBeGreaterThan(0);
    for (const { value } of measures) expect(Number.isFinite(value), id).toBe(true);
  }
});
