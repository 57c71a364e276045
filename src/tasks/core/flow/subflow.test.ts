/** Tests of `core.flow.Subflow`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { subflowTask } from './subflow.ts';

flowableContract(subflowTask, {
  valid: {
    namespace: 'shop.fulfilment',
    flowId: 'fulfil-order',
    labels: [{ key: 'channel', value: 'web' }],
  },
});
