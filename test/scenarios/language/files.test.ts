/** Files in internal storage: of executions, of namespaces, and who may read them. */
import { describe, expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

describe('files', () => {
  test('[storage.uris] a task run stores files under its execution, with slugs in the path', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: My_Flow
namespace: shop.team
tasks:
  - id: make_It
    type: core.storage.Write
    content: hello
    extension: .txt
  - id: seen
    type: core.debug.Return
    format: "{{ read(outputs.make_It.uri) }} {{ fileSize(outputs.make_It.uri) }} {{ fileExists(outputs.make_It.uri) }} {{ isFileEmpty(outputs.make_It.uri) }}"
`);
    const run = result.taskRun('make_It');
    expect(String(run.outputs['uri'])).toMatch(
      new RegExp(
        `^kestra:///shop/team/my-flow/executions/${result.document.id}/tasks/make-it/${run.id}/[^/]+\\.txt$`,
      ),
    );
    expect(result.taskRun('seen').outputs['value']).toBe('hello 5 true false');
  });

  test('[storage.ownership] a file of another execution cannot be read', async () => {
    const world = await createFlowWorld();
    const first = await world.run(`
id: first
namespace: shop
tasks:
  - id: made
    type: core.storage.Write
    content: private to the first
`);
    const uri = String(first.taskRun('made').outputs['uri']);
    const reader = `
id: second
namespace: shop
inputs:
  - id: uri
    type: STRING
tasks:
  - id: read
    type: core.debug.Return
    format: "{{ read(inputs.uri) }}"
`;
    const second = await world.run(reader, { inputs: { uri } });
    expect(second.state).toBe('FAILED');
    expect(second.messages('read').join()).toContain('belongs to another execution');
    for (const wrong of [
      uri.replace('/first/', '/second/../first/'),
      'kestra:///other/_files/a.txt',
      'kestra://host/shop/a.txt',
    ]) {
      const refused = await world.run(reader, { inputs: { uri: wrong } });
      expect(refused.state, wrong).toBe('FAILED');
      expect(refused.messages('read').join(), wrong).not.toContain('private');
    }
  });

  test('[storage.ownership] executions of which one caused the other share their files', async () => {
    const world = await createFlowWorld();
    const result = await world.run([
      `
id: inner
namespace: shop.other
inputs:
  - id: doc
    type: FILE
tasks:
  - id: read
    type: core.debug.Return
    format: "{{ read(inputs.doc) }}"
  - id: made
    type: core.storage.Write
    content: made inside
outputs:
  - id: doc
    type: FILE
    value: "{{ outputs.made.uri }}"
`,
      `
id: middle
namespace: shop
inputs:
  - id: doc
    type: FILE
tasks:
  - id: sub
    type: core.flow.Subflow
    namespace: shop.other
    flowId: inner
    inputs:
      doc: "{{ inputs.doc }}"
outputs:
  - id: doc
    type: FILE
    value: "{{ outputs.sub.outputs.doc }}"
`,
      `
id: outer
namespace: shop
tasks:
  - id: made
    type: core.storage.Write
    content: made outside
  - id: sub
    type: core.flow.Subflow
    namespace: shop
    flowId: middle
    inputs:
      doc: "{{ outputs.made.uri }}"
  - id: read
    type: core.debug.Return
    format: "{{ read(outputs.sub.outputs.doc) }}"
`,
    ]);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.taskRun('read').outputs['value']).toBe('made inside');
    const inner = result.document.related?.find((one) => one.flowId === 'inner');
    expect(inner?.taskRunList[0]?.outputs['value']).toBe('made outside');
  });

  test('[namespace-files.read] `read`, `fileURI` and `nsfile:///` reach the files of the namespace', async () => {
    const world = await createFlowWorld();
    await world.application.namespaceFiles('shop.team').put('sql/query.sql', 'select 1');
    await world.application.namespaceFiles('shop').put('shared.txt', 'from above');
    const result = await world.run(`
id: f
namespace: shop.team
tasks:
  - id: read
    type: core.debug.Return
    format: "{{ read('sql/query.sql') }} {{ read('/sql/query.sql') }} {{ read('nsfile:///sql/query.sql') }} {{ read(fileURI('sql/query.sql')) }}"
  - id: uri
    type: core.debug.Return
    format: "{{ fileURI('sql/query.sql') }}"
  - id: other
    type: core.debug.Return
    format: "{{ read('shared.txt', namespace='shop') }} {{ fileExists('shared.txt') }}"
  - id: outside
    type: core.debug.Return
    format: "{{ fileURI('../secret.txt') }}"
`);
    expect(result.taskRun('read').outputs['value']).toBe('select 1 select 1 select 1 select 1');
    expect(result.taskRun('uri').outputs['value']).toBe('kestra:///shop/team/_files/sql/query.sql');
    expect(result.taskRun('other').outputs['value']).toBe('from above false');
    expect(result.taskRun('outside').state.current).toBe('FAILED');
  });

  test('[namespace-files.working-folder] `namespaceFiles` lays them into a working folder, chosen by globs', async () => {
    const world = await createFlowWorld();
    const files = world.application.namespaceFiles('shop');
    await files.put('a/keep.txt', 'kept');
    await files.put('a/drop.txt', 'dropped');
    await files.put('b.csv', 'other');
    await world.application.namespaceFiles('other').put('more.txt', 'of another');
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: plain
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    namespaceFiles: { enabled: true, include: ["a/**"], exclude: ["**/drop.txt"] }
    commands:
      - 'echo "::{\\"outputs\\":{\\"found\\":\\"$(find . -type f -name "*.*" | grep -v sluice | sort | tr "\\n" " ")\\"}}::"'
  - id: folder
    type: core.flow.WorkingDirectory
    namespaceFiles: { enabled: true, namespaces: [shop, other], exclude: ["**/drop.txt"] }
    tasks:
      - id: inside
        type: scripts.shell.Commands
        taskRunner: { type: core.runner.Process }
        commands:
          - 'echo "::{\\"outputs\\":{\\"found\\":\\"$(find . -type f -name "*.*" | grep -v sluice | sort | tr "\\n" " ")\\"}}::"'
`);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    const found = (id: string): string =>
      String((result.taskRun(id).outputs['vars'] as { found: string }).found).trim();
    expect(found('plain')).toBe('./a/keep.txt');
    expect(found('inside')).toBe('./a/keep.txt ./b.csv ./more.txt');
  });

  test('[kv.pairs] pairs belong to a namespace, keep their type, and are missed aloud', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: number
    type: core.kv.Set
    key: my.key
    value: "{{ 41 }}"
  - id: map
    type: core.kv.Set
    key: map
    value: "{{ {'a': [1, 2]} }}"
  - id: short
    type: core.kv.Set
    key: short
    value: gone soon
    ttl: PT0.001S
  - id: other
    type: core.kv.Set
    namespace: shop.team
    key: there
    value: over there
  - id: read
    type: core.debug.Return
    format: "{{ kv('my.key') + 1 }} {{ kv('map').a[1] }} {{ kv('there', 'shop.team') }} {{ kv('nope', errorOnMissing=false) ?? 'none' }}"
  - id: wait
    type: core.flow.Sleep
    duration: PT0.01S
  - id: expired
    type: core.debug.Return
    format: "{{ kv('short') }}"
    allowFailure: true
  - id: missing
    type: core.debug.Return
    format: "{{ kv('there') }}"
`);
    expect(result.taskRun('read').outputs['value']).toBe('42 2 over there none');
    expect(result.taskRun('expired').state.current).toBe('WARNING');
    expect(result.taskRun('missing').state.current).toBe('FAILED');
    expect(result.messages('missing').join()).toContain('there is no key `there`');
  });
});
