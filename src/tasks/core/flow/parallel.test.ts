/** Tests of `core.flow.Parallel`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { parallelTask } from './parallel.ts';

flowableContract(parallelTask, { valid: { concurrent: 2 } });
