/** Tests of Subflow: what the child gets, what comes back, what its end means. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

function child(body: string): string {
  return `id: fulfil-order\nnamespace: shop.fulfilment\n${body}`;
}

function parent(properties = '', more = '', head = ''): string {
  return `id: hand-over
namespace: shop.orders
${head}tasks:
  - id: call
    type: io.kestra.plugin.core.flow.Subflow
    namespace: shop.fulfilment
    flowId: fulfil-order
${properties}${more}`;
}

const log = 'tasks:\n  - {id: step, type: core.log.Log, message: done}\n';
const fail = 'tasks:\n  - {id: step, type: core.execution.Fail}\n';

async function childOf(world: FlowWorld, result: FlowResult, taskId = 'call'): Promise<FlowResult> {
  return world.rest(String(result.taskRun(taskId).outputs?.['executionId']));
}

test('the child gets rendered inputs, and its typed outputs come back [subflow]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(`inputs:
  - {id: order, type: INT}
tasks:
  - {id: step, type: core.debug.Return, format: "{{ inputs.order + 1 }}"}
outputs:
  - {id: next, type: INT, value: "{{ outputs.step.value }}"}
`),
    parent(
      '    inputs:\n      order: "{{ 800 + 12 }}"\n',
      '  - {id: show, type: core.debug.Return, format: "{{ outputs.call.outputs.next + 1 }} {{ outputs.call.state }}"}\n',
    ),
  ]);
  expect(result.taskRun('show').outputs).toEqual({ value: '814 SUCCESS' });
  const started = await childOf(world, result);
  expect(started.document.inputs).toEqual({ order: 812 });
  expect(result.taskRun('call').attempts).toHaveLength(1);
});

test('namespace and flow may be templates, a revision may be named [subflow.which]', async () => {
  const world = await createFlowWorld();
  await world.save(child(log));
  await world.save(child(log.replace('done', 'changed')));
  const properties = '    revision: 1\n';
  const result = await world.run(
    parent(properties)
      .replace('namespace: shop.fulfilment', `namespace: "{{ 'shop.' ~ 'fulfilment' }}"`)
      .replace('flowId: fulfil-order', `flowId: "fulfil-{{ 'order' }}"`),
  );
  const started = await childOf(world, result);
  expect(started.document.flowRevision).toBe(1);
  expect(started.messages('step')).toEqual(['done']);
});

test('a missing or disabled child fails the task [subflow.missing]', async () => {
  const world = await createFlowWorld();
  const missing = await world.run(parent());
  expect(missing.state).toBe('FAILED');
  expect(missing.document.error?.message).toContain('shop.fulfilment/fulfil-order');
  const disabled = await world.run([child(`disabled: true\n${log}`), parent()]);
  expect(disabled.state).toBe('FAILED');
  expect(disabled.document.error?.message).toContain('disabled');
});

test('inputs that the child refuses fail the task [subflow.inputs-refused]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(`inputs:\n  - {id: order, type: INT}\n${log}`),
    parent('    inputs: {order: many}\n'),
  ]);
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('order');
});

test('a flow that calls itself is refused [subflow.recursive]', async () => {
  const world = await createFlowWorld();
  const flow = parent()
    .replaceAll('shop.fulfilment', 'shop.orders')
    .replace('flowId: fulfil-order', 'flowId: hand-over');
  await expect(world.save(flow)).rejects.toMatchObject({ code: 'flow.invalid' });
});

test('labels: the flow’s own, what is inherited, what the task says; the correlation goes down to grandchildren [subflow.labels]', async () => {
  const world = await createFlowWorld();
  await world.save(`id: grandchild\nnamespace: shop.fulfilment\n${log}`);
  await world.save(
    child(
      'labels: {own: child}\ntasks:\n  - {id: deeper, type: core.flow.Subflow, namespace: shop.fulfilment, flowId: grandchild}\n',
    ),
  );
  const labels = (result: FlowResult): Record<string, string> =>
    Object.fromEntries(result.document.labels.map(({ key, value }) => [key, value]));
  const start = { labels: [{ key: 'channel', value: 'web' }] };
  const plain = await world.run(parent('    labels: {order: "{{ 800 + 12 }}"}\n'), start);
  const first = await childOf(world, plain);
  expect(labels(first)).toEqual({
    own: 'child',
    order: '812',
    'system.correlationId': plain.document.id,
  });
  expect(labels(await childOf(world, first, 'deeper'))).toEqual({
    'system.correlationId': plain.document.id,
  });
  const inherited = await world.run(
    parent('    inheritLabels: true\n    labels:\n      - {key: channel, value: app}\n'),
    start,
  );
  expect(labels(await childOf(world, inherited))).toEqual({
    own: 'child',
    channel: 'app',
    'system.correlationId': inherited.document.id,
  });
});

test('the child reads who started it as `trigger` [subflow.trigger]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(
      'tasks:\n  - {id: step, type: core.debug.Return, format: "{{ trigger.executionId }} {{ trigger.namespace }} {{ trigger.flowId }} {{ trigger.flowRevision }}"}\n',
    ),
    parent(),
  ]);
  const started = await childOf(world, result);
  expect(started.taskRun('step').outputs).toEqual({
    value: `${result.document.id} shop.orders hand-over 1`,
  });
});

test('the deprecated `outputs` are rendered in the names of the child, when it declares none [subflow.legacy-outputs]', async () => {
  const world = await createFlowWorld();
  const properties = `    outputs:\n      total: "{{ outputs.step.value }} {{ flow.id }}"\n`;
  const step = 'tasks:\n  - {id: step, type: core.debug.Return, format: "9"}\n';
  const old = await world.run([child(step), parent(properties)]);
  expect(old.taskRun('call').outputs?.['outputs']).toEqual({ total: '9 fulfil-order' });
  const both = await world.run([
    child(`${step}outputs:\n  - {id: own, type: STRING, value: mine}\n`),
    parent(properties),
  ]);
  expect(both.taskRun('call').outputs?.['outputs']).toEqual({ own: 'mine' });
});

test('outputs that cannot be rendered fail the task although the child did its work [subflow.outputs-fail]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(log),
    parent('    outputs:\n      total: "{{ outputs.step.nothing }}"\n'),
  ]);
  expect([result.state, (await childOf(world, result)).state]).toEqual(['FAILED', 'SUCCESS']);
});

const warns = 'tasks:\n  - {id: step, type: core.execution.Fail, allowFailure: true}\n';
const cancels = 'tasks:\n  - {id: step, type: core.execution.Exit, state: CANCELLED}\n';

test.each([
  ['a failure', fail, 'FAILED'],
  ['a warning', warns, 'WARNING'],
  ['a kill', 'tasks:\n  - {id: step, type: core.execution.Exit, state: KILLED}\n', 'KILLED'],
])(
  '%s of the child is that of the task, unless `transmitFailed` is false [subflow.transmit-failed]',
  async (_what, body, state) => {
    const world = await createFlowWorld();
    expect((await world.run([child(body), parent()])).state).toBe(state);
    const tolerant = await world.run([child(body), parent('    transmitFailed: false\n')]);
    expect(tolerant.state).toBe('SUCCESS');
    expect(tolerant.taskRun('call').outputs).toMatchObject({ state });
  },
);

test('a cancelled child fails the task: it did not do its work [subflow.cancelled]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(cancels), parent()]);
  expect(result.state).toBe('FAILED');
});

test('`allowFailure` works on what the child transmits [subflow.allow-failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(fail), parent('    allowFailure: true\n')]);
  expect(result.state).toBe('WARNING');
});

test('a retry starts the child anew [subflow.retry]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(fail),
    parent('    retry: {type: constant, interval: PT0.01S, maxAttempts: 2}\n'),
  ]);
  expect([result.state, result.taskRun('call').attempts?.length]).toEqual(['FAILED', 2]);
  const all = await world.application.executions({ flowId: 'fulfil-order', limit: 10 });
  expect(all).toHaveLength(2);
});

test('a child that is repeated as a new execution is waited for until the last one [subflow.repeated]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(
      `retry: {type: constant, interval: PT0.01S, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION}\n${fail}`,
    ),
    parent(),
  ]);
  expect(result.state).toBe('FAILED');
  const all = await world.application.executions({ flowId: 'fulfil-order', limit: 10 });
  expect(all.map((one) => one.state).toSorted()).toEqual(['FAILED', 'RETRIED']);
  expect((await childOf(world, result)).state).toBe('FAILED');
});

const pauses =
  'tasks:\n  - {id: gate, type: core.flow.Pause}\n  - {id: step, type: core.log.Log, message: done}\n';

test('a paused child pauses its parents; resuming the parent resumes the child [subflow.paused]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(pauses), parent()]);
  expect([result.state, result.taskRun('call').state.current]).toEqual(['PAUSED', 'PAUSED']);
  await world.application.resume(result.document.id, {});
  const resumed = await world.rest(result.document.id);
  expect(resumed.states).toEqual(['CREATED', 'RUNNING', 'PAUSED', 'RUNNING', 'SUCCESS']);
});

test('a child that is resumed in another process ends its parent there [subflow.survives]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(pauses), parent()]);
  const id = String(result.taskRun('call').outputs?.['executionId']);
  const again = await world.reopen();
  await again.application.resume(id, {});
  expect((await again.rest(id)).state).toBe('SUCCESS');
  expect((await again.rest(result.document.id)).state).toBe('SUCCESS');
});

test('with `wait: false` the task ends as soon as the child exists [subflow.wait]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(pauses), parent('    wait: false\n')]);
  expect(result.state).toBe('SUCCESS');
  expect(Object.keys(result.taskRun('call').outputs ?? {})).toEqual(['executionId']);
  const started = await childOf(world, result);
  expect(started.state).toBe('PAUSED');
  await world.application.kill(started.document.id);
});

test('killing the parent kills the child [subflow.kill]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([child(pauses), parent()]);
  await world.application.kill(result.document.id);
  expect((await world.rest(result.document.id)).state).toBe('KILLED');
  expect((await childOf(world, result)).state).toBe('KILLED');
});

test('`scheduleDate` lets the child start later [subflow.schedule-date]', async () => {
  const world = await createFlowWorld();
  const at = new Date(Date.now() + 120).toISOString();
  const result = await world.run(
    [
      child(log),
      parent('    scheduleDate: "{{ inputs.at }}"\n', '', 'inputs:\n  - {id: at, type: STRING}\n'),
    ],
    { inputs: { at } },
  );
  expect(result.state).toBe('SUCCESS');
  const started = await childOf(world, result);
  const running = started.document.state.histories.find((one) => one.state === 'RUNNING');
  expect((running?.date ?? '') >= at).toBe(true);
  const unreadable = await world.run(parent('    scheduleDate: tomorrow\n'));
  expect(unreadable.state).toBe('FAILED');
});

test('a child that ends at once is heard [subflow.instant]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child(
      'tasks:\n  - {id: step, type: core.flow.If, condition: "false", then: [{id: a, type: core.log.Log, message: a}]}\n',
    ),
    parent(),
  ]);
  expect(result.state).toBe('SUCCESS');
});
