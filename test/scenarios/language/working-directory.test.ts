/** Tests of WorkingDirectory: one folder for its tasks, what comes in, what is kept. */
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

const head = 'id: build-catalogue\nnamespace: shop.catalogue\n';

function folder(properties: string, tasks: string): string {
  return `${head}tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
${properties}    tasks:
${tasks}`;
}

const shell = (id: string, command: string): string =>
  `      - id: ${id}\n        type: io.kestra.plugin.scripts.shell.Commands\n        commands:\n          - ${command}\n`;

/** Lines of a task but for the one that says where scripts run. */
function said(result: FlowResult, taskId: string): readonly string[] {
  return result.messages(taskId).filter((line) => !line.startsWith('the script runs'));
}

const show = (template: string): string =>
  `  - id: show\n    type: core.debug.Return\n    format: "${template}"\n`;

test('its tasks run one after the other in one folder [working-directory]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    folder('', shell('write', 'echo mug > sku.txt') + shell('read', 'cat sku.txt')),
  );
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['folder', 'write', 'read']]);
  expect(result.messages('read')).toContain('mug');
});

test('`inputFiles` holds contents or URIs, as a map or as JSON text [working-directory.input-files]', async () => {
  const world = await createFlowWorld();
  for (const files of [
    '\n      a/b.txt: "{{ flow.id }}"\n      c.txt: "{{ outputs.stored.uri }}"\n',
    ` '{{ {"a/b.txt": flow.id, "c.txt": outputs.stored.uri} | toJson }}'\n`,
  ]) {
    const flow = folder(`    inputFiles:${files}`, shell('read', 'cat a/b.txt c.txt')).replace(
      'tasks:\n',
      'tasks:\n  - {id: stored, type: core.storage.Write, content: stored}\n',
    );
    const result = await world.run(flow);
    expect(result.messages('read').join('')).toContain('build-cataloguestored');
  }
});

test('`outputFiles` keeps files by pattern, path to URI [working-directory.output-files]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    folder(
      '    outputFiles: ["**/*.csv", "total.txt"]\n',
      shell(
        'write',
        '"mkdir sub && echo 1 > sub/a.csv && echo 2 > total.txt && echo 3 > other.txt"',
      ),
    ) + show(`{{ read(outputs.folder.outputFiles['sub/a.csv']) }}`),
  );
  expect(Object.keys(result.taskRun('folder').outputs?.['outputFiles'] as object)).toEqual([
    'sub/a.csv',
    'total.txt',
  ]);
  expect(result.taskRun('show').outputs).toEqual({ value: '1\n' });
});

test('`namespaceFiles` brings the files of the namespace that match [working-directory.namespace-files]', async () => {
  const world = await createFlowWorld();
  const files = world.application.namespaceFiles('shop.catalogue');
  await files.put('sql/report.sql', 'select 1');
  await files.put('sql/private.sql', 'secret');
  await files.put('notes.md', 'notes');
  const result = await world.run(
    folder(
      '    namespaceFiles:\n      enabled: true\n      include: ["sql/**"]\n      exclude: ["**/private.sql"]\n',
      shell('list', 'find . -type f'),
    ),
  );
  expect(said(result, 'list')).toEqual(['./sql/report.sql']);
});

async function cached(world: FlowWorld, ttl: string, key = 'a'): Promise<readonly string[]> {
  const result = await world.run(
    folder(
      `    cache:\n      ttl: ${ttl}\n      patterns: ["packages/**"]\n`,
      shell('look', '"cat packages/one.txt 2>/dev/null || echo nothing"') +
        shell(
          'fill',
          `"mkdir -p packages && test -f packages/one.txt || echo ${key} > packages/one.txt"`,
        ),
    ),
  );
  expect(result.state).toBe('SUCCESS');
  return said(result, 'look');
}

test('files that match the cache come back in the next execution, until they are too old [working-directory.cache]', async () => {
  const world = await createFlowWorld();
  expect(await cached(world, 'PT1H')).toEqual(['nothing']);
  expect(await cached(world, 'PT1H', 'b')).toEqual(['a']);
  expect(await cached(world, 'PT0S', 'c')).toEqual(['nothing']);
});

test('children stop at the first failure; then `errors` run [working-directory.failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    folder(
      '',
      shell('broken', 'exit 3') +
        shell('never', 'echo never') +
        '    errors:\n      - {id: note, type: core.log.Log, message: noted}\n',
    ),
  );
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['folder', 'broken', 'note']]);
});

test('the loop value around it is that of its tasks, and its own run has a name [working-directory.names]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}tasks:
  - id: each
    type: core.flow.ForEach
    values: ["x"]
    tasks:
      - id: folder
        type: core.flow.WorkingDirectory
        tasks:
          - id: leaf
            type: core.debug.Return
            format: "{{ taskrun.value }} {{ workerTaskrun.value }} {{ workerTaskrun.id == taskrun.parentId }}"
  - id: after
    type: core.debug.Return
    format: "{{ outputs.leaf['x'].value }}"
`);
  expect(result.taskRun('after').outputs).toEqual({ value: 'x x true' });
});

test('nothing of the folder stays, however it ended [working-directory.gone]', async () => {
  const world = await createFlowWorld();
  const folders = async (): Promise<string[]> => {
    const roots = (await readdir(tmpdir())).filter((name) => /^sluice-[0-9a-f]{8}-/.test(name));
    const found = await Promise.all(
      roots.map((name) => readdir(join(tmpdir(), name)).catch(() => [])),
    );
    return found.flat();
  };
  const good = await world.run(folder('', shell('write', 'echo 1 > a.txt')));
  const bad = await world.run(folder('', shell('broken', 'exit 1')));
  expect([good.state, bad.state]).toEqual(['SUCCESS', 'FAILED']);
  const ids = [good, bad].map((result) => result.taskRun('folder').id);
  const left = await folders();
  expect(left.filter((name) => ids.includes(name))).toEqual([]);
});

test('it takes runnable tasks only [working-directory.runnable-only]', async () => {
  const world = await createFlowWorld();
  await expect(
    world.save(folder('', '      - {id: inner, type: core.flow.Pause}\n')),
  ).rejects.toMatchObject({ code: 'flow.invalid' });
});

test('`allowFailure` of a task inside lets the next one run [working-directory.allow-failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    folder(
      '    outputFiles: ["a.txt"]\n',
      '      - {id: broken, type: core.execution.Fail, allowFailure: true}\n' +
        shell('write', 'echo 1 > a.txt'),
    ),
  );
  expect(result.state).toBe('WARNING');
  expect(result.taskRun('folder').outputs).toHaveProperty('outputFiles');
});
