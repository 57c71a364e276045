/** Tests of `core.flow.If`. */
import { expect, test } from 'vitest';
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { ifTask } from './if.ts';

flowableContract(ifTask, { valid: { condition: 'true' } });

test.each([true, 0, null, 'False'])('takes %s as a condition', (condition) => {
  expect(ifTask.input.safeParse({ condition }).success).toBe(true);
});

test('refuses a list as a condition', () => {
  expect(ifTask.input.safeParse({ condition: [] }).success).toBe(false);
});
