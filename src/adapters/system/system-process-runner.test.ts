/** The processes of the machine keep the contract of a process runner. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testProcessRunner } from '../../../test/contract/process-runner.contract.ts';
import { createSystemProcessRunner } from './system-process-runner.ts';

testProcessRunner(
  'the processes of the machine',
  () => createSystemProcessRunner({ graceMs: 300 }),
  300,
);

test('a process that left its group does not hold up the answer by its open pipes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-daemon-'));
  const started = performance.now();
  const lines: string[] = [];
  const outcome = await createSystemProcessRunner().run({
    command: ['sh', '-c', 'setsid sleep 4 & echo done'],
    workingFolder: folder,
    environment: {},
    signal: new AbortController().signal,
    onLine: (_, line) => lines.push(line),
  });
  expect(outcome.exitCode).toBe(0);
  expect(lines).toEqual(['done']);
  expect(performance.now() - started).toBeLessThan(3_000);
  rmSync(folder, { recursive: true });
});
