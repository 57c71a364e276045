/** Errors branches, the state of what encloses a failure, allowances, Fail and Exit at any depth. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

test('local errors run inside, then those around them, last those of the flow; none repairs anything [errors.nested]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: nested-errors
namespace: demo
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - id: inner
        type: core.flow.Parallel
        tasks:
          - id: bad
            type: core.execution.Fail
        errors:
          - id: inner_handler
            type: core.log.Log
            message: inner
      - id: never
        type: core.log.Log
        message: never
    errors:
      - id: outer_handler
        type: core.log.Log
        message: outer
errors:
  - id: flow_handler
    type: core.log.Log
    message: flow
`);
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual([
    'outer',
    'inner',
    'bad',
    'inner_handler',
    'outer_handler',
    'flow_handler',
  ]);
  expect(result.taskRun('inner_handler').parentTaskRunId).toBe(result.taskRun('inner').id);
  expect(result.taskRun('outer_handler').parentTaskRunId).toBe(result.taskRun('outer').id);
  for (const id of ['outer', 'inner', 'bad']) {
    expect(result.taskRun(id).state.current).toBe('FAILED');
  }
});

test('errors of every kind of block run when one of its tasks fails [errors.local]', async () => {
  const world = await createFlowWorld();
  const blocks: Record<string, string> = {
    Sequential: 'tasks: [{ id: bad, type: core.execution.Fail }]',
    Parallel: 'tasks: [{ id: bad, type: core.execution.Fail }]',
    Dag: 'tasks: [{ task: { id: bad, type: core.execution.Fail } }]',
    ForEach: 'values: ["1"]\n    tasks: [{ id: bad, type: core.execution.Fail }]',
    EachSequential: 'value: ["1"]\n    tasks: [{ id: bad, type: core.execution.Fail }]',
    EachParallel: 'value: ["1"]\n    tasks: [{ id: bad, type: core.execution.Fail }]',
    If: 'condition: "true"\n    then: [{ id: bad, type: core.execution.Fail }]',
    Switch: 'value: a\n    cases: { a: [{ id: bad, type: core.execution.Fail }] }',
    WorkingDirectory: 'tasks: [{ id: bad, type: core.execution.Fail }]',
    LoopUntil: 'condition: "true"\n    tasks: [{ id: bad, type: core.execution.Fail }]',
  };
  for (const [type, body] of Object.entries(blocks)) {
    const result = await world.run(`
id: errors-${type.toLowerCase()}
namespace: demo
tasks:
  - id: block
    type: core.flow.${type}
    ${body}
    errors: [{ id: handler, type: core.log.Log, message: handled }]
    finally: [{ id: cleanup, type: core.log.Log, message: cleaned }]
`);
    expect([type, result.state, ...result.taskIds]).toEqual([
      type,
      'FAILED',
      'block',
      'bad',
      'handler',
      'cleanup',
    ]);
  }
});

test('a failing errors task starts no other errors branch, and the rest of its own goes on [errors.failing-handler]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: failing-handler
namespace: demo
tasks:
  - id: bad
    type: core.execution.Fail
    errorMessage: the first
errors:
  - id: handler
    type: core.execution.Fail
    errorMessage: the second
  - id: after_handler
    type: core.log.Log
    message: after
`);
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual(['bad', 'handler', 'after_handler']);
  expect(result.document.error?.message).toContain('the first');
});

test('handlers read what failed: errorLogs(), error.message, error.taskId [errors.error-logs]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: error-logs
namespace: demo
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["x"]
    tasks:
      - id: bad
        type: core.execution.Fail
        errorMessage: no more parcels
errors:
  - id: logs
    type: core.debug.Return
    format: "{{ errorLogs()[0].taskId }}/{{ errorLogs()[0].value }}/{{ errorLogs()[0].level }}/{{ errorLogs()[0].message }}/{{ errorLogs()[0].taskRunId is not null }}/{{ errorLogs()[0].timestamp is not null }}/{{ errorLogs()[0].attemptNumber }}"
  - id: error
    type: core.debug.Return
    format: "{{ error.taskId }}: {{ error.message }}"
`);
  expect(result.taskRun('logs').outputs['value']).toMatch(
    /^bad\/x\/ERROR\/no more parcels\/true\/true\/\d$/,
  );
  expect(result.taskRun('error').outputs).toEqual({ value: 'bad: no more parcels' });
});

test('handlers may read outputs of what succeeded before the failure [errors.read-outputs]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: read-outputs
namespace: demo
tasks:
  - id: good
    type: core.debug.Return
    format: "42"
  - id: bad
    type: core.execution.Fail
errors:
  - id: handler
    type: core.debug.Return
    format: "{{ outputs.good.value }} {{ execution.state }}"
`);
  expect(result.taskRun('handler').outputs).toEqual({ value: '42 RUNNING' });
});

test('the state comes from the normal tasks only: failed before warning before success [states.result]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: result
namespace: demo
tasks:
  - id: warned
    type: core.execution.Fail
    allowFailure: true
  - id: skipped
    type: core.log.Log
    runIf: "false"
    message: never
finally:
  - id: cleanup
    type: core.execution.Fail
`);
  expect(result.state).toBe('WARNING');
  expect(result.taskRun('skipped').state.current).toBe('SKIPPED');
  expect(result.taskRun('cleanup').state.current).toBe('FAILED');
});

test('allowFailure makes a failure a warning, allowWarning a warning a success, both a failure a success [states.allowances]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: allowances
namespace: demo
tasks:
  - id: soft
    type: core.execution.Fail
    allowFailure: true
  - id: softest
    type: core.execution.Fail
    allowFailure: true
    allowWarning: true
  - id: group
    type: core.flow.Sequential
    allowWarning: true
    tasks:
      - id: warned
        type: core.execution.Fail
        allowFailure: true
  - id: failing_group
    type: core.flow.Sequential
    allowFailure: true
    allowWarning: true
    tasks:
      - id: bad
        type: core.execution.Fail
    errors:
      - id: handler
        type: core.log.Log
        message: handled
  - id: last
    type: core.log.Log
    message: last
`);
  const states = Object.fromEntries(
    result.document.taskRunList.map((run) => [run.taskId, run.state.current]),
  );
  expect(states).toEqual({
    soft: 'WARNING',
    softest: 'SUCCESS',
    group: 'SUCCESS',
    warned: 'WARNING',
    failing_group: 'SUCCESS',
    bad: 'FAILED',
    handler: 'SUCCESS',
    last: 'SUCCESS',
  });
  expect(result.state).toBe('WARNING');
});

test('AllowFailure runs its errors, ends WARNING and lets the flow go on [states.allow-failure-block]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: allow-failure
namespace: demo
tasks:
  - id: block
    type: core.flow.AllowFailure
    tasks:
      - id: bad
        type: core.execution.Fail
    errors:
      - id: handler
        type: core.log.Log
        message: handled
  - id: last
    type: core.log.Log
    message: last
`);
  expect(result.state).toBe('WARNING');
  expect(result.taskIds).toEqual(['block', 'bad', 'handler', 'last']);
  expect(result.taskRun('block').state.current).toBe('WARNING');
});

test('Fail in a branch of a loop inside a parallel block fails all that is around it [errors.fail-nested]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: fail-nested
namespace: demo
tasks:
  - id: parallel
    type: core.flow.Parallel
    tasks:
      - id: each
        type: core.flow.ForEach
        values: ["1", "2"]
        tasks:
          - id: choose
            type: core.flow.If
            condition: "{{ taskrun.value == '2' }}"
            then:
              - id: bad
                type: core.execution.Fail
                condition: "{{ parent.taskrun.value == '2' }}"
      - id: beside
        type: core.log.Log
        message: beside
`);
  expect(result.state).toBe('FAILED');
  expect(
    ['bad', 'each', 'parallel', 'beside'].map((id) => result.taskRun(id).state.current),
  ).toEqual(['FAILED', 'FAILED', 'FAILED', 'SUCCESS']);
  expect(result.taskRun('choose', '2').state.current).toBe('FAILED');
});

test('Exit at any depth ends the execution at once in its state and kills what runs beside it [errors.exit]', async () => {
  const world = await createFlowWorld();
  for (const [state, expected] of [
    ['SUCCESS', 'SUCCESS'],
    ['WARNING', 'WARNING'],
    ['FAILED', 'FAILED'],
    ['KILLED', 'KILLED'],
    ['CANCELED', 'CANCELLED'],
  ]) {
    const result = await world.run(`
id: exit-${state?.toLowerCase()}
namespace: demo
tasks:
  - id: parallel
    type: core.flow.Parallel
    tasks:
      - id: slow
        type: core.flow.Sleep
        duration: PT30S
      - id: group
        type: core.flow.Sequential
        tasks:
          - id: leave
            type: core.execution.Exit
            state: ${state}
          - id: never
            type: core.log.Log
            message: never
  - id: never_either
    type: core.log.Log
    message: never
errors:
  - id: handler
    type: core.log.Log
    message: never
`);
    expect([state, result.state]).toEqual([state, expected]);
    expect(result.taskIds).toEqual(['parallel', 'slow', 'group', 'leave']);
    expect(result.taskRun('leave').state.current).toBe('SUCCESS');
    expect(result.taskRun('slow').state.current).toBe('KILLED');
  }
});

test('the failure of an execution that a task waited for is among the error logs', async () => {
  const world = await createFlowWorld();
  const child = `
id: child
namespace: demo
tasks:
  - { id: broken, type: core.execution.Fail, errorMessage: nothing in stock }
`;
  const result = await world.run([
    child,
    `
id: parent
namespace: demo
tasks:
  - { id: order, type: core.flow.Subflow, namespace: demo, flowId: child }
errors:
  - { id: told, type: core.debug.Return, format: "{{ errorLogs() | length }} {{ errorLogs()[0].taskId }}" }
`,
  ]);
  expect(result.state).toBe('FAILED');
  expect(result.taskRun('told').outputs['value']).toBe('1 order');
});
