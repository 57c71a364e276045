/** Files of a namespace: stored, fetched and deleted by tasks, read by expressions. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

function flow(tasks: string): string {
  return `id: prices\nnamespace: shop.pricing\ntasks:${tasks}\n`;
}

const list = `
  - id: list
    type: core.storage.Write
    content: "sku,price"
    extension: .csv`;

test('UploadFiles stores a map of files under a folder, Download and Delete take patterns [namespace.files]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`${list}
  - id: share
    type: core.namespace.UploadFiles
    namespace: "{{ flow.namespace }}"
    destination: /lists
    filesMap:
      "spring.csv": "{{ outputs.list.uri }}"
      "old/winter.csv": "{{ outputs.list.uri }}"
  - id: read
    type: core.debug.Return
    format: "{{ read('lists/spring.csv') }} {{ fileExists('lists/none.csv') }}"
  - id: fetch
    type: core.namespace.DownloadFiles
    namespace: shop.pricing
    files: ["lists/**"]
    destination: here
  - id: gone
    type: core.namespace.DeleteFiles
    namespace: shop.pricing
    files: ["lists/old/*"]`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskRun('read').outputs).toEqual({ value: 'sku,price false' });
  const fetched = result.taskRun('fetch').outputs['files'] as Record<string, string>;
  expect(
    Object.keys(fetched)
      .map((name) => name.replace(/^\//, ''))
      .toSorted(),
  ).toEqual(['here/lists/old/winter.csv', 'here/lists/spring.csv']);
  expect(
    new TextDecoder().decode(await world.application.readFile(Object.values(fetched)[0] ?? '')),
  ).toBe('sku,price');
  expect(await world.application.namespaceFiles('shop.pricing').list()).toEqual([
    'lists/spring.csv',
  ]);
});

test('a path that exists is replaced, passed over or an error [namespace.conflict]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`
  - id: one
    type: core.storage.Write
    content: one
  - id: two
    type: core.storage.Write
    content: two
  - id: first
    type: core.namespace.UploadFiles
    namespace: shop.pricing
    filesMap: { a.txt: "{{ outputs.one.uri }}" }
  - id: skip
    type: core.namespace.UploadFiles
    namespace: shop.pricing
    filesMap: { a.txt: "{{ outputs.two.uri }}" }
    conflict: SKIP
  - id: skipped
    type: core.debug.Return
    format: "{{ read('a.txt') }}"
  - id: over
    type: core.namespace.UploadFiles
    namespace: shop.pricing
    filesMap: { a.txt: "{{ outputs.two.uri }}" }
  - id: replaced
    type: core.debug.Return
    format: "{{ read('a.txt') }}"
  - id: error
    type: core.namespace.UploadFiles
    namespace: shop.pricing
    filesMap: { a.txt: "{{ outputs.one.uri }}" }
    conflict: ERROR`),
  );
  expect(result.taskRun('skipped').outputs).toEqual({ value: 'one' });
  expect(result.taskRun('replaced').outputs).toEqual({ value: 'two' });
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('a.txt');
});

test('a working directory and a script get files of the namespace by patterns [namespace.in-folder]', async () => {
  const world = await createFlowWorld();
  const files = world.application.namespaceFiles('shop.pricing');
  await files.put('scripts/total.sh', 'echo "::{\\"outputs\\": {\\"total\\": 7}}::"');
  await files.put('scripts/draft.sh', 'exit 1');
  const result = await world.run(
    flow(`
  - id: together
    type: core.flow.WorkingDirectory
    namespaceFiles:
      enabled: true
      include: ["scripts/*"]
      exclude: ["scripts/draft.sh"]
    tasks:
      - id: total
        type: scripts.shell.Commands
        commands:
          - ls scripts
          - sh scripts/total.sh
  - id: alone
    type: scripts.shell.Commands
    namespaceFiles:
      enabled: true
    commands: ["sh scripts/total.sh"]`),
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.messages('total')).toContain('total.sh');
  expect(result.messages('total')).not.toContain('draft.sh');
  expect(result.taskRun('total').outputs['vars']).toEqual({ total: 7 });
  expect(result.taskRun('alone').outputs['vars']).toEqual({ total: 7 });
});

test('`fileURI` and `nsfile` name a file of the namespace, and none outside it [namespace.uri]', async () => {
  const world = await createFlowWorld();
  await world.application.namespaceFiles('shop.pricing').put('a.txt', 'hello');
  const result = await world.run(
    flow(`
  - id: uri
    type: core.debug.Return
    format: "{{ fileURI('a.txt') }} {{ read(fileURI('a.txt')) }} {{ read('nsfile:///a.txt') }}"
  - id: size
    type: core.storage.Size
    uri: "{{ fileURI('a.txt') }}"
  - id: up
    type: core.debug.Return
    format: "{{ fileURI('../other/a.txt') }}"`),
  );
  expect(result.taskRun('uri').outputs).toEqual({
    value: 'kestra:///shop/pricing/_files/a.txt hello hello',
  });
  expect(result.taskRun('size').outputs).toEqual({ size: 5 });
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain('..');
});
