/** Kill: of what runs, waits, is paused, is queued, of what an execution started, of processes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isAlive } from '../../support/is-alive.ts';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';
import { whenRun } from '../../support/when-state.ts';

/** Saves flows and starts the last one. */
async function start(world: FlowWorld, ...flows: readonly string[]): Promise<string> {
  let last = { namespace: '', id: '' };
  for (const flow of flows) last = (await world.application.saveFlow(flow, 'flow.yaml')).flow;
  return world.application.start({ namespace: last.namespace, flowId: last.id, inputs: {} });
}

test('a kill stops what runs, starts nothing more and no errors branch; all around it is KILLED [kill.running]', async () => {
  const world = await createFlowWorld();
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const id = await start(
    world,
    `
id: running
namespace: demo
tasks:
  - id: parallel
    type: core.flow.Parallel
    concurrent: 1
    tasks:
      - id: done
        type: core.log.Log
        message: done
      - id: group
        type: core.flow.Sequential
        tasks:
          - id: slow
            type: core.flow.Sleep
            duration: PT30S
          - id: never
            type: core.log.Log
            message: never
        errors: [{ id: local_handler, type: core.log.Log, message: never }]
        finally: [{ id: local_cleanup, type: core.log.Log, message: never }]
errors: [{ id: handler, type: core.log.Log, message: never }]
finally: [{ id: cleanup, type: core.log.Log, message: never }]
`,
  );
  await isRunning;
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'KILLING', 'KILLED']);
  expect(result.document.taskRunList.map((run) => [run.taskId, run.state.current])).toEqual([
    ['parallel', 'KILLED'],
    ['done', 'SUCCESS'],
    ['group', 'KILLED'],
    ['slow', 'KILLED'],
  ]);
  expect(result.taskRun('slow').attempts.map((one) => one.state.current)).toEqual(['KILLED']);
  expect(result.taskRun('group').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'KILLING',
    'KILLED',
  ]);
});

test('a paused execution goes straight into KILLING [kill.paused]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run(`
id: paused
namespace: demo
tasks:
  - id: wait
    type: core.flow.Pause
`);
  expect(paused.state).toBe('PAUSED');
  await world.application.kill(paused.document.id);
  const result = await world.rest(paused.document.id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'PAUSED', 'KILLING', 'KILLED']);
  expect(result.taskRun('wait').state.current).toBe('KILLED');
});

test('a run that waits for its next attempt is killed, and its timer with it [kill.retrying]', async () => {
  const world = await createFlowWorld();
  const waits = whenRun(world, 'bad', 'RETRYING');
  const id = await start(
    world,
    `
id: retrying
namespace: demo
tasks:
  - id: bad
    type: core.execution.Fail
    retry: { type: constant, interval: PT0.05S, maxAttempts: 5 }
`,
  );
  await waits;
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'RETRYING', 'KILLING', 'KILLED']);
  expect(result.taskRun('bad').state.current).toBe('KILLED');
  expect(result.taskRun('bad').attempts).toHaveLength(1);
});

test('a kill goes down to executions that were started and waited for, at any depth [kill.cascade]', async () => {
  const world = await createFlowWorld();
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const call = (id: string, flowId: string) => `
id: ${id}
namespace: demo
tasks:
  - id: call
    type: core.flow.Subflow
    namespace: demo
    flowId: ${flowId}
`;
  const id = await start(
    world,
    `
id: grandchild
namespace: demo
tasks: [{ id: slow, type: core.flow.Sleep, duration: PT30S }]
`,
    call('child', 'grandchild'),
    call('top', 'child'),
  );
  await isRunning;
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.state).toBe('KILLED');
  expect(result.taskRun('call').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'KILLING',
    'KILLED',
  ]);
  expect(result.document.related?.map((one) => [one.flowId, one.state.current])).toEqual([
    ['child', 'KILLED'],
    ['grandchild', 'KILLED'],
  ]);
});

test('a kill goes down to a paused execution that was started [kill.cascade-paused]', async () => {
  const world = await createFlowWorld();
  const paused = await world.run([
    `
id: asks
namespace: demo
tasks: [{ id: wait, type: core.flow.Pause }]
`,
    `
id: above
namespace: demo
tasks: [{ id: call, type: core.flow.Subflow, namespace: demo, flowId: asks }]
`,
  ]);
  expect(paused.state).toBe('PAUSED');
  await world.application.kill(paused.document.id);
  const result = await world.rest(paused.document.id);
  expect(result.state).toBe('KILLED');
  expect(result.document.related?.map((one) => one.state.current)).toEqual(['KILLED']);
});

test('a kill ends the iterations of a loop [kill.loop]', async () => {
  const world = await createFlowWorld();
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const id = await start(
    world,
    `
id: loops
namespace: demo
tasks:
  - id: loop
    type: core.flow.Loop
    values: ["1", "2", "3"]
    concurrencyLimit: 2
    tasks: [{ id: slow, type: core.flow.Sleep, duration: PT30S }]
`,
  );
  await isRunning;
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.state).toBe('KILLED');
  expect(result.document.related?.map((one) => one.state.current)).toEqual(['KILLED', 'KILLED']);
});

test('a kill ends every process of a script [kill.process-group]', async () => {
  const world = await createFlowWorld();
  const pidFile = join(world.folder, 'pid');
  const says = new Promise<void>((resolve) => {
    world.application.follow((event) => {
      if (event.kind === 'log' && event.message === 'ready') resolve();
    });
  });
  const id = await start(
    world,
    `
id: script
namespace: demo
tasks:
  - id: script
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    commands:
      - "sleep 60 & echo $! > ${pidFile}; echo ready; wait"
`,
  );
  await says;
  const pid = Number(await readFile(pidFile, 'utf8'));
  expect(await isAlive(pid)).toBe(true);
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.state).toBe('KILLED');
  expect(await isAlive(pid)).toBe(false);
});

test('an execution that has ended cannot be killed [kill.ended]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: ended
namespace: demo
tasks: [{ id: say, type: core.log.Log, message: done }]
`);
  await expect(world.application.kill(result.document.id)).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
});
