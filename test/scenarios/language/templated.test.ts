/** Tasks that are made of a template while the flow runs. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

test('TemplatedTask runs the task that its text renders to and gives its outputs [templated.task]', async () => {
  const world = await createFlowWorld();
  const flow = `id: notify
namespace: shop.orders
inputs:
  - id: how
    type: STRING
tasks:
  - id: chosen
    type: io.kestra.plugin.core.templating.TemplatedTask
    spec: |
      type: {{ inputs.how }}
      {% if inputs.how == 'core.debug.Return' %}format: "order {{ flow.id }}"{% else %}message: told{% endif %}
  - id: read
    type: core.debug.Return
    format: "{{ outputs.chosen.value ?? 'none' }}"
`;
  const returned = await world.run(flow, { inputs: { how: 'core.debug.Return' } });
  expect(returned.taskRun('chosen').outputs).toEqual({ value: 'order notify' });
  expect(returned.taskRun('read').outputs).toEqual({ value: 'order notify' });
  const logged = await world.run(flow, { inputs: { how: 'core.log.Log' } });
  expect(logged.messages('chosen')).toEqual(['told']);
  const flowable = await world.run(flow, { inputs: { how: 'core.flow.Pause' } });
  expect(flowable.state).toBe('FAILED');
  expect(flowable.document.error?.message).toContain('`core.flow.Pause`');
});
