/** Tasks that act on executions: fail, label, end, check, change variables, resume, kill, count, delete. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

function flow(tasks: string, more = ''): string {
  return `id: orders\nnamespace: shop.orders\n${more}tasks:${tasks}\n`;
}

describe('Fail', () => {
  test('fails with its message, always or when its condition holds [execution.fail]', async () => {
    const result = await world.run(
      flow(`
  - id: fine
    type: core.execution.Fail
    condition: "{{ 1 > 2 }}"
  - id: always
    type: core.execution.Fail
    allowFailure: true
  - id: unpaid
    type: io.kestra.core.tasks.executions.Fail
    condition: "{{ 'x' }}"
    errorMessage: "order {{ flow.id }} is not paid"`),
    );
    expect(result.state).toBe('FAILED');
    expect(result.taskRun('fine').state.current).toBe('SUCCESS');
    expect(result.messages('always')).toContain('Task failure');
    expect(result.messages('unpaid').join()).toContain('order orders is not paid');
    expect(result.document.error?.message).toBe('Fail on a condition');
  });

  test.each(['false', '0', '-0', '""', '{{ null }}', '{{ 0 }}'])(
    'does not fail on %s [execution.truthiness]',
    async (condition) => {
      const result = await world.run(
        flow(`
  - id: fine
    type: core.execution.Fail
    condition: ${condition.startsWith('{') ? `"${condition}"` : condition}`),
      );
      expect(result.state).toBe('SUCCESS');
    },
  );
});

test('Labels adds and replaces labels of the execution, as text [execution.labels]', async () => {
  const result = await world.run(
    flow(
      `
  - id: map
    type: core.execution.Labels
    labels:
      "order-{{ 1 + 1 }}": "{{ 40 + 2 }}"
      isGift: true
      pi: 3.14
      stage: packed
  - id: list
    type: core.execution.Labels
    labels:
      - key: carrier
        value: "{{ 'dhl' | upper }}"
  - id: json
    type: core.execution.Labels
    labels: "{{ {'stage': 'sent'} | toJson }}"
  - id: read
    type: core.debug.Return
    format: "{{ labels.stage }} {{ labels.isGift }}"`,
      'labels:\n  stage: new\n',
    ),
  );
  expect(result.state).toBe('SUCCESS');
  const labels = Object.fromEntries(result.document.labels.map(({ key, value }) => [key, value]));
  expect(labels).toMatchObject({
    'order-2': '42',
    isGift: 'true',
    pi: '3.14',
    carrier: 'DHL',
    stage: 'sent',
  });
  expect(result.taskRun('read').outputs).toEqual({ value: 'sent true' });
  expect(result.taskRun('map').attempts).toHaveLength(1);
});

test('Labels refuses labels of the system [execution.labels]', async () => {
  const result = await world.run(
    flow(`
  - id: refused
    type: core.execution.Labels
    labels: "{{ {'system.username': 'ada'} | toJson }}"`),
  );
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('system.username');
});

test.each([
  ['SUCCESS', 'SUCCESS'],
  ['WARNING', 'WARNING'],
  ['FAILED', 'FAILED'],
  ['KILLED', 'KILLED'],
  ['CANCELED', 'CANCELLED'],
])('Exit %s ends the execution at once [execution.exit]', async (state, ended) => {
  const result = await world.run(
    flow(`
  - id: both
    type: core.flow.Parallel
    tasks:
      - id: stop
        type: core.execution.Exit
        state: ${state}
      - id: slow
        type: core.flow.Sleep
        duration: PT10S
  - id: never
    type: core.log.Log
    message: never`),
  );
  expect(result.state).toBe(ended);
  expect(result.taskIds).not.toContain('never');
  expect(result.taskRun('slow').state.current).toBe('KILLED');
});

test('Assert fails when a condition does not hold and counts those [execution.assert]', async () => {
  const result = await world.run(
    flow(`
  - id: good
    type: core.execution.Assert
    conditions:
      - "{{ 1 < 2 }}"
      - "{{ 'x' is not empty }}"
  - id: bad
    type: core.execution.Assert
    errorMessage: the order is not complete
    conditions:
      - "{{ 1 < 2 }}"
      - "{{ 2 < 1 }}"
      - "false"`),
  );
  expect(result.state).toBe('FAILED');
  expect(result.taskRun('good').outputs).toEqual({ failed: 0 });
  expect(result.document.error?.message).toContain('the order is not complete');
  expect(result.taskRun('bad').outputs).toEqual({ failed: 2 });
});

test('SetVariables merges into `vars`, and refuses where told so [execution.set-variables]', async () => {
  const result = await world.run(
    flow(
      `
  - id: set
    type: core.execution.SetVariables
    variables:
      carrier: "{{ 'dhl' | upper }}"
      address:
        zip: "1011"
  - id: read
    type: core.debug.Return
    format: "{{ vars.carrier }} {{ vars.address.city }} {{ vars.address.zip }}"
  - id: unset
    type: core.execution.UnsetVariables
    variables: [carrier]
  - id: gone
    type: core.debug.Return
    format: "{{ vars.carrier ?? 'none' }}"
  - id: lenient
    type: core.execution.UnsetVariables
    variables: [carrier]
    ignoreMissing: true
  - id: strict
    type: core.execution.UnsetVariables
    variables: [carrier]
    allowFailure: true
  - id: refused
    type: core.execution.SetVariables
    overwrite: false
    variables:
      address: none`,
      'variables:\n  carrier: post\n  address:\n    city: Vienna\n',
    ),
  );
  expect(result.taskRun('read').outputs).toEqual({ value: 'DHL Vienna 1011' });
  expect(result.taskRun('gone').outputs).toEqual({ value: 'none' });
  expect(result.taskRun('strict').state.current).toBe('WARNING');
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('`address`');
});

test('Resume and Kill act on another execution [execution.resume]', async () => {
  const waiting = `id: waiting
namespace: shop.orders
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - id: reason
        type: STRING
  - id: said
    type: core.debug.Return
    format: "{{ outputs.wait.onResume.reason }}"
`;
  const first = await world.run(waiting);
  const second = await world.run(waiting);
  const result = await world.run(
    flow(
      `
  - id: resume
    type: core.execution.Resume
    executionId: "{{ inputs.first }}"
    inputs:
      reason: paid
  - id: kill
    type: core.execution.Kill
    executionId: "{{ inputs.second }}"
  - id: unknown
    type: core.execution.Resume
    executionId: nothing`,
      'inputs:\n  - id: first\n    type: STRING\n  - id: second\n    type: STRING\n',
    ),
    { inputs: { first: first.document.id, second: second.document.id } },
  );
  const resumed = await world.rest(first.document.id);
  expect(resumed.state).toBe('SUCCESS');
  expect(resumed.taskRun('said').outputs).toEqual({ value: 'paid' });
  expect((await world.rest(second.document.id)).state).toBe('KILLED');
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('`nothing`');
});

test('Count gives the flows for which its expression holds [execution.count]', async () => {
  const daily =
    'id: daily\nnamespace: shop.orders\ntasks:\n  - id: a\n    type: core.debug.Return\n';
  await world.run(daily);
  await world.run(daily);
  const result = await world.run(
    flow(`
  - id: rare
    type: core.execution.Count
    flows:
      - namespace: shop.orders
        flowId: daily
      - namespace: shop.orders
        flowId: never
    states: [SUCCESS]
    startDate: "2020-01-01T00:00:00Z"
    expression: "{{ count < 2 }}"
  - id: all
    type: core.execution.Count
    flows:
      - namespace: shop.orders
        flowId: daily
    startDate: "2020-01-01T00:00:00Z"
    expression: "{{ count >= 2 }}"
  - id: idle
    type: core.execution.Count
    namespaces: [shop.orders]
    startDate: "2020-01-01T00:00:00Z"
    states: [KILLED]
    expression: "{{ count == 0 }}"`),
  );
  expect(result.taskRun('idle').outputs['results']).toMatchObject([
    { flowId: 'daily', count: 0 },
    { flowId: 'orders', count: 0 },
  ]);
  expect(result.taskRun('rare').outputs).toMatchObject({
    results: [{ namespace: 'shop.orders', flowId: 'never', count: 0 }],
  });
  expect(result.taskRun('all').outputs).toEqual({
    results: [{ namespace: 'shop.orders', flowId: 'daily', count: 2 }],
    total: 2,
  });
});

test('PurgeExecutions deletes ended executions with what belongs to them [execution.purge]', async () => {
  const old = await world.run(`id: old
namespace: shop.orders
tasks:
  - id: file
    type: core.storage.Write
    content: jumper
  - id: line
    type: core.log.Log
    message: done
  - id: number
    type: core.metric.Publish
    metrics: [{ name: parcels, type: counter, value: 1 }]
`);
  const result = await world.run(
    flow(`
  - id: purge
    type: core.execution.PurgeExecutions
    namespace: shop.orders
    flowId: old
    endDate: "2100-01-01T00:00:00Z"
    states: [SUCCESS]`),
  );
  expect(result.taskRun('purge').outputs).toEqual({
    executionsCount: 1,
    logsCount: 1,
    metricsCount: 1,
    storagesCount: 1,
  });
  expect(await world.application.execution(old.document.id)).toBeUndefined();
  await expect(
    world.application.readFile(String(old.taskRun('file').outputs['uri'])),
  ).rejects.toThrow(/./);
});
