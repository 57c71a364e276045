/** Tests of `core.log.PurgeLogs`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { purgeLogsTask } from './purge-logs.ts';

const line = (level: 'INFO' | 'DEBUG', at: string) => ({ taskId: 'load', level, message: 'x', at });
const world = {
  executions: [
    {
      id: 'a',
      namespace: 'shop.catalogue',
      flowId: 'import',
      state: 'SUCCESS',
      startDate: '2026-01-01T00:00:00Z',
      logs: [
        line('DEBUG', '2026-01-01T00:00:00Z'),
        line('INFO', '2026-01-01T00:00:00Z'),
        line('DEBUG', '2026-02-01T00:00:00Z'),
      ],
    },
  ],
};

taskContract(purgeLogsTask, {
  world,
  valid: { endDate: '2026-01-15' },
  failing: [
    { title: 'for no date', properties: { endDate: 'never' }, code: 'task.input-invalid' },
    {
      title: 'for a flow without its namespace',
      properties: { endDate: '2026-01-15', flowId: 'import' },
      code: 'task.input-invalid',
    },
  ],
});

test('deletes only lines of the levels before the end', async () => {
  const here = createTaskWorld(world);
  const { count } = await here.run(purgeLogsTask, { logLevels: ['DEBUG'], endDate: '2026-01-15' });
  expect(count).toBe(1);
  expect(here.executions[0]?.logs.map(({ level }) => level)).toEqual(['INFO', 'DEBUG']);
});
