/** Tests of Loop, whose iterations are executions of their own. */
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

const head = 'id: price-sizes\nnamespace: shop.pricing\n';

function loop(values: string, more = '', format = '{{ item.value }}:{{ item.index }}'): string {
  return `${head}tasks:
  - id: sizes
    type: io.kestra.plugin.core.flow.Loop
    values: ${values}
${more}    outputs:
      - id: price
        type: STRING
        value: "{{ outputs.price.value }}"
    tasks:
      - id: price
        type: core.debug.Return
        format: '${format}'
`;
}

const show = (template: string): string =>
  `  - id: show\n    type: core.debug.Return\n    format: '${template}'\n`;

const prices = show(`{{ loopOutputs(outputs.sizes, "price") | join(" ") }}`);

test('each value of a list gets an execution of its own, whose runs are not seen outside [loop]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(loop('["S", 2, {k: 1.0}]') + prices);
  expect(result.taskIds).toEqual(['sizes', 'show']);
  expect(result.taskRun('show').outputs).toEqual({ value: 'S:0 2:1 {"k":1.0}:2' });
  expect(result.taskRun('sizes').outputs).toMatchObject({
    iterationCount: 3,
    runningIterations: 0,
    terminatedIterations: 3,
    outputs: [{ item: { value: 'S', index: 0 }, outputs: { price: 'S:0' } }, {}, {}],
  });
  const all = await world.application.executions({ flowId: 'price-sizes', limit: 50 });
  expect(all.map((one) => one.state)).toEqual(Array.from({ length: 4 }, () => 'SUCCESS'));
});

test('outputs of tasks inside the loop cannot be read after it [loop.isolated]', async () => {
  const world = await createFlowWorld();
  await expect(world.save(loop('["S"]') + show('{{ outputs.price.value }}'))).rejects.toMatchObject(
    { code: 'flow.invalid' },
  );
});

test('values may be a map, JSON text, or the URI of a stored file [loop.values]', async () => {
  const world = await createFlowWorld();
  const keyed = '{{ item.key }}={{ item.value }}';
  const map = await world.run(loop('{S: 1, M: "{{ 1 + 1 }}"}', '', keyed) + prices);
  expect(map.taskRun('show').outputs).toEqual({ value: 'S=1 M=2' });
  const text = await world.run(loop(`'{{ ["a", "b"] | toJson }}'`) + prices);
  expect(text.taskRun('show').outputs).toEqual({ value: 'a:0 b:1' });
  const file = `${head}tasks:
  - id: rows
    type: core.storage.Write
    content: "{\\"sku\\":\\"mug\\"}\\nplain text\\n"
${loop('"{{ outputs.rows.uri }}"').split('tasks:\n').slice(1).join('tasks:\n')}${prices}`;
  expect((await world.run(file)).taskRun('show').outputs).toEqual({
    value: '{"sku":"mug"}:0 plain text:1',
  });
});

test('an empty list ends well, and values that are no list fail the loop [loop.unfit]', async () => {
  const world = await createFlowWorld();
  const empty = await world.run(loop('[]'));
  expect(empty.taskRun('sizes').outputs).toMatchObject({ iterationCount: 0, outputs: [] });
  for (const unfit of [`"{{ 'no list' }}"`, '"{{ 7 }}"', '"{{ null }}"']) {
    const result = await world.run(loop(unfit));
    expect([unfit, result.state]).toEqual([unfit, 'FAILED']);
    expect(result.document.error?.message).toContain('`values`');
  }
});

async function mostAtOnce(world: FlowWorld, limit: string): Promise<number> {
  const result = await world.run(`${head}tasks:
  - id: sizes
    type: core.flow.Loop
    values: ["a", "b", "c", "d"]
    concurrencyLimit: ${limit}
    tasks:
      - id: wait
        type: core.flow.Sleep
        duration: PT0.04S
`);
  expect(result.state).toBe('SUCCESS');
  const all = await world.application.executions({ flowId: 'price-sizes', limit: 50 });
  const moments = all
    .filter((one) => one.id !== result.document.id)
    .slice(0, 4)
    .flatMap((one) => [
      { at: one.startedAt ?? 0, by: 1 },
      { at: one.endedAt ?? 0, by: -1 },
    ]);
  let now = 0;
  return moments
    .toSorted((a, b) => a.at - b.at || a.by - b.by)
    .reduce((most, { by }) => Math.max(most, (now += by)), 0);
}

test('one iteration runs at a time unless `concurrencyLimit` says otherwise [loop.concurrency]', async () => {
  expect(await mostAtOnce(await createFlowWorld(), '1')).toBe(1);
  expect(await mostAtOnce(await createFlowWorld(), '2')).toBe(2);
  expect(await mostAtOnce(await createFlowWorld(), '0')).toBe(4);
});

test('nested loops read the items around them, nearest first [loop.nested]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: shops
    type: core.flow.Loop
    values: ["web", "store"]
    outputs:
      - id: all
        type: ARRAY
        itemType: STRING
        value: "{{ loopOutputs(outputs.sizes, 'label') }}"
    tasks:
      - id: name
        type: core.debug.Return
        format: "shop {{ item.value }}"
      - id: sizes
        type: core.flow.Loop
        values: ["S", "M"]
        outputs:
          - id: label
            type: STRING
            value: "{{ outputs.label.value }}"
        tasks:
          - id: choice
            type: core.flow.If
            condition: "true"
            then:
              - id: label
                type: core.debug.Return
                format: "{{ outputs.name.value }}/{{ item.parent.value }}/{{ item.parents[0].index }}/{{ item.value }}"
${show('{{ loopOutputs(outputs.shops, "all") | toJson }}')}`);
  expect(result.taskRun('show').outputs).toEqual({
    value:
      '[["shop web/web/0/S","shop web/web/0/M"],["shop store/store/1/S","shop store/store/1/M"]]',
  });
});

test('iterations read inputs, changed variables, labels, the trigger and outputs from before the loop [loop.names]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    `${head}inputs:
  - {id: currency, type: STRING, defaults: EUR}
variables:
  factor: 1
tasks:
  - id: change
    type: core.execution.SetVariables
    variables: {factor: 3}
  - id: before
    type: core.debug.Return
    format: before
${loop(
  '["S"]',
  '',
  '{{ inputs.currency }} {{ vars.factor }} {{ labels.team }} {{ outputs.before.value }} {{ flow.id }}',
)
  .split('tasks:\n')
  .slice(1)
  .join('tasks:\n')}${prices}`,
    { labels: [{ key: 'team', value: 'pricing' }] },
  );
  expect(result.taskRun('show').outputs).toEqual({ value: 'EUR 3 pricing before price-sizes' });
});

function failing(transmit: string): string {
  return `${head}tasks:
  - id: sizes
    type: core.flow.Loop
    values: ["a", "b", "c"]
    transmitFailed: ${transmit}
    outputs:
      - id: seen
        type: STRING
        value: "{{ item.value }}"
    tasks:
      - id: check
        type: core.execution.Fail
        condition: "{{ item.value == 'b' }}"
`;
}

test('a failed iteration fails the loop and stops it, unless `transmitFailed` is false [loop.transmit-failed]', async () => {
  const world = await createFlowWorld();
  const stopped = await world.run(failing('true'));
  expect(stopped.state).toBe('FAILED');
  expect(stopped.taskRun('sizes').outputs).toMatchObject({ terminatedIterations: 2 });
  const tolerant = await world.run(failing('false'));
  expect(tolerant.state).toBe('SUCCESS');
  expect(tolerant.taskRun('sizes').outputs).toMatchObject({ terminatedIterations: 3 });
});

test('`fetchType: STORE` gives the URI of a file with a record per iteration [loop.fetch-type]', async () => {
  const world = await createFlowWorld();
  const stored = await world.run(
    loop('["S", "M"]', '    fetchType: STORE\n') + show('{{ read(outputs.sizes.uri) }}'),
  );
  expect(stored.taskRun('show').outputs).toEqual({
    value:
      '{"item":{"value":"S","index":0},"outputs":{"price":"S:0"}}\n{"item":{"value":"M","index":1},"outputs":{"price":"M:1"}}\n',
  });
  expect(stored.taskRun('sizes').outputs).not.toHaveProperty('outputs');
  const fetched = await world.run(loop('["S"]', '    fetchType: FETCH\n'));
  expect(fetched.taskRun('sizes').outputs).not.toHaveProperty('uri');
});

test('AUTO stores outputs that are long [loop.fetch-type-auto]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    loop(`'["${'x'.repeat(140_000)}", "${'y'.repeat(140_000)}"]'`) +
      show('{{ fileSize(outputs.sizes.uri) > 280000 }}'),
  );
  expect(result.taskRun('show').outputs).toEqual({ value: 'true' });
});

test('an iteration may pause; the loop shows it and goes on when it is resumed [loop.pause]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: sizes
    type: core.flow.Loop
    values: ["a", "b"]
    tasks:
      - id: gate
        type: core.flow.Pause
`);
  expect([result.state, result.taskRun('sizes').state.current]).toEqual(['PAUSED', 'PAUSED']);
  await world.application.resume(result.document.id, {});
  const second = await world.rest(result.document.id);
  expect(second.state).toBe('PAUSED');
  await world.application.resume(result.document.id, {});
  expect((await world.rest(result.document.id)).state).toBe('SUCCESS');
});

test('killing the execution kills its iterations [loop.kill]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: sizes
    type: core.flow.Loop
    values: ["a"]
    tasks:
      - id: gate
        type: core.flow.Pause
`);
  await world.application.kill(result.document.id);
  expect((await world.rest(result.document.id)).state).toBe('KILLED');
  const all = await world.application.executions({ flowId: 'price-sizes', limit: 50 });
  expect(all.map((one) => one.state)).toEqual(['KILLED', 'KILLED']);
});

test('a loop over a thousand values ends [loop.many]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    loop('"{{ range(1, 1000) }}"', '    concurrencyLimit: 20\n') +
      show('{{ loopOutputs(outputs.sizes, "price") | last }}'),
  );
  expect(result.taskRun('show').outputs).toEqual({ value: '1000:999' });
});
