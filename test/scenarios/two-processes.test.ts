/**
 * One data folder, two systems over it: what one does to an execution that the other has in hand is
 * seen by the other, and nothing is done twice.
 */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApplication } from '../../src/app/create-application.ts';
import { createFlowWorld } from '../support/run-flow.ts';

const slow = `
id: slow
namespace: shop.stock
tasks:
  - id: count
    type: core.flow.Sleep
    duration: PT20S
  - id: report
    type: core.debug.Return
    format: counted
`;

const twoGates = `
id: two-gates
namespace: shop.stock
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - id: gate
        type: core.flow.Pause
      - id: work
        type: core.flow.Sleep
        duration: PT0.6S
  - id: last
    type: core.debug.Return
    format: done
`;

const oneAtATime = `
id: one-at-a-time
namespace: shop.stock
concurrency:
  limit: 1
  behavior: QUEUE
tasks:
  - id: gate
    type: core.flow.Pause
`;

async function second(folder: string) {
  const application = await createApplication({
    dataFolder: join(folder, '.sluice'),
    environment: {},
  });
  onTestFinished(() => application.close().catch(() => undefined));
  return application;
}

test('an execution that another process runs is killed there', async () => {
  const world = await createFlowWorld();
  const { flow } = await world.application.saveFlow(slow, 'slow.yaml');
  const id = await world.application.start({
    namespace: flow.namespace,
    flowId: flow.id,
    inputs: {},
  });
  const other = await second(world.folder);
  await other.kill(id);
  expect((await other.execution(id))?.state.current).toBe('KILLED');
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'KILLING', 'KILLED']);
  expect(result.taskIds).toEqual(['count']);
});

test('an execution that another process resumes goes on once', async () => {
  const world = await createFlowWorld();
  const { flow } = await world.application.saveFlow(twoGates, 'gates.yaml');
  const id = await world.application.start({
    namespace: flow.namespace,
    flowId: flow.id,
    inputs: {},
  });
  const other = await second(world.folder);
  await expect.poll(async () => (await other.execution(id))?.state.current).toBe('PAUSED');
  await other.resume(id, {});
  await expect
    .poll(async () => (await other.execution(id))?.state.current, { timeout: 5_000 })
    .toBe('SUCCESS');
  const document = await other.execution(id);
  expect(document?.taskRunList.map((run) => run.taskId)).toEqual(['both', 'gate', 'work', 'last']);
  expect(document?.taskRunList.every((run) => run.state.current === 'SUCCESS')).toBe(true);
});

test('an execution that a process leaves in the queue is started by whoever frees the slot', async () => {
  const world = await createFlowWorld();
  const { flow } = await world.application.saveFlow(oneAtATime, 'one.yaml');
  const request = { namespace: flow.namespace, flowId: flow.id, inputs: {} };
  const first = await world.application.start(request);
  await expect
    .poll(async () => (await world.application.execution(first))?.state.current)
    .toBe('PAUSED');

  const other = await second(world.folder);
  const waiting = await other.start(request);
  expect((await other.rest(waiting)).state.current).toBe('QUEUED');
  await other.close();

  await world.application.resume(first, {});
  await world.rest(first);
  await world.application.restPromoted();
  expect((await world.application.execution(waiting))?.state.current).toBe('PAUSED');
  await world.application.resume(waiting, {});
  const ended = await world.rest(waiting);
  expect(ended.states).toEqual([
    'CREATED',
    'QUEUED',
    'RUNNING',
    'PAUSED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
});

test('unfinished executions are not taken over from a process that is there', async () => {
  const world = await createFlowWorld();
  const other = await second(world.folder);
  await expect(other.recover()).rejects.toMatchObject({ code: 'store.locked' });
});
