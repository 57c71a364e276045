/** Tests of `core.storage.FilterItems`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { filterItemsTask } from './filter-items.ts';

const content = '{"order":811,"total":20}\n{"order":812,"total":2000}\n{"order":813}\n';
const filterCondition = '{{ total > 1000 }}';

taskContract(filterItemsTask, {
  valid: (world) => ({
    from: world.addFile('a', '{"total":20}', world.seen()),
    filterCondition,
  }),
  failing: [
    {
      title: 'when the condition fails for a record',
      properties: (world) => ({ from: world.addFile('a', content), filterCondition }),
      code: 'expression.failed',
    },
    {
      title: 'when the condition gives nothing for a record',
      properties: (world) => ({
        from: world.addFile('a', '{"total":null}'),
        filterCondition: '{{ total }}',
      }),
      code: 'expression.failed',
    },
    {
      title: 'for a file without records',
      properties: (world) => ({ from: world.addFile('a', '{open'), filterCondition }),
      code: 'task.input-invalid',
    },
  ],
});

test.each([
  ['INCLUDE', 'EXCLUDE', [812]],
  ['INCLUDE', 'INCLUDE', [812, 813]],
  ['EXCLUDE', 'EXCLUDE', [811]],
  ['EXCLUDE', 'INCLUDE', [811, 813]],
])(
  'keeps with %s, and %s for what cannot be told, the orders %j',
  async (type, behavior, orders) => {
    const world = createTaskWorld();
    const output = await world.run(filterItemsTask, {
      from: world.addFile('a', content),
      filterCondition,
      filterType: type,
      errorOrNullBehavior: behavior,
    });
    const kept = world.textOf(output.uri).trim().split('\n');
    expect(kept.map((line) => (JSON.parse(line) as { order: number }).order)).toEqual(orders);
    expect(output).toMatchObject({ processedItemsTotal: 3, droppedItemsTotal: 3 - orders.length });
  },
);
