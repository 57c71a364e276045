/** Tests of `core.flow.EachSequential`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { eachSequentialTask } from './each-sequential.ts';

flowableContract(eachSequentialTask, { valid: { value: ['monday'] } });
