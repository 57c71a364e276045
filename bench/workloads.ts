/** Every workload of the bench, in the order of the table. */
import type { Workload } from './workload.ts';
import { manyExecutions } from './workloads/many-executions.ts';

/** Every workload. */
export const workloads: readonly Workload[] = [manyExecutions];
