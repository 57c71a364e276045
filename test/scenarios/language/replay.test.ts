/** Replay: another execution takes over what came before a chosen run and goes on from there. */
import { expect, test } from 'vitest';
import { unmarked } from '../../../src/core/value/index.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

test('a replay without a task runs everything again as another execution [replay.start]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(
    `
id: whole
namespace: demo
inputs: [{ id: who, type: STRING }]
tasks:
  - id: say
    type: core.debug.Return
    format: "hello {{ inputs.who }}"
`,
    { inputs: { who: 'ada' }, labels: [{ key: 'team', value: 'blue' }] },
  );
  const id = await world.application.replay(first.document.id);
  const result = await world.rest(id);
  expect(id).not.toBe(first.document.id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'SUCCESS']);
  expect(result.document).toMatchObject({
    parentId: first.document.id,
    originalId: first.document.id,
    inputs: { who: 'ada' },
  });
  expect(result.document.labels).toContainEqual({ key: 'team', value: 'blue' });
  expect(result.taskRun('say').outputs).toEqual({ value: 'hello ada' });
  expect(result.taskRun('say').id).not.toBe(first.taskRun('say').id);
});

test('a replay from a task copies what came before with its outputs and drops what follows [replay.task]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`
id: from-task
namespace: demo
tasks:
  - { id: one, type: core.debug.Return, format: "{{ uuid() }}" }
  - { id: two, type: core.debug.Return, format: "{{ outputs.one.value }}" }
  - { id: three, type: core.debug.Return, format: "{{ outputs.two.value }}" }
`);
  const id = await world.application.replay(first.document.id, { taskId: 'two' });
  const result = await world.rest(id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['one', 'two', 'three']);
  expect(result.taskRun('one').outputs).toEqual(first.taskRun('one').outputs);
  expect(result.taskRun('three').outputs).toEqual(first.taskRun('one').outputs);
  expect(result.messages('one')).toEqual([]);
  expect(result.taskRun('two').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
});

test('changed inputs and another revision are used from the chosen run on [replay.inputs-revision]', async () => {
  const world = await createFlowWorld();
  const flow = (greeting: string) => `
id: changed
namespace: demo
inputs:
  - { id: who, type: STRING }
  - { id: times, type: INT, defaults: 1 }
tasks:
  - { id: kept, type: core.debug.Return, format: "${greeting} {{ inputs.who }}" }
  - { id: again, type: core.debug.Return, format: "${greeting} {{ inputs.who }} {{ inputs.times }}" }
`;
  const first = await world.run(flow('hello'), { inputs: { who: 'ada', times: '3' } });
  await world.save(flow('goodbye'));
  const id = await world.application.replay(first.document.id, {
    taskId: 'again',
    revision: 2,
    inputs: { who: 'grace' },
  });
  const result = await world.rest(id);
  expect(result.document).toMatchObject({ flowRevision: 2, inputs: { who: 'grace', times: 3 } });
  expect(result.taskRun('kept').outputs).toEqual({ value: 'hello ada' });
  expect(result.taskRun('again').outputs).toEqual({ value: 'goodbye grace 3' });
  const same = await world.rest(
    await world.application.replay(first.document.id, { taskId: 'again' }),
  );
  expect(same.document.flowRevision).toBe(1);
  expect(same.taskRun('again').outputs).toEqual({ value: 'hello ada 3' });
});

test('what ran beside the chosen run is kept, what failed beside it runs again [replay.parallel]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`
id: beside
namespace: demo
tasks:
  - id: block
    type: core.flow.Parallel
    tasks:
      - { id: left, type: core.debug.Return, format: "{{ uuid() }}" }
      - { id: right, type: core.debug.Return, format: "{{ uuid() }}" }
      - { id: bad, type: core.execution.Fail, condition: "{{ kv('repaired', errorOnMissing=false) is null }}" }
  - { id: after, type: core.log.Log, message: after }
`);
  expect(first.state).toBe('FAILED');
  await world.application.keyValues('demo').set('repaired', unmarked('yes'));
  const result = await world.rest(
    await world.application.replay(first.document.id, { taskId: 'right' }),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['block', 'left', 'right', 'bad', 'after']);
  expect(result.taskRun('left').outputs).toEqual(first.taskRun('left').outputs);
  expect(result.taskRun('right').outputs).not.toEqual(first.taskRun('right').outputs);
});

test('a replay begins inside loops, choices and graphs: only what depends on the run is repeated [replay.nested]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`
id: nested
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    tasks:
      - id: choose
        type: core.flow.If
        condition: "{{ taskrun.value == '2' }}"
        then:
          - { id: deep, type: core.debug.Return, format: "{{ uuid() }}" }
      - { id: say, type: core.debug.Return, format: "{{ uuid() }}" }
  - id: graph
    type: core.flow.Dag
    tasks:
      - task: { id: root, type: core.debug.Return, format: "{{ uuid() }}" }
      - task: { id: alone, type: core.debug.Return, format: "{{ uuid() }}" }
      - task: { id: leaf, type: core.debug.Return, format: "{{ uuid() }}" }
        dependsOn: [root]
  - { id: after, type: core.debug.Return, format: "{{ uuid() }}" }
`);
  expect(first.state).toBe('SUCCESS');
  const value = (result: typeof first, taskId: string, of?: string) =>
    result.taskRun(taskId, of).outputs['value'];

  const fromDeep = await world.rest(
    await world.application.replay(first.document.id, { taskId: 'deep' }),
  );
  expect(fromDeep.state).toBe('SUCCESS');
  expect(fromDeep.taskIds.toSorted()).toEqual(first.taskIds.toSorted());
  expect(value(fromDeep, 'say', '1')).toBe(value(first, 'say', '1'));
  expect(value(fromDeep, 'deep')).not.toBe(value(first, 'deep'));
  expect(value(fromDeep, 'say', '2')).not.toBe(value(first, 'say', '2'));
  expect(value(fromDeep, 'say', '3')).not.toBe(value(first, 'say', '3'));

  const fromRoot = await world.rest(
    await world.application.replay(first.document.id, { taskId: 'root' }),
  );
  expect(value(fromRoot, 'say', '3')).toBe(value(first, 'say', '3'));
  expect(value(fromRoot, 'alone')).toBe(value(first, 'alone'));
  expect(value(fromRoot, 'leaf')).not.toBe(value(first, 'leaf'));
  expect(value(fromRoot, 'after')).not.toBe(value(first, 'after'));
});

test('a replay may begin at a run of an execution that waits, and at one of a loop’s values [replay.run]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`
id: by-run
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2"]
    concurrencyLimit: 0
    tasks:
      - { id: say, type: core.debug.Return, format: "{{ uuid() }}" }
  - { id: wait, type: core.flow.Pause }
`);
  expect(first.state).toBe('PAUSED');
  const taskRunId = first.taskRun('say', '2').id;
  const result = await world.rest(await world.application.replay(first.document.id, { taskRunId }));
  expect(result.state).toBe('PAUSED');
  expect(result.taskRun('say', '1').outputs).toEqual(first.taskRun('say', '1').outputs);
  expect(result.taskRun('say', '2').outputs).not.toEqual(first.taskRun('say', '2').outputs);
  expect((await world.rest(first.document.id)).state).toBe('PAUSED');
});

test('a replay of a replay knows the first execution of the chain [replay.chain]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`
id: chain
namespace: demo
tasks: [{ id: say, type: core.log.Log, message: hello }]
`);
  const second = await world.rest(await world.application.replay(first.document.id));
  const third = await world.rest(await world.application.replay(second.document.id));
  expect(third.document).toMatchObject({
    parentId: second.document.id,
    originalId: first.document.id,
  });
});

test('an unknown task, an unknown run and a run of errors are no place to begin [replay.unknown]', async () => {
  const world = await createFlowWorld();
  const failed = await world.run(`
id: unknown
namespace: demo
tasks: [{ id: bad, type: core.execution.Fail }]
errors: [{ id: handler, type: core.log.Log, message: handled }]
`);
  const { id } = failed.document;
  for (const order of [{ taskId: 'nothing' }, { taskRunId: 'nothing' }, { taskId: 'handler' }]) {
    await expect(world.application.replay(id, order)).rejects.toMatchObject({
      code: 'execution.wrong-state',
    });
  }
});
