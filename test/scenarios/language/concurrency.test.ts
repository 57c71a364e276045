/** Concurrency limits of flows: queue, cancel, fail; who holds a slot, and when it is free again. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

const flow = (id: string, behavior: string, limit = 1, more = '') => `
id: ${id}
namespace: demo
concurrency: { limit: ${limit}, behavior: ${behavior} }
inputs: [{ id: wait, type: DURATION, defaults: PT0.05S }]
tasks:
  - id: slow
    type: core.flow.Sleep
    duration: "{{ inputs.wait }}"
${more}`;

function start(world: FlowWorld, flowId: string, inputs = {}): Promise<string> {
  return world.application.start({ namespace: 'demo', flowId, inputs });
}

test('QUEUE lets executions wait and run in the order in which they came [concurrency.queue]', async () => {
  const world = await createFlowWorld();
  await world.save(flow('queue', 'QUEUE'));
  const ids = [];
  for (let at = 0; at < 3; at += 1) ids.push(await start(world, 'queue'));
  const results = [];
  for (const id of ids) results.push(await world.rest(id));
  expect(results.map((one) => one.states)).toEqual([
    ['CREATED', 'RUNNING', 'SUCCESS'],
    ['CREATED', 'QUEUED', 'RUNNING', 'SUCCESS'],
    ['CREATED', 'QUEUED', 'RUNNING', 'SUCCESS'],
  ]);
  const begun = results.map(
    (one) => one.document.state.histories.find(({ state }) => state === 'RUNNING')?.date ?? '',
  );
  expect(begun).toEqual(begun.toSorted());
  const ended = results.map((one) => one.document.state.histories.at(-1)?.date ?? '');
  expect(begun[1]! >= ended[0]!).toBe(true);
  expect(begun[2]! >= ended[1]!).toBe(true);
});

test('CANCEL and FAIL end what comes above the limit without a task run [concurrency.refuse]', async () => {
  const world = await createFlowWorld();
  for (const [behavior, state] of [
    ['CANCEL', 'CANCELLED'],
    ['FAIL', 'FAILED'],
  ] as const) {
    const id = `refuse-${behavior.toLowerCase()}`;
    await world.save(flow(id, behavior));
    const first = await start(world, id);
    const second = await world.rest(await start(world, id));
    expect(second.states).toEqual(['CREATED', state]);
    expect(second.taskIds).toEqual([]);
    expect((await world.rest(first)).state).toBe('SUCCESS');
    expect((await world.rest(await start(world, id))).state).toBe('SUCCESS');
  }
});

test('a paused execution keeps its slot; resuming it to its end frees it [concurrency.paused]', async () => {
  const world = await createFlowWorld();
  await world.save(`
id: paused
namespace: demo
concurrency: { limit: 1 }
tasks: [{ id: wait, type: core.flow.Pause }]
`);
  const first = await world.rest(await start(world, 'paused'));
  expect(first.state).toBe('PAUSED');
  const second = await start(world, 'paused');
  expect((await world.rest(second)).state).toBe('QUEUED');
  await world.application.resume(first.document.id, {});
  expect((await world.rest(first.document.id)).state).toBe('SUCCESS');
  expect((await world.rest(second)).states).toEqual(['CREATED', 'QUEUED', 'RUNNING', 'PAUSED']);
});

test('an execution that is killed, in the queue or running, lets the next one run [concurrency.kill]', async () => {
  const world = await createFlowWorld();
  await world.save(flow('killed', 'QUEUE'));
  const running = await start(world, 'killed', { wait: 'PT30S' });
  const queued = await start(world, 'killed');
  const last = await start(world, 'killed');
  await world.application.kill(queued);
  expect((await world.rest(queued)).states).toEqual(['CREATED', 'QUEUED', 'KILLING', 'KILLED']);
  await world.application.kill(running);
  expect((await world.rest(running)).state).toBe('KILLED');
  expect((await world.rest(last)).state).toBe('SUCCESS');
});

test('the limit of the newest revision is in force [concurrency.newest-revision]', async () => {
  const world = await createFlowWorld();
  await world.save(flow('newest', 'FAIL', 1));
  const first = await start(world, 'newest');
  expect((await world.rest(await start(world, 'newest'))).state).toBe('FAILED');
  await world.save(flow('newest', 'FAIL', 2));
  const third = await start(world, 'newest');
  expect((await world.rest(await start(world, 'newest'))).state).toBe('FAILED');
  expect((await world.rest(first)).state).toBe('SUCCESS');
  expect((await world.rest(third)).state).toBe('SUCCESS');
});

test('subflows take slots of their own flow and wait in its queue [concurrency.subflow]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    flow('child', 'QUEUE'),
    `
id: parent
namespace: demo
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: core.flow.Subflow, namespace: demo, flowId: child }
      - { id: two, type: core.flow.Subflow, namespace: demo, flowId: child }
`,
  ]);
  expect(result.state).toBe('SUCCESS');
  expect(
    result.document.related?.map((one) => one.state.histories.map(({ state }) => state)),
  ).toContainEqual(['CREATED', 'QUEUED', 'RUNNING', 'SUCCESS']);
});

test('a restarted execution waits for a slot like any other [concurrency.restart]', async () => {
  const world = await createFlowWorld();
  await world.save(
    flow(
      'again',
      'QUEUE',
      1,
      `  - id: bad
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 1 }}"
`,
    ),
  );
  const failed = await world.rest(await start(world, 'again', { wait: 'PT0.001S' }));
  expect(failed.state).toBe('FAILED');
  const other = await start(world, 'again');
  await world.application.restart(failed.document.id);
  expect((await world.rest(failed.document.id)).states).toEqual([
    'CREATED',
    'RUNNING',
    'FAILED',
    'RESTARTED',
    'QUEUED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect((await world.rest(other)).state).toBe('FAILED');
});
