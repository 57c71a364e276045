/** What runs at the end and after it: finally, afterExecution, listeners. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';
import { whenRun } from '../../support/when-state.ts';

const endings: readonly (readonly [string, string])[] = [
  ['SUCCESS', '{ id: main, type: core.log.Log, message: fine }'],
  ['WARNING', '{ id: main, type: core.execution.Fail, allowFailure: true }'],
  ['FAILED', '{ id: main, type: core.execution.Fail }'],
  ['CANCELLED', '{ id: main, type: core.execution.Exit, state: CANCELED }'],
];

test('finally runs after tasks and errors while the execution is RUNNING, whatever they came to [afterwards.finally]', async () => {
  const world = await createFlowWorld();
  for (const [state, task] of endings.slice(0, 3)) {
    const result = await world.run(`
id: finally-${state.toLowerCase()}
namespace: demo
tasks:
  - ${task}
errors: [{ id: handler, type: core.log.Log, message: handled }]
finally: [{ id: cleanup, type: core.debug.Return, format: "{{ execution.state }}" }]
`);
    expect(result.state).toBe(state);
    expect(result.taskIds).toEqual(
      state === 'FAILED' ? ['main', 'handler', 'cleanup'] : ['main', 'cleanup'],
    );
    expect(result.taskRun('cleanup').outputs).toEqual({ value: 'RUNNING' });
    const end = result.document.state.histories.at(-1)?.date ?? '';
    expect((result.taskRun('cleanup').state.histories.at(-1)?.date ?? 'x') <= end).toBe(true);
  }
});

test('finally of a block waits for what still runs beside the failure [afterwards.finally-waits]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: finally-waits
namespace: demo
tasks:
  - id: block
    type: core.flow.Parallel
    tasks:
      - { id: slow, type: core.flow.Sleep, duration: PT0.05S }
      - { id: bad, type: core.execution.Fail }
    finally: [{ id: cleanup, type: core.log.Log, message: cleaned }]
`);
  const slowEnd = result.taskRun('slow').state.histories.at(-1)?.date ?? '';
  const cleanupStart = result.taskRun('cleanup').state.histories[0]?.date ?? '';
  expect(cleanupStart >= slowEnd).toBe(true);
  expect(result.state).toBe('FAILED');
});

test('afterExecution reads the final state, also of what failed or was cancelled, and cannot change it [afterwards.after-execution]', async () => {
  const world = await createFlowWorld();
  for (const [state, task] of endings) {
    const result = await world.run(`
id: after-${state.toLowerCase()}
namespace: demo
tasks:
  - ${task}
afterExecution:
  - { id: tell, type: core.debug.Return, format: "{{ execution.state }}" }
  - { id: breaks, type: core.execution.Fail }
  - { id: leaves, type: core.execution.Exit, state: KILLED }
  - { id: last, type: core.log.Log, message: last }
`);
    expect(result.states.at(-1)).toBe(state);
    expect(result.taskIds).toEqual(['main', 'tell', 'breaks', 'leaves', 'last']);
    expect(result.taskRun('tell').outputs).toEqual({ value: state });
    const end = result.document.state.histories.at(-1)?.date ?? '';
    expect((result.taskRun('tell').state.histories[0]?.date ?? '') >= end).toBe(true);
  }
});

test('afterExecution runs after a kill, finally does not [afterwards.kill]', async () => {
  const world = await createFlowWorld();
  await world.save(`
id: after-kill
namespace: demo
tasks: [{ id: slow, type: core.flow.Sleep, duration: PT30S }]
finally: [{ id: cleanup, type: core.log.Log, message: never }]
afterExecution: [{ id: tell, type: core.debug.Return, format: "{{ execution.state }}" }]
`);
  const isRunning = whenRun(world, 'slow', 'RUNNING');
  const id = await world.application.start({ namespace: 'demo', flowId: 'after-kill', inputs: {} });
  await isRunning;
  await world.application.kill(id);
  const result = await world.rest(id);
  expect(result.state).toBe('KILLED');
  expect(result.taskIds).toEqual(['slow', 'tell']);
  expect(result.taskRun('tell').outputs).toEqual({ value: 'KILLED' });
});

test('afterExecution may hold blocks with conditions and loops [afterwards.blocks]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: after-blocks
namespace: demo
tasks: [{ id: bad, type: core.execution.Fail }]
afterExecution:
  - id: on_failure
    type: core.log.Log
    runIf: "{{ execution.state == 'FAILED' }}"
    message: failed
  - id: on_success
    type: core.log.Log
    runIf: "{{ execution.state == 'SUCCESS' }}"
    message: never
  - id: each
    type: core.flow.ForEach
    values: ["1", "2"]
    tasks: [{ id: say, type: core.log.Log, message: "{{ taskrun.value }}" }]
`);
  expect(result.state).toBe('FAILED');
  expect(result.taskRun('on_success').state.current).toBe('SKIPPED');
  expect(result.messages('on_failure')).toEqual(['failed']);
  expect(result.messages('say')).toEqual(['1', '2']);
});

test('listeners run after the end when their conditions hold; they append runs and never change the state [afterwards.listeners]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: listens
namespace: demo
tasks: [{ id: bad, type: core.execution.Fail }]
listeners:
  - conditions:
      - { type: io.kestra.core.models.conditions.types.ExecutionStatusCondition, in: [FAILED] }
    tasks:
      - { id: heard, type: core.log.Log, message: heard }
      - { id: breaks, type: core.execution.Fail }
  - conditions:
      - { type: io.kestra.core.models.conditions.types.ExecutionStatusCondition, in: [SUCCESS] }
    tasks: [{ id: never, type: core.log.Log, message: never }]
`);
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual(['bad', 'heard', 'breaks']);
});

test('who waits for an execution does not wait for what runs after its end [afterwards.subflow]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    `
id: child
namespace: demo
tasks: [{ id: say, type: core.log.Log, message: hello }]
afterExecution: [{ id: slow, type: core.flow.Sleep, duration: PT0.1S }]
`,
    `
id: parent
namespace: demo
tasks: [{ id: call, type: core.flow.Subflow, namespace: demo, flowId: child }]
`,
  ]);
  expect(result.state).toBe('SUCCESS');
  const slow = result.document.related?.[0]?.taskRunList.find((run) => run.taskId === 'slow');
  expect(slow?.state.current ?? 'CREATED').not.toBe('SUCCESS');
});
