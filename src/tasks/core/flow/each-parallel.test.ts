/** Tests of `core.flow.EachParallel`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { eachParallelTask } from './each-parallel.ts';

flowableContract(eachParallelTask, { valid: { value: '[1, 2]', concurrent: 1 } });
