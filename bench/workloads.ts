/** Every workload of the bench, in the order of the table. */
import type { Workload } from './workload.ts';
import { expressions } from './workloads/expressions.ts';
import { flowSize } from './workloads/flow-size.ts';
import { ledgerVerification } from './workloads/ledger-verification.ts';
import { loopValues } from './workloads/loop-values.ts';
import { manyExecutions } from './workloads/many-executions.ts';
import { markedValues } from './workloads/marked-values.ts';
import { oneTask } from './workloads/one-task.ts';
import { parallelTasks } from './workloads/parallel-tasks.ts';
import { policiesEnforced } from './workloads/policies-enforced.ts';
import { policyDecisions } from './workloads/policy-decisions.ts';
import { processStart } from './workloads/process-start.ts';
import { sequentialTasks } from './workloads/sequential-tasks.ts';
import { startUp } from './workloads/start-up.ts';
import { waitingMemory } from './workloads/waiting-memory.ts';

/** Every workload. */
export const workloads: readonly Workload[] = [
  manyExecutions,
  sequentialTasks,
  parallelTasks,
  oneTask,
  processStart,
  waitingMemory,
  startUp,
  markedValues,
  expressions,
  loopValues,
  flowSize,
  ledgerVerification,
  policyDecisions,
  policiesEnforced,
];
