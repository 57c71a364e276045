/** Tests of `core.execution.Count`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { countTask } from './count.ts';

const ran = (flowId: string, state: string, startDate: string) => ({
  id: `${flowId}-${startDate}`,
  namespace: 'shop.catalogue',
  flowId,
  state,
  startDate,
  logs: [],
});
const world = {
  executions: [
    ran('import', 'SUCCESS', '2026-03-01T00:00:00Z'),
    ran('import', 'FAILED', '2026-03-02T00:00:00Z'),
    ran('export', 'SUCCESS', '2026-03-02T00:00:00Z'),
    ran('import', 'FAILED', '2025-03-02T00:00:00Z'),
  ],
};
const query = { namespaces: ['shop.catalogue'], startDate: '2026-01-01' };

taskContract(countTask, {
  world,
  valid: { ...query, expression: '{{ count > 0 }}' },
  failing: [
    {
      title: 'when nothing is to be counted',
      properties: { startDate: '2026-01-01', expression: 'true' },
      code: 'task.input-invalid',
    },
  ],
});

test('gives the flows for which the expression holds, and the sum of their counts', async () => {
  const here = createTaskWorld(world);
  expect(await here.run(countTask, { ...query, expression: '{{ count > 1 }}' })).toEqual({
    results: [{ namespace: 'shop.catalogue', flowId: 'import', count: 2 }],
    total: 2,
  });
});

test('counts a flow without executions as 0', async () => {
  const flows = [{ namespace: 'shop.catalogue', flowId: 'never' }];
  const here = createTaskWorld(world);
  expect(
    await here.run(countTask, { flows, startDate: '2026-01-01', expression: '{{ count == 0 }}' }),
  ).toEqual({ results: [{ ...flows[0], count: 0 }], total: 0 });
});

test('counts only the states asked for, before the end', async () => {
  const here = createTaskWorld(world);
  const { total } = await here.run(countTask, {
    ...query,
    states: ['SUCCESS'],
    endDate: '2026-03-02',
    expression: 'true',
  });
  expect(total).toBe(1);
});
