/** Resume: of pauses with forms, of several pauses, of what was paused by hand. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';
import { whenRun } from '../../support/when-state.ts';

test('a resume ends the first paused run; its form becomes `outputs.<pause>.onResume` [resume.form]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: form
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - { id: approved, type: BOOLEAN }
      - { id: note, type: STRING, required: false }
  - id: after
    type: core.debug.Return
    format: "{{ outputs.wait.onResume.approved }} {{ outputs.wait.onResume.note is null }}"
`);
  expect(paused.states).toEqual(['CREATED', 'RUNNING', 'PAUSED']);
  await world.application.resume(paused.document.id, { approved: 'true' });
  const result = await world.rest(paused.document.id);
  expect(result.states).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(result.taskRun('wait').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'SUCCESS',
  ]);
  expect(result.taskRun('after').outputs).toEqual({ value: 'true true' });
});

test('a resume with values that do not fit the form is refused and the execution stays paused [resume.validation]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: validation
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - { id: amount, type: INT, min: 1 }
`);
  const { id } = paused.document;
  for (const values of [{}, { amount: 'many' }, { amount: '0' }]) {
    await expect(world.application.resume(id, values)).rejects.toMatchObject({
      code: 'input.invalid',
    });
    expect((await world.rest(id)).state).toBe('PAUSED');
  }
  await world.application.resume(id, { amount: '2' });
  expect((await world.rest(id)).state).toBe('SUCCESS');
});

test('with several pauses open the execution stays paused until the last is resumed [resume.several]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: several
namespace: demo
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: core.flow.Pause }
      - { id: two, type: core.flow.Pause }
`);
  const { id } = paused.document;
  await world.application.resume(id, {});
  const between = await world.rest(id);
  expect(between.state).toBe('PAUSED');
  expect(between.taskRun('one').state.current).toBe('SUCCESS');
  expect(between.taskRun('two').state.current).toBe('PAUSED');
  await world.application.resume(id, {});
  expect((await world.rest(id)).state).toBe('SUCCESS');
});

test('a second resume is refused [resume.refused]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: twice
namespace: demo
tasks: [{ id: wait, type: core.flow.Pause }]
`);
  const { id } = paused.document;
  const both = await Promise.allSettled([
    world.application.resume(id, {}),
    world.application.resume(id, {}),
  ]);
  expect(both.filter((one) => one.status === 'rejected').length).toBeLessThanOrEqual(1);
  await world.rest(id);
  await expect(world.application.resume(id, {})).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
  const result = await world.rest(id);
  expect(result.taskRun('wait').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'SUCCESS',
  ]);
});

test('a pause in a subflow shows in those who wait; resuming the topmost resumes it [resume.subflow]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run([
    `
id: asks
namespace: demo
tasks: [{ id: wait, type: core.flow.Pause, onResume: [{ id: word, type: STRING }] }]
outputs: [{ id: word, type: STRING, value: "{{ outputs.wait.onResume.word }}" }]
`,
    `
id: calls
namespace: demo
tasks:
  - { id: call, type: core.flow.Subflow, namespace: demo, flowId: asks }
  - { id: after, type: core.debug.Return, format: "{{ outputs.call.outputs.word }}" }
`,
  ]);
  expect(paused.state).toBe('PAUSED');
  expect(paused.taskRun('call').state.current).toBe('PAUSED');
  await world.application.resume(paused.document.id, { word: 'go' });
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('after').outputs).toEqual({ value: 'go' });
});

test('an execution paused by hand starts nothing more and goes on when it is resumed [resume.by-hand]', async () => {
  const world = await createFlowWorld();
  await world.save(`
id: by-hand
namespace: demo
tasks:
  - { id: slow, type: core.flow.Sleep, duration: PT0.08S }
  - { id: after, type: core.log.Log, message: after }
`);
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const id = await world.application.start({ namespace: 'demo', flowId: 'by-hand', inputs: {} });
  await isRunning;
  await world.application.pause(id);
  const held = await world.rest(id);
  expect(held.state).toBe('PAUSED');
  expect(held.taskRun('slow').state.current).toBe('SUCCESS');
  expect(held.messages('after')).toEqual([]);
  await world.application.resume(id, {});
  const result = await world.rest(id);
  expect(result.states).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(result.messages('after')).toEqual(['after']);
});

test('an execution paused by hand at its last task does not end before it is resumed [resume.by-hand-last]', async () => {
  const world = await createFlowWorld();
  await world.save(`
id: by-hand-last
namespace: demo
tasks: [{ id: slow, type: core.flow.Sleep, duration: PT0.05S }]
`);
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const id = await world.application.start({
    namespace: 'demo',
    flowId: 'by-hand-last',
    inputs: {},
  });
  await isRunning;
  await world.application.pause(id);
  expect((await world.rest(id)).state).toBe('PAUSED');
  await world.application.resume(id, {});
  expect((await world.rest(id)).state).toBe('SUCCESS');
});

test('only a running execution is paused by hand [resume.by-hand-refused]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: over
namespace: demo
tasks: [{ id: say, type: core.log.Log, message: done }]
`);
  await expect(world.application.pause(result.document.id)).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
});
