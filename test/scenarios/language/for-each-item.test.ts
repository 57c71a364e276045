/** Tests of ForEachItem: its three runs, its batches, what its children mean. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

const child = `id: fulfil-orders
namespace: shop.fulfilment
inputs:
  - {id: orders, type: STRING}
  - {id: number, type: INT}
tasks:
  - id: check
    type: core.execution.Fail
    condition: "{{ read(inputs.orders) contains 'bad' }}"
  - id: first
    type: core.debug.Return
    format: "{{ inputs.number }}:{{ read(inputs.orders) | trim | replace({'\\n': '+'}) }}"
outputs:
  - {id: label, type: STRING, value: "{{ outputs.first.value }}"}
`;

function parent(content: string, properties = '', more = ''): string {
  return `id: hand-over
namespace: shop.orders
tasks:
  - id: orders
    type: core.storage.Write
    content: "${content}"
  - id: each
    type: io.kestra.plugin.core.flow.ForEachItem
    items: "{{ outputs.orders.uri }}"
    namespace: shop.fulfilment
    flowId: fulfil-orders
    inputs:
      orders: "{{ taskrun.items }}"
      number: "{{ taskrun.iteration }}"
${properties}${more}`;
}

const show =
  '  - {id: show, type: core.debug.Return, format: "{{ read(outputs.each_merge.subflowOutputs) }}"}\n';

async function run(
  world: FlowWorld,
  content: string,
  properties = '',
  more = '',
): Promise<FlowResult> {
  return world.run([child, parent(content, properties, more)]);
}

function labels(result: FlowResult): unknown[] {
  return String(result.taskRun('show').outputs?.['value'])
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { label: string }).label);
}

test('three runs split the file, start an execution per row, and merge what they gave [foreach-item]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, 'a\\nb\\nc\\n', '', show);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual([
    'orders',
    'each',
    'each_split',
    'each_items',
    'each_merge',
    'show',
  ]);
  expect(result.taskRun('each_merge').parentTaskRunId).toBe(result.taskRun('each').id);
  expect(result.taskRun('each_split').outputs?.['splits']).toMatch(/^kestra:\/\/\//);
  expect(labels(result)).toEqual(['1:a', '2:b', '3:c']);
});

test('the counts say how the executions ended [foreach-item.counts]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, 'a\\nb\\n');
  expect(result.taskRun('each_items').outputs).toMatchObject({
    numberOfBatches: 2,
    iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 2 },
    subflowOutputsBaseUri: expect.stringMatching(/^kestra:\/\/\//) as string,
  });
});

test.each([
  ['rows: 2', ['1:a+b', '2:c']],
  ['partitions: 2', ['1:a+c', '2:b']],
  ['bytes: 4B', ['1:a+b', '2:c']],
  ['rows: "{{ 1 + 1 }}"', ['1:a+b', '2:c']],
])('`batch` with %s says how to cut [foreach-item.batch]', async (batch, expected) => {
  const world = await createFlowWorld();
  const result = await run(world, 'a\\nb\\nc\\n', `    batch: {${batch}}\n`, show);
  expect(labels(result)).toEqual(expected);
});

test('another separator may end a row [foreach-item.separator]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, 'a;b', '    batch: {separator: ";"}\n', show);
  expect(labels(result)).toEqual(['1:a;', '2:b;']);
});

test('an empty file starts nothing, and all three runs end well [foreach-item.empty]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, '');
  expect([result.state, result.taskIds.slice(2)]).toEqual([
    'SUCCESS',
    ['each_split', 'each_items', 'each_merge'],
  ]);
  expect(result.taskRun('each_items').outputs ?? {}).toEqual({});
});

test('when a child fails all others end, then the task fails and nothing is merged [foreach-item.failure]', async () => {
  const world = await createFlowWorld();
  const result = await run(
    world,
    'a\\nbad\\nc\\n',
    '    errors:\n      - {id: note, type: core.log.Log, message: noted}\n',
  );
  expect([result.state, result.taskIds]).toEqual([
    'FAILED',
    ['orders', 'each', 'each_split', 'each_items', 'note'],
  ]);
  expect(result.taskRun('each_items').outputs).toMatchObject({
    iterations: { SUCCESS: 2, FAILED: 1 },
  });
});

test('with `transmitFailed: false` a failed child is only counted [foreach-item.transmit-failed]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, 'a\\nbad\\n', '    transmitFailed: false\n');
  expect([result.state, result.taskIds.at(-1)]).toEqual(['SUCCESS', 'each_merge']);
});

test('with `wait: false` nobody waits, and no execution is counted as created [foreach-item.wait]', async () => {
  const world = await createFlowWorld();
  const result = await run(world, 'a\\nbad\\n', '    wait: false\n');
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('each_items').outputs?.['iterations']).toEqual({ RUNNING: 0, SUCCESS: 2 });
});

test('a missing flow fails the task [foreach-item.missing]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(parent('a\\nb\\n'));
  expect([result.state, result.taskRun('each_items').state.current]).toEqual(['FAILED', 'FAILED']);
});

test('labels go to each child, and each knows who started it [foreach-item.labels]', async () => {
  const world = await createFlowWorld();
  const result = await run(
    world,
    'a\\n',
    '    labels: {batch: "n{{ taskrun.iteration }}"}\n    inheritLabels: true\n',
  );
  const [one] = await world.application.executions({ flowId: 'fulfil-orders', limit: 5 });
  const started = await world.rest(String(one?.id));
  expect(started.document.labels).toEqual(
    expect.arrayContaining([
      { key: 'batch', value: 'n1' },
      { key: 'system.correlationId', value: result.document.id },
    ]),
  );
});

test('it works inside a loop, each value with its own three runs [foreach-item.in-loop]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    child,
    `id: hand-over
namespace: shop.orders
tasks:
  - id: shops
    type: core.flow.ForEach
    values: ["x", "y"]
    tasks:
      - id: orders
        type: core.storage.Write
        content: "{{ taskrun.value }}1"
      - id: each
        type: core.flow.ForEachItem
        items: "{{ currentEachOutput(outputs.orders).uri }}"
        namespace: shop.fulfilment
        flowId: fulfil-orders
        inputs:
          orders: "{{ taskrun.items }}"
          number: "{{ taskrun.iteration }}"
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.each_merge['y'].subflowOutputs) }}"
`,
  ]);
  expect(result.state).toBe('SUCCESS');
  expect(labels(result)).toEqual(['1:y1']);
});

test('two hundred rows are worked off, a bounded number at once [foreach-item.many]', async () => {
  const world = await createFlowWorld();
  const rows = Array.from({ length: 200 }, (_, index) => `row${index}\\n`).join('');
  const result = await run(world, rows, '', show);
  expect(result.state).toBe('SUCCESS');
  expect(labels(result)).toHaveLength(200);
  expect(labels(result)[199]).toBe('200:row199');
});
