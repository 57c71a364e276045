/** Files of an execution: written, joined, cut, filtered, measured and deleted by tasks. */
import { beforeEach, expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

async function run(tasks: string): Promise<FlowResult> {
  return world.run(`id: my_Orders\nnamespace: shop.orders\ntasks:${tasks}\n`);
}

async function textOf(uri: unknown): Promise<string> {
  return new TextDecoder().decode(await world.application.readFile(String(uri)));
}

const lines = `
  - id: lines
    type: core.storage.Write
    content: "a\\nb\\nc\\n"
    extension: .txt`;

const records = `
  - id: records
    type: core.storage.Write
    content: |
      {"sku": "J-1", "count": 3}
      {"sku": "J-2", "count": null}
      {"sku": "J-1", "count": 5}`;

test('Write stores text; the URI names namespace, flow, execution and task [storage.write]', async () => {
  const result = await run(lines);
  const uri = String(result.taskRun('lines').outputs['uri']);
  expect(uri).toMatch(
    /^kestra:\/\/\/shop\/orders\/my-orders\/executions\/[^/]+\/tasks\/lines\/[^/]+\/[^/]+\.txt$/,
  );
  expect(uri).toContain(result.document.id);
  expect(await textOf(uri)).toBe('a\nb\nc\n');
});

test('LocalFiles takes contents and files in, and stores what matches [storage.local-files]', async () => {
  const result = await run(`${lines}
  - id: local
    type: core.storage.LocalFiles
    inputs:
      hello.txt: "hello {{ flow.id }}"
      deep/lines.txt: "{{ outputs.lines.uri }}"
    outputs: ["**/*.txt", "*.txt"]
  - id: none
    type: io.kestra.core.tasks.storages.LocalFiles
    outputs: ["*.pdf"]`);
  const uris = result.taskRun('local').outputs['uris'] as Record<string, string>;
  expect(Object.keys(uris).toSorted()).toEqual(['deep/lines.txt', 'hello.txt']);
  expect(await textOf(uris['hello.txt'])).toBe('hello my_Orders');
  expect(await textOf(uris['deep/lines.txt'])).toBe('a\nb\nc\n');
  expect(result.taskRun('none').outputs).toEqual({ uris: {} });
});

test('Concat joins a list or JSON text of files, the separator after each [storage.concat]', async () => {
  const result = await run(`${lines}
  - id: list
    type: core.storage.Concat
    files: ["{{ outputs.lines.uri }}", "{{ outputs.lines.uri }}"]
    separator: "--"
    extension: .csv
  - id: json
    type: core.storage.Concat
    files: "{{ [outputs.lines.uri, outputs.list.uri] }}"`);
  expect(await textOf(result.taskRun('list').outputs['uri'])).toBe('a\nb\nc\n--a\nb\nc\n--');
  expect(String(result.taskRun('list').outputs['uri'])).toMatch(/\.csv$/);
  expect(await textOf(result.taskRun('json').outputs['uri'])).toBe(
    'a\nb\nc\na\nb\nc\n--a\nb\nc\n--',
  );
});

test('Split cuts by rows, bytes, parts or a pattern [storage.split]', async () => {
  const result = await run(`${lines}
  - id: rows
    type: core.storage.Split
    from: "{{ outputs.lines.uri }}"
    rows: 2
  - id: parts
    type: core.storage.Split
    from: "{{ outputs.lines.uri }}"
    partitions: 2
  - id: bytes
    type: core.storage.Split
    from: "{{ outputs.lines.uri }}"
    bytes: 4B
  - id: pattern
    type: core.storage.Split
    from: "{{ outputs.lines.uri }}"
    regexPattern: "([ab])"`);
  const parts = async (task: string): Promise<string[]> =>
    Promise.all((result.taskRun(task).outputs['uris'] as string[]).map(textOf));
  expect(await parts('rows')).toEqual(['a\nb\n', 'c\n']);
  expect(await parts('parts')).toEqual(['a\nc\n', 'b\n']);
  expect(await parts('bytes')).toEqual(['a\nb\n', 'c\n']);
  expect(await parts('pattern')).toEqual(['a\n', 'b\n']);
});

test('Reverse turns the order, Size measures, Delete tells whether it was there [storage.measure]', async () => {
  const result = await run(`${lines}
  - id: reverse
    type: core.storage.Reverse
    from: "{{ outputs.lines.uri }}"
  - id: size
    type: core.storage.Size
    uri: "{{ outputs.lines.uri }}"
  - id: gone
    type: core.storage.Delete
    uri: "{{ outputs.lines.uri }}"
  - id: twice
    type: core.storage.Delete
    uri: "{{ outputs.lines.uri }}"
  - id: strict
    type: core.storage.Delete
    uri: "{{ outputs.lines.uri }}"
    errorOnMissing: true`);
  expect(await textOf(result.taskRun('reverse').outputs['uri'])).toBe('c\nb\na\n');
  expect(result.taskRun('size').outputs).toEqual({ size: 6 });
  expect(result.taskRun('gone').outputs).toMatchObject({ deleted: true });
  expect(result.taskRun('twice').outputs).toMatchObject({ deleted: false });
  expect(result.state).toBe('FAILED');
});

test('FilterItems keeps records by a condition; DeduplicateItems the last of each key [storage.records]', async () => {
  const result = await run(`${records}
  - id: many
    type: core.storage.FilterItems
    from: "{{ outputs.records.uri }}"
    filterCondition: "{{ count > 3 }}"
    errorOrNullBehavior: EXCLUDE
  - id: few
    type: core.storage.FilterItems
    from: "{{ outputs.records.uri }}"
    filterCondition: "{{ sku == 'J-1' }}"
    filterType: EXCLUDE
  - id: last
    type: core.storage.DeduplicateItems
    from: "{{ outputs.records.uri }}"
    expr: "{{ sku }}"
  - id: strict
    type: core.storage.FilterItems
    from: "{{ outputs.records.uri }}"
    filterCondition: "{{ none.at.all }}"`);
  expect(result.taskRun('many').outputs).toMatchObject({
    processedItemsTotal: 3,
    droppedItemsTotal: 2,
  });
  expect(JSON.parse(await textOf(result.taskRun('many').outputs['uri']))).toEqual({
    sku: 'J-1',
    count: 5,
  });
  expect(await textOf(result.taskRun('few').outputs['uri'])).toContain('J-2');
  expect(result.taskRun('last').outputs).toMatchObject({
    numKeys: 2,
    processedItemsTotal: 3,
    droppedItemsTotal: 1,
  });
  expect(await textOf(result.taskRun('last').outputs['uri'])).not.toContain('"count":3');
  expect(result.taskRun('strict').state.current).toBe('FAILED');
});

test('PurgeCurrentExecutionFiles deletes what the execution stored [storage.purge]', async () => {
  const result = await run(`${lines}${records}
  - id: purge
    type: core.storage.PurgeCurrentExecutionFiles`);
  const purged = result.taskRun('purge').outputs['uris'] as string[];
  expect(purged.toSorted()).toEqual(
    ['lines', 'records'].map((task) => String(result.taskRun(task).outputs['uri'])).toSorted(),
  );
  await expect(textOf(purged[0])).rejects.toThrow(/./);
});

test('a file of another execution cannot be read, that of the one that started it can [storage.rights]', async () => {
  const other = await run(lines);
  const uri = String(other.taskRun('lines').outputs['uri']);
  const child = `id: child
namespace: shop.orders
inputs:
  - id: uri
    type: STRING
tasks:
  - id: read
    type: core.debug.Return
    format: "{{ read(inputs.uri) }}"
`;
  const parent = `id: parent
namespace: shop.orders
tasks:${lines}
  - id: own
    type: core.flow.Subflow
    namespace: shop.orders
    flowId: child
    inputs:
      uri: "{{ outputs.lines.uri }}"
  - id: foreign
    type: core.debug.Return
    format: "{{ read('${uri}') }}"
`;
  const result = await world.run([child, parent]);
  expect(result.taskRun('own').state.current).toBe('SUCCESS');
  expect(result.document.related?.[0]?.taskRunList[0]?.outputs).toEqual({ value: 'a\nb\nc\n' });
  expect(result.taskRun('foreign').state.current).toBe('FAILED');
});
