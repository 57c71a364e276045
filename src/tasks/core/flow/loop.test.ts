/** Tests of `core.flow.Loop`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { loopTask } from './loop.ts';

flowableContract(loopTask, { valid: { values: { S: 1, M: 2 }, fetchType: 'FETCH' } });
