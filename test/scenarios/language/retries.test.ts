/** Retries: how often, when, by whose policy, as the same execution or as another one. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult } from '../../support/run-flow.ts';

function waits(result: FlowResult, taskId: string): number[] {
  const { attempts } = result.taskRun(taskId);
  const moment = (text: string | undefined) => Temporal.Instant.from(text ?? '').epochMilliseconds;
  return attempts
    .slice(1)
    .map(
      (attempt, place) =>
        moment(attempt.state.histories[0]?.date) -
        moment(attempts[place]?.state.histories.at(-1)?.date),
    );
}

const failing = (id: string, retry: string, more = '') => `
id: ${id}
namespace: demo
tasks:
  - id: bad
    type: core.execution.Fail
    retry:
${retry
  .trim()
  .split('\n')
  .map((line) => `      ${line.trim()}`)
  .join('\n')}
${more}
`;

test('maxAttempts counts all attempts, the first included; the run keeps them all [retries.count]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    failing('constant', 'type: constant\ninterval: PT0.01S\nmaxAttempts: 3'),
  );
  expect(result.state).toBe('FAILED');
  expect(result.taskRuns('bad')).toHaveLength(1);
  expect(result.taskRun('bad').attempts.map((one) => one.state.current)).toEqual([
    'FAILED',
    'FAILED',
    'FAILED',
  ]);
  expect(waits(result, 'bad').every((wait) => wait >= 9)).toBe(true);
});

test('run and execution are RETRYING while they wait, then CREATED and RUNNING again [retries.states]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    failing('states', 'type: constant\ninterval: PT0.01S\nmaxAttempts: 2'),
  );
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'RETRYING', 'RUNNING', 'FAILED']);
  expect(result.taskRun('bad').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'RETRYING',
    'CREATED',
    'RUNNING',
    'FAILED',
  ]);
});

test('taskrun.attemptsCount is the number of earlier attempts [retries.attempts-count]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: attempts-count
namespace: demo
tasks:
  - id: third
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 2 }}"
    retry: { type: constant, interval: PT0.01S, maxAttempts: 5 }
`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('third').attempts).toHaveLength(3);
});

test('exponential delays grow by the factor from `interval` on, up to `maxInterval` [retry.exponential]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    failing(
      'exponential',
      'type: exponential\ninterval: PT0.02S\nmaxInterval: PT0.05S\nmaxAttempts: 4',
    ),
  );
  const [first = 0, second = 0, third = 0] = waits(result, 'bad');
  expect(first).toBeGreaterThanOrEqual(19);
  expect(second).toBeGreaterThanOrEqual(39);
  expect(third).toBeGreaterThanOrEqual(49);
  expect(third).toBeLessThan(80);
});

test('random delays lie between minInterval and maxInterval [retries.random]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    failing('random', 'type: random\nminInterval: PT0.01S\nmaxInterval: PT0.03S\nmaxAttempts: 4'),
  );
  for (const wait of waits(result, 'bad')) {
    expect(wait).toBeGreaterThanOrEqual(9);
    expect(wait).toBeLessThan(70);
  }
});

test('there is no attempt after maxDuration has passed since the first [retries.max-duration]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    failing('duration', 'type: constant\ninterval: PT0.03S\nmaxDuration: PT0.1S'),
  );
  const { length } = result.taskRun('bad').attempts;
  expect(length).toBeGreaterThanOrEqual(2);
  expect(length).toBeLessThanOrEqual(4);
});

test('the policy of the task counts before that of the nearest flowable, and that before the flow’s [retries.policy]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: policies
namespace: demo
retry: { type: constant, interval: PT0.005S, maxAttempts: 2 }
tasks:
  - id: block
    type: core.flow.Parallel
    retry: { type: constant, interval: PT0.005S, maxAttempts: 3 }
    tasks:
      - id: own
        type: core.execution.Fail
        retry: { type: constant, interval: PT0.005S, maxAttempts: 4 }
      - id: inherited
        type: core.flow.Sequential
        tasks:
          - id: nearest
            type: core.execution.Fail
      - id: from_flow
        type: core.flow.Sequential
        tasks: [{ id: good, type: core.log.Log, message: fine }]
errors:
  - id: handler
    type: core.execution.Fail
`);
  expect(result.taskRun('own').attempts).toHaveLength(4);
  expect(result.taskRun('nearest').attempts).toHaveLength(3);
  expect(result.taskRun('handler').attempts).toHaveLength(2);
  expect(result.taskRuns('block')).toHaveLength(1);
});

test('warningOnRetry makes a success after a failure a warning [retries.warning-on-retry]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: warning
namespace: demo
tasks:
  - id: late
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 1 }}"
    retry: { type: constant, interval: PT0.005S, maxAttempts: 3, warningOnRetry: true }
  - id: prompt
    type: core.log.Log
    message: fine
    retry: { type: constant, interval: PT0.005S, maxAttempts: 3, warningOnRetry: true }
`);
  expect(result.taskRun('late').state.current).toBe('WARNING');
  expect(result.taskRun('prompt').state.current).toBe('SUCCESS');
  expect(result.state).toBe('WARNING');
});

test('errors branches and allowances wait for the last attempt [retries.before-errors]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: errors-after-retries
namespace: demo
tasks:
  - id: block
    type: core.flow.Sequential
    tasks:
      - id: soft
        type: core.execution.Fail
        allowFailure: true
        retry: { type: constant, interval: PT0.005S, maxAttempts: 2 }
      - id: bad
        type: core.execution.Fail
        retry: { type: constant, interval: PT0.005S, maxAttempts: 3 }
    errors:
      - id: handler
        type: core.debug.Return
        format: "{{ tasksWithState('FAILED') | length }}"
`);
  expect(result.taskIds).toEqual(['block', 'soft', 'bad', 'handler']);
  expect(result.taskRun('soft').attempts).toHaveLength(2);
  expect(result.taskRun('bad').attempts).toHaveLength(3);
});

test('CREATE_NEW_EXECUTION ends this execution RETRIED and starts another: RETRIED, RETRIED, FAILED [retries.new-execution]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    `
id: again
namespace: demo
inputs: [{ id: who, type: STRING }]
labels: { team: blue }
retry: { type: constant, interval: PT0.01S, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION }
tasks:
  - id: bad
    type: core.execution.Fail
    errorMessage: "hello {{ inputs.who }}"
errors:
  - id: handler
    type: core.log.Log
    message: handled
`,
    { inputs: { who: 'ada' }, labels: [{ key: 'run', value: 'first' }] },
  );
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'RETRIED']);
  const related = result.document.related ?? [];
  expect(related.map((one) => one.state.current)).toEqual(['RETRIED', 'FAILED']);
  for (const one of related) {
    expect(one.originalId).toBe(result.document.id);
    expect(one.id).not.toBe(result.document.id);
    expect(one.inputs).toEqual({ who: 'ada' });
    expect(one.labels).toEqual(expect.arrayContaining([...result.document.labels]));
  }
  expect(result.document.metadata).toEqual({ attemptNumber: 1 });
  expect(related.map((one) => one.metadata?.attemptNumber)).toEqual([2, 3]);
  expect(result.taskIds).toEqual(['bad']);
  expect(related.at(-1)?.taskRunList.map((run) => run.taskId)).toEqual(['bad', 'handler']);
});

test('a retry as another execution that succeeds ends the chain, also from a task’s own policy [retries.new-execution-task]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`
id: again-until
namespace: demo
tasks:
  - id: count
    type: core.kv.Set
    key: tries
    value: "{{ (kv('tries', errorOnMissing=false) ?? 0) + 1 }}"
  - id: bad
    type: core.execution.Fail
    condition: "{{ kv('tries') < 2 }}"
    retry: { type: constant, interval: PT0.01S, maxAttempts: 5, behavior: CREATE_NEW_EXECUTION }
`);
  expect(result.state).toBe('RETRIED');
  expect((result.document.related ?? []).map((one) => one.state.current)).toEqual(['SUCCESS']);
});

test('a Subflow is retried like a task: each attempt is another execution [retries.subflow]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    `
id: child
namespace: demo
tasks: [{ id: bad, type: core.execution.Fail }]
`,
    `
id: parent
namespace: demo
tasks:
  - id: call
    type: core.flow.Subflow
    namespace: demo
    flowId: child
    retry: { type: constant, interval: PT0.01S, maxAttempts: 2 }
`,
  ]);
  expect(result.state).toBe('FAILED');
  expect(result.taskRun('call').attempts).toHaveLength(2);
  expect(result.document.related).toHaveLength(2);
});

test('contradicting retries are refused before anything runs [retries.validation]', async () => {
  const world = await createFlowWorld();
  for (const retry of [
    'type: constant\ninterval: PT2S\nmaxDuration: PT1S',
    'type: exponential\ninterval: PT2S\nmaxInterval: PT1S',
    'type: random\nminInterval: PT2S\nmaxInterval: PT1S',
    'type: constant\ninterval: PT1S\nmaxAttempts: 0',
  ]) {
    await expect(world.save(failing('wrong', retry))).rejects.toMatchObject({
      code: 'flow.invalid',
    });
  }
});

test('who waits for an execution that is retried as another one waits for the last of them [retries.new-execution-child]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    `
id: flaky
namespace: demo
retry: { type: constant, interval: PT0.01S, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION }
tasks:
  - id: count
    type: core.kv.Set
    key: tries
    value: "{{ (kv('tries', errorOnMissing=false) ?? 0) + 1 }}"
  - id: bad
    type: core.execution.Fail
    condition: "{{ kv('tries') < 2 }}"
outputs:
  - { id: tries, type: INT, value: "{{ kv('tries') }}" }
`,
    `
id: caller
namespace: demo
tasks:
  - id: call
    type: core.flow.Subflow
    namespace: demo
    flowId: flaky
`,
  ]);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('call').outputs).toMatchObject({ outputs: { tries: 2 } });
  expect(result.document.related?.map((one) => one.state.current)).toEqual(['RETRIED', 'SUCCESS']);
});
