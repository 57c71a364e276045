/** Tests of `core.flow.Sequential`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { sequentialTask } from './sequential.ts';

flowableContract(sequentialTask, { valid: {} });
