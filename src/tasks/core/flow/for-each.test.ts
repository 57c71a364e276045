/** Tests of `core.flow.ForEach`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { forEachTask } from './for-each.ts';

flowableContract(forEachTask, { valid: { values: '["north"]', concurrencyLimit: 0 } });
