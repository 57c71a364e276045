/** The twenty points of the language that are easiest to get wrong, one test each. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const head = 'id: mistaken\nnamespace: shop.language\n';

/** Returns what `format` renders to in a flow with `more` before its tasks and `before` in front. */
async function rendered(format: string, more = '', before = ''): Promise<unknown> {
  const world = await createFlowWorld();
  const quoted = `'${format.replaceAll("'", "''")}'`;
  const result = await world.run(
    `${head}${more}tasks:\n${before}  - {id: show, type: core.debug.Return, format: ${quoted}}\n`,
  );
  return result.state === 'SUCCESS' ? result.taskRun('show').outputs?.['value'] : result.state;
}

test('1: the errors branch repairs nothing, and its own outcome does not count [mistaken.1]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - {id: broken, type: core.execution.Fail}
errors:
  - {id: warns, type: core.execution.Fail, allowFailure: true}
  - {id: fine, type: core.log.Log, message: fine}
`);
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['broken', 'warns', 'fine']]);
});

test('2: attempts count from the first one, and the retry of the nearest block applies to its children [mistaken.2]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}retry: {type: constant, interval: PT0.01S, maxAttempts: 4}
tasks:
  - id: block
    type: core.flow.Sequential
    retry: {type: constant, interval: PT0.01S, maxAttempts: 2}
    tasks:
      - {id: inner, type: core.execution.Fail, allowFailure: true}
  - {id: outer, type: core.execution.Fail}
`);
  expect(result.taskRun('inner').attempts).toHaveLength(2);
  expect(result.taskRun('outer').attempts).toHaveLength(4);
  expect(result.taskRuns('block')).toHaveLength(1);
});

test('3: dags and loops stop starting at the first failure [mistaken.3]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: each
    type: core.flow.ForEach
    values: ["a", "b", "c"]
    concurrencyLimit: 2
    tasks:
      - {id: check, type: core.execution.Fail, condition: "{{ taskrun.value == 'a' }}"}
      - {id: next, type: core.flow.Sleep, duration: PT0.01S}
`);
  expect(result.taskRuns('check').map((run) => run.value)).toEqual(['a', 'b']);
  expect(result.taskRuns('next')).toHaveLength(0);
});

test('4: a ForEach drops equal values, fails on null, and gives text or JSON text [mistaken.4]', async () => {
  const world = await createFlowWorld();
  const flow = (values: string): string =>
    `${head}tasks:\n  - id: each\n    type: core.flow.ForEach\n    values: '${values}'\n    tasks:\n      - {id: step, type: core.log.Log, message: x}\n`;
  const result = await world.run(flow('[1, "1", {"a": null}, 1]'));
  expect(result.taskRuns('step').map((run) => run.value)).toEqual(['1', '{"a":null}']);
  expect((await world.run(flow('["a", null]').replace('"a"', '"{{ 1 }}"'))).state).toBe('FAILED');
});

const nested = `  - id: outer
    type: core.flow.ForEach
    values: ["x"]
    tasks:
      - id: plain
        type: core.flow.Sequential
        tasks:
          - id: inner
            type: core.flow.ForEach
            values: ["1"]
            tasks:
              - id: leaf
                type: core.debug.Return
                format: "{{ parents | length }} {{ parent.taskrun.value }}"
`;

test('5: `parents` leaves out blocks without value and outputs [mistaken.5]', async () => {
  expect(await rendered("{{ outputs.leaf['x']['1'].value }}", '', nested)).toBe('1 x');
});

test('6: outputs stand under the loop values, outermost first [mistaken.6]', async () => {
  expect(await rendered("{{ outputs.leaf['1']['x'] is defined }}", '', nested)).toBe('false');
  expect(await rendered('{{ outputs.leaf | toJson }}', '', nested)).toBe(
    '{"x":{"1":{"value":"1 x"}}}',
  );
});

test('7: a text is rendered once, and variables are kept as written [mistaken.7]', async () => {
  const more = 'variables:\n  inner: "{{ 1 + 1 }}"\n';
  expect(await rendered('{{ vars.inner }}', more)).toBe('{{ 1 + 1 }}');
  expect(await rendered('{{ render(vars.inner) }}', more)).toBe('2');
});

test('8: maps print as JSON without nulls, decimals keep their point [mistaken.8]', async () => {
  expect(await rendered('{{ {"a": null, "b": 1} }} {{ 26.0 / 2 }} {{ 20 * 2.5 }}')).toBe(
    '{"b":1} 13.0 50.0',
  );
});

test('9: `??` binds before `~` and filters [mistaken.9]', async () => {
  expect(await rendered("{{ vars.no ?? 'a' ~ 'b' }} {{ vars.no ?? 'a' | upper }}")).toBe('ab A');
  expect(await rendered("{{ 'x' ?? 'a' ~ 'b' }}")).toBe('xb');
});

test('10: an If judges text, has five false ones, and judges once [mistaken.10]', async () => {
  const world = await createFlowWorld();
  for (const [condition, holds] of [
    ['false', false],
    ['0', false],
    ['-0', false],
    ['', false],
    ['{{ null }}', false],
    ['False', true],
    ['0.0', true],
  ] as const) {
    const result = await world.run(
      `${head}tasks:\n  - {id: choice, type: core.flow.If, condition: "${condition}", then: [{id: yes, type: core.log.Log, message: x}]}\n`,
    );
    expect([condition, result.taskRun('choice').outputs]).toEqual([
      condition,
      { evaluationResult: holds },
    ]);
  }
});

test('11: a delay goes on, a timeout fails, and a pause without children ends with its resume [mistaken.11]', async () => {
  const world = await createFlowWorld();
  const flow = (wait: string): string =>
    `${head}tasks:\n  - {id: gate, type: core.flow.Pause${wait}}\n`;
  expect((await world.run(flow(', delay: PT0.01S'))).state).toBe('SUCCESS');
  expect((await world.run(flow(', timeout: PT0.01S'))).state).toBe('FAILED');
  const waiting = await world.run(flow(''));
  await world.application.resume(waiting.document.id, {});
  expect((await world.rest(waiting.document.id)).state).toBe('SUCCESS');
});

test('12: outputs of a subflow that cannot be rendered fail the parent alone; a paused child pauses it [mistaken.12]', async () => {
  const world = await createFlowWorld();
  const parent = (more: string): string =>
    `${head}tasks:\n  - {id: call, type: core.flow.Subflow, namespace: shop.language, flowId: child${more}}\n`;
  const child = (task: string): string =>
    `id: child\nnamespace: shop.language\ntasks:\n  - {id: step, ${task}}\n`;
  const broken = await world.run([
    child('type: core.log.Log, message: x'),
    parent(', outputs: {a: "{{ outputs.no.value }}"}'),
  ]);
  const childId = String(broken.taskRun('call').outputs?.['executionId']);
  expect([broken.state, (await world.rest(childId)).state]).toEqual(['FAILED', 'SUCCESS']);
  const paused = await world.run([child('type: core.flow.Pause'), parent('')]);
  expect(paused.state).toBe('PAUSED');
  await world.application.kill(paused.document.id);
});

test('13: a ForEachItem makes three runs and counts its executions [mistaken.13]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    'id: child\nnamespace: shop.language\ntasks:\n  - {id: step, type: core.log.Log, message: x}\n',
    `${head}tasks:
  - {id: rows, type: core.storage.Write, content: "a\\nb\\nc\\n"}
  - {id: each, type: core.flow.ForEachItem, items: "{{ outputs.rows.uri }}", batch: {rows: 2}, namespace: shop.language, flowId: child}
`,
  ]);
  expect(result.taskIds.slice(2)).toEqual(['each_split', 'each_items', 'each_merge']);
  expect(result.taskRun('each_items').outputs).toMatchObject({
    numberOfBatches: 2,
    iterations: { CREATED: 0, RUNNING: 0, SUCCESS: 2 },
  });
});

test('14: each round of a LoopUntil replaces the runs before, and one more than the maximum runs [mistaken.14]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: poll
    type: core.flow.LoopUntil
    condition: "false"
    checkFrequency: {interval: PT0.005S, maxIterations: 3}
    tasks:
      - {id: look, type: core.log.Log, message: look}
`);
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['poll', 'look']]);
  expect(result.taskRun('poll').outputs).toEqual({ iterationCount: 4 });
});

test('15: a restart keeps ids, drops runs of errors and adds attempts; a replay makes ids of its own [mistaken.15]', async () => {
  const world = await createFlowWorld();
  const first = await world.run(`${head}tasks:
  - {id: fine, type: core.log.Log, message: x}
  - {id: broken, type: core.execution.Fail}
errors:
  - {id: note, type: core.log.Log, message: noted}
`);
  const { id } = first.document;
  await world.application.restart(id);
  const again = await world.rest(id);
  expect(again.taskRun('broken').id).toBe(first.taskRun('broken').id);
  expect(again.taskRun('broken').attempts).toHaveLength(2);
  expect(again.taskIds).toEqual(['fine', 'broken', 'note']);
  expect(again.taskRun('note').id).not.toBe(first.taskRun('note').id);
  const replayed = await world.rest(await world.application.replay(id, { taskId: 'broken' }));
  expect(replayed.document.id).not.toBe(id);
  expect(replayed.taskRun('fine').id).not.toBe(first.taskRun('fine').id);
});

test('16: a false condition skips, one that cannot be rendered fails [mistaken.16]', async () => {
  const world = await createFlowWorld();
  const task = (id: string, runIf: string): string =>
    `  - {id: ${id}, type: core.log.Log, message: x, allowFailure: true, runIf: "${runIf}"}\n`;
  const result = await world.run(
    `${head}tasks:\n${task('skipped', 'false')}${task('broken', '{{ vars.no }}')}`,
  );
  expect(result.taskRun('skipped').state.current).toBe('SKIPPED');
  expect(result.taskRun('skipped').attempts ?? []).toHaveLength(0);
  expect(result.taskRun('broken').state.current).toBe('WARNING');
});

test('17: optional inputs are there as null, inputs whose condition fails are not [mistaken.17]', async () => {
  const more = `inputs:
  - {id: optional, type: STRING, required: false}
  - {id: off, type: BOOLEAN, defaults: false}
  - {id: gone, type: STRING, defaults: x, dependsOn: {inputs: [off], condition: "{{ inputs.off }}"}}
`;
  expect(
    await rendered('<{{ inputs.optional }}> {{ inputs | keys | sort | join(",") }}', more),
  ).toBe('<> off,optional');
});

test('18: an output of the flow that cannot be rendered fails the execution [mistaken.18]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - {id: fine, type: core.log.Log, message: x}
outputs:
  - {id: total, type: STRING, value: "{{ outputs.fine.nothing }}"}
`);
  expect([result.state, result.document.outputs ?? {}]).toEqual(['FAILED', {}]);
  expect(result.taskRun('fine').state.current).toBe('SUCCESS');
});

test('19: null is not defined, and is no condition [mistaken.19]', async () => {
  const more = 'inputs:\n  - {id: optional, type: STRING, required: false}\n';
  expect(await rendered('{{ inputs.optional is defined }}', more)).toBe('false');
  expect(await rendered('{% if inputs.optional %}a{% endif %}', more)).toBe('FAILED');
});

test('20: a macro prints maps in the style of Java [mistaken.20]', async () => {
  expect(
    await rendered('{% macro show(x) %}{{ x }}{% endmacro %}{{ show({"k": [1, "v"]}) }}'),
  ).toBe('{k=[1, v]}');
});
