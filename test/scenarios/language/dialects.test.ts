/** Both dialects of the language side by side, older spellings included: each flow runs as written. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld({ ENV_REGION: 'eu', KESTRA_SHOP: 'one' });
});

async function run(tasks: string, more = ''): Promise<FlowResult> {
  return world.run(`id: dialect\nnamespace: shop.tests\n${more}tasks:${tasks}\n`);
}

test('loops of both dialects run [dialects.loops]', async () => {
  const inner = (id: string, value: string): string => `
    tasks:
      - id: ${id}
        type: core.kv.Set
        key: "${id}-{{ ${value} }}"
        value: 1`;
  const result = await run(`
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ["a"]${inner('foreach', 'taskrun.value')}
  - id: sequential
    type: io.kestra.plugin.core.flow.EachSequential
    value: '["a"]'${inner('sequentially', 'taskrun.value')}
  - id: parallel
    type: io.kestra.plugin.core.flow.EachParallel
    value: ["a"]${inner('parallelly', 'taskrun.value')}
  - id: loop
    type: io.kestra.plugin.core.flow.Loop
    values: ["a"]${inner('looped', 'item.value')}`);
  expect(result.state).toBe('SUCCESS');
  const pairs = await world.application.keyValues('shop.tests').list();
  expect(pairs.map(({ key }) => key)).toEqual([
    'foreach-a',
    'looped-a',
    'parallelly-a',
    'sequentially-a',
  ]);
});

test('`runIf` and `when` decide alike, for tasks and checks [dialects.when]', async () => {
  const result = await run(
    `
  - id: old
    type: core.debug.Return
    runIf: "{{ false }}"
  - id: newer
    type: core.debug.Return
    when: "{{ false }}"`,
    `checks:
  - condition: "{{ true }}"
    message: old
  - when: "{{ true }}"
    message: newer
`,
  );
  expect(result.document.taskRunList.map((one) => one.state.current)).toEqual([
    'SKIPPED',
    'SKIPPED',
  ]);
});

test('WaitFor is LoopUntil [dialects.wait-loop]', async () => {
  const result = await run(`
  - id: wait
    type: io.kestra.plugin.core.flow.WaitFor
    condition: "{{ outputs.wait.iterationCount >= 2 }}"
    checkFrequency: { interval: PT0.01S }
    tasks:
      - id: look
        type: core.debug.Return`);
  expect(result.taskRun('wait').outputs).toEqual({ iterationCount: 2 });
});

test.each(['maxAttempt', 'maxAttempts'])(
  '%s counts all attempts [dialects.retry]',
  async (name) => {
    const result = await run(`
  - id: stop
    type: core.execution.Fail
    retry: { type: constant, interval: PT0.01S, ${name}: 2 }`);
    expect(result.taskRun('stop').attempts).toHaveLength(2);
  },
);

test.each(['pluginDefaults', 'taskDefaults'])(
  '%s fill in what a task does not say [dialects.defaults]',
  async (name) => {
    const result = await run(
      `
  - id: a
    type: core.log.Log
    message: hello`,
      `${name}:\n  - type: io.kestra.plugin.core.log.Log\n    values: { level: WARN }\n`,
    );
    expect(result.logs.map((line) => line.level)).toEqual(['WARN']);
  },
);

test('`json` reads and writes in old and newer words [dialects.json]', async () => {
  const result = await run(`
  - id: all
    type: core.debug.Return
    format: "{{ json('[1]')[0] }}{{ fromJson('[2]')[0] }}{{ {'a': 1} | json }}{{ {'a': 1} | toJson }}"`);
  expect(result.taskRun('all').outputs).toEqual({ value: '12{"a":1}{"a":1}' });
});

test('`envs` has both prefixes; a missing key of `kv()` is an error [dialects.environment] [dialects.kv]', async () => {
  const result = await run(`
  - id: envs
    type: core.debug.Return
    format: "{{ envs.region }} {{ envs.shop }}"
  - id: missing
    type: core.debug.Return
    format: "{{ kv('none') }}"`);
  expect(result.taskRun('envs').outputs).toEqual({ value: 'eu one' });
  expect(result.taskRun('missing').state.current).toBe('FAILED');
});

test('filters of triggers are read in both dialects [dialects.trigger-filters]', async () => {
  const { flow } = await world.application.saveFlow(
    `id: dialect
namespace: shop.tests
tasks:
  - id: a
    type: core.debug.Return
triggers:
  - id: old
    type: core.trigger.Flow
    conditions:
      - type: io.kestra.plugin.core.condition.ExecutionStatusCondition
        in: [SUCCESS]
  - id: newer
    type: core.trigger.Flow
    when: "{{ true }}"
    dependsOn: [{ flowId: other }]
`,
    'flow.yaml',
  );
  expect(flow.triggers.map((one) => one.id)).toEqual(['old', 'newer']);
});

test('listeners and `afterExecution` both run after the end [dialects.listeners]', async () => {
  const result = await run(
    `
  - id: a
    type: core.debug.Return`,
    `listeners:
  - conditions:
      - type: core.condition.ExecutionStatus
        in: [SUCCESS]
    tasks:
      - id: listened
        type: core.debug.Return
afterExecution:
  - id: after
    type: core.debug.Return
    format: "{{ execution.state }}"
`,
  );
  expect(result.taskRun('after').outputs).toEqual({ value: 'SUCCESS' });
  expect(result.taskIds).toContain('listened');
});

test('old type names run as the newer types [dialects.old-types]', async () => {
  const result = await run(`
  - id: log
    type: io.kestra.core.tasks.log.Log
    message: hello
  - id: return
    type: io.kestra.core.tasks.debugs.Return
    format: x
  - id: sequence
    type: io.kestra.core.tasks.flows.Sequential
    tasks:
      - id: inner
        type: io.kestra.plugin.core.debug.Return
  - id: ask
    type: io.kestra.plugin.fs.http.Request
    uri: http://127.0.0.1:1/
    allowFailure: true`);
  expect(result.state).toBe('WARNING');
  expect(result.messages('log')).toEqual(['hello']);
});

test('the description of a task is not rendered [dialects.description]', async () => {
  const result = await run(`
  - id: a
    type: core.debug.Return
    description: "{{ nothing.at.all }}"`);
  expect(result.state).toBe('SUCCESS');
});
