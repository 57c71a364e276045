/** Restart: the same execution goes on from what failed, was killed or waits. */
import { expect, test } from 'vitest';
import { unmarked } from '../../../src/core/value/index.ts';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

/** Fails until the pair `repaired` exists. */
const untilRepaired = (id: string) => `
          - id: ${id}
            type: core.execution.Fail
            condition: "{{ kv('repaired', errorOnMissing=false) is null }}"`;

async function repair(world: FlowWorld): Promise<void> {
  await world.application.keyValues('demo').set('repaired', unmarked('yes'));
}

function histories(result: FlowResult, taskId: string): string[] {
  return result.taskRun(taskId).state.histories.map((one) => one.state);
}

test('a restart keeps the ids of execution and runs, adds an attempt and drops the runs of errors [restart.same]', async () => {
  const world = await createFlowWorld();
  const failed = await world.run(`
id: same
namespace: demo
tasks:
  - id: before
    type: core.debug.Return
    format: "once"
  - id: outer
    type: core.flow.Sequential
    tasks:
      - id: inner
        type: core.flow.Parallel
        tasks:
          - id: beside
            type: core.log.Log
            message: beside
${untilRepaired('bad')}
        errors: [{ id: local_handler, type: core.log.Log, message: local }]
  - id: after
    type: core.debug.Return
    format: "{{ outputs.before.value }}"
errors: [{ id: handler, type: core.log.Log, message: handled }]
`);
  expect(failed.state).toBe('FAILED');
  expect(failed.taskIds).toContain('local_handler');
  await repair(world);
  const { id } = failed.document;
  expect(await world.application.restart(id)).toBe(id);
  const result = await world.rest(id);
  expect(result.states).toEqual([
    'CREATED',
    'RUNNING',
    'FAILED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(result.taskIds).toEqual(['before', 'outer', 'inner', 'beside', 'bad', 'after']);
  for (const taskId of ['before', 'outer', 'inner', 'beside', 'bad']) {
    expect(result.taskRun(taskId).id).toBe(failed.taskRun(taskId).id);
  }
  expect(result.taskRun('bad').attempts.map((one) => one.state.current)).toEqual([
    'FAILED',
    'SUCCESS',
  ]);
  expect(histories(result, 'bad')).toEqual([
    'CREATED',
    'RUNNING',
    'FAILED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(histories(result, 'inner')).toEqual([
    'CREATED',
    'RUNNING',
    'FAILED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(histories(result, 'beside')).toEqual(['CREATED', 'RUNNING', 'SUCCESS']);
  expect(result.taskRun('after').outputs).toEqual({ value: 'once' });
});

test('a restart inside a loop goes on with the value that failed and those after it [restart.loop]', async () => {
  const world = await createFlowWorld();
  const failed = await world.run(`
id: loop
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    tasks:
      - id: say
        type: core.log.Log
        message: "{{ taskrun.value }}"
      - id: bad
        type: core.execution.Fail
        condition: "{{ taskrun.value == '2' and kv('repaired', errorOnMissing=false) is null }}"
`);
  expect(failed.state).toBe('FAILED');
  await repair(world);
  await world.application.restart(failed.document.id);
  const result = await world.rest(failed.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.messages('say')).toEqual(['1', '2', '3']);
  expect(result.taskRun('bad', '1').attempts).toHaveLength(1);
  expect(result.taskRun('bad', '2').attempts).toHaveLength(2);
});

test('a restarted WorkingDirectory begins anew with all its tasks [restart.working-directory]', async () => {
  const world = await createFlowWorld();
  const failed = await world.run(`
id: folder
namespace: demo
tasks:
  - id: folder
    type: core.flow.WorkingDirectory
    tasks:
          - id: say
            type: core.log.Log
            message: again
${untilRepaired('bad')}
`);
  await repair(world);
  await world.application.restart(failed.document.id);
  const result = await world.rest(failed.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['folder', 'say', 'bad']);
  expect(result.messages('say')).toEqual(['again', 'again']);
  expect(result.taskRun('folder').id).toBe(failed.taskRun('folder').id);
  expect(result.taskRun('say').id).not.toBe(failed.taskRun('say').id);
});

test('a restart with another revision is another execution that points back [restart.revision]', async () => {
  const world = await createFlowWorld();
  const flow = (condition: string) => `
id: revised
namespace: demo
tasks:
  - id: first
    type: core.debug.Return
    format: kept
  - id: bad
    type: core.execution.Fail
    condition: "${condition}"
`;
  const failed = await world.run(flow('true'));
  await world.save(flow('false'));
  const id = await world.application.restart(failed.document.id, { revision: 2 });
  const result = await world.rest(id);
  expect(id).not.toBe(failed.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.document).toMatchObject({
    flowRevision: 2,
    parentId: failed.document.id,
    originalId: failed.document.id,
  });
  expect(result.messages('first')).toEqual([]);
  expect(result.taskRun('first').outputs).toEqual({ value: 'kept' });
  expect(result.taskRun('first').id).not.toBe(failed.taskRun('first').id);
  expect((await world.rest(failed.document.id)).state).toBe('FAILED');
});

test('a killed execution is restarted from what was killed [restart.killed]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: killed
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
  - id: after
    type: core.log.Log
    message: after
`);
  await world.application.kill(paused.document.id);
  await world.application.restart(paused.document.id);
  expect((await world.rest(paused.document.id)).state).toBe('PAUSED');
  await world.application.resume(paused.document.id, {});
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['wait', 'after']);
});

test('a paused execution is restarted: the pause begins again [restart.paused]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: paused
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
`);
  await world.application.restart(paused.document.id);
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('PAUSED');
  expect(histories(result, 'wait')).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'RESTARTED',
    'RUNNING',
    'PAUSED',
  ]);
});

test('an execution without a failed or paused run is not restarted, nor one that runs [restart.refused]', async () => {
  const world = await createFlowWorld();
  const good = await world.run(`
id: good
namespace: demo
tasks: [{ id: say, type: core.log.Log, message: fine }]
`);
  await expect(world.application.restart(good.document.id)).rejects.toThrow(
    'no task run that failed or waits',
  );
  await world.save(`
id: slow
namespace: demo
tasks: [{ id: slow, type: core.flow.Sleep, duration: PT0.2S }]
`);
  const id = await world.application.start({ namespace: 'demo', flowId: 'slow', inputs: {} });
  await expect(world.application.restart(id)).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
});

test('a run whose failure was allowed does not run again; finally runs again [restart.allowed]', async () => {
  const world = await createFlowWorld();
  const failed = await world.run(`
id: allowed
namespace: demo
tasks:
          - id: soft
            type: core.execution.Fail
            allowFailure: true
${untilRepaired('bad')}
finally: [{ id: cleanup, type: core.log.Log, message: cleaned }]
`);
  await repair(world);
  await world.application.restart(failed.document.id);
  const result = await world.rest(failed.document.id);
  expect(result.state).toBe('WARNING');
  expect(result.taskRun('soft').attempts).toHaveLength(1);
  expect(result.taskRuns('cleanup')).toHaveLength(1);
  expect(result.messages('cleanup')).toEqual(['cleaned', 'cleaned']);
});
