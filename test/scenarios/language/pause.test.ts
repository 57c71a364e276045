/** Tests of Pause: how it waits, how waiting ends, what a form gives. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const head = 'id: decide-refund\nnamespace: shop.returns\ntasks:\n';

function gate(more = ''): string {
  return `${head}  - id: gate
    type: io.kestra.plugin.core.flow.Pause
${more}  - id: after
    type: core.log.Log
    message: after
`;
}

test('a Pause waits until somebody resumes, who is noted [pause]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate());
  expect(result.state).toBe('PAUSED');
  expect(result.taskRun('gate').state.histories.map((one) => one.state)).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
  ]);
  await world.application.resume(result.document.id, {});
  const resumed = await world.rest(result.document.id);
  expect(resumed.states).toEqual([
    'CREATED',
    'RUNNING',
    'PAUSED',
    'RESTARTED',
    'RUNNING',
    'SUCCESS',
  ]);
  expect(resumed.taskRun('gate').outputs).toMatchObject({
    onResume: {},
    resumed: { by: 'user:local', to: 'RUNNING' },
  });
  expect(resumed.taskIds).toEqual(['gate', 'after']);
});

test('what is not paused cannot be resumed [pause.not-paused]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate());
  await world.application.resume(result.document.id, {});
  await world.rest(result.document.id);
  await expect(world.application.resume(result.document.id, {})).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
});

test('the description is rendered when the pause starts [pause.description]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate('    description: "refund in {{ flow.namespace }}"\n'));
  expect(result.messages('gate')).toEqual(['refund in shop.returns']);
});

test('a paused execution waits in the store and goes on in another process [pause.survives]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate());
  const again = await world.reopen();
  await again.application.resume(result.document.id, {});
  expect((await again.rest(result.document.id)).state).toBe('SUCCESS');
});

test.each(['delay', 'pauseDuration'])(
  'after `%s` it goes on by itself [pause.duration]',
  async (name) => {
    const world = await createFlowWorld();
    const result = await world.run(gate(`    ${name}: "{{ 'PT0.05S' }}"\n    timeout: PT0.01S\n`));
    expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['gate', 'after']]);
    expect(result.states).not.toContain('RESTARTED');
    expect(result.taskRun('gate').outputs).toEqual({ onResume: {} });
  },
);

test('a `timeout` that passes fails it [pause.timeout]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate('    timeout: PT0.02S\n'));
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['gate']]);
});

test.each([
  ['RESUME', 'SUCCESS', ['gate', 'after']],
  ['WARN', 'WARNING', ['gate', 'after']],
  ['FAIL', 'FAILED', ['gate']],
  ['CANCEL', 'CANCELLED', ['gate']],
])(
  '`behavior: %s` says what happens when the time is over [pause.behavior]',
  async (behavior, state, ids) => {
    const world = await createFlowWorld();
    for (const wait of ['pauseDuration', 'timeout']) {
      const result = await world.run(gate(`    ${wait}: PT0.02S\n    behavior: ${behavior}\n`));
      expect([wait, result.state, result.taskIds]).toEqual([wait, state, ids]);
    }
  },
);

test('resuming in time takes the timer back [pause.in-time]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate('    timeout: PT1H\n'), { timerPatienceMs: 0 });
  expect(result.state).toBe('PAUSED');
  await world.application.resume(result.document.id, {});
  expect((await world.rest(result.document.id)).state).toBe('SUCCESS');
});

const form = `    onResume:
      - {id: amount, type: FLOAT}
      - {id: reason, type: STRING, defaults: damaged}
      - {id: note, type: STRING, required: false}
`;

test('the form is checked; all its inputs are outputs, optional ones null [pause.form]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate(form));
  const { id } = result.document;
  await expect(world.application.resume(id, {})).rejects.toMatchObject({ code: 'input.invalid' });
  await expect(world.application.resume(id, { amount: 'much' })).rejects.toMatchObject({
    code: 'input.invalid',
  });
  expect((await world.rest(id)).state).toBe('PAUSED');
  await world.application.resume(id, { amount: '12.5' });
  const resumed = await world.rest(id);
  expect(resumed.taskRun('gate').outputs).toMatchObject({
    onResume: { amount: 12.5, reason: 'damaged', note: null },
  });
});

test('`onPause` runs when the pause starts [pause.on-pause]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    gate(
      '    onPause:\n      id: tell\n      type: core.log.Log\n      message: somebody decide\n',
    ),
  );
  expect([result.state, result.taskIds]).toEqual(['PAUSED', ['gate', 'tell']]);
  expect(result.messages('tell')).toEqual(['somebody decide']);
  await world.application.resume(result.document.id, {});
  expect((await world.rest(result.document.id)).state).toBe('SUCCESS');
});

test('the deprecated tasks of a Pause run after it was resumed [pause.tasks]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    gate('    tasks:\n      - {id: inner, type: core.log.Log, message: inner}\n'),
  );
  expect(result.taskIds).toEqual(['gate']);
  await world.application.resume(result.document.id, {});
  const resumed = await world.rest(result.document.id);
  expect([resumed.state, resumed.taskIds]).toEqual(['SUCCESS', ['gate', 'inner', 'after']]);
});

test('several pauses of a loop are open at once and are resumed one by one [pause.parallel]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}  - id: each
    type: core.flow.ForEach
    values: ["a", "b"]
    concurrencyLimit: 0
    tasks:
      - id: gate
        type: core.flow.Pause
      - id: after
        type: core.log.Log
        message: "{{ taskrun.value }}"
`);
  const { id } = result.document;
  expect(result.taskRuns('gate').map((run) => run.state.current)).toEqual(['PAUSED', 'PAUSED']);
  await world.application.resume(id, {});
  const first = await world.rest(id);
  expect(first.state).toBe('PAUSED');
  expect(first.messages('after')).toEqual(['a']);
  await world.application.resume(id, {});
  expect((await world.rest(id)).state).toBe('SUCCESS');
});

test('a pause beside a task that is being retried is seen and can be resumed [pause.retrying]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}  - id: both
    type: core.flow.Parallel
    tasks:
      - id: flaky
        type: core.execution.Fail
        condition: "{{ taskrun.attemptsCount == 0 }}"
        retry: {type: constant, interval: PT0.05S, maxAttempts: 2}
      - id: short
        type: core.flow.Sequential
        tasks:
          - {id: moment, type: core.flow.Sleep, duration: PT0.02S}
          - {id: gate, type: core.flow.Pause}
`);
  expect(result.state).toBe('PAUSED');
  await world.application.resume(result.document.id, {});
  expect((await world.rest(result.document.id)).state).toBe('SUCCESS');
});

test('killing a paused execution starts nothing more [pause.kill]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(gate());
  await world.application.kill(result.document.id);
  const killed = await world.rest(result.document.id);
  expect([killed.state, killed.taskIds]).toEqual(['KILLED', ['gate']]);
  expect(killed.taskRun('gate').state.current).toBe('KILLED');
});

test('a pause inside a subflow ends when its time is over, for the parent as well [pause.subflow-timer]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    'id: child\nnamespace: shop.returns\ntasks:\n  - {id: gate, type: core.flow.Pause, pauseDuration: PT0.05S}\n',
    `${head}  - {id: call, type: core.flow.Subflow, namespace: shop.returns, flowId: child}\n`,
  ]);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'PAUSED', 'RUNNING', 'SUCCESS']);
});
