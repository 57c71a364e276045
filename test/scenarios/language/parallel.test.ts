/** Tests of the blocks that choose how their tasks run: Sequential, Parallel, AllowFailure. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult } from '../../support/run-flow.ts';

function flow(tasks: string): string {
  return `id: product-checks\nnamespace: shop.catalogue\ntasks:\n${tasks}`;
}

/** Returns how many runs of `taskIds` were running at once at most. */
function mostAtOnce(result: FlowResult, taskIds: readonly string[]): number {
  const moments = taskIds.flatMap((id) =>
    result.taskRuns(id).flatMap(({ state: { histories } }) => {
      const from = histories.find((one) => one.state === 'RUNNING')?.date ?? '';
      const to = histories.at(-1)?.date ?? '';
      return [
        { at: from, by: 1 },
        { at: to, by: -1 },
      ];
    }),
  );
  let now = 0;
  let most = 0;
  for (const { by } of moments.toSorted((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : a.by - b.by,
  )) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

const sleeper = (id: string): string =>
  `      - id: ${id}\n        type: core.flow.Sleep\n        duration: PT0.03S\n`;

test('a Sequential runs its tasks in order and each reads what came before [sequential]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: parcel
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: pack
        type: core.debug.Return
        format: packed
      - id: label
        type: core.debug.Return
        format: "{{ outputs.pack.value }} and labelled"
`),
  );
  expect(result.taskIds).toEqual(['parcel', 'pack', 'label']);
  expect(result.taskRun('label').outputs).toEqual({ value: 'packed and labelled' });
  expect(result.taskRun('label').parentTaskRunId).toBe(result.taskRun('parcel').id);
  expect(result.taskRun('parcel').outputs).toEqual({});
});

test('a block whose tasks are all disabled ends well [flowables.disabled]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: checks
    type: core.flow.Parallel
    tasks:
      - id: stock
        type: core.log.Log
        disabled: true
        message: never
`),
  );
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['checks']]);
});

test('a Parallel starts all its tasks at once [parallel]', async () => {
  const world = await createFlowWorld();
  const ids = ['stock', 'price', 'picture'];
  const result = await world.run(
    flow(`  - id: checks\n    type: core.flow.Parallel\n    tasks:\n${ids.map(sleeper).join('')}`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(mostAtOnce(result, ids)).toBe(3);
});

test('`concurrent` bounds how many tasks of a Parallel run, also as a template [parallel.concurrent]', async () => {
  const world = await createFlowWorld();
  const ids = ['a', 'b', 'c', 'd'];
  for (const concurrent of ['2', '"{{ 1 + 1 }}"']) {
    const result = await world.run(
      flow(
        `  - id: checks\n    type: core.flow.Parallel\n    concurrent: ${concurrent}\n    tasks:\n${ids.map(sleeper).join('')}`,
      ),
    );
    expect(result.state).toBe('SUCCESS');
    expect(mostAtOnce(result, ids)).toBe(2);
  }
});

test('after a failure a Parallel starts nothing more, and the execution waits for what runs [parallel.failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: checks
    type: core.flow.Parallel
    concurrent: 2
    tasks:
      - id: slow
        type: core.flow.Sleep
        duration: PT0.05S
      - id: broken
        type: core.execution.Fail
      - id: never
        type: core.log.Log
        message: never
  - id: after
    type: core.log.Log
    message: never
`),
  );
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual(['checks', 'slow', 'broken']);
  expect(result.taskRun('slow').state.current).toBe('SUCCESS');
  const failedAt = result.taskRun('checks').state.histories.at(-1)?.date ?? '';
  const sleptAt = result.taskRun('slow').state.histories.at(-1)?.date ?? '';
  expect(failedAt < sleptAt).toBe(true);
});

test('the errors branch of a block runs inside it and repairs nothing [errors.local]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: outer
    type: core.flow.Sequential
    tasks:
      - id: inner
        type: core.flow.Parallel
        tasks:
          - id: broken
            type: core.execution.Fail
        errors:
          - id: inner-error
            type: core.log.Log
            message: inner
    errors:
      - id: outer-error
        type: core.log.Log
        message: outer
    finally:
      - id: tidy
        type: core.log.Log
        message: tidy
errors:
  - id: flow-error
    type: core.log.Log
    message: flow
`),
  );
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual([
    'outer',
    'inner',
    'broken',
    'inner-error',
    'outer-error',
    'tidy',
    'flow-error',
  ]);
  expect(result.taskRun('inner-error').parentTaskRunId).toBe(result.taskRun('inner').id);
  expect(result.taskRun('outer').state.current).toBe('FAILED');
});

test('an AllowFailure turns the failure of its tasks into a warning after its errors branch [allow-failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: optional
    type: core.flow.AllowFailure
    tasks:
      - id: broken
        type: core.execution.Fail
      - id: skipped
        type: core.log.Log
        message: never
    errors:
      - id: note
        type: core.log.Log
        message: noted
  - id: page
    type: core.debug.Return
    format: page
`),
  );
  expect(result.state).toBe('WARNING');
  expect(result.taskIds).toEqual(['optional', 'broken', 'note', 'page']);
  expect(result.taskRun('optional').state.current).toBe('WARNING');
  expect(result.document.error).toBeUndefined();
});

test('with `allowWarning` an allowed failure counts as a success [allow-failure.warning]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: optional
    type: core.flow.AllowFailure
    allowWarning: true
    tasks:
      - id: broken
        type: core.execution.Fail
  - id: alone
    type: core.execution.Fail
    allowFailure: true
    allowWarning: true
`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('optional').state.current).toBe('SUCCESS');
  expect(result.taskRun('alone').state.current).toBe('SUCCESS');
});

test('a condition applies to blocks as to tasks [flowables.run-if]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`  - id: skipped
    type: core.flow.Sequential
    runIf: "{{ 1 > 2 }}"
    tasks:
      - id: inner
        type: core.log.Log
        message: never
  - id: broken
    type: core.flow.Sequential
    allowFailure: true
    when: "{{ outputs.skipped.nothing }}"
    tasks:
      - id: also
        type: core.log.Log
        message: never
`),
  );
  expect(result.taskIds).toEqual(['skipped', 'broken']);
  expect(result.taskRun('skipped').state.current).toBe('SKIPPED');
  expect(result.taskRun('broken').state.current).toBe('WARNING');
});

test('a thousand tasks side by side end in one execution [parallel.many]', async () => {
  const world = await createFlowWorld();
  const tasks = Array.from(
    { length: 1_000 },
    (_, index) => `      - {id: t${index}, type: core.debug.Return, format: "${index}"}\n`,
  );
  const result = await world.run(
    flow(`  - id: checks\n    type: core.flow.Parallel\n    tasks:\n${tasks.join('')}`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.document.taskRunList).toHaveLength(1_001);
  expect(result.taskRun('t999').outputs).toEqual({ value: '999' });
});
