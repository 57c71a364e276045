/** Tests of `core.flow.AllowFailure`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { allowFailureTask } from './allow-failure.ts';

flowableContract(allowFailureTask, { valid: {} });
