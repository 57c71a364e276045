/** Tests of `core.flow.LoopUntil`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { loopUntilTask } from './loop-until.ts';

flowableContract(loopUntilTask, {
  valid: {
    condition: '{{ outputs.look.value == 3 }}',
    failOnMaxReached: true,
    checkFrequency: { interval: 'PT1S' },
  },
});
