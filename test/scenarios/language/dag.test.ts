/** Tests of Dag: tasks that start as soon as those they wait for have ended. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const head = 'id: publish-product\nnamespace: shop.catalogue\ntasks:\n';

test('a task starts when everything it depends on has ended [dag]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}  - id: product
    type: io.kestra.plugin.core.flow.Dag
    concurrent: 0
    tasks:
      - task:
          id: publish
          type: core.debug.Return
          format: "{{ outputs.text.value }} {{ outputs.picture.value }}"
        dependsOn: [text, picture]
      - task:
          id: text
          type: core.debug.Return
          format: warm
      - task:
          id: picture
          type: core.debug.Return
          format: "{{ outputs.text.value }}.webp"
        dependsOn: [text]
`);
  expect(result.taskIds).toEqual(['product', 'text', 'picture', 'publish']);
  expect(result.taskRun('publish').outputs).toEqual({ value: 'warm warm.webp' });
});

test('a warning or a skipped task counts as ended [dag.ended]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}  - id: product
    type: core.flow.Dag
    tasks:
      - task:
          id: optional
          type: core.execution.Fail
          allowFailure: true
      - task:
          id: skipped
          type: core.log.Log
          runIf: "false"
          message: never
      - task:
          id: last
          type: core.log.Log
          message: last
        dependsOn: [optional, skipped]
`);
  expect([result.state, result.taskIds.at(-1)]).toEqual(['WARNING', 'last']);
});

test('the first failure stops new starts and turns to the errors branch [dag.failure]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`${head}  - id: product
    type: core.flow.Dag
    concurrent: 1
    tasks:
      - task:
          id: broken
          type: core.execution.Fail
      - task:
          id: free
          type: core.log.Log
          message: never
      - task:
          id: waiting
          type: core.log.Log
          message: never
        dependsOn: [broken]
    errors:
      - id: note
        type: core.log.Log
        message: noted
`);
  expect([result.state, result.taskIds]).toEqual(['FAILED', ['product', 'broken', 'note']]);
});

test('an unknown dependency and a cycle are named when the flow is saved [dag.invalid]', async () => {
  const world = await createFlowWorld();
  const dag = (first: string, second: string): string => `${head}  - id: product
    type: core.flow.Dag
    tasks:
      - task: {id: one, type: core.log.Log, message: a}
        dependsOn: [${first}]
      - task: {id: two, type: core.log.Log, message: b}
        dependsOn: [${second}]
`;
  await expect(world.save(dag('nobody', 'one'))).rejects.toMatchObject({
    details: {
      diagnostics: [expect.objectContaining({ message: expect.stringContaining('nobody') })],
    },
  });
  await expect(world.save(dag('two', 'one'))).rejects.toMatchObject({ code: 'flow.invalid' });
});

test('a thousand tasks in a chain end in order [dag.many]', async () => {
  const world = await createFlowWorld();
  const tasks = Array.from({ length: 1_000 }, (_, index) => {
    const waits = index === 0 ? '' : `, dependsOn: [t${index - 1}]`;
    return `      - {task: {id: t${index}, type: core.debug.Return, format: x}${waits}}\n`;
  });
  const result = await world.run(
    `${head}  - id: product\n    type: core.flow.Dag\n    tasks:\n${tasks.join('')}`,
  );
  expect(result.state).toBe('SUCCESS');
  expect(result.taskIds).toEqual(['product', ...tasks.map((_, index) => `t${index}`)]);
});
