/** Tests of `core.flow.WorkingDirectory`. */
import { flowableContract } from '../../../../test/contract/task.contract.ts';
import { workingDirectoryTask } from './working-directory.ts';

flowableContract(workingDirectoryTask, {
  valid: { inputFiles: { 'order.txt': '812' }, cache: { patterns: ['*.txt'] } },
});
