/**
 * Tests that executions which executions start keep where values come from: what outsiders influenced
 * stays marked on its way into a child and back.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import { decodeEvent, type ExecutionEvent } from '../../../src/core/engine/index.ts';
import { flatten, type Marks, plainMarks } from '../../../src/core/value/index.ts';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

/** What a query gives comes from outside; the rest of each flow is the author's. */
const outside = `  - {id: query, type: jdbc.duckdb.Query, sql: "SELECT 'x' AS sku", fetchOne: true}\n`;
const head = 'id: parent\nnamespace: shop.stock\ntasks:\n';

async function eventsOf(world: FlowWorld, id: string): Promise<readonly ExecutionEvent[]> {
  const store = await openSqliteStore({
    sealer: createSystemSealer(),
    path: join(world.folder, '.sluice', 'sluice.db'),
  });
  const entries = await store.entries('main', `execution:${id}`);
  await store.close();
  return entries.map((entry) => decodeEvent(entry.type, entry.at, entry.payload));
}

function trustOf(marks: Marks | undefined): string {
  return flatten(marks ?? plainMarks).trust;
}

async function outputTrust(world: FlowWorld, id: string, runId: string): Promise<string> {
  const ended = (await eventsOf(world, id)).find(
    (event) => event.type === 'task-ended' && event.taskRunId === runId,
  );
  return ended?.type === 'task-ended' ? trustOf(ended.outputsMarks) : 'nothing';
}

test.each([
  [`["a", "{{ outputs.query.row.sku }}"]`, 'untrusted'],
  ['["a", "b"]', 'trusted'],
])(
  'the values %s mark every iteration of a Loop and what it gives [children.provenance]',
  async (values, trust) => {
    const world = await createFlowWorld();
    const result = await world.run(`${head}${outside}  - id: each
    type: core.flow.Loop
    values: ${values}
    outputs:
      - {id: seen, type: STRING, value: "{{ outputs.step.value }}"}
    tasks:
      - {id: step, type: core.debug.Return, format: "{{ item.value }}"}
  - {id: show, type: core.debug.Return, format: "{{ loopOutputs(outputs.each, 'seen') }}"}
`);
    expect(result.state).toBe('SUCCESS');
    const all = await world.application.executions({ limit: 10 });
    const iterations = all.filter((one) => one.causedBy !== null);
    expect(iterations).toHaveLength(2);
    for (const { id } of iterations) {
      const [created] = await eventsOf(world, id);
      const marks = created?.type === 'execution-created' ? created.itemMarks : undefined;
      expect(trustOf(marks)).toBe(trust);
    }
    expect(await outputTrust(world, result.document.id, result.taskRun('show').id)).toBe(trust);
  },
);

test('batches of a file from outside mark each child, and the merged file [children.provenance]', async () => {
  const world = await createFlowWorld();
  const result = await world.run([
    `id: child
namespace: shop.stock
inputs:
  - {id: rows, type: STRING}
tasks:
  - {id: step, type: core.debug.Return, format: "{{ read(inputs.rows) }}"}
outputs:
  - {id: seen, type: STRING, value: "{{ outputs.step.value }}"}
`,
    `${head}${outside}  - {id: file, type: core.storage.Write, content: "{{ outputs.query.row.sku }}\\n"}
  - {id: each, type: core.flow.ForEachItem, items: "{{ outputs.file.uri }}", namespace: shop.stock, flowId: child, inputs: {rows: "{{ taskrun.items }}"}}
  - {id: show, type: core.debug.Return, format: "{{ read(outputs.each_merge.subflowOutputs) }}"}
`,
  ]);
  expect(result.state).toBe('SUCCESS');
  const [child] = await world.application.executions({ flowId: 'child', limit: 10 });
  const [created] = await eventsOf(world, String(child?.id));
  const marks = created?.type === 'execution-created' ? created.inputsMarks : undefined;
  expect(trustOf(marks)).toBe('untrusted');
  expect(await outputTrust(world, result.document.id, result.taskRun('show').id)).toBe('untrusted');
});
