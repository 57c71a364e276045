/** Tests of `govern.Approval`. */
import { flowableContract } from '../../../test/contract/task.contract.ts';
import { approvalTask } from './approval.ts';

flowableContract(approvalTask, {
  valid: { approvers: 'role:approver', quorum: 2, deadline: 'PT4H' },
});
