/** Tests of `core.execution.PurgeExecutions`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { purgeExecutionsTask } from './purge-executions.ts';

const ran = (id: string, state: string, startDate: string) => ({
  id,
  namespace: 'shop.catalogue',
  flowId: 'import',
  state,
  startDate,
  logs: [{ taskId: 'load', level: 'INFO' as const, message: 'x', at: startDate }],
  metricCount: 3,
  fileCount: 2,
});
const world = {
  executions: [
    ran('old', 'SUCCESS', '2026-01-01T00:00:00Z'),
    ran('old-running', 'RUNNING', '2026-01-01T00:00:00Z'),
    ran('fresh', 'SUCCESS', '2026-03-01T00:00:00Z'),
  ],
};

taskContract(purgeExecutionsTask, {
  world,
  valid: { endDate: '2026-02-01' },
  failing: [
    { title: 'for no date', properties: { endDate: 'never' }, code: 'task.input-invalid' },
    {
      title: 'for a flow without its namespace',
      properties: { endDate: '2026-02-01', flowId: 'import' },
      code: 'task.input-invalid',
    },
  ],
});

test('deletes ended executions before the date, with everything that belongs to them', async () => {
  const here = createTaskWorld(world);
  expect(await here.run(purgeExecutionsTask, { endDate: '2026-02-01' })).toEqual({
    executionsCount: 1,
    logsCount: 1,
    metricsCount: 3,
    storagesCount: 2,
  });
  expect(here.executions.map(({ id }) => id)).toEqual(['old-running', 'fresh']);
});

test('leaves the parts that are switched off', async () => {
  const here = createTaskWorld(world);
  const counts = await here.run(purgeExecutionsTask, {
    endDate: '2026-02-01',
    purgeExecution: false,
    purgeStorage: false,
  });
  expect(counts).toMatchObject({ executionsCount: 0, logsCount: 1, storagesCount: 0 });
  expect(here.executions).toHaveLength(3);
});
