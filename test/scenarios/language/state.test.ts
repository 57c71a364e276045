/** The older states of a flow or a namespace, which later executions read. */
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

function flow(tasks: string, id = 'import'): string {
  return `id: ${id}\nnamespace: shop.catalogue\ntasks:${tasks}\n`;
}

test('Set merges deeply, Get gives the count, Delete forgets [state.tasks]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    flow(`
  - id: none
    type: core.state.Get
    name: pages
  - id: first
    type: io.kestra.core.tasks.states.Set
    name: pages
    data:
      page: "7"
      by: {shop: a}
  - id: second
    type: core.state.Set
    name: pages
    data:
      by: {user: b}
  - id: get
    type: core.state.Get
    name: pages
  - id: gone
    type: core.state.Delete
    name: pages
  - id: strict
    type: core.state.Get
    name: pages
    errorOnMissing: true
    allowFailure: true`),
  );
  expect(result.taskRun('none').outputs).toEqual({ count: 0, data: {} });
  expect(result.taskRun('second').outputs).toMatchObject({ count: 2 });
  expect(result.taskRun('get').outputs).toEqual({
    count: 2,
    data: { page: '7', by: { shop: 'a', user: 'b' } },
  });
  expect(result.taskRun('gone').outputs).toEqual({ deleted: true });
  expect(result.taskRun('strict').state.current).toBe('WARNING');
});

test('a state belongs to the flow, and to a loop value, unless told otherwise [state.scope]', async () => {
  const world = await createFlowWorld();
  const set = `
  - id: each
    type: core.flow.ForEach
    values: [a, b]
    tasks:
      - id: own
        type: core.state.Set
        data:
          last: "{{ taskrun.value }}"
      - id: joint
        type: core.state.Set
        name: joint
        taskrunValue: false
        namespace: true
        data:
          "seen-{{ taskrun.value }}": "1"
      - id: get
        type: core.state.Get`;
  const first = await world.run(flow(set));
  expect(first.taskRun('get', 'a').outputs['data']).toEqual({ last: 'a' });
  expect(first.taskRun('get', 'b').outputs['data']).toEqual({ last: 'b' });
  const other = await world.run(
    flow(
      `
  - id: joint
    type: core.state.Get
    name: joint
    namespace: true
  - id: own
    type: core.state.Get`,
      'export',
    ),
  );
  expect(other.taskRun('joint').outputs['count']).toBe(2);
  expect(other.taskRun('own').outputs['count']).toBe(0);
});
