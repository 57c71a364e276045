/** Tests of `core.flow.ForEachItem`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { forEachItemTask } from './for-each-item.ts';

flowableContract(forEachItemTask, {
  valid: {
    items: 'kestra:///a',
    namespace: 'shop.fulfilment',
    flowId: 'fulfil-orders',
    batch: { rows: 10 },
  },
});
