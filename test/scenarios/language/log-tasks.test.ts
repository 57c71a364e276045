/** Tasks that write, read and delete log lines, return values and publish numbers, in flows. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

function flow(tasks: string, more = ''): string {
  return `id: orders\nnamespace: shop.orders\n${more}tasks:${tasks}\n`;
}

test('Log writes one line, or one for each element of a list, at its level [log.log]', async () => {
  const result = await world.run(
    flow(
      `
  - id: greet
    type: io.kestra.plugin.core.log.Log
    message: "order {{ inputs.order }} is packed"
  - id: lines
    type: core.log.Log
    level: "{{ inputs.level }}"
    message:
      - first
      - "second of {{ flow.id }}"
  - id: quiet
    type: core.log.Log
    level: TRACE
    logLevel: INFO
    message: nobody sees this`,
      `inputs:
  - id: order
    type: INT
    defaults: 812
  - id: level
    type: STRING
    defaults: WARN
`,
    ),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.messages('greet')).toEqual(['order 812 is packed']);
  expect(result.messages('lines')).toEqual(['first', 'second of orders']);
  expect(result.logs.filter((line) => line.taskId === 'lines').map((line) => line.level)).toEqual([
    'WARN',
    'WARN',
  ]);
  expect(result.messages('quiet')).toEqual([]);
  expect(result.taskRun('greet').outputs).toEqual({});
});

test('Fetch stores the lines of the own execution, of chosen tasks and levels [log.fetch]', async () => {
  const result = await world.run(
    flow(`
  - id: one
    type: core.log.Log
    message: imported
  - id: two
    type: core.log.Log
    level: DEBUG
    message: detail
  - id: other
    type: core.log.Log
    message: other
  - id: all
    type: core.log.Fetch
    level: DEBUG
    tasksId: [one, two]
  - id: info
    type: core.log.Fetch
  - id: text
    type: core.debug.Return
    format: "{{ read(outputs.all.uri) }}"`),
  );
  expect(result.taskRun('all').outputs['size']).toBe(2);
  expect(result.taskRun('info').outputs['size']).toBe(2);
  const records = String(result.taskRun('text').outputs['value'])
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toMatchObject([
    { level: 'INFO', taskId: 'one', message: 'imported', flowId: 'orders' },
    { level: 'DEBUG', taskId: 'two', message: 'detail', executionId: result.document.id },
  ]);
});

test('PurgeLogs deletes lines by level and date and counts them [log.purge]', async () => {
  const noisy = await world.run(
    flow(`
  - id: noise
    type: core.log.Log
    level: DEBUG
    message: [a, b, c]
  - id: news
    type: core.log.Log
    message: kept`),
  );
  const purge = await world.run(`id: clean
namespace: shop.orders
tasks:
  - id: purge
    type: core.log.PurgeLogs
    namespace: shop.orders
    flowId: orders
    logLevels: [DEBUG]
    endDate: "2100-01-01T00:00:00Z"
`);
  expect(purge.state).toBe('SUCCESS');
  expect(purge.taskRun('purge').outputs).toEqual({ count: 3 });
  const left = await world.rest(noisy.document.id);
  expect(left.messages()).toEqual(['kept']);
});

test('Return gives text, logs it, and gives null without a format [debug.return]', async () => {
  const result = await world.run(
    flow(`
  - id: number
    type: core.debug.Return
    format: "{{ 20 * 2.5 }}"
  - id: map
    type: io.kestra.core.tasks.debugs.Return
    format: "{{ {'a': 1, 'b': null} }}"
  - id: nothing
    type: core.debug.Return`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('number').outputs).toEqual({ value: '50.0' });
  expect(result.taskRun('map').outputs).toEqual({ value: '{"a":1}' });
  expect(result.taskRun('nothing').outputs).toEqual({ value: null });
  expect(result.messages('number')).toEqual(['50.0']);
});

test('Echo, the older Log, writes a line and gives nothing [debug.echo]', async () => {
  const result = await world.run(
    flow(`
  - id: echo
    type: core.debug.Echo
    format: "{{ flow.namespace }}"
    level: WARN`),
  );
  expect(result.logs).toMatchObject([{ level: 'WARN', message: 'shop.orders' }]);
  expect(result.taskRun('echo').outputs).toEqual({});
});

test('OutputValues gives a map whose leaves are rendered text [output.values]', async () => {
  const result = await world.run(
    flow(`
  - id: invoice
    type: core.output.OutputValues
    values:
      total: "{{ 12 + 30 }}"
      lines: ["{{ 'jumper' | upper }}", scarf]
      to:
        city: "{{ flow.id }}"
  - id: use
    type: core.debug.Return
    format: "{{ outputs.invoice.values.lines[0] }} {{ outputs.invoice.values.to.city }}"`),
  );
  expect(result.taskRun('invoice').outputs['values']).toEqual({
    total: '42',
    lines: ['JUMPER', 'scarf'],
    to: { city: 'orders' },
  });
  expect(result.taskRun('use').outputs).toEqual({ value: 'JUMPER orders' });
});

test('Publish keeps numbers of three kinds with their tags [metric.publish]', async () => {
  const result = await world.run(
    flow(`
  - id: count
    type: core.metric.Publish
    metrics:
      - name: parcels
        type: counter
        value: "{{ 2 + 3 }}"
        tags:
          carrier: "{{ 'dhl' | upper }}"
      - name: packing
        type: timer
        value: PT1.5S`),
  );
  expect(result.state).toBe('SUCCESS');
  const metrics = await world.store.metrics('main', result.document.id);
  expect(metrics).toMatchObject([
    { taskId: 'count', name: 'parcels', type: 'counter', value: 5, tags: { carrier: 'DHL' } },
    { taskId: 'count', name: 'packing', type: 'timer', value: 1500 },
  ]);
});

test('Sleep holds its task for a rendered duration [flow.sleep]', async () => {
  const result = await world.run(
    flow(
      `
  - id: wait
    type: core.flow.Sleep
    duration: "PT{{ 0.05 }}S"
  - id: wrong
    type: core.flow.Sleep
    duration: soon
    allowFailure: true`.replace('    duration: soon\n', '    duration: "{{ \'soon\' }}"\n'),
    ),
  );
  const [, , running, ended] = result.taskRun('wait').state.histories;
  const took = Date.parse(ended?.date ?? running?.date ?? '') - Date.parse(running?.date ?? '');
  expect(result.state).toBe('WARNING');
  expect(result.messages('wrong')[0]).toContain('`soon`');
  expect(Number.isNaN(took)).toBe(false);
});
