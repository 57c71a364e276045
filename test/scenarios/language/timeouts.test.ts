/** Timeouts: of attempts, of what processes leave behind, of waiting. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

test('an attempt that runs longer than its timeout fails, and says so to handlers [timeouts.task]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: timeout
namespace: demo
variables: { limit: PT0.03S }
tasks:
  - id: slow
    type: core.flow.Sleep
    duration: PT30S
    timeout: "{{ vars.limit }}"
errors:
  - id: handler
    type: core.debug.Return
    format: "{{ errorLogs()[0].message }}"
`);
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.code).toBe('task.timed-out');
  expect(result.taskRun('handler').outputs['value']).toContain('longer than its timeout');
});

test('a timeout counts as a failure for retries; each attempt has the whole time [timeouts.retries]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: timeout-retries
namespace: demo
tasks:
  - id: slow
    type: core.flow.Sleep
    duration: "{{ taskrun.attemptsCount < 1 ? 'PT30S' : 'PT0.02S' }}"
    timeout: PT0.04S
    retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }
`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('slow').attempts.map((one) => one.state.current)).toEqual([
    'FAILED',
    'SUCCESS',
  ]);
});

test('a timeout ends the whole group of a process [timeouts.process-group]', async () => {
  const world = await createFlowWorld();
  const pidFile = join(world.folder, 'pid');
  const result = await world.run(`
id: group
namespace: demo
tasks:
  - id: script
    type: scripts.shell.Commands
    timeout: PT0.2S
    taskRunner: { type: core.runner.Process }
    commands:
      - "sleep 60 & echo $! > ${pidFile}; wait"
`);
  expect(result.state).toBe('FAILED');
  expect(await isAlive(Number(await readFile(pidFile, 'utf8')))).toBe(false);
});
