/** Task runs and what runs next: the order in which runs are created, and when each may start. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult } from '../../support/run-flow.ts';

/** Returns for each task when its run began and ended, as a test can compare it. */
function spanOf(result: FlowResult, taskId: string, value?: string) {
  const { histories } = result.taskRun(taskId, value).state;
  return { from: histories[0]?.date ?? '', to: histories.at(-1)?.date ?? '' };
}

test('runs are listed in the order in which they were created, a flowable before its children [runs.order]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: nested
namespace: demo
tasks:
  - id: first
    type: core.log.Log
    message: one
  - id: group
    type: core.flow.Sequential
    tasks:
      - id: inner
        type: core.flow.Sequential
        tasks:
          - id: deep
            type: core.log.Log
            message: two
      - id: after_inner
        type: core.log.Log
        message: three
  - id: last
    type: core.log.Log
    message: four
`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['first', 'group', 'inner', 'deep', 'after_inner', 'last']);
  expect(result.taskRun('deep').parentTaskRunId).toBe(result.taskRun('inner').id);
  expect(result.taskRun('inner').parentTaskRunId).toBe(result.taskRun('group').id);
  expect(result.taskRun('last').parentTaskRunId).toBeUndefined();
});

test('a run has its value, iteration, attempts, outputs and histories [runs.shape]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: shape
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["a", "b"]
    tasks:
      - id: say
        type: core.debug.Return
        format: "{{ taskrun.value }}{{ taskrun.iteration }}"
`);
  const run = result.taskRun('say', 'b');
  expect(run).toMatchObject({ taskId: 'say', value: 'b', iteration: 1, outputs: { value: 'b1' } });
  expect(run.attempts).toHaveLength(1);
  expect(run.state.histories.map((one) => one.state)).toEqual(['CREATED', 'RUNNING', 'SUCCESS']);
  expect(run.attempts[0]?.state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'SUCCESS',
  ]);
});

test('the outputs of a choice can be read by the tasks it chose, and a failing choice fails the run [runs.flowable-outputs]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: choice
namespace: demo
tasks:
  - id: decide
    type: core.flow.If
    condition: "{{ true }}"
    then:
      - id: see
        type: core.debug.Return
        format: "{{ outputs.decide.evaluationResult }}"
  - id: broken
    type: core.flow.If
    condition: "{{ vars.nothing.there }}"
    then:
      - id: never
        type: core.log.Log
        message: never
`);
  expect(result.taskRun('see').outputs).toEqual({ value: 'true' });
  expect(result.taskRun('broken').state.current).toBe('FAILED');
  expect(result.taskIds).not.toContain('never');
});

test('disabled tasks are dropped before anything is decided [order.disabled]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: disabled
namespace: demo
tasks:
  - id: off
    type: core.execution.Fail
    disabled: true
  - id: group
    type: core.flow.Parallel
    tasks:
      - id: off_too
        type: core.execution.Fail
        disabled: true
  - id: fails
    type: core.execution.Fail
    allowFailure: true
errors:
  - id: handler_off
    type: core.log.Log
    disabled: true
    message: never
`);
  expect(result.state).toBe('WARNING');
  expect(result.taskIds).toEqual(['group', 'fails']);
  expect(result.taskRun('group').state.current).toBe('SUCCESS');
});

test('a task starts when the one before it has ended [order.sequence]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: sequence
namespace: demo
tasks:
  - id: slow
    type: core.flow.Sleep
    duration: PT0.05S
  - id: next
    type: core.log.Log
    message: next
`);
  expect(spanOf(result, 'next').from >= spanOf(result, 'slow').to).toBe(true);
});

test('a parallel block starts all its tasks, or as many as `concurrent` allows [order.parallel]', async () => {
  const world = await createFlowWorld();
  const block = (id: string, concurrent: number) => `
  - id: ${id}
    type: core.flow.Parallel
    concurrent: ${concurrent}
    tasks:
${['a', 'b', 'c']
  .map(
    (name) => `      - id: ${id}_${name}
        type: core.flow.Sleep
        duration: PT0.04S`,
  )
  .join('\n')}`;
  const result = await world.run(`
id: parallel
namespace: demo
tasks:${block('all', 0)}${block('two', 2)}
`);
  const all = ['a', 'b', 'c'].map((name) => spanOf(result, `all_${name}`));
  expect(all.every((one) => all.every((other) => one.from < other.to))).toBe(true);
  const [first, second, third] = ['a', 'b', 'c'].map((name) => spanOf(result, `two_${name}`));
  expect(String(second?.from) < String(first?.to)).toBe(true);
  // Either of the first two may be the one that makes room.
  const room = [String(first?.to), String(second?.to)].toSorted()[0] ?? '';
  expect(String(third?.from) >= room).toBe(true);
});

test('a task of a graph waits for those it depends on, whatever became of them [order.dag]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: graph
namespace: demo
tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - task:
          id: join
          type: core.log.Log
          message: joined
        dependsOn: [left, right]
      - task:
          id: left
          type: core.flow.Sleep
          duration: PT0.03S
      - task:
          id: right
          type: core.execution.Fail
          allowFailure: true
`);
  expect(result.state).toBe('WARNING');
  expect(result.taskIds).toEqual(['dag', 'left', 'right', 'join']);
  expect(spanOf(result, 'join').from >= spanOf(result, 'left').to).toBe(true);
});

test('a loop runs the tasks of one value in sequence and as many values at once as it may [order.for-each]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: groups
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    concurrencyLimit: 2
    tasks:
      - id: one
        type: core.flow.Sleep
        duration: PT0.03S
      - id: two
        type: core.log.Log
        message: "{{ taskrun.value }}"
`);
  for (const value of ['1', '2', '3']) {
    expect(spanOf(result, 'two', value).from >= spanOf(result, 'one', value).to).toBe(true);
  }
  expect(spanOf(result, 'one', '2').from < spanOf(result, 'one', '1').to).toBe(true);
  expect(spanOf(result, 'one', '3').from >= spanOf(result, 'two', '1').to).toBe(true);
});

test('the first failure stops new starts in a block; what runs beside it ends by itself [order.first-failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: stops
namespace: demo
tasks:
  - id: block
    type: core.flow.Parallel
    concurrent: 2
    tasks:
      - id: slow
        type: core.flow.Sleep
        duration: PT0.05S
      - id: bad
        type: core.execution.Fail
      - id: never
        type: core.log.Log
        message: never
  - id: never_either
    type: core.log.Log
    message: never
`);
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual(['block', 'slow', 'bad']);
  expect(result.taskRun('slow').state.current).toBe('SUCCESS');
  const last = result.document.state.histories.at(-1)?.date ?? '';
  expect(last >= spanOf(result, 'slow').to).toBe(true);
  expect(spanOf(result, 'block').to < spanOf(result, 'slow').to).toBe(true);
});

test('a failure in a loop over values stops the values that have not begun [order.loop-failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: loop-stops
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    tasks:
      - id: check
        type: core.execution.Fail
        condition: "{{ taskrun.value == '2' }}"
      - id: after
        type: core.log.Log
        message: "{{ taskrun.value }}"
`);
  expect(result.state).toBe('FAILED');
  expect(
    result.document.taskRunList.map((run) => `${run.taskId} ${run.value ?? ''}`.trim()),
  ).toEqual(['each', 'check 1', 'after 1', 'check 2']);
});
