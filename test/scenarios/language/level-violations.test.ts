/** Service levels: how long an execution may take and what must hold meanwhile. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const slow = (id: string, level: string) => `
id: ${id}
namespace: demo
sla:
  - ${level}
tasks:
  - id: group
    type: core.flow.Sequential
    tasks: [{ id: slow, type: core.flow.Sleep, duration: PT0.3S }]
errors: [{ id: handler, type: core.log.Log, message: never }]
`;

test('MAX_DURATION fails or cancels an execution that takes too long, labels it and kills what runs [levels.max-duration]', async () => {
  const world = await createFlowWorld();
  for (const [behavior, state] of [
    ['FAIL', 'FAILED'],
    ['CANCEL', 'CANCELLED'],
  ]) {
    const result = await world.run(
      slow(
        `late-${behavior?.toLowerCase()}`,
        `{ id: quick, type: MAX_DURATION, duration: PT0.05S, behavior: ${behavior}, labels: { late: "yes" } }`,
      ),
    );
    expect(result.states).toEqual(['CREATED', 'RUNNING', state]);
    expect(result.taskRun('slow').state.current).toBe('KILLED');
    expect(result.taskRun('group').state.current).toBe('KILLED');
    expect(result.taskIds).not.toContain('handler');
    expect(result.document.labels).toContainEqual({ key: 'late', value: 'yes' });
    expect(result.document.error?.message).toContain('quick');
  }
});

test('NONE only labels [levels.none]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    slow(
      'late-none',
      '{ id: quick, type: MAX_DURATION, duration: PT0.05S, behavior: NONE, labels: { late: "yes" } }',
    ),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.document.labels).toContainEqual({ key: 'late', value: 'yes' });
});

test('an execution in time is left alone [levels.kept]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: quick-enough
namespace: demo
sla:
  - { id: quick, type: MAX_DURATION, duration: PT10S, behavior: FAIL, labels: { late: "yes" } }
tasks: [{ id: say, type: core.log.Log, message: done }]
`);
  expect(result.state).toBe('SUCCESS');
  expect(result.document.labels).not.toContainEqual({ key: 'late', value: 'yes' });
});

test('EXECUTION_ASSERTION is checked at each change and broken when it is falsy [levels.assertion]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: assertion
namespace: demo
sla:
  - id: cheap
    type: EXECUTION_ASSERTION
    assert: "{{ outputs.price is not defined or (outputs.price.value | number) < 100 }}"
    behavior: CANCEL
    labels: { broken: cheap }
tasks:
  - id: before
    type: core.log.Log
    message: before
  - id: price
    type: core.debug.Return
    format: "250"
  - id: slow
    type: core.flow.Sleep
    duration: PT0.1S
  - id: never
    type: core.log.Log
    message: never
`);
  expect(result.state).toBe('CANCELLED');
  expect(result.taskIds).not.toContain('never');
  expect(result.document.labels).toContainEqual({ key: 'broken', value: 'cheap' });
});

test('the first violation decides the state [levels.first]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: several
namespace: demo
sla:
  - { id: first, type: MAX_DURATION, duration: PT0.03S, behavior: CANCEL, labels: { first: "1" } }
  - { id: second, type: MAX_DURATION, duration: PT0.06S, behavior: FAIL, labels: { second: "2" } }
tasks: [{ id: slow, type: core.flow.Sleep, duration: PT0.3S }]
`);
  expect(result.state).toBe('CANCELLED');
  expect(result.document.labels.map((label) => label.key)).not.toContain('second');
});

test('time in the queue counts for MAX_DURATION [levels.queued]', async () => {
  const world = await createFlowWorld();
  const flow = `
id: queued
namespace: demo
concurrency: { limit: 1 }
sla:
  - { id: quick, type: MAX_DURATION, duration: PT0.08S, behavior: CANCEL, labels: { late: "yes" } }
inputs: [{ id: wait, type: DURATION }]
tasks: [{ id: slow, type: core.flow.Sleep, duration: "{{ inputs.wait }}" }]
`;
  await world.save(flow);
  const order = { namespace: 'demo', flowId: 'queued' };
  const first = await world.application.start({ ...order, inputs: { wait: 'PT0.06S' } });
  const second = await world.application.start({ ...order, inputs: { wait: 'PT0.06S' } });
  expect((await world.rest(first)).state).toBe('SUCCESS');
  expect((await world.rest(second)).states).toEqual(['CREATED', 'QUEUED', 'RUNNING', 'CANCELLED']);
});

test('labels of a level may not be of the system [levels.validation]', async () => {
  const world = await createFlowWorld();
  await expect(
    world.save(
      slow(
        'wrong',
        '{ id: quick, type: MAX_DURATION, duration: PT1S, behavior: NONE, labels: { system.x: "1" } }',
      ),
    ),
  ).rejects.toMatchObject({ code: 'flow.invalid' });
});
