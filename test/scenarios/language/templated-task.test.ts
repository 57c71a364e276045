/** Tests of TemplatedTask: a task whose text is made when it runs. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

function flow(spec: string, more = ''): string {
  return `id: templated
namespace: shop.reports
inputs:
  - {id: kind, type: STRING, defaults: core.debug.Return}
tasks:
  - id: made
    type: io.kestra.plugin.core.templating.TemplatedTask
    spec: |
      ${spec}
${more}`;
}

test('the rendered text is a task, whose outputs are its own [templated-task]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(
      'type: {{ inputs.kind }}\n      format: "{{ flow.id }}"',
      '  - {id: show, type: core.debug.Return, format: "{{ outputs.made.value }}"}\n',
    ),
  );
  expect(result.taskIds).toEqual(['made', 'show']);
  expect(result.taskRun('show').outputs).toEqual({ value: 'templated' });
});

test.each([
  ['type: core.flow.Pause', 'core.flow.Pause'],
  ['type: shop.Nothing', 'shop.Nothing'],
  ['"just text"', 'spec'],
])('a text such as `%s` fails the task [templated-task.unfit]', async (spec, named) => {
  const world = await createFlowWorld();
  const result = await world.run(flow(spec));
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.message).toContain(named);
});
