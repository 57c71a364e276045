/** Tests of `core.flow.Switch`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { switchTask } from './switch.ts';

flowableContract(switchTask, { valid: { value: 'FR' } });
