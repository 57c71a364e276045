/**
 * One data folder, two systems over it: what one does to an execution that the other has in hand is
 * seen by the other, and nothing is done twice.
 */
import { execFile } from 'node:child_process';
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

/** Runs the flow with `sluice run` in a process of its own; gives what it prints. */
function runBeside(folder: string, file: string): Promise<string> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  return new Promise((resolve) => {
    const args = [main, 'run', file, '--data', join(folder, '.sluice'), '--output', 'json'];
    execFile(process.execPath, args, { timeout: 15_000 }, (_, out) => resolve(out));
  });
}

const narrow = `
id: narrow
namespace: shop.stock
concurrency:
  limit: 2
  behavior: QUEUE
tasks:
  - id: count
    type: core.flow.Sleep
    duration: PT0.3S
`;

test('processes share the limit of a flow', async () => {
  const world = await createFlowWorld();
  const { flow } = await world.application.saveFlow(narrow, 'narrow.yaml');
  const file = await world.file('narrow.yaml', narrow);
  const request = { namespace: flow.namespace, flowId: flow.id, inputs: {} };
  const others = [runBeside(world.folder, file), runBeside(world.folder, file)];
  const own = Array.from({ length: 8 }, () => world.application.start(request));
  for (const id of await Promise.all(own)) await world.rest(id);
  await Promise.all(others);
  await world.application.restPromoted();
  const records = await world.store.executions({ tenant: 'main', limit: 99 });
  await expect
    .poll(
      async () =>
        (await world.store.executions({ tenant: 'main', limit: 99 })).map(({ state }) => state),
      { timeout: 5_000 },
    )
    .toEqual(records.map(() => 'SUCCESS'));
  expect(records).toHaveLength(10);
  // At no entry of the ledger more than two hold a slot.
  const holding = new Set<string>();
  let most = 0;
  for (const { stream, type } of await world.store.allEntries(0, 10_000)) {
    if (type === 'slot-granted') holding.add(stream);
    if (type === 'execution-ended') holding.delete(stream);
    most = Math.max(most, holding.size);
  }
  expect(most).toBe(2);
}, 20_000);

const waits = `
id: waits
namespace: shop.stock
tasks:
  - id: child
    type: core.flow.Subflow
    namespace: shop.stock
    flowId: narrow
  - id: after
    type: core.debug.Return
    format: "{{ outputs.child.executionId }}"
`;

test('a parent hears of a child that another process ran', async () => {
  const world = await createFlowWorld();
  const gated = oneAtATime.replace('id: one-at-a-time', 'id: narrow');
  const { flow } = await world.application.saveFlow(gated, 'narrow.yaml');
  await world.application.saveFlow(waits, 'waits.yaml');
  const other = await second(world.folder);
  const request = { namespace: flow.namespace, inputs: {} };
  const first = await other.start({ ...request, flowId: flow.id });
  await other.rest(first);
  const parent = await world.application.start({ ...request, flowId: 'waits' });
  const childOf = async () =>
    (await world.store.executions({ tenant: 'main', flowId: 'narrow', limit: 9 })).find(
      ({ id }) => id !== first,
    );
  await expect.poll(async () => (await childOf())?.state).toBe('QUEUED');
  // Whoever frees the slot takes the child up; its end reaches the parent in the other process.
  await other.resume(first, {});
  await expect.poll(async () => (await childOf())?.state).toBe('PAUSED');
  await other.resume((await childOf())?.id ?? '', {});
  await expect
    .poll(async () => (await world.application.execution(parent))?.state.current, {
      timeout: 5_000,
    })
    .toBe('SUCCESS');
});
