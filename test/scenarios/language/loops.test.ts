/** Tests of the loops inside one execution: ForEach, EachSequential, EachParallel. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult } from '../../support/run-flow.ts';

const head = 'id: regions\nnamespace: shop.fulfilment\n';

function forEach(values: string, more = '', tasks = ''): string {
  return `${head}tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: ${values}
${more}    tasks:
      - id: greet
        type: core.debug.Return
        format: "{{ taskrun.value }}:{{ taskrun.iteration }}"
${tasks}`;
}

function values(result: FlowResult, taskId: string): unknown[] {
  return result.taskRuns(taskId).map((run) => run.value);
}

test('a ForEach runs its tasks for each value in order, with value and iteration [foreach]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    forEach(
      '["north", "south"]',
      '',
      `      - id: again
        type: core.debug.Return
        format: "{{ currentEachOutput(outputs.greet).value }}!"
  - id: after
    type: core.debug.Return
    format: "{{ outputs.again['south'].value }} {{ tasks.greet.north.state }}"
`,
    ),
  );
  expect(result.taskIds).toEqual(['each', 'greet', 'again', 'greet', 'again', 'after']);
  expect(values(result, 'again')).toEqual(['north', 'south']);
  expect(result.taskRun('after').outputs).toEqual({ value: 'south:1! SUCCESS' });
});

test('values may be JSON text, and maps and numbers become their JSON text [foreach.values]', async () => {
  const world = await createFlowWorld();
  const fromText = await world.run(forEach(`'{{ ["a", 1, 2.0, {"k": [1.5, true]}] | toJson }}'`));
  expect(values(fromText, 'greet')).toEqual(['a', '1', '2.0', '{"k":[1.5,true]}']);
  const fromList = await world.run(forEach('["{{ 1 + 1 }}", 3, {k: "{{ flow.id }}"}]'));
  expect(values(fromList, 'greet')).toEqual(['2', '3', '{"k":"regions"}']);
});

test('equal values run once [foreach.duplicates]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(forEach('["a", "b", "a"]'));
  expect(values(result, 'greet')).toEqual(['a', 'b']);
});

test('an empty list is a success without children [foreach.empty]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(forEach('"[]"'));
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['each']]);
});

test.each([`'["a", null]'`, `"{{ 'no list' }}"`, `'{{ {"a": 1} }}'`])(
  'values %s fail the loop [foreach.unfit]',
  async (unfit) => {
    const world = await createFlowWorld();
    const result = await world.run(forEach(unfit));
    expect([result.state, result.taskIds]).toEqual(['FAILED', ['each']]);
    expect(result.document.error?.message).toContain('`values`');
  },
);

test('booleans, decimals and lists written as values are refused [foreach.refused]', async () => {
  const world = await createFlowWorld();
  for (const unfit of ['[true]', '[1.5]', '[[1]]']) {
    await expect(world.save(forEach(unfit))).rejects.toMatchObject({ code: 'flow.invalid' });
  }
});

const slow = `      - id: pack
        type: core.flow.Sleep
        duration: PT0.03S
`;

function overlaps(result: FlowResult, taskId: string): boolean {
  const spans = result.taskRuns(taskId).map(({ state: { histories } }) => ({
    from: histories.find((one) => one.state === 'RUNNING')?.date ?? '',
    to: histories.at(-1)?.date ?? '',
  }));
  return spans.some((a, i) => spans.some((b, j) => i < j && a.from < b.to && b.from < a.to));
}

test('`concurrencyLimit` lets values run side by side, 0 all of them; tasks of one value keep their order [foreach.concurrency]', async () => {
  const world = await createFlowWorld();
  const one = await world.run(forEach('["a", "b", "c"]', '', slow));
  expect(overlaps(one, 'pack')).toBe(false);
  for (const limit of ['0', '2']) {
    const result = await world.run(
      forEach('["a", "b", "c"]', `    concurrencyLimit: ${limit}\n`, slow),
    );
    expect(result.state).toBe('SUCCESS');
    expect(overlaps(result, 'pack')).toBe(true);
    for (const value of ['a', 'b', 'c']) {
      const greeted = result.taskRun('greet', value).state.histories.at(-1)?.date ?? '';
      const packed = result.taskRun('pack', value).state.histories[0]?.date ?? '';
      expect(greeted <= packed).toBe(true);
    }
  }
});

test('the first failure stops new starts, and the errors branch runs once [foreach.failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    forEach(
      '["a", "b", "c"]',
      '',
      `      - id: check
        type: core.execution.Fail
        condition: "{{ taskrun.value == 'b' }}"
    errors:
      - id: note
        type: core.log.Log
        message: noted
`,
    ),
  );
  expect(result.state).toBe('FAILED');
  expect(result.taskIds).toEqual(['each', 'greet', 'check', 'greet', 'check', 'note']);
});

test('deeper tasks read values of loops as `parent` and `parents`, which skip what has none [foreach.parents]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: outer
    type: core.flow.ForEach
    values: ["x"]
    tasks:
      - id: group
        type: core.flow.Sequential
        tasks:
          - id: inner
            type: core.flow.ForEach
            values: ["1"]
            tasks:
              - id: deep
                type: core.flow.If
                condition: "true"
                then:
                  - id: leaf
                    type: core.debug.Return
                    format: "{{ taskrun.value is defined }} {{ parent.outputs.evaluationResult }} {{ parents[0].taskrun.value }} {{ parents[1].taskrun.value }} {{ parents | length }}"
  - id: after
    type: core.debug.Return
    format: "{{ outputs.leaf['x']['1'].value }}"
`);
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('after').outputs).toEqual({ value: 'false true 1 x 2' });
});

test('an EachSequential runs value by value [each-sequential]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: each
    type: io.kestra.core.tasks.flows.EachSequential
    value: '["a", "b"]'
    tasks:
      - {id: one, type: core.debug.Return, format: "{{ taskrun.value }}"}
      - {id: two, type: core.debug.Return, format: "{{ outputs.one[taskrun.value].value }}"}
`);
  expect(result.taskIds).toEqual(['each', 'one', 'two', 'one', 'two']);
  expect(result.taskRun('two', 'b').outputs).toEqual({ value: 'b' });
});

test('an EachParallel starts all tasks of all values at once [each-parallel]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: each
    type: core.flow.EachParallel
    value: ["a", "b"]
    tasks:
      - {id: one, type: core.flow.Sleep, duration: PT0.03S}
      - {id: two, type: core.flow.Sleep, duration: PT0.03S}
`);
  const starts = ['one', 'two'].flatMap((id) =>
    result.taskRuns(id).map((run) => run.state.histories[1]?.date ?? ''),
  );
  const ends = ['one', 'two'].flatMap((id) =>
    result.taskRuns(id).map((run) => run.state.histories.at(-1)?.date ?? ''),
  );
  expect(result.state).toBe('SUCCESS');
  expect(starts.toSorted().at(-1)! < ends.toSorted()[0]!).toBe(true);
});

test('a loop over a thousand values behaves like one over two [foreach.many]', async () => {
  const world = await createFlowWorld();
  for (const limit of ['1', '0']) {
    const result = await world.run(
      forEach('"{{ range(1, 1000) }}"', `    concurrencyLimit: ${limit}\n`),
    );
    expect(result.state).toBe('SUCCESS');
    expect(result.taskRuns('greet')).toHaveLength(1_000);
    expect(result.taskRun('greet', '1000').outputs).toEqual({ value: '1000:999' });
  }
});
