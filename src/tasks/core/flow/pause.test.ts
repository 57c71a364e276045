/** Tests of `core.flow.Pause`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { pauseTask } from './pause.ts';

flowableContract(pauseTask, { valid: { pauseDuration: 'PT1H', behavior: 'FAIL' } });
