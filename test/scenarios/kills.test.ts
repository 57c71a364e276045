/** What is acknowledged survives SIGKILL at any moment; `npm run kill-test -- --kills 1000` is the long form. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../simulation/kill/kill-run.ts';

test('a system that is killed up to fifty times loses and repeats nothing', {
  timeout: 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-kills-'));
  const report = await killAgainAndAgain({
    kills: 50,
    seed: 1,
    folder,
    lifeMaxMs: 150,
    withinMs: 35_000,
  });
  expect(report.troubles, `repeat with: npm run kill-test -- --kills 50 --seed 1`).toEqual([]);
  // A machine that is busy with other things gets through fewer of them in the time there is; a load
  // that hardly did anything would prove nothing.
  expect(report.kills).toBeGreaterThan(10);
  expect(report.executions).toBeGreaterThan(report.kills);
  await rm(folder, { recursive: true });
});
