/** Tests of `core.flow.Dag`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { dagTask } from './dag.ts';

flowableContract(dagTask, { valid: { concurrent: 0 } });
