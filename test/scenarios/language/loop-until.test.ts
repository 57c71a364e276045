/** Tests of LoopUntil, WaitFor of old: rounds, their bounds, what is seen of them. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

function poll(condition: string, frequency: string, more = '', tasks = ''): string {
  return `id: wait-for-stock
namespace: shop.fulfilment
tasks:
  - id: poll
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: ${condition}
${more}    checkFrequency:
      interval: PT0.01S
${frequency}    tasks:
      - id: look
        type: core.debug.Return
        format: "look {{ outputs.poll.iterationCount }}"
${tasks}`;
}

test('rounds repeat until the condition holds; only the last one is seen [loop-until]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    poll(`"{{ outputs.look.value == 'look 3' }}"`, '      maxIterations: 10\n'),
  );
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['poll', 'look']]);
  expect(result.taskRun('poll').outputs).toEqual({ iterationCount: 3 });
  expect(result.taskRun('look').outputs).toEqual({ value: 'look 3' });
});

test('the old name is an alias [loop-until.alias]', async () => {
  const world = await createFlowWorld();
  for (const type of ['io.kestra.plugin.core.flow.WaitFor', 'io.kestra.core.tasks.flows.WaitFor']) {
    const result = await world.run(
      poll('"true"', '').replace('io.kestra.plugin.core.flow.LoopUntil', type),
    );
    expect(result.state).toBe('SUCCESS');
  }
});

test('one round more than `maxIterations` runs; then the state of the last round counts [loop-until.max-iterations]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(poll('"false"', '      maxIterations: 2\n'));
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('poll').outputs).toEqual({ iterationCount: 3 });
});

test('with `failOnMaxReached` reaching a bound fails [loop-until.fail-on-max]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    poll('"false"', '      maxIterations: 1\n', '    failOnMaxReached: true\n'),
  );
  expect([result.state, result.taskRun('poll').state.current]).toEqual(['FAILED', 'FAILED']);
  expect(result.taskRun('look').state.current).toBe('SUCCESS');
});

test('`maxDuration` is a bound, too [loop-until.max-duration]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    poll('"false"', '      maxDuration: PT0.05S\n', '    failOnMaxReached: true\n'),
  );
  expect(result.state).toBe('FAILED');
  const histories = result.taskRun('poll').state.histories;
  const lasted = Date.parse(histories.at(-1)?.date ?? '') - Date.parse(histories[0]?.date ?? '');
  expect(lasted).toBeGreaterThanOrEqual(50);
});

test('a failing child ends the loop [loop-until.failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    poll(
      '"false"',
      '',
      '',
      `      - id: broken
        type: core.execution.Fail
        condition: "{{ outputs.poll.iterationCount == 2 }}"
    errors:
      - {id: note, type: core.log.Log, message: noted}
`,
    ),
  );
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['poll', 'look', 'broken', 'note']]);
  expect(result.taskRun('poll').outputs).toEqual({ iterationCount: 2 });
});

test('a condition that cannot be rendered fails the loop [loop-until.error]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(poll('"{{ vars.nothing }}"', ''));
  expect(result.state).toBe('FAILED');
});

test('without an interval the next round comes after a minute [loop-until.interval]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    poll('"false"', '      maxIterations: 2\n').replace('      interval: PT0.01S\n', ''),
    { timerPatienceMs: 1_000 },
  );
  expect([result.state, result.taskRun('poll').state.current]).toEqual(['RUNNING', 'RUNNING']);
  await world.application.kill(result.document.id);
  expect((await world.rest(result.document.id)).state).toBe('KILLED');
});
